//! GIF: of an animation the first picture.

use super::{Decoded, check_memory, check_size};
use crate::media::MediaError;
use crate::media::container::gif::lacks_colours;
use crate::media::raster::{Model, Raster, Samples};
use gif::{ColorOutput, DecodeOptions, DecodingError, MemoryLimit};
use std::io::{Cursor, ErrorKind};

pub fn decode(bytes: &[u8]) -> Result<Decoded, MediaError> {
    // Browsers show black; which colours were meant, nobody knows.
    if lacks_colours(bytes) {
        return Err(MediaError::unsupported("This GIF has no table of its colours; export it again as PNG"));
    }
    let mut options = DecodeOptions::new();
    options.set_color_output(ColorOutput::RGBA);
    // Sizes are judged by our own rules.
    options.set_memory_limit(MemoryLimit::Unlimited);
    // Programs have always put blocks of their own into these files.
    options.allow_unknown_blocks(true);
    let mut decoder = options.read_info(Cursor::new(bytes)).map_err(media_error)?;
    let screen = (u32::from(decoder.width()), u32::from(decoder.height()));
    let frame = decoder.next_frame_info().map_err(media_error)?.ok_or(MediaError::Truncated)?;
    let (left, top) = (usize::from(frame.left), usize::from(frame.top));
    let (frame_width, frame_height) = (usize::from(frame.width), usize::from(frame.height));
    // A first picture that is larger than the screen it is for makes the screen larger, in browsers too.
    let width = screen.0.max((left + frame_width) as u32);
    let height = screen.1.max((top + frame_height) as u32);
    check_size(width, height)?;
    // Twice, for alpha is multiplied in for resizing.
    let canvas_bytes = u64::from(width) * u64::from(height) * 4;
    check_memory(2 * canvas_bytes + decoder.buffer_size() as u64 + bytes.len() as u64)?;
    let mut pixels = vec![0; decoder.buffer_size()];
    decoder.read_into_buffer(&mut pixels).map_err(media_error)?;
    let icc_profile = decoder.icc_profile().map(<[u8]>::to_vec);
    let row_bytes = width as usize * 4;
    let samples = if (frame_width, frame_height) == (width as usize, height as usize) {
        pixels
    } else {
        let mut canvas = vec![0; row_bytes * height as usize];
        let rows = canvas.chunks_exact_mut(row_bytes).skip(top);
        for (into, from) in rows.zip(pixels.chunks_exact((frame_width * 4).max(1))) {
            if let Some(into) = into.get_mut(left * 4..(left + frame_width) * 4) {
                into.copy_from_slice(from);
            }
        }
        canvas
    };
    let raster = Raster { width, height, model: Model::Rgba, samples: Samples::U8(samples) };
    Ok(Decoded { raster: raster.without_opaque_alpha(), icc_profile, width, height })
}

fn media_error(error: DecodingError) -> MediaError {
    match error {
        DecodingError::UnexpectedEof | DecodingError::EndCodeNotFound => MediaError::Truncated,
        DecodingError::Io(error) if error.kind() == ErrorKind::UnexpectedEof => MediaError::Truncated,
        other => MediaError::damaged(other),
    }
}

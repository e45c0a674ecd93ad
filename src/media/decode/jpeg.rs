//! JPEG through libjpeg. Its errors unwind, its warnings are judged: a picture that is half there is refused.
#![expect(
    unsafe_code,
    reason = "libjpeg reports warnings only through an error manager of C function pointers"
)]

mod scans;

use super::{check_memory, check_size};
use crate::media::MediaError;
use crate::media::container::jpeg::{
    Frame, MAX_SEGMENTS, Structure, icc_profile, segments, structure, with_height,
};
use crate::media::raster::Model;
use mozjpeg::{ColorSpace, Decompress};
use mozjpeg_sys as ffi;
use std::any::Any;
use std::borrow::Cow;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// The file and what it is decoded into, as long as both are held.
const MAX_HELD_BYTES: u64 = 440 * 1024 * 1024;
/// Rows that are handed over together.
const ROWS_AT_ONCE: usize = 32;

thread_local! {
    /// The worst warning of the decoder that runs on this thread.
    static WARNING: Cell<Option<Harm>> = const { Cell::new(None) };
}

/// What a warning says about the pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Harm {
    Truncated,
    Damaged,
}

/// A picture whose headers have been found in order, about to be decoded.
pub struct Opened<'a> {
    bytes: Cow<'a, [u8]>,
    structure: Structure,
    eighths: u8,
    pub model: Model,
    pub icc_profile: Option<Vec<u8>>,
    /// Of the whole picture, before any orientation.
    pub width: u32,
    pub height: u32,
}

/// Looks at the headers, and refuses what must not be decoded.
pub fn open<'a>(bytes: &'a [u8], needed_scale: &dyn Fn(u32, u32) -> f64) -> Result<Opened<'a>, MediaError> {
    let structure = structure(bytes);
    let mut frame = check_frame(&structure)?;
    let late = structure.late_height.filter(|height| frame.height == 0 && *height > 0);
    let late = late.and_then(|height| Some((height, with_height(bytes, height)?)));
    if let Some((height, _)) = &late {
        frame.height = *height;
    }
    let (width, height) = (u32::from(frame.width), u32::from(frame.height));
    check_size(width, height)?;
    scans::check(&structure, frame)?;

    let model = match frame.components {
        1 => Model::Gray,
        3 => Model::Rgb,
        _ => Model::Cmyk,
    };
    let eighths = eighths_for(width, height, needed_scale(width, height));
    let output_pixels = u64::from(scaled(width, eighths)) * u64::from(scaled(height, eighths));
    let decoding = output_pixels * model.channels() as u64 + coefficient_bytes(&structure, frame);
    check_memory(decoding)?;
    // What is put right in the file is put right in a copy.
    let copies = if late.is_some() || structure.end.is_none() { 2 } else { 1 };
    if decoding + copies * bytes.len() as u64 > MAX_HELD_BYTES {
        return Err(MediaError::TooComplex {
            detail: format!("{decoding} bytes beside {} of file", bytes.len()),
        });
    }

    // A baseline file whose end marker alone is lost is whole; the decoder would warn without it. A progressive
    // one could have lost scans as well, which nobody would notice.
    let complete = if structure.end.is_some() {
        late.map_or(Cow::Borrowed(bytes), |(_, complete)| Cow::Owned(complete))
    } else if frame.is_progressive() || structure.scans.is_empty() {
        return Err(MediaError::Truncated);
    } else {
        Cow::Owned([bytes, &[0xFF, 0xD9]].concat())
    };
    let (found, _) = segments(bytes);
    let icc_profile = icc_profile(bytes, &found);
    Ok(Opened { bytes: complete, structure, eighths, model, icc_profile, width, height })
}

impl Opened<'_> {
    /// Width and height of what comes out of the decoder.
    pub fn decoded_size(&self) -> (u32, u32) {
        (scaled(self.width, self.eighths), scaled(self.height, self.eighths))
    }

    /// Hands over the picture a few rows at a time, until there are none or `take` wants no more. What was handed
    /// over is good only if this ends well: harm may show at the very end.
    pub fn decode(&self, mut take: impl FnMut(Vec<u8>) -> bool) -> Result<(), MediaError> {
        WARNING.set(None);
        // Adobe's programs began to store inks the other way round; viewers read all files so, with their mark or without.
        let inverts = self.model == Model::Cmyk;
        let outcome = catch_unwind(AssertUnwindSafe(|| {
            self.decompress(&mut |mut rows| {
                if inverts {
                    rows.iter_mut().for_each(|sample| *sample = 255 - *sample);
                }
                take(rows)
            })
        }));
        match outcome {
            Ok(result) => result.map_err(MediaError::damaged)?,
            Err(payload) => return Err(fatal(payload.as_ref(), &self.structure)),
        }
        match WARNING.take() {
            Some(Harm::Truncated) => Err(MediaError::Truncated),
            Some(Harm::Damaged) if self.structure.end.is_none() => Err(MediaError::Truncated),
            Some(Harm::Damaged) => Err(MediaError::damaged("libjpeg warned of corrupt data")),
            None => Ok(()),
        }
    }

    fn decompress(&self, take: &mut dyn FnMut(Vec<u8>) -> bool) -> std::io::Result<()> {
        let mut decoder = Decompress::with_err(error_manager()).from_mem(&self.bytes)?;
        if self.eighths < 8 {
            decoder.scale(self.eighths);
        }
        let mut started = decoder.to_colorspace(match self.model {
            Model::Gray => ColorSpace::JCS_GRAYSCALE,
            Model::Cmyk => ColorSpace::JCS_CMYK,
            _ => ColorSpace::JCS_RGB,
        })?;
        let (width, height) = self.decoded_size();
        if (started.width(), started.height()) != (width as usize, height as usize) {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
        let row_bytes = width as usize * self.model.channels();
        let mut left = height as usize;
        while left > 0 {
            let mut rows = vec![0; left.min(ROWS_AT_ONCE) * row_bytes];
            started.read_scanlines_into(&mut rows)?;
            left -= left.min(ROWS_AT_ONCE);
            if !take(rows) {
                return Ok(());
            }
        }
        Ok(())
    }
}

fn scaled(side: u32, eighths: u8) -> u32 {
    (side * u32::from(eighths)).div_ceil(8)
}

/// A picture in several scans is held whole as 16-bit coefficients.
fn coefficient_bytes(structure: &Structure, frame: Frame) -> u64 {
    if frame.is_progressive() || structure.scans.len() > 1 {
        let pixels = u64::from(frame.width) * u64::from(frame.height);
        2 * pixels * u64::from(frame.samples_per_16_pixels) / 16
    } else {
        0
    }
}

/// What decoding a file with this beginning takes at most, for the sizes that a ladder asks for.
pub fn memory_bytes(head: &[u8], needed_scale: &dyn Fn(u32, u32) -> f64) -> Option<u64> {
    /// The long edge of the largest rung, and a scale of the decoder that is up to a half larger.
    const WORKING_PX: u64 = 2560 * 3 / 2;
    let structure = structure(head);
    let frame = structure.frame?;
    let (width, height) = (u64::from(frame.width), u64::from(frame.height));
    // A small area that was chosen for a cut takes all of the picture at a larger scale.
    let scale = (needed_scale(u32::from(frame.width), u32::from(frame.height)) * 1.5).min(1.0);
    let working = ((width * height) as f64 * scale * scale) as u64;
    let pixels = (width * height).min(working.max(WORKING_PX * WORKING_PX));
    Some(pixels * 4 + coefficient_bytes(&structure, frame))
}

fn check_frame(structure: &Structure) -> Result<Frame, MediaError> {
    if structure.has_too_many_segments {
        let detail = format!("more than {MAX_SEGMENTS} segments before the picture");
        return Err(MediaError::TooComplex { detail });
    }
    let Some(frame) = structure.frame else {
        return Err(if structure.end.is_some() {
            MediaError::damaged("no frame header")
        } else {
            MediaError::Truncated
        });
    };
    if !matches!(frame.marker, 0xC0..=0xC2) {
        return Err(MediaError::unsupported(
            "JPEG pictures with lossless or arithmetic coding cannot be taken; export it as plain JPEG",
        ));
    }
    if frame.precision != 8 {
        return Err(MediaError::unsupported(
            "JPEG pictures with 12 bits per channel cannot be taken; export it with 8 bits",
        ));
    }
    if !matches!(frame.components, 1 | 3 | 4) {
        return Err(MediaError::unsupported(
            "JPEG pictures must be grey, RGB or CMYK; this one has another number of channels",
        ));
    }
    Ok(frame)
}

/// The smallest scale in eighths at which both sides are at least what is needed.
fn eighths_for(width: u32, height: u32, scale: f64) -> u8 {
    let enough =
        |side: u32, eighths: u8| f64::from(scaled(side, eighths)) >= (f64::from(side) * scale).round();
    (1..8).find(|n| enough(width, *n) && enough(height, *n)).unwrap_or(8)
}

fn error_manager() -> ffi::jpeg_error_mgr {
    // SAFETY: the struct is plain numbers, nullable pointers and optional function pointers, for all of which
    // zero is valid; `jpeg_std_error` fills it and keeps no pointer to it.
    let mut manager: ffi::jpeg_error_mgr = unsafe { std::mem::zeroed() };
    unsafe { ffi::jpeg_std_error(&mut manager) };
    manager.error_exit = Some(unwind_with_code);
    manager.emit_message = Some(judge_message);
    manager.output_message = Some(say_nothing);
    manager
}

/// libjpeg expects an error not to return; the library is compiled so that a panic may cross it.
extern "C-unwind" fn unwind_with_code(info: &mut ffi::jpeg_common_struct) {
    resume_unwind(Box::new(message_code(info)));
}

extern "C-unwind" fn judge_message(info: &mut ffi::jpeg_common_struct, level: std::ffi::c_int) {
    // Levels from 0 up are mere traces.
    if level >= 0 {
        return;
    }
    let code = message_code(info);
    let is = |warning: ffi::J_MESSAGE_CODE| code == warning;
    let harm = if is(ffi::JWRN_JPEG_EOF) {
        Some(Harm::Truncated)
    } else if [ffi::JWRN_HIT_MARKER, ffi::JWRN_HUFF_BAD_CODE, ffi::JWRN_MUST_RESYNC].into_iter().any(is) {
        Some(Harm::Damaged)
    } else {
        // Odd but harmless: bytes between segments, a strange Adobe or JFIF header.
        None
    };
    if WARNING.get() != Some(Harm::Truncated) && harm.is_some() {
        WARNING.set(harm);
    }
}

extern "C-unwind" fn say_nothing(_: &mut ffi::jpeg_common_struct) {}

fn message_code(info: &ffi::jpeg_common_struct) -> i32 {
    // SAFETY: libjpeg calls back with the manager it was given, which lives as long as the decoder.
    unsafe { info.err.as_ref() }.map_or(0, |manager| manager.msg_code)
}

fn fatal(payload: &(dyn Any + Send), structure: &Structure) -> MediaError {
    match payload.downcast_ref::<i32>() {
        Some(code) if *code == ffi::JERR_OUT_OF_MEMORY => MediaError::OutOfMemory,
        Some(code) if structure.end.is_some() => MediaError::damaged(format!("libjpeg error {code}")),
        Some(_) => MediaError::Truncated,
        None => MediaError::damaged("libjpeg panicked"),
    }
}

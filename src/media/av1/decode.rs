//! AV1 still pictures to planes, by rav1d: dav1d in Rust, with the interface of the C library. With one thread, so that
//! what goes wrong in it ends the process instead of leaving others to wait.
#![expect(
    unsafe_code,
    reason = "rav1d has a C interface; everything that crosses the border is in this file"
)]

use super::stream;
use crate::media::MediaError;
use crate::media::raster::Samples;
use rav1d::Dav1dResult;
use rav1d::include::dav1d::data::Dav1dData;
use rav1d::include::dav1d::dav1d::{Dav1dContext, Dav1dSettings};
use rav1d::include::dav1d::headers::{
    DAV1D_PIXEL_LAYOUT_I400, DAV1D_PIXEL_LAYOUT_I420, DAV1D_PIXEL_LAYOUT_I422, Dav1dSequenceHeader,
};
use rav1d::include::dav1d::picture::Dav1dPicture;
use rav1d::src::lib as dav1d;
use std::mem::MaybeUninit;
use std::ptr::NonNull;

/// What the sequence says of its frames.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sequence {
    /// At most.
    pub width: u32,
    pub height: u32,
    /// Of all planes together, two bytes for each sample of more than eight bits.
    pub bytes_per_four_pixels: u64,
}

/// A decoded frame: rows without gaps.
#[derive(Debug)]
pub struct Frame {
    pub width: u32,
    pub height: u32,
    pub bit_depth: u32,
    pub chroma_shift: (u32, u32),
    pub is_full_range: bool,
    /// As numbered by ITU-T H.273.
    pub primaries: u8,
    pub transfer: u8,
    pub matrix: u8,
    /// Luma, then the two chroma planes if there are any; words if samples have more than eight bits.
    pub planes: Vec<Samples>,
}

/// Reads the sequence header, without decoding any frame.
pub fn sequence(obus: &[u8]) -> Option<Sequence> {
    let mut header = MaybeUninit::<Dav1dSequenceHeader>::uninit();
    // SAFETY: the bytes are only read; the header is written before it is taken for one.
    let header = unsafe {
        let into = NonNull::new(header.as_mut_ptr());
        let result = dav1d::dav1d_parse_sequence_header(into, start(obus), obus.len());
        (result == Dav1dResult(0)).then(|| header.assume_init())?
    };
    let samples = match header.layout {
        DAV1D_PIXEL_LAYOUT_I400 => 4,
        DAV1D_PIXEL_LAYOUT_I420 => 6,
        DAV1D_PIXEL_LAYOUT_I422 => 8,
        _ => 12,
    };
    Some(Sequence {
        width: u32::try_from(header.max_width).ok()?,
        height: u32::try_from(header.max_height).ok()?,
        bytes_per_four_pixels: if header.hbd > 0 { 2 * samples } else { samples },
    })
}

/// Decodes the picture in a sequence of OBUs.
pub fn decode(obus: &[u8]) -> Result<Frame, MediaError> {
    /// Units without a picture that the decoder may take before it gives one.
    const MAX_STEPS: usize = 64;
    stream::check(obus)?;
    let decoder = Decoder::open()?;
    let mut rest = Rest::of(obus)?;
    for _ in 0..MAX_STEPS {
        let is_fed = rest.0.sz == 0;
        if !is_fed {
            decoder.feed(&mut rest)?;
        }
        if let Some(picture) = decoder.picture()? {
            // What the decoder holds beside the picture is as much as the picture.
            drop((decoder, rest));
            return picture.copied();
        }
        if is_fed {
            break;
        }
    }
    Err(MediaError::damaged("no AV1 frame"))
}

fn start(bytes: &[u8]) -> Option<NonNull<u8>> {
    NonNull::new(bytes.as_ptr().cast_mut())
}

/// Whether it went well; no if the decoder wants something else first.
fn done(result: Dav1dResult) -> Result<bool, MediaError> {
    const AGAIN: i32 = -rustix::io::Errno::AGAIN.raw_os_error();
    const NO_MEMORY: i32 = -rustix::io::Errno::NOMEM.raw_os_error();
    match result.0 {
        0 => Ok(true),
        AGAIN => Ok(false),
        NO_MEMORY => Err(MediaError::OutOfMemory),
        code => Err(MediaError::damaged(format!("AV1 error {code}"))),
    }
}

struct Decoder(Option<Dav1dContext>);

impl Drop for Decoder {
    fn drop(&mut self) {
        // SAFETY: the context was opened, and nothing uses it after this.
        unsafe { dav1d::dav1d_close(Some(NonNull::from(&mut self.0))) };
    }
}

impl Decoder {
    fn open() -> Result<Self, MediaError> {
        let mut settings = MaybeUninit::<Dav1dSettings>::uninit();
        let mut opened = Self(None);
        // SAFETY: the settings are written before they are read; the context is written before it is used.
        let result = unsafe {
            dav1d::dav1d_default_settings(NonNull::from(&mut settings).cast());
            let mut settings = settings.assume_init();
            settings.n_threads = 1;
            settings.max_frame_delay = 1;
            // Of a picture in layers the best.
            settings.all_layers = 0;
            dav1d::dav1d_open(Some(NonNull::from(&mut opened.0)), Some(NonNull::from(&mut settings)))
        };
        if done(result)? { Ok(opened) } else { Err(MediaError::OutOfMemory) }
    }

    fn feed(&self, rest: &mut Rest) -> Result<bool, MediaError> {
        // SAFETY: context and data are what the library made.
        done(unsafe { dav1d::dav1d_send_data(self.0, Some(NonNull::from(&mut rest.0))) })
    }

    fn picture(&self) -> Result<Option<Picture>, MediaError> {
        let mut picture = Picture(Dav1dPicture::default());
        // SAFETY: the context is what the library made; the picture is written over.
        let result = unsafe { dav1d::dav1d_get_picture(self.0, Some(NonNull::from(&mut picture.0))) };
        Ok(done(result)?.then_some(picture))
    }
}

/// What the decoder has not taken yet.
struct Rest(Dav1dData);

impl Drop for Rest {
    fn drop(&mut self) {
        // SAFETY: the data is what the library made, or empty.
        unsafe { dav1d::dav1d_data_unref(Some(NonNull::from(&mut self.0))) };
    }
}

impl Rest {
    fn of(obus: &[u8]) -> Result<Self, MediaError> {
        let mut rest = Self(Dav1dData::default());
        if obus.is_empty() {
            return Err(MediaError::Truncated);
        }
        // SAFETY: the library gives as many bytes as were asked for, or none.
        unsafe {
            let into = dav1d::dav1d_data_create(Some(NonNull::from(&mut rest.0)), obus.len());
            if into.is_null() {
                return Err(MediaError::OutOfMemory);
            }
            std::ptr::copy_nonoverlapping(obus.as_ptr(), into, obus.len());
        }
        Ok(rest)
    }
}

struct Picture(Dav1dPicture);

impl Drop for Picture {
    fn drop(&mut self) {
        // SAFETY: the picture is what the library made, or empty.
        unsafe { dav1d::dav1d_picture_unref(Some(NonNull::from(&mut self.0))) };
    }
}

impl Picture {
    fn copied(&self) -> Result<Frame, MediaError> {
        let no_planes = || MediaError::damaged("AV1 frame without planes");
        let picture = &self.0;
        // SAFETY: a picture that was given out has its sequence header for as long as it lives.
        let sequence = unsafe { picture.seq_hdr.ok_or_else(no_planes)?.as_ref() };
        let side = |length| u32::try_from(length).ok().filter(|length| *length > 0).ok_or_else(no_planes);
        let (width, height) = (side(picture.p.w)?, side(picture.p.h)?);
        let bit_depth = side(picture.p.bpc)?;
        let (chroma_shift, count) = match picture.p.layout {
            DAV1D_PIXEL_LAYOUT_I400 => ((1, 1), 1),
            DAV1D_PIXEL_LAYOUT_I420 => ((1, 1), 3),
            DAV1D_PIXEL_LAYOUT_I422 => ((1, 0), 3),
            _ => ((0, 0), 3),
        };
        let mut planes = Vec::with_capacity(count);
        for (index, start) in picture.data.iter().enumerate().take(count) {
            let (across, down) = if index == 0 { (0, 0) } else { chroma_shift };
            let columns = (width as usize).div_ceil(1 << across);
            let rows = (height as usize).div_ceil(1 << down);
            let start = start.ok_or_else(no_planes)?.as_ptr().cast::<u8>().cast_const();
            let stride = picture.stride[usize::from(index > 0)];
            // SAFETY: rows are `stride` bytes apart, hold at least the displayed columns and live as the picture does;
            // samples of more than eight bits are aligned words.
            planes.push(unsafe {
                if bit_depth > 8 {
                    Samples::U16(tight(start, stride, columns, rows))
                } else {
                    Samples::U8(tight(start, stride, columns, rows))
                }
            });
        }
        Ok(Frame {
            width,
            height,
            bit_depth,
            chroma_shift,
            is_full_range: sequence.color_range != 0,
            primaries: sequence.pri as u8,
            transfer: sequence.trc as u8,
            matrix: sequence.mtrx as u8,
            planes,
        })
    }
}

/// Rows brought together without the gaps between them.
///
/// # Safety
/// There must be so many rows of so many samples each, `stride` bytes apart.
unsafe fn tight<T: Copy>(start: *const u8, stride: isize, columns: usize, rows: usize) -> Vec<T> {
    let mut samples = Vec::with_capacity(columns * rows);
    for row in 0..rows as isize {
        // SAFETY: as the caller promises.
        samples.extend_from_slice(unsafe {
            std::slice::from_raw_parts(start.offset(row * stride).cast::<T>(), columns)
        });
    }
    samples
}

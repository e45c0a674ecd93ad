//! Lossy WebP by libwebp.
#![expect(unsafe_code, reason = "libwebp is a C library; everything that crosses the border is in this file")]

use super::grain::grain;
use crate::media::MediaError;
use crate::media::raster::Picture;
use libwebp_sys as ffi;
use std::ffi::c_int;
use std::mem::MaybeUninit;

/// How a picture is encoded, by how much fine grain is in it.
///
/// Among grain the quick method, which decides by distortion alone, gets a better look out of the same bytes than the
/// slower ones, and blurring the edges of blocks costs more detail than it hides; in smooth pictures it is the other
/// way round. All numbers were searched against libwebp's own default (method 4, quality 80): fewest bytes at its
/// SSIMULACRA2.
struct Manner {
    method: c_int,
    /// For pictures from [`LARGE_FROM_PX`] on, which were decoded at a fraction of their size, from [`SMALL_BELOW_PX`]
    /// on, and below.
    quality: [f32; 3],
    filter_strength: c_int,
}

const GRAINY: Manner = Manner { method: 1, quality: [80.3, 79.2, 78.7], filter_strength: 20 };
const PLAIN: Manner = Manner { method: 2, quality: [81.5, 80.5, 80.5], filter_strength: 60 };
const SMOOTH: Manner = Manner { filter_strength: 80, ..PLAIN };

const GRAINY_FROM: f32 = 14.0;
const PLAIN_FROM: f32 = 6.0;
/// From this much grain on, in each of the three sizes, the qualities of the grainy hold; what has less loses more of
/// its look by the same errors, and gets a little more for each level that it is below.
const FULL_GRAIN: [f32; 3] = [19.2, 25.5, 17.0];
const QUALITY_PER_LEVEL: f32 = 0.6;
const LARGE_FROM_PX: u32 = 2048;
const SMALL_BELOW_PX: u32 = 1024;

impl Manner {
    fn of(grain: f32) -> &'static Self {
        if grain >= GRAINY_FROM {
            &GRAINY
        } else if grain >= PLAIN_FROM {
            &PLAIN
        } else {
            &SMOOTH
        }
    }

    /// In one of the three sizes.
    fn quality(&self, size: usize, grain: f32) -> f32 {
        let of = |manner: &Self| manner.quality.get(size).copied().unwrap_or_default();
        if grain < GRAINY_FROM {
            return of(self);
        }
        let missing = FULL_GRAIN.get(size).copied().unwrap_or_default() - grain;
        (of(self) + QUALITY_PER_LEVEL * missing.max(0.0)).min(of(&PLAIN))
    }
}

pub fn encode(picture: &Picture) -> Result<Vec<u8>, MediaError> {
    finish(Source::new(picture.width, picture.height, picture.has_alpha, &picture.pixels)?, picture)
}

/// A picture that is handed over while its rows come, which spares the encoder the time for it at the end.
pub struct WebpRows {
    source: Source,
    width: u32,
    height: u32,
    taken: u32,
}

// SAFETY: the structure owns the memory that its pointers lead to, and libwebp ties nothing to a thread.
unsafe impl Send for WebpRows {}

impl WebpRows {
    pub fn new(width: u32, height: u32) -> Result<Self, MediaError> {
        Ok(Self { source: Source::blank(width, height)?, width, height, taken: 0 })
    }

    /// Takes whole rows of red, green and blue; an even number of them, unless they are the last.
    pub fn push(&mut self, rows: &[u8]) -> Result<(), MediaError> {
        let count = (rows.len() / (self.width as usize * 3)) as u32;
        if !self.taken.is_multiple_of(2) || count > self.height - self.taken {
            return Err(MediaError::damaged("rows that do not follow"));
        }
        if count > 0 {
            let piece = Source::new(self.width, count, false, rows)?;
            self.source.put(&piece, self.taken, self.width, count);
            self.taken += count;
        }
        Ok(())
    }

    /// The file of the picture whose rows were handed over.
    pub fn finish(self, picture: &Picture) -> Result<Vec<u8>, MediaError> {
        if self.taken != self.height || (self.width, self.height) != (picture.width, picture.height) {
            return Err(MediaError::damaged("rows are missing"));
        }
        finish(self.source, picture)
    }
}

fn finish(mut source: Source, picture: &Picture) -> Result<Vec<u8>, MediaError> {
    let grain = grain(picture);
    let manner = Manner::of(grain);
    let long_edge = picture.width.max(picture.height);
    let is_large = long_edge >= LARGE_FROM_PX;
    let mut config = ffi::WebPConfig::new().map_err(|()| failed("no configuration"))?;
    config.method = manner.method;
    let size = match long_edge {
        LARGE_FROM_PX.. => 0,
        SMALL_BELOW_PX.. => 1,
        _ => 2,
    };
    config.quality = manner.quality(size, grain);
    config.filter_strength = manner.filter_strength;
    // A look ahead at the picture in two halves at the same time; the bytes are the same.
    config.thread_level = c_int::from(is_large);
    let mut output = Output::new();
    // SAFETY: source and output are initialised and outlive the call; the writer is the one that belongs to the kind
    // of output, and its pointer is taken only after the output has come to its place.
    let done = unsafe {
        let raw = source.0.as_mut_ptr();
        (*raw).writer = Some(ffi::WebPMemoryWrite);
        (*raw).custom_ptr = output.0.as_mut_ptr().cast();
        ffi::WebPEncode(&config, raw)
    };
    if done == 0 { Err(failed(&source.error())) } else { Ok(output.bytes()) }
}

fn failed(detail: &str) -> MediaError {
    MediaError::Crashed { detail: format!("WebP encoder: {detail}") }
}

/// The picture as libwebp holds it: luma and chroma, which spare it a copy of the pixels in four channels.
struct Source(MaybeUninit<ffi::WebPPicture>);

impl Source {
    fn new(width: u32, height: u32, has_alpha: bool, pixels: &[u8]) -> Result<Self, MediaError> {
        let row_bytes = width as usize * if has_alpha { 4 } else { 3 };
        if pixels.len() != row_bytes * height as usize {
            return Err(MediaError::damaged("pixels of a wrong size"));
        }
        let mut source = Self::sized(width, height)?;
        let import = if has_alpha { ffi::WebPPictureImportRGBA } else { ffi::WebPPictureImportRGB };
        // SAFETY: the structure is initialised; the pixels are as many as its size says, which was checked above, and
        // are copied.
        let done = unsafe { import(source.0.as_mut_ptr(), pixels.as_ptr(), row_bytes as c_int) };
        if done == 0 { Err(failed(&source.error())) } else { Ok(source) }
    }

    /// Memory for a picture without alpha, in which nothing stands yet.
    fn blank(width: u32, height: u32) -> Result<Self, MediaError> {
        let mut source = Self::sized(width, height)?;
        // SAFETY: the structure is initialised.
        let done = unsafe { ffi::WebPPictureAlloc(source.0.as_mut_ptr()) };
        if done == 0 { Err(failed(&source.error())) } else { Ok(source) }
    }

    fn sized(width: u32, height: u32) -> Result<Self, MediaError> {
        let (Ok(width), Ok(height)) = (c_int::try_from(width), c_int::try_from(height)) else {
            return Err(failed("too large"));
        };
        let mut raw = MaybeUninit::uninit();
        // SAFETY: fills the structure, whatever it held.
        if !unsafe { ffi::WebPPictureInit(raw.as_mut_ptr()) } {
            return Err(failed("another version of the library"));
        }
        // SAFETY: initialised just now.
        unsafe {
            (*raw.as_mut_ptr()).width = width;
            (*raw.as_mut_ptr()).height = height;
        }
        Ok(Self(raw))
    }

    /// Copies the `height` rows of a piece to the rows from `top` on, which is even.
    fn put(&mut self, piece: &Self, top: u32, width: u32, height: u32) {
        // SAFETY: both structures are initialised and hold planes for their sizes, without alpha; the caller has made
        // sure that the piece is as wide as this picture and that its rows end within it, and the chroma planes have
        // half as many rows and columns, rounded up.
        unsafe {
            let (to, from) = (&*self.0.as_ptr(), &*piece.0.as_ptr());
            let half = |length: u32| length.div_ceil(2);
            for (to, to_stride, from, from_stride, top, width, height) in [
                (to.y, to.y_stride, from.y, from.y_stride, top, width, height),
                (to.u, to.uv_stride, from.u, from.uv_stride, top / 2, half(width), half(height)),
                (to.v, to.uv_stride, from.v, from.uv_stride, top / 2, half(width), half(height)),
            ] {
                for row in 0..height as usize {
                    let target = to.add((top as usize + row) * to_stride as usize);
                    let source = from.add(row * from_stride as usize);
                    std::ptr::copy_nonoverlapping(source, target, width as usize);
                }
            }
        }
    }

    fn error(&self) -> String {
        // SAFETY: the structure is initialised as long as it is here.
        let code = unsafe { (*self.0.as_ptr()).error_code };
        format!("{code:?}")
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        // SAFETY: initialised by `new`, and freed once.
        unsafe { ffi::WebPPictureFree(self.0.as_mut_ptr()) };
    }
}

/// Where libwebp collects the file.
struct Output(MaybeUninit<ffi::WebPMemoryWriter>);

impl Output {
    fn new() -> Self {
        let mut raw = MaybeUninit::uninit();
        // SAFETY: fills the structure, whatever it held.
        unsafe { ffi::WebPMemoryWriterInit(raw.as_mut_ptr()) };
        Self(raw)
    }

    fn bytes(&self) -> Vec<u8> {
        // SAFETY: initialised by `new`; the library keeps `size` bytes at `mem`, or nothing at all.
        unsafe {
            let writer = &*self.0.as_ptr();
            if writer.mem.is_null() {
                Vec::new()
            } else {
                std::slice::from_raw_parts(writer.mem, writer.size).to_vec()
            }
        }
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // SAFETY: initialised by `new`, and cleared once.
        unsafe { ffi::WebPMemoryWriterClear(self.0.as_mut_ptr()) };
    }
}

#[cfg(test)]
mod tests {
    use super::{GRAINY, Manner, PLAIN, SMOOTH, WebpRows, encode, grain};
    use crate::fuzz_tests::Random;
    use crate::media::raster::Picture;

    #[test]
    fn grain_is_told_from_smooth_ground() {
        for (amplitude, expected) in [(0, &SMOOTH), (16, &PLAIN), (40, &GRAINY)] {
            for has_alpha in [false, true] {
                let channels = if has_alpha { 4 } else { 3 };
                let mut random = Random(1);
                let pixels =
                    (0..200 * 100 * channels).map(|_| 100 + random.below(amplitude + 1) as u8).collect();
                let picture = Picture { width: 200, height: 100, has_alpha, pixels };
                assert_eq!(Manner::of(grain(&picture)).method, expected.method, "{amplitude}");
                assert_eq!(
                    Manner::of(grain(&picture)).filter_strength,
                    expected.filter_strength,
                    "{amplitude}"
                );
            }
        }
    }

    #[test]
    fn less_grain_means_more_quality_and_never_less_than_what_has_more() {
        for size in 0..3 {
            let qualities: Vec<f32> =
                (0..400).map(|tenth| tenth as f32 / 10.0).map(|g| Manner::of(g).quality(size, g)).collect();
            assert!(qualities.is_sorted_by(|less, more| less >= more), "{size}: {qualities:?}");
            assert_eq!((qualities[0], qualities[399]), (PLAIN.quality[size], GRAINY.quality[size]));
        }
    }

    #[test]
    fn rows_make_the_file_that_the_whole_picture_makes() {
        let pixels =
            (0..90 * 75 * 3_u32).map(|index| (index.wrapping_mul(2_654_435_761) >> 25) as u8).collect();
        let picture = Picture { width: 90, height: 75, has_alpha: false, pixels };
        let mut rows = WebpRows::new(90, 75).unwrap();
        for piece in picture.pixels.chunks(32 * 90 * 3) {
            rows.push(piece).unwrap();
        }
        assert!(rows.finish(&picture).unwrap() == encode(&picture).unwrap());
        let mut unfinished = WebpRows::new(90, 75).unwrap();
        unfinished.push(&picture.pixels[..90 * 3]).unwrap();
        assert!(unfinished.push(&picture.pixels[..90 * 3]).is_err() && unfinished.finish(&picture).is_err());
    }

    #[test]
    fn the_smallest_picture_is_encoded() {
        let dot = Picture { width: 1, height: 1, has_alpha: false, pixels: vec![9; 3] };
        assert!(!encode(&dot).unwrap().is_empty());
    }
}

//! AV1 still pictures: encoded by libaom, decoded in Rust.
#![expect(unsafe_code, reason = "libaom is a C library; everything that crosses the border is in this file")]

mod decode;
mod stream;

pub use decode::{Frame, decode, sequence};

use super::MediaError;
use libaom_sys as ffi;
use std::ffi::c_int;
use std::mem::MaybeUninit;

/// Planes of one picture, eight bits a sample, rows without gaps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planes {
    pub width: u32,
    pub height: u32,
    pub chroma: Chroma,
    /// Luma, then the two chroma planes; only luma for [`Chroma::None`].
    pub planes: Vec<Vec<u8>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Chroma {
    /// Grey, or an alpha channel.
    None,
    /// Half the width and half the height.
    Half,
    Full,
}

#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// 0 (lossless) to 63.
    pub quantizer: u32,
    /// 0 to 15: how much less than even weight fine detail gets; 15 is even.
    pub matrix_level: c_int,
    /// Fewer kinds of transforms to choose from: saying which was taken costs more than it brings where pixels are
    /// plenty (two to five per cent of the bytes at one SSIMULACRA2 score), and less where there are few.
    pub has_few_transforms: bool,
    /// 0 (slow) to 9.
    pub speed: c_int,
    /// Pieces side by side that are encoded at the same time.
    pub tile_columns_log2: u32,
    pub threads: u32,
}

fn failed(what: &str, code: ffi::aom_codec_err_t) -> MediaError {
    MediaError::Crashed { detail: format!("AV1 encoder: {what}: {code}") }
}

/// Encodes one picture as a sequence of OBUs, full range, colours as sRGB with the BT.601 matrix.
pub fn encode(picture: &Planes, settings: Settings) -> Result<Vec<u8>, MediaError> {
    let mut config = MaybeUninit::<ffi::aom_codec_enc_cfg_t>::uninit();
    // SAFETY: the interface is a constant of the library; the configuration is written before it is read.
    let (interface, mut config) = unsafe {
        let interface = ffi::aom_codec_av1_cx();
        let code =
            ffi::aom_codec_enc_config_default(interface, config.as_mut_ptr(), ffi::AOM_USAGE_ALL_INTRA);
        if code != ffi::AOM_CODEC_OK {
            return Err(failed("configuration", code));
        }
        (interface, config.assume_init())
    };
    config.g_w = picture.width;
    config.g_h = picture.height;
    config.g_limit = 1;
    config.g_lag_in_frames = 0;
    config.g_threads = settings.threads;
    config.g_profile = if picture.chroma == Chroma::Full { 1 } else { 0 };
    config.monochrome = u32::from(picture.chroma == Chroma::None);
    config.rc_end_usage = ffi::AOM_Q;

    let mut context = MaybeUninit::<ffi::aom_codec_ctx_t>::zeroed();
    // SAFETY: the context is plain memory that the library fills.
    let code = unsafe {
        ffi::aom_codec_enc_init_ver(
            context.as_mut_ptr(),
            interface,
            &config,
            0,
            ffi::AOM_ENCODER_ABI_VERSION as c_int,
        )
    };
    if code != ffi::AOM_CODEC_OK {
        return Err(failed("start", code));
    }
    let mut encoder = Context(context);
    encoder.set(ffi::AOME_SET_CPUUSED, settings.speed)?;
    encoder.set(ffi::AOME_SET_CQ_LEVEL, settings.quantizer as c_int)?;
    encoder.set(ffi::AV1E_SET_TILE_COLUMNS, settings.tile_columns_log2 as c_int)?;
    encoder.set(ffi::AV1E_SET_ROW_MT, c_int::from(settings.threads > 1))?;
    encoder.set(ffi::AV1E_SET_COLOR_RANGE, 1)?;
    encoder.set(ffi::AV1E_SET_COLOR_PRIMARIES, 1)?;
    encoder.set(ffi::AV1E_SET_TRANSFER_CHARACTERISTICS, 13)?;
    encoder.set(ffi::AV1E_SET_MATRIX_COEFFICIENTS, 6)?;
    if picture.chroma != Chroma::None {
        encoder.set(ffi::AOME_SET_TUNING, ffi::AOM_TUNE_SSIM as c_int)?;
        encoder.set(ffi::AV1E_SET_ENABLE_QM, 1)?;
        encoder.set(ffi::AV1E_SET_QM_MIN, settings.matrix_level)?;
        encoder.set(ffi::AV1E_SET_QM_MAX, settings.matrix_level)?;
        encoder.set(ffi::AV1E_SET_REDUCED_TX_TYPE_SET, c_int::from(settings.has_few_transforms))?;
    }
    encoder.frame(picture)?;
    encoder.packets()
}

struct Context(MaybeUninit<ffi::aom_codec_ctx_t>);

impl Drop for Context {
    fn drop(&mut self) {
        // SAFETY: the context was initialised, or it would not have been wrapped.
        unsafe { ffi::aom_codec_destroy(self.0.as_mut_ptr()) };
    }
}

impl Context {
    fn set(&mut self, control: ffi::aome_enc_control_id, value: c_int) -> Result<(), MediaError> {
        // SAFETY: every control used here takes one int.
        let code = unsafe { ffi::aom_codec_control(self.0.as_mut_ptr(), control as c_int, value) };
        if code == ffi::AOM_CODEC_OK { Ok(()) } else { Err(failed("setting", code)) }
    }

    fn frame(&mut self, picture: &Planes) -> Result<(), MediaError> {
        let format = match picture.chroma {
            Chroma::Full => ffi::AOM_IMG_FMT_I444,
            Chroma::Half | Chroma::None => ffi::AOM_IMG_FMT_I420,
        };
        let (width, height) = (picture.width as usize, picture.height as usize);
        let (chroma_width, chroma_height) = match picture.chroma {
            Chroma::Full => (width, height),
            _ => (width.div_ceil(2), height.div_ceil(2)),
        };
        let whole = picture.planes.first().is_some_and(|luma| luma.len() == width * height)
            && picture.planes.iter().skip(1).all(|plane| plane.len() == chroma_width * chroma_height)
            && picture.planes.len() == if picture.chroma == Chroma::None { 1 } else { 3 };
        if !whole {
            return Err(MediaError::damaged("planes of a wrong size"));
        }
        // A grey picture's chroma is never read, but the pointers must not be null.
        let neutral =
            vec![128_u8; if picture.chroma == Chroma::None { chroma_width * chroma_height } else { 0 }];
        let mut image = MaybeUninit::<ffi::aom_image_t>::zeroed();
        // SAFETY: the image only borrows the planes, whose sizes were checked above, and outlives neither them
        // nor the call to the encoder, which copies them.
        unsafe {
            let luma = picture.planes.first().map_or(std::ptr::null(), |plane| plane.as_ptr());
            let wrapped = ffi::aom_img_wrap(
                image.as_mut_ptr(),
                format,
                picture.width,
                picture.height,
                1,
                luma.cast_mut(),
            );
            if wrapped.is_null() {
                return Err(failed("picture", ffi::AOM_CODEC_MEM_ERROR));
            }
            let image = &mut *wrapped;
            image.monochrome = c_int::from(picture.chroma == Chroma::None);
            image.range = ffi::AOM_CR_FULL_RANGE;
            image.stride = [width as c_int, chroma_width as c_int, chroma_width as c_int];
            for index in 0..3 {
                let plane = picture.planes.get(index).unwrap_or(&neutral);
                if let Some(pointer) = image.planes.get_mut(index) {
                    *pointer = plane.as_ptr().cast_mut();
                }
            }
            let code = ffi::aom_codec_encode(self.0.as_mut_ptr(), image, 0, 1, 0);
            if code != ffi::AOM_CODEC_OK {
                return Err(failed("picture", code));
            }
        }
        Ok(())
    }

    fn packets(&mut self) -> Result<Vec<u8>, MediaError> {
        let mut bytes = Vec::new();
        let mut iterator: ffi::aom_codec_iter_t = std::ptr::null();
        // SAFETY: packets stay valid until the next call that encodes, and there is none: with no lag the one
        // frame is out at once.
        unsafe {
            while let Some(packet) = ffi::aom_codec_get_cx_data(self.0.as_mut_ptr(), &mut iterator).as_ref() {
                if packet.kind == ffi::AOM_CODEC_CX_FRAME_PKT {
                    let frame = packet.data.frame;
                    bytes.extend_from_slice(std::slice::from_raw_parts(frame.buf.cast::<u8>(), frame.sz));
                }
            }
        }
        if bytes.is_empty() { Err(failed("no picture", ffi::AOM_CODEC_ERROR)) } else { Ok(bytes) }
    }
}

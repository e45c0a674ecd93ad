//! The first kind of JPEG in TIFF, where the picture is a whole JPEG file inside.

use super::BandTaker;
use crate::media::MediaError;
use crate::media::decode::{Decoded, check_memory, jpeg};
use crate::media::raster::{Raster, Samples};
use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::Path;

/// The JPEG file between an offset and its length behind.
fn read(path: &Path, (offset, length): (u64, u64)) -> Result<Vec<u8>, MediaError> {
    check_memory(length)?;
    let mut bytes = vec![0; length as usize];
    File::open(path)?.read_exact_at(&mut bytes, offset)?;
    Ok(bytes)
}

pub fn decode(
    path: &Path,
    place: (u64, u64),
    needed_scale: &dyn Fn(u32, u32) -> f64,
) -> Result<Decoded, MediaError> {
    let bytes = read(path, place)?;
    let opened = jpeg::open(&bytes, needed_scale)?;
    let (width, height) = opened.decoded_size();
    let mut samples = Vec::new();
    opened.decode(|mut rows| {
        samples.append(&mut rows);
        true
    })?;
    let raster = Raster { width, height, model: opened.model, samples: Samples::U8(samples) };
    Ok(Decoded { raster, width: opened.width, height: opened.height, icc_profile: opened.icc_profile })
}

pub fn each_band(path: &Path, place: (u64, u64), take: &mut BandTaker<'_>) -> Result<(), MediaError> {
    let bytes = read(path, place)?;
    let opened = jpeg::open(&bytes, &|_, _| 1.0)?;
    let (width, model) = (opened.width, opened.model);
    let mut taken = Ok(());
    opened.decode(|rows| {
        let height = (rows.len() / (width as usize * model.channels()).max(1)) as u32;
        let band = Raster { width, height, model, samples: Samples::U8(rows) };
        taken = take(band, opened.icc_profile.as_deref());
        taken.is_ok()
    })?;
    taken
}

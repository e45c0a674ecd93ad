//! The skeletons of the picture formats: where the parts of a file are, without understanding pixels.
//! Everything here reads foreign bytes, so every length is checked and every loop is bounded.

pub(super) mod gif;
pub(super) mod heif;
pub(super) mod jpeg;
pub(super) mod mpf;
pub(super) mod png;
pub(super) mod riff;
pub(super) mod tiff;

/// A two-byte big-endian number at an offset.
pub(super) fn u16_be(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

/// A four-byte big-endian number at an offset.
pub(super) fn u32_be(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

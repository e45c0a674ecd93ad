//! Metadata into a GIF file, which has room for XMP alone; all other blocks are copied byte by byte.

use super::wanted::Wanted;
use super::xmp;
use crate::media::container::gif;

/// The file with our metadata; `None` if this is no GIF with a whole picture.
pub fn embed(bytes: &[u8], wanted: &Wanted) -> Option<Vec<u8>> {
    let packet = xmp::packet(wanted, gif::xmp(bytes).as_deref());
    gif::with_xmp(bytes, packet.as_bytes())
}

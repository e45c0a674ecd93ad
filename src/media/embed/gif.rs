//! Metadata into a GIF file, which has room for XMP alone; all other blocks are copied byte by byte.

use super::parts::Parts;
use super::wanted::Wanted;
use super::xmp;
use crate::media::container::gif;

/// The file with our metadata; `None` if this is no GIF with a whole picture.
pub fn parts(bytes: &[u8], wanted: &Wanted) -> Option<Parts> {
    let packet = xmp::packet(wanted, gif::xmp(bytes).as_deref());
    let (kept, block) = gif::with_xmp(bytes, packet.as_bytes())?;
    let mut out = Parts::default();
    kept.into_iter().for_each(|range| out.keep(range));
    out.put(&block);
    Some(out)
}

//! The files of a bundle, in a folder or in a ZIP file, behind one reader and one writer.

mod reader;
mod writer;

pub use reader::Reader;
pub use writer::Writer;

/// Texts are read whole; nobody writes a longer one by hand.
const MAX_TEXT_BYTES: u64 = 4 << 20;
/// All texts of a bundle together.
const MAX_TEXTS_BYTES: u64 = 1 << 30;
/// One photo, film or document.
const MAX_PHOTO_BYTES: u64 = 4 << 30;
const MAX_FILES: usize = 200_000;

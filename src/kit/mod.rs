//! Press kits: what a journalist downloads in one go, laid out as a ZIP before a byte is read.
//!
//! [`press_kit`] decides what is in a kit, [`names`] how its files are called, [`layout`] where every byte
//! of the archive comes from.

mod captions;
mod docx;
#[cfg(test)]
mod fuzz_tests;
mod labels;
pub mod layout;
pub mod names;
pub mod press_kit;
mod release_page;
mod zip_records;

pub use layout::{LayoutError, Part, Source, ZipEntry, ZipLayout};

//! Pictures: what a file is, what it says about itself, and its renditions.
//!
//! Files come from strangers. Their content decides what they are ([`sniff`]); they are decoded in a process
//! of its own with hard limits ([`render_in_child`]), which runs [`render`] and answers in JSON.

mod av1;
pub mod card;
mod colour;
mod container;
mod decode;
mod embed;
mod encode;
mod error;
mod fonts;
#[cfg(test)]
mod fuzz_tests;
mod hdr;
mod ink;
mod input;
mod ladder;
mod metadata;
mod orient;
mod pdf;
mod print;
mod raster;
mod recode;
mod resize;
mod sniff;
mod svg;
#[cfg(test)]
mod testing;
mod worker;

pub use decode::memory_bytes;
pub use error::MediaError;
pub use input::MAX_DOCUMENT_BYTES;
pub use ladder::{Order, RenderReport, RenderRequest, RenderedFile, Watch, Written, render, render_watched};
pub use metadata::read_description;
pub use sniff::{refusal, sniff};
pub use worker::{Niceness, WorkerLimits, child_main, render_in_child};

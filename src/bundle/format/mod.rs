//! What may stand in each file of a bundle, and how a file's mistakes are told.
//!
//! Every key is optional for the parser, so that one pass over a file finds all its mistakes; what a record
//! must have is the domain's to say. Unknown keys are refused by name.

mod album;
mod contact;
mod event;
mod newsroom;
mod photo;
mod release;
mod sheet;
mod values;
mod write;

pub use album::AlbumSheet;
pub use contact::ContactSheet;
pub use event::EventSheet;
pub use newsroom::{NewsroomSheet, TopicEntry};
pub use photo::PhotoSheet;
pub use release::ReleaseSheet;
pub use sheet::Sheet;
pub use values::{Moment, PlannedTime, Reference};
pub use write::Document;

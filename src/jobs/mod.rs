//! What happens without anyone asking: renditions, mail, the search index, page freshness, cleaning up.

pub mod alerts;
pub mod follow_index;
pub mod follow_pages;
pub mod housekeeping;
pub mod mail;
pub mod render;
pub mod runner;
mod search_document;

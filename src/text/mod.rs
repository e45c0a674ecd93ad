//! What a press officer writes, made into what people read: Markdown into safe HTML, plain text, excerpts, quotes.

pub mod document;
pub mod excerpt;
mod linkify;
pub mod markdown;
pub mod photos;
pub mod plain;
pub mod quote;

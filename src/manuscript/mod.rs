//! What press officers wrote elsewhere, read as the parts of a release: files of word processors and what is copied
//! from them, from web pages and from mail.
//!
//! ```text
//! docx ─┐
//!       ├─► Manuscript (blocks, notes, pictures) ─► structure ─► Draft (headline, dateline, Markdown, contacts …)
//! html ─┘
//! ```
//!
//! Nothing is trusted: sizes, depth and counts are bounded, nothing outside the document is ever looked at.

mod docx;
mod html;
mod markdown;
mod structure;
mod tidy;

pub use structure::{Draft, FoundContact, Remark, draft, excerpt};

/// Blocks that are read at most; a release has some dozens.
const MAX_BLOCKS: usize = 20_000;
/// Text that is read at most; bytes.
const MAX_TEXT_BYTES: usize = 900_000;

/// A document without its looks.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Manuscript {
    pub blocks: Vec<Block>,
    /// Footnotes and endnotes in the order of their marks; [`Run::note`] points into it.
    pub notes: Vec<Vec<Run>>,
    pub pictures: Vec<Picture>,
    /// Changes that nobody had accepted yet and that were taken as accepted.
    pub tracked_changes: usize,
    pub comments: usize,
    /// The document goes on behind what was read.
    pub is_cut: bool,
}

/// A picture inside a file. What is copied brings no pictures, only addresses of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Picture {
    pub file_name: String,
    pub alt_text: String,
    /// Where it lies in the file; [`read_picture`] wants it.
    part: String,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Block {
    Paragraph(Paragraph),
    Table(Table),
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Paragraph {
    pub role: Role,
    pub runs: Vec<Run>,
    /// The size of most of its letters in points, where the document says it.
    pub size_points: Option<f32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Role {
    #[default]
    Body,
    Title,
    Subtitle,
    /// From 1 on.
    Heading(u8),
    Quote,
    Item(Item),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Item {
    /// From 0 on.
    pub level: u8,
    /// Its number, in a list that counts.
    pub number: Option<u32>,
    /// A further paragraph of the item before it.
    pub is_continued: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Run {
    /// `\n` is a line break within the paragraph.
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    pub struck: bool,
    pub link: Option<String>,
    /// Stands for a note of the manuscript instead of text.
    pub note: Option<usize>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    pub rows: Vec<Vec<Cell>>,
    /// The document says that the first row is a heading.
    pub has_header: bool,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Cell {
    pub paragraphs: Vec<Paragraph>,
    /// Columns it takes, from 1 on.
    pub columns: usize,
    /// Continues the cell above.
    pub is_continued: bool,
    pub is_right: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ManuscriptError {
    #[error("This is not a document of a word processor (.docx)")]
    NotADocument,
    /// A kind of file that is known and not read; its usual ending.
    #[error("Files of the kind {0} are not read; save the document as .docx")]
    OtherKind(&'static str),
    #[error("The document is protected with a password")]
    Encrypted,
    #[error("The document is damaged")]
    Damaged,
    #[error("The document is too large")]
    TooLarge,
    #[error("There is no text in the document")]
    Empty,
}

/// Reads a file of Word, LibreOffice, Google Docs or any other program that writes Office Open XML.
pub fn read_docx(bytes: &[u8]) -> Result<Manuscript, ManuscriptError> {
    let manuscript = tidy::tidied(docx::read(bytes)?);
    if manuscript.blocks.is_empty() && manuscript.pictures.is_empty() {
        return Err(ManuscriptError::Empty);
    }
    Ok(manuscript)
}

/// The bytes of one of the pictures of a file.
pub fn read_picture(bytes: &[u8], picture: &Picture) -> Result<Vec<u8>, ManuscriptError> {
    docx::picture(bytes, &picture.part)
}

/// Reads HTML as programs put it on the clipboard.
pub fn read_html(html: &str) -> Manuscript {
    tidy::tidied(html::read(html))
}

impl Paragraph {
    pub fn text(&self) -> String {
        self.runs.iter().map(|run| run.text.as_str()).collect()
    }

    /// Whether all of its letters are bold.
    pub fn is_bold(&self) -> bool {
        let mut words = self.runs.iter().filter(|run| run.text.chars().any(char::is_alphanumeric)).peekable();
        words.peek().is_some() && words.all(|run| run.bold)
    }
}

impl Run {
    pub fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), ..Self::default() }
    }

    /// Other words that look the same.
    fn saying(&self, text: &str) -> Self {
        Self {
            text: text.to_owned(),
            bold: self.bold,
            italic: self.italic,
            struck: self.struck,
            link: self.link.clone(),
            note: self.note,
        }
    }

    fn looks_like(&self, other: &Self) -> bool {
        self.bold == other.bold
            && self.italic == other.italic
            && self.struck == other.struck
            && self.link == other.link
            && self.note.is_none()
            && other.note.is_none()
    }
}

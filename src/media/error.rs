//! Why a file became no picture. The display text is for people at the desk; `detail` is for the log alone.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MediaError {
    #[error("The file is empty")]
    Empty,
    /// A format, or a kind within a format, that is not taken. `what` is a sentence for a person.
    #[error("{what}")]
    Unsupported { what: String },
    #[error("The content of the file is not what its type says ({declared})")]
    Mislabelled { declared: String },
    #[error("The file is damaged and cannot be shown completely")]
    Damaged { detail: String },
    #[error("The file ends too early, as after an interrupted transfer; send it again")]
    Truncated,
    #[error(
        "The picture has {width} × {height} pixels; at most 120 megapixels and 30,000 pixels a side are taken"
    )]
    TooManyPixels { width: u32, height: u32 },
    /// Within the pixel limits, but built so that decoding it costs out of all proportion.
    #[error(
        "The file needs too much memory or time to decode; export it again with fewer pixels, or a photo as a plain JPEG"
    )]
    TooComplex { detail: String },
    #[error(
        "The picture could not be rendered in the memory it may use; export it again with fewer pixels and simpler effects"
    )]
    OutOfMemory,
    #[error("Rendering took longer than it may")]
    TimedOut,
    #[error("The picture could not be rendered because the decoder stopped unexpectedly")]
    Crashed { detail: String },
    #[error("The file could not be read or written")]
    Io { detail: String },
    /// The render process could not be started or did not answer in its own language.
    #[error("The picture could not be rendered now")]
    Worker { detail: String },
    /// Told by the one who tries again; the text is that of the last failure, for the log.
    #[error("The picture could not be rendered in several attempts")]
    GaveUp(String),
}

impl MediaError {
    /// A stable name for the API and for tests.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty_file",
            Self::Unsupported { .. } => "unsupported_format",
            Self::Mislabelled { .. } => "mislabelled",
            Self::Damaged { .. } => "damaged",
            Self::Truncated => "truncated",
            Self::TooManyPixels { .. } => "too_many_pixels",
            Self::TooComplex { .. } => "too_complex",
            Self::OutOfMemory => "out_of_memory",
            Self::TimedOut => "timed_out",
            Self::Crashed { .. } => "crashed",
            Self::Io { .. } => "io",
            Self::Worker { .. } => "worker_failed",
            Self::GaveUp(_) => "gave_up",
        }
    }

    /// Whether the same file would fail the same way again, so that trying again is useless.
    pub const fn is_final(&self) -> bool {
        !matches!(self, Self::TimedOut | Self::Crashed { .. } | Self::Io { .. } | Self::Worker { .. })
    }

    pub(super) fn damaged(detail: impl ToString) -> Self {
        Self::Damaged { detail: detail.to_string() }
    }

    pub(super) fn unsupported(what: impl Into<String>) -> Self {
        Self::Unsupported { what: what.into() }
    }
}

impl From<std::io::Error> for MediaError {
    fn from(error: std::io::Error) -> Self {
        Self::Io { detail: error.to_string() }
    }
}

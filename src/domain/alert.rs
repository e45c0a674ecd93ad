//! A search whose new hits a reader gets by mail.

use serde::{Deserialize, Serialize};

use super::contact::plausible_email;
use super::{DomainError, FieldError, Id, Timestamp};

pub const MAX_EMAIL_CHARS: usize = 200;
const MAX_WORDS_CHARS: usize = 300;

/// What is searched for among releases.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Search {
    /// As it was typed.
    pub words: String,
    /// Slug.
    pub topic: String,
    pub person: String,
    /// BCP 47; of the releases.
    pub language: String,
}

impl Search {
    /// The same search in one form, however it was typed.
    pub fn tidied(self) -> Self {
        let line = |text: String| text.split_whitespace().collect::<Vec<_>>().join(" ");
        Self {
            words: line(self.words),
            topic: line(self.topic),
            person: line(self.person),
            language: line(self.language),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    pub id: Id,
    pub email: String,
    pub search: Search,
    /// Of the pages and mails.
    pub language: String,
    pub created_at: Timestamp,
    pub confirmed_at: Option<Timestamp>,
}

/// # Errors
/// What is no address, and what is too long.
pub fn check(email: &str, search: &Search) -> Result<(), DomainError> {
    let mut errors = Vec::new();
    if !plausible_email(email) || email.chars().count() > MAX_EMAIL_CHARS {
        errors.push(FieldError::new("email", "invalid", "This is not an e-mail address"));
    }
    let texts = [&search.words, &search.topic, &search.person, &search.language];
    if texts.iter().any(|text| text.chars().count() > MAX_WORDS_CHARS) {
        errors.push(FieldError::new("q", "too_long", "A search has at most 300 characters here"));
    }
    if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors)) }
}

//! What a reader writes to a press contact.

use serde::Serialize;

use super::contact::plausible_email;
use super::{DomainError, FieldError, Id, Timestamp};

pub const MAX_LINE_CHARS: usize = 200;
pub const MAX_BODY_CHARS: usize = 10_000;
/// Links that a message may hold; what has more advertises something.
const MAX_LINKS: usize = 5;
/// Letters that a message needs beside its links.
const MIN_LETTERS: usize = 10;

/// What was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub sender: String,
    pub email: String,
    pub outlet: String,
    pub body: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Message {
    pub id: Id,
    pub contact: Id,
    pub sender: String,
    pub email: String,
    pub outlet: String,
    pub body: String,
    pub language: String,
    pub created_at: Timestamp,
    pub read_at: Option<Timestamp>,
}

impl Draft {
    /// With what stands around the words gone.
    pub fn tidied(self) -> Self {
        let line = |text: String| {
            let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
            words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
        };
        let body: String = self.body.replace("\r\n", "\n").replace('\r', "\n");
        let body: String = body.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect();
        Self {
            sender: line(self.sender),
            email: line(self.email),
            outlet: line(self.outlet),
            body: body.trim().to_owned(),
        }
    }

    /// # Errors
    /// What is missing, too long, or nothing but links.
    pub fn check(&self) -> Result<(), DomainError> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, code, detail: &str| errors.push(FieldError::new(field, code, detail));
        if self.sender.is_empty() {
            wrong("name", "required", "A message needs the name of who writes");
        }
        if !plausible_email(&self.email) {
            wrong("email", "invalid", "This is not an e-mail address");
        }
        for (field, text) in [("name", &self.sender), ("email", &self.email), ("outlet", &self.outlet)] {
            if text.chars().count() > MAX_LINE_CHARS {
                wrong(field, "too_long", "At most 200 characters are taken here");
            }
        }
        let words: Vec<&str> = self.body.split_whitespace().collect();
        let is_link = |word: &&&str| word.contains("://") || word.starts_with("www.");
        let links = words.iter().filter(is_link).count();
        let rest = words.iter().filter(|word| !is_link(word));
        let letters: usize = rest.map(|word| word.chars().filter(|c| c.is_alphabetic()).count()).sum();
        if self.body.is_empty() {
            wrong("message", "required", "The message is empty");
        } else if letters < MIN_LETTERS || links > MAX_LINKS {
            wrong("message", "only_links", "A message needs some words, and at most five links");
        }
        if self.body.chars().count() > MAX_BODY_CHARS {
            wrong("message", "too_long", "A message has at most 10,000 characters");
        }
        if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_taken_and_heaps_of_links_are_not() {
        let draft = |body: &str| {
            let (sender, email) = (" Ada\r\n Muster ".to_owned(), "ada@zeitung.example ".to_owned());
            Draft { sender, email, body: body.to_owned(), ..Draft::default() }.tidied()
        };
        let good = draft("Guten Tag,\r\nwann ist die Pressekonferenz? https://a.example\u{7}");
        assert_eq!(good.sender, "Ada Muster");
        assert!(good.body.starts_with("Guten Tag,\nwann") && good.check().is_ok());
        for bad in ["", "https://a.example https://b.example", &"wort https://a.example ".repeat(6), "x"] {
            assert!(draft(bad).check().is_err(), "{bad}");
        }
        assert!(draft(&"wort ".repeat(2001)).check().is_err());
        assert!(Draft { email: "ada".to_owned(), ..good }.check().is_err());
    }
}

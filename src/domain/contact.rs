//! A press contact: a person or a desk that answers.

use super::roster::Roster;
use super::{DomainError, FieldError, Id, Localized, Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phone {
    /// `work`, `mobile`, `fax` or another word of the newsroom.
    #[serde(rename = "type", default = "work")]
    pub kind: String,
    pub number: String,
}

fn work() -> String {
    "work".to_owned()
}

impl Phone {
    /// Whether nobody can be spoken to there.
    pub fn is_fax(&self) -> bool {
        self.kind.eq_ignore_ascii_case("fax")
    }

    /// The number as a `tel:` URI wants it (RFC 3966): a plus and digits only.
    pub fn dialable(&self) -> String {
        // "+49 (0) 30 …" is a common way to write a number for both worlds; the 0 must not be dialled.
        let number = self.number.replace("(0)", "");
        number.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect()
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contact {
    pub id: Id,
    pub slug: String,
    #[serde(default)]
    pub version: i64,
    pub name: String,
    #[serde(default)]
    pub role: Localized,
    #[serde(default)]
    pub organisation: String,
    #[serde(default)]
    pub phones: Vec<Phone>,
    #[serde(default)]
    pub email: String,
    #[serde(default)]
    pub languages: Vec<String>,
    #[serde(default)]
    pub topics: Vec<String>,
    /// The asset that shows the person.
    #[serde(default)]
    pub portrait: Option<Id>,
    #[serde(default)]
    pub order: i64,
    #[serde(default, skip_serializing_if = "Roster::is_empty")]
    pub roster: Roster,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

impl Contact {
    /// The numbers where somebody answers, the one to try first in front.
    pub fn telephones(&self) -> impl Iterator<Item = &Phone> {
        self.phones.iter().filter(|phone| !phone.is_fax())
    }

    pub fn validate(&self) -> Result<(), DomainError> {
        let mut errors = Vec::new();
        if self.name.trim().is_empty() {
            errors.push(FieldError::new("name", "required", "A contact needs a name"));
        }
        if !self.email.is_empty() && !plausible_email(&self.email) {
            errors.push(FieldError::new("email", "invalid", "This is not an e-mail address"));
        }
        for (i, phone) in self.phones.iter().enumerate() {
            if phone.dialable().len() < 3 {
                errors.push(FieldError::new(
                    format!("phones[{i}].number"),
                    "invalid",
                    "A phone number needs at least three digits",
                ));
            }
        }
        self.roster.check(&mut errors);
        if errors.is_empty() { Ok(()) } else { Err(DomainError::Invalid(errors)) }
    }
}

/// Enough to catch a slip of the pen; whether mail arrives, only mail can tell.
pub fn plausible_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && domain.len() > 2
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && !text.chars().any(|c| c.is_whitespace() || c.is_control() || matches!(c, '<' | '>' | ',' | ';'))
}

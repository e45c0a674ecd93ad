//! Press contacts: who answers, and how.

use super::picture::Picture;
use super::release::{Kit, ReleaseTeaser};
use super::shell::{Link, Shell};
use crate::web::qr::Qr;
use askama::Template;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PhoneView {
    /// "Phone", "Mobile" in the language of the interface.
    pub label: String,
    /// As people write it.
    pub number: String,
    /// The `tel:` address; empty where nobody answers, as with a fax.
    pub url: String,
    /// "Phone" goes without saying, other labels are shown.
    pub is_plain: bool,
}

/// Whether somebody answers now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DutyView {
    pub is_now: bool,
    /// "Jetzt erreichbar", "Erreichbar ab Montag, 09:00 Uhr (MEZ)".
    pub text: String,
    /// Who answers instead.
    pub stand_in: Option<Link>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactCard {
    pub name: String,
    pub role: String,
    pub organisation: String,
    pub url: String,
    pub vcf_url: String,
    pub phones: Vec<PhoneView>,
    pub email: String,
    pub portrait: Option<Picture>,
    /// What languages the person answers in, by their own names.
    pub languages: String,
    pub topics: Vec<Link>,
    pub duty: Option<DutyView>,
}

impl ContactCard {
    /// Stands where the portrait is missing: "HA".
    pub fn initials(&self) -> String {
        let names: Vec<&str> = self.name.split_whitespace().filter(|part| !part.ends_with('.')).collect();
        let first = names.first().and_then(|name| name.chars().next());
        let last = names.iter().skip(1).next_back().and_then(|name| name.chars().next());
        first.into_iter().chain(last).collect()
    }

    /// The address up to the at sign, after which a narrow column may break it.
    pub fn email_name(&self) -> &str {
        self.email.split_once('@').map_or(self.email.as_str(), |(name, _)| name)
    }

    /// The rest of the address, with the at sign.
    pub fn email_host(&self) -> &str {
        self.email.get(self.email_name().len()..).unwrap_or_default()
    }

    /// The phone to try first.
    pub fn first_phone(&self) -> Option<&PhoneView> {
        self.phones.iter().find(|phone| !phone.url.is_empty())
    }
}

#[derive(Template)]
#[template(path = "public/contacts.html")]
pub struct ContactsPage {
    pub shell: Shell,
    pub contacts: Vec<ContactCard>,
}

#[derive(Template)]
#[template(path = "public/contact.html")]
pub struct ContactPage {
    pub shell: Shell,
    pub contact: ContactCard,
    /// Where the portrait can be taken as a photo.
    pub portrait_url: Option<String>,
    /// The form for a message; empty where nothing answers it.
    pub message_url: String,
    /// A line for each of the hours of the week.
    pub hours: Vec<String>,
    /// The address card as a QR code.
    pub qr: Option<Qr>,
    /// The photos that name this person.
    pub photos_kit: Option<Kit>,
    /// What the person answers for, newest first.
    pub releases: Vec<ReleaseTeaser>,
}

/// Something that was typed and cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong {
    /// The name of the input; empty when it is none.
    pub field: String,
    pub text: String,
}

#[derive(Template)]
#[template(path = "public/message.html")]
pub struct MessagePage {
    pub shell: Shell,
    pub title: String,
    pub contact: ContactCard,
    pub action: String,
    /// When the form was made, signed.
    pub form: String,
    pub name: String,
    pub email: String,
    pub outlet: String,
    pub message: String,
    /// How long a message is kept.
    pub keeps: String,
    pub max_line_chars: usize,
    pub max_body_chars: usize,
    pub wrong: Vec<Wrong>,
    pub is_sent: bool,
}

impl MessagePage {
    fn is_wrong(&self, field: &str) -> bool {
        self.wrong.iter().any(|wrong| wrong.field == field)
    }
}

//! The pages around a search that is followed by mail.

use super::contact::Wrong;
use super::search::HiddenField;
use super::shell::Shell;
use askama::Template;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// The form.
    Ask {
        hidden: Vec<HiddenField>,
        /// When it was made, signed.
        form: String,
        email: String,
        wrong: Vec<Wrong>,
    },
    /// It was sent, and a mail is under way.
    Sent,
    /// The link of that mail: a button confirms.
    Confirm,
    Confirmed,
    /// The link of a mail with news: a button ends it.
    End,
    Ended,
}

#[derive(Template)]
#[template(path = "public/alert.html")]
pub struct AlertPage {
    pub shell: Shell,
    pub title: String,
    /// The search in words; empty: every release.
    pub what: String,
    /// Its hits among the releases.
    pub search_url: String,
    pub action: String,
    pub max_email_chars: usize,
    pub step: Step,
}

//! What a browser sends of a form, and what is wrong with it.

use serde::Deserialize;

use super::release_hints::rule_name;
use crate::domain::preflight::Rule;
use crate::domain::{DomainError, FieldError, Id, Localized};
use crate::i18n::Lang;
use crate::newsroom;
use crate::store::StoreError;
use crate::web::Error;

/// The pairs of a form in their order. Line ends are those of the newsroom (`\n`), whatever the browser sends.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct Values(Vec<(String, String)>);

impl Values {
    pub const fn new(pairs: Vec<(String, String)>) -> Self {
        Self(pairs)
    }

    /// The first value of a name; empty when there is none.
    pub fn text(&self, name: &str) -> String {
        self.raw(name).replace("\r\n", "\n")
    }

    /// The same on one line, without space around it.
    pub fn line(&self, name: &str) -> String {
        self.raw(name).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn raw(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn add(&mut self, name: &str, value: String) {
        self.0.push((name.to_owned(), value));
    }

    /// Puts a value in the place of those that a name has.
    pub fn set(&mut self, name: &str, value: String) {
        self.0.retain(|(key, _)| key != name);
        self.add(name, value);
    }

    pub fn ids(&self, name: &str) -> Vec<Id> {
        self.all(name).filter_map(|text| text.parse().ok()).collect()
    }

    /// The version of the record that the form was made from.
    pub fn version(&self) -> Option<i64> {
        self.raw("version").parse().ok()
    }

    /// One entry per line, empty lines left out.
    pub fn lines(&self, name: &str) -> Vec<String> {
        self.raw(name).lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
    }

    /// Entries between commas or on lines.
    pub fn list(&self, name: &str) -> Vec<String> {
        self.raw(name)
            .split([',', '\n'])
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }

    /// A text in several languages from inputs named `name.de`, `name.en`. What `old` says in languages
    /// that have no input stays.
    pub fn localized(&self, name: &str, languages: &[String], old: &Localized) -> Localized {
        let typed: Vec<(&String, String)> = languages
            .iter()
            .map(|language| (language, self.text(&format!("{name}.{language}")).trim().to_owned()))
            .filter(|(_, text)| !text.is_empty())
            .collect();
        let first = languages.first();
        match (old, typed.as_slice()) {
            (Localized::One(_), []) => Localized::default(),
            (Localized::One(_), [(language, text)]) if Some(*language) == first => {
                Localized::One(text.clone())
            }
            _ => {
                let mut texts = match old {
                    Localized::Many(texts) => texts.clone(),
                    Localized::One(_) => std::collections::BTreeMap::new(),
                };
                texts.retain(|language, _| !languages.contains(language));
                texts.extend(typed.into_iter().map(|(language, text)| (language.clone(), text)));
                if texts.is_empty() { Localized::default() } else { Localized::Many(texts) }
            }
        }
    }
}

/// The text of one input of [`Values::localized`]: a text for all languages stands in the first one's.
pub fn localized_value(text: &Localized, language: &str, is_first: bool) -> String {
    match text {
        Localized::One(text) if is_first => text.clone(),
        Localized::One(_) => String::new(),
        Localized::Many(texts) => texts.get(language).cloned().unwrap_or_default(),
    }
}

/// Why a form was not taken, as far as the same page can say it.
#[derive(Debug, Clone, Default)]
pub struct Mistakes(Vec<FieldError>);

impl Mistakes {
    pub const fn new(errors: Vec<FieldError>) -> Self {
        Self(errors)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The message at a field.
    pub fn of(&self, field: &str, lang: Lang) -> Option<String> {
        self.0
            .iter()
            .find(|error| error.field == field || error.field.strip_prefix(field).is_some_and(is_inside))
            .map(|error| explain(lang, error))
    }

    /// For the summary at the top: field and message.
    pub fn summary(&self, lang: Lang) -> Vec<(String, String)> {
        let mut lines: Vec<(String, String)> = Vec::new();
        for group in self.0.chunk_by(|a, b| a.field == b.field && a.code == b.code) {
            let Some(first) = group.first() else { continue };
            // One rule may be broken by two hundred photos.
            let text = match rule(first).filter(|_| group.len() > 1) {
                Some(rule) => {
                    let key = if first.field == "assets" { "desk-count-files" } else { "desk-count-places" };
                    format!("{}: {}", rule_name(lang, rule), lang.count(key, group.len()))
                }
                None => {
                    lines.extend(group.iter().map(|error| (anchor(&error.field), explain(lang, error))));
                    continue;
                }
            };
            lines.push((anchor(&first.field), text));
        }
        lines
    }
}

fn is_inside(rest: &str) -> bool {
    rest.starts_with(['.', '['])
}

/// The id of the input that a field's message belongs to.
fn anchor(field: &str) -> String {
    field.split(['.', '[']).next().unwrap_or_default().to_owned()
}

/// What a failed use case means for the page that called it.
#[derive(Debug)]
pub enum Trouble {
    /// The form is shown again with these.
    Mistakes(Mistakes),
    /// The form is shown again under this sentence.
    Refused(String),
    /// Someone else was faster.
    Stale { expected: i64, current: i64 },
    /// Nothing the form could show.
    Other(Error),
}

impl Trouble {
    pub fn of(error: newsroom::Error, lang: Lang) -> Self {
        match error {
            newsroom::Error::Domain(DomainError::Invalid(errors)) => Self::Mistakes(Mistakes(errors)),
            newsroom::Error::Domain(DomainError::Conflict { code, detail }) => {
                Self::Refused(explain(lang, &FieldError::new("", code, detail)))
            }
            newsroom::Error::Store(StoreError::Stale { expected, current }) => {
                Self::Stale { expected, current }
            }
            newsroom::Error::Forbidden(_) => Self::Refused(lang.t("desk-refused-role")),
            other => Self::Other(other.into()),
        }
    }
}

/// A mistake in the officer's language. The use cases speak English; their codes are what is translated.
pub fn explain(lang: Lang, error: &FieldError) -> String {
    let key = match (error.field.as_str(), error.code) {
        ("headline", "required") => "desk-error-headline",
        ("body", "required") => "desk-error-body",
        ("reason", "required") => "desk-error-reason",
        ("review-note", "required") => "desk-error-review-note",
        ("note", "required") => "desk-error-note",
        ("name", "required") => "desk-error-name",
        ("title", "required") => "desk-error-title",
        ("starts_at", "required") => "desk-error-starts-at",
        ("publish_at" | "embargo_until", "required") => "desk-error-time",
        ("email", "invalid") => "desk-error-email",
        ("slug", "invalid") => "desk-error-slug",
        ("slug", "read_only") => "desk-error-topic-slug",
        ("rights_url" | "url" | "website" | "organisation_url", "invalid") => "desk-error-url",
        ("password", "too_short") => "desk-error-password-short",
        ("headline", "too_long") => "desk-error-headline-long",
        ("body", "too_long") => "desk-error-body-long",
        (field, "invalid") if field.starts_with("phones") => "desk-error-phone",
        (field, "invalid") if field.starts_with("colours") => "desk-error-colour",
        (field, "required") if field.starts_with("roster") => "desk-error-hours-days",
        (field, "before_start") if field.starts_with("roster") => "desk-error-roster-order",
        (_, "not_listed_days") => "desk-error-message-days",
        (_, "invalid_clock") => "desk-error-clock",
        (_, "required") => "desk-error-required",
        (_, "invalid_date") => "desk-error-date",
        (_, "invalid_time") => "desk-error-time-invalid",
        (_, "time_skipped") => "desk-error-time-skipped",
        (_, "time_repeated") => "desk-error-time-repeated",
        (_, "in_the_past") => "desk-error-time-past",
        (_, "unknown_zone") => "desk-error-zone",
        (_, "before_start") => "desk-error-before-start",
        (_, "out_of_range") => "desk-error-range",
        (_, "outside_picture") => "desk-error-crop",
        (_, "not_listed") => "desk-error-not-listed",
        (_, "taken") => "desk-error-taken",
        (_, "unknown_reference") => "desk-error-reference",
        (_, "wrong_password") => "desk-error-password-wrong",
        (_, "passwords_differ") => "desk-error-passwords-differ",
        (_, "wrong_code") => "desk-error-code",
        (_, "no_passkeys_here") => "desk-error-no-passkeys-here",
        (_, "too_many_passkeys") => "desk-error-too-many-passkeys",
        (_, "passkey_refused") => "desk-error-passkey",
        (_, "passkey_known") => "desk-error-passkey-known",
        (_, "factor_due") => "desk-error-factor-due",
        (_, "email_taken") => "desk-error-email-taken",
        (_, "last_admin") => "desk-error-last-admin",
        (_, "in_use") => "desk-error-in-use",
        (_, "was_public") => "desk-error-was-public",
        (_, "already_published") => "desk-error-already-published",
        (_, "too_many_links") => "desk-error-too-many-links",
        ("link-recipient", "too_long") => "desk-error-link-recipient",
        (_, "approval_missing") => "desk-error-approval-missing",
        (_, "approved_and_planned") => "desk-error-approved-and-planned",
        (_, "own_text") => "desk-error-own-text",
        (_, "not_submitted") => "desk-error-not-submitted",
        (_, "not_a_draft") => "desk-error-not-a-draft",
        (_, "unsaved_text") => "desk-error-unsaved-text",
        (_, "plan_stands") => "desk-error-plan-stands",
        ("publish_at", "time_not_set") => "desk-error-schedule-not-set",
        (_, "time_not_set") => "desk-error-embargo-not-set",
        (_, "plan_needed") => "desk-error-plan-needed",
        (_, "not_published") => "desk-error-not-published",
        (_, "damaged_upload") => "desk-error-damaged-upload",
        (_, "other_kind") => "desk-error-other-kind",
        (_, "empty_file") => "desk-error-empty-file",
        (_, "unsupported_type") => "desk-error-file-type",
        _ => {
            let Some(rule) = rule(error) else { return error.detail.clone() };
            let subject = error.detail.split_once(": ").map_or("", |(_, subject)| subject);
            let name = rule_name(lang, rule);
            return if subject.is_empty() { name } else { format!("{name}: {subject}") };
        }
    };
    lang.t(key)
}

/// The rule before publication that was broken.
fn rule(error: &FieldError) -> Option<Rule> {
    Rule::ALL.into_iter().find(|rule| rule.code() == error.code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(pairs: &[(&str, &str)]) -> Values {
        Values(pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect())
    }

    #[test]
    fn a_text_in_one_language_stays_one_text() {
        let languages = ["de".to_owned(), "en".to_owned()];
        let old = Localized::from("Logos");
        let same = values(&[("title.de", "Logos"), ("title.en", "")]).localized("title", &languages, &old);
        assert_eq!(same, old);
        let both =
            values(&[("title.de", "Bilder"), ("title.en", "Photos")]).localized("title", &languages, &old);
        assert_eq!(both.get("en", "de"), "Photos");
        assert_eq!(both.get("de", "de"), "Bilder");
    }

    #[test]
    fn languages_without_an_input_are_kept() {
        let old = Localized::Many([("fr".to_owned(), "Photos".to_owned())].into());
        let new = values(&[("title.de", "Bilder")]).localized("title", &["de".to_owned()], &old);
        assert_eq!(new.get("fr", "de"), "Photos");
        assert_eq!(new.get("de", "fr"), "Bilder");
    }

    #[test]
    fn browsers_line_ends_do_not_count_as_changes() {
        assert_eq!(values(&[("body", "a\r\n\r\nb")]).text("body"), "a\n\nb");
        assert_eq!(values(&[("subs", " a \r\n\r\nb")]).lines("subs"), ["a", "b"]);
    }
}

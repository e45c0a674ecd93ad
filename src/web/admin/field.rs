//! One input with its label, hint and message, the same on every page of the desk.

use super::desk::Seat;
use super::form::{Mistakes, localized_value};
use crate::domain::Localized;
use crate::domain::contact::Phone;
use crate::i18n::Lang;

#[derive(Debug, Clone)]
pub struct Choice {
    pub value: String,
    pub label: String,
    pub is_chosen: bool,
}

impl Choice {
    pub fn new(value: impl Into<String>, label: impl Into<String>, is_chosen: bool) -> Self {
        Self { value: value.into(), label: label.into(), is_chosen }
    }
}

#[derive(Debug, Clone)]
pub enum Kind {
    /// One line, with the `type` of the input.
    Line(&'static str),
    /// Several lines; so many are shown at first.
    Area(u8),
    /// One of several.
    Select(Vec<Choice>),
    /// Any of several.
    Checks(Vec<Choice>),
    Phones(Vec<Phone>),
    /// Weekly hours, a row each.
    Hours(Vec<HoursRow>),
    /// Absences, a row each, and who can stand in.
    Absences(Vec<AbsenceRow>, Vec<Choice>),
}

#[derive(Debug, Clone, Default)]
pub struct HoursRow {
    /// The days by their short names, with their names and whether they are chosen.
    pub days: Vec<Choice>,
    pub from: String,
    pub until: String,
}

#[derive(Debug, Clone, Default)]
pub struct AbsenceRow {
    pub from: String,
    pub until: String,
    pub stand_in: String,
}

#[derive(Debug, Clone, askama::Template)]
#[template(path = "admin/field.html")]
pub struct Field {
    lang: Lang,
    id: String,
    name: String,
    label: String,
    hint: String,
    error: Option<String>,
    value: String,
    kind: Kind,
    is_required: bool,
    is_short: bool,
    is_text: bool,
    /// Holds Markdown that may be written as it will look.
    is_visual: bool,
    /// The language of what is typed; empty when it is the page's.
    text_language: String,
    max_chars: Option<u32>,
}

impl Field {
    pub fn hint(mut self, text: impl Into<String>) -> Self {
        self.hint = text.into();
        self
    }

    pub const fn required(mut self) -> Self {
        self.is_required = true;
        self
    }

    /// Takes half of the width where there is room.
    pub const fn short(mut self) -> Self {
        self.is_short = true;
        self
    }

    /// Holds running text or Markdown, which gets the larger face.
    pub const fn prose(mut self) -> Self {
        self.is_text = true;
        self
    }

    /// Holds Markdown: with script there is an editor that shows it as it will look.
    pub const fn visual(mut self) -> Self {
        self.is_visual = true;
        self
    }

    pub fn in_language(mut self, tag: &str) -> Self {
        tag.clone_into(&mut self.text_language);
        self
    }

    /// Shows how many characters are typed, and from when it is long.
    pub const fn counted(mut self, max_chars: u32) -> Self {
        self.max_chars = Some(max_chars);
        self
    }

    /// Where the summary of mistakes leads.
    pub fn anchored(mut self, id: &str) -> Self {
        id.clone_into(&mut self.id);
        self
    }

    /// What the browser sends the value as, where that is not the field's name in the record.
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    pub fn html(&self) -> String {
        askama::Template::render(self).unwrap_or_default()
    }

    fn described_by(&self) -> String {
        let mut ids = Vec::new();
        if self.error.is_some() {
            ids.push(format!("{}-error", self.id));
        }
        if !self.hint.is_empty() {
            ids.push(format!("{}-hint", self.id));
        }
        ids.join(" ")
    }

    fn is_group(&self) -> bool {
        matches!(self.kind, Kind::Checks(_) | Kind::Phones(_) | Kind::Hours(_) | Kind::Absences(..))
    }
}

/// Makes fields that know the page's language and mistakes.
#[derive(Clone, Copy)]
pub struct Make<'a> {
    pub lang: Lang,
    pub mistakes: &'a Mistakes,
}

impl<'a> Make<'a> {
    pub const fn new(desk: &Seat, mistakes: &'a Mistakes) -> Self {
        Self { lang: desk.lang, mistakes }
    }

    pub fn field(&self, name: &str, label: String, value: String, kind: Kind) -> Field {
        Field {
            lang: self.lang,
            id: name.to_owned(),
            name: name.to_owned(),
            label,
            hint: String::new(),
            error: self.mistakes.of(name, self.lang),
            value,
            kind,
            is_required: false,
            is_short: false,
            is_text: false,
            is_visual: false,
            text_language: String::new(),
            max_chars: None,
        }
    }

    /// `label` is a key of the interface's texts, here and below.
    pub fn line(&self, name: &str, label: &str, value: impl Into<String>) -> Field {
        self.input(name, label, "text", value)
    }

    pub fn input(&self, name: &str, label: &str, kind: &'static str, value: impl Into<String>) -> Field {
        self.field(name, self.lang.t(label), value.into(), Kind::Line(kind))
    }

    pub fn area(&self, name: &str, label: &str, value: impl Into<String>, rows: u8) -> Field {
        self.field(name, self.lang.t(label), value.into(), Kind::Area(rows))
    }

    pub fn select(&self, name: &str, label: &str, choices: Vec<Choice>) -> Field {
        self.field(name, self.lang.t(label), String::new(), Kind::Select(choices))
    }

    /// A choice whose label is no key.
    pub fn choice(&self, name: &str, label: String, choices: Vec<Choice>) -> Field {
        self.field(name, label, String::new(), Kind::Select(choices))
    }

    pub fn checks(&self, name: &str, label: &str, choices: Vec<Choice>) -> Field {
        self.field(name, self.lang.t(label), String::new(), Kind::Checks(choices))
    }

    /// One input per language of the newsroom; `rows` of 0 is one line. The first carries the name itself
    /// as its id, so that a message about the text leads there.
    pub fn localized(&self, desk: &Seat, name: &str, label: &str, text: &Localized, rows: u8) -> Vec<Field> {
        let languages = &desk.newsroom.languages;
        languages
            .iter()
            .enumerate()
            .map(|(i, language)| {
                let kind = if rows == 0 { Kind::Line("text") } else { Kind::Area(rows) };
                let title = if languages.len() > 1 {
                    format!("{} ({})", self.lang.t(label), crate::i18n::endonym(language))
                } else {
                    self.lang.t(label)
                };
                let value = localized_value(text, language, i == 0);
                let mut field = self.field(&format!("{name}.{language}"), title, value, kind);
                if i == 0 {
                    name.clone_into(&mut field.id);
                    field.error = self.mistakes.of(name, self.lang);
                }
                field.in_language(language)
            })
            .collect()
    }
}

/// The languages of the newsroom as choices.
pub fn languages(desk: &Seat, chosen: &str) -> Vec<Choice> {
    let mut all: Vec<Choice> = desk
        .newsroom
        .languages
        .iter()
        .map(|tag| Choice::new(tag, crate::i18n::endonym(tag), tag == chosen))
        .collect();
    // A record may speak a language that the newsroom has given up; saving must not change it.
    if !chosen.is_empty() && !desk.newsroom.speaks(chosen) {
        all.push(Choice::new(chosen, crate::i18n::endonym(chosen), true));
    }
    all
}

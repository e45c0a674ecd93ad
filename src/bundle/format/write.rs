//! Writes TOML as a person would: one key a line, texts of several lines in three quotation marks, the same
//! bytes for the same values.

use std::fmt::Write as _;

use jiff::civil::Date;

use crate::domain::crop::{CropArea, Crops};
use crate::domain::{Localized, Timestamp, ZonedTime};

/// A TOML document that grows key by key.
#[derive(Debug, Default)]
pub struct Document {
    text: String,
}

impl Document {
    pub fn raw(&mut self, key: &str, value: &str) -> &mut Self {
        self.text.push_str(&self::key(key));
        self.text.push_str(" = ");
        self.text.push_str(value);
        self.text.push('\n');
        self
    }

    pub fn text(&mut self, key: &str, value: &str) -> &mut Self {
        self.raw(key, &text(value))
    }

    /// The same unless there is nothing to say.
    pub fn text_if(&mut self, key: &str, value: &str) -> &mut Self {
        if value.is_empty() { self } else { self.text(key, value) }
    }

    pub fn texts<T: AsRef<str>>(&mut self, key: &str, values: &[T]) -> &mut Self {
        self.raw(key, &texts(values))
    }

    pub fn texts_if<T: AsRef<str>>(&mut self, key: &str, values: &[T]) -> &mut Self {
        if values.is_empty() { self } else { self.texts(key, values) }
    }

    pub fn words_if(&mut self, key: &str, value: &Localized) -> &mut Self {
        if *value == Localized::default() { self } else { self.words(key, value) }
    }

    pub fn words(&mut self, key: &str, value: &Localized) -> &mut Self {
        self.raw(key, &words(value))
    }

    pub fn number(&mut self, key: &str, value: i64) -> &mut Self {
        self.raw(key, &value.to_string())
    }

    pub fn areas_if(&mut self, key: &str, crops: &Crops) -> &mut Self {
        if crops.is_empty() {
            return self;
        }
        let areas = crops.iter().map(|(name, CropArea { x, y, width, height })| {
            format!(
                "{} = {{ x = {x:?}, y = {y:?}, width = {width:?}, height = {height:?} }}",
                self::key(name)
            )
        });
        self.raw(key, &format!("{{ {} }}", areas.collect::<Vec<_>>().join(", ")))
    }

    pub fn moment(&mut self, key: &str, value: Timestamp) -> &mut Self {
        self.raw(key, &value.to_string())
    }

    pub fn moment_if(&mut self, key: &str, value: Option<Timestamp>) -> &mut Self {
        match value {
            Some(value) => self.moment(key, value),
            None => self,
        }
    }

    pub fn day_if(&mut self, key: &str, value: Option<Date>) -> &mut Self {
        match value {
            Some(value) => self.raw(key, &value.to_string()),
            None => self,
        }
    }

    pub fn planned_if(&mut self, key: &str, value: Option<&ZonedTime>) -> &mut Self {
        match value {
            Some(value) => self.raw(key, &planned(value)),
            None => self,
        }
    }

    /// A list of small tables of texts, each on a line of its own.
    pub fn tables_if<'a>(
        &mut self,
        key: &str,
        tables: impl Iterator<Item = Vec<(&'a str, &'a String)>>,
    ) -> &mut Self {
        let pair = |(name, value): &(&str, &String)| format!("{name} = {}", text(value));
        self.lines_if(key, tables.map(|table| table.iter().map(pair).collect::<Vec<_>>().join(", ")))
    }

    pub fn corrections_if<'a>(
        &mut self,
        corrections: impl Iterator<Item = (Timestamp, &'a str, &'a str)>,
    ) -> &mut Self {
        let line = |(at, kind, note): (Timestamp, _, _)| {
            format!("at = {at}, kind = {}, note = {}", text(kind), text(note))
        };
        self.lines_if("corrections", corrections.map(line))
    }

    pub fn review_if(&mut self, review: Option<(Timestamp, &str, [&String; 2])>) -> &mut Self {
        let Some((at, step, [by, note])) = review else { return self };
        let step = text(step);
        self.raw(
            "review",
            &format!("{{ at = {at}, step = {step}, by = {}, note = {} }}", text(by), text(note)),
        )
    }

    fn lines_if(&mut self, key: &str, tables: impl Iterator<Item = String>) -> &mut Self {
        let lines: Vec<String> = tables.map(|table| format!("  {{ {table} }},\n")).collect();
        if lines.is_empty() { self } else { self.raw(key, &format!("[\n{}]", lines.concat())) }
    }

    /// `[header]` or `[[header]]`, after an empty line.
    pub fn section(&mut self, header: &str) -> &mut Self {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.text.push_str(header);
        self.text.push('\n');
        self
    }

    pub fn finish(self) -> String {
        self.text
    }

    /// The document as the front matter of `body`. An empty line keeps a body that begins with one as it
    /// is, and the last line gets an end; reading takes both away again.
    pub fn front_of(self, body: &str) -> String {
        let mut out = format!("+++\n{}+++\n", self.text);
        if body.starts_with(['\n', '\r']) {
            out.push('\n');
        }
        out.push_str(body);
        if !body.is_empty() {
            out.push('\n');
        }
        out
    }
}

/// A TOML string.
fn text(value: &str) -> String {
    quoted(value, value.contains('\n'))
}

fn quoted(value: &str, many_lines: bool) -> String {
    let mut out = String::with_capacity(value.len() + 8);
    let mark = if many_lines { "\"\"\"" } else { "\"" };
    out.push_str(mark);
    if many_lines {
        out.push('\n');
    }
    let mut quotes = 0;
    for c in value.chars() {
        quotes = if c == '"' { quotes + 1 } else { 0 };
        match c {
            '\\' => out.push_str("\\\\"),
            // Two quotation marks may stand in a text of several lines, a third would end it.
            '"' if many_lines && quotes < 3 => out.push('"'),
            '"' => {
                out.push_str("\\\"");
                quotes = 0;
            }
            '\n' if many_lines => out.push('\n'),
            '\t' => out.push('\t'),
            c if c.is_control() => {
                // Writing into a String cannot fail.
                let _ = write!(out, "\\u{:04X}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    if many_lines && quotes > 0 {
        // A quotation mark at the end would run into the closing ones.
        out.pop();
        out.push_str("\\\"");
    }
    out.push_str(mark);
    out
}

fn texts<T: AsRef<str>>(values: &[T]) -> String {
    let values: Vec<String> = values.iter().map(|value| text(value.as_ref())).collect();
    format!("[{}]", values.join(", "))
}

/// A key as it stands: bare where TOML allows it.
fn key(name: &str) -> String {
    let bare = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
    if !name.is_empty() && name.bytes().all(bare) { name.to_owned() } else { quoted(name, false) }
}

fn words(value: &Localized) -> String {
    match value {
        Localized::One(one) => text(one),
        Localized::Many(many) if many.is_empty() => "{}".to_owned(),
        Localized::Many(many) => {
            let pairs: Vec<String> =
                many.iter().map(|(language, value)| format!("{} = {}", key(language), text(value))).collect();
            format!("{{ {} }}", pairs.join(", "))
        }
    }
}

/// Local time and zone; the instant too where those two do not tell it.
fn planned(time: &ZonedTime) -> String {
    let plain = time.local.second() == 0 && time.local.subsec_nanosecond() == 0;
    let local =
        if plain { time.local.strftime("%Y-%m-%dT%H:%M").to_string() } else { time.local.to_string() };
    let told = ZonedTime::resolve("", time.local, &time.zone).is_ok_and(|resolved| resolved.utc == time.utc);
    let utc = if told { String::new() } else { format!(", utc = {}", time.utc) };
    format!("{{ local = \"{local}\", zone = {}{utc} }}", text(&time.zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_as_they_were() {
        for value in [
            "",
            "plain",
            "„Zitat“ \"quoted\" \\ back",
            "two\nlines\n",
            "\nbegins with an empty line",
            "ends with quotes \"\"\"\n\"\"\"\"",
            "x\n\"\"",
            "tab\there\r\nand return",
            "bell \u{7} and \u{7f} and \u{85}",
            "a\n  indented \\\n continuation",
        ] {
            let document = format!("v = {}\n", text(value));
            let table: toml::Table = document.parse().unwrap_or_else(|e| panic!("{document}: {e}"));
            assert_eq!(table["v"].as_str(), Some(value), "{document}");
        }
    }

    #[test]
    fn an_hour_that_happens_twice_keeps_its_instant() {
        let clear = ZonedTime::resolve("t", "2026-12-01T10:00".parse().unwrap(), "Europe/Berlin").unwrap();
        assert_eq!(planned(&clear), "{ local = \"2026-12-01T10:00\", zone = \"Europe/Berlin\" }");
        let twice = ZonedTime::from_instant("2026-10-25T01:30:00Z".parse().unwrap(), "Europe/Berlin");
        assert_eq!(
            planned(&twice),
            "{ local = \"2026-10-25T02:30\", zone = \"Europe/Berlin\", utc = 2026-10-25T01:30:00Z }"
        );
    }
}

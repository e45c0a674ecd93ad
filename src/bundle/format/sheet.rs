//! One text file of a bundle with the places of its mistakes.

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, Deserializer};

use crate::bundle::import::Problem;
use crate::domain::FieldError;

/// A file's path within the bundle and its text.
#[derive(Debug, Clone)]
pub struct Sheet {
    pub path: String,
    /// TOML. Of a release only the front matter, which begins on line 2 after an empty one, so that places
    /// in it are places in the file.
    text: String,
}

impl Sheet {
    pub fn new(path: &str, text: String) -> Self {
        Self {
            path: path.to_owned(),
            text: text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned),
        }
    }

    /// Parts a release into its front matter and its body.
    pub fn with_body(path: &str, text: &str) -> Result<(Self, String), Problem> {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let problem = |line, message: &str| Problem {
            file: path.to_owned(),
            line: Some(line),
            column: None,
            message: message.to_owned(),
        };
        let mut lines = text.split_inclusive('\n');
        let first = lines.next().unwrap_or_default();
        match first.trim_end() {
            "+++" => {}
            "---" => {
                return Err(problem(
                    1,
                    "The front matter is TOML: put it between lines of +++ instead of ---",
                ));
            }
            _ => {
                return Err(problem(
                    1,
                    "A release begins with its front matter, TOML between two lines of +++",
                ));
            }
        }
        let mut front = String::from("\n");
        let mut used = first.len();
        for line in lines {
            used += line.len();
            if line.trim_end() == "+++" {
                return Ok((Self { path: path.to_owned(), text: front }, body(&text[used..])));
            }
            front.push_str(line);
        }
        Err(problem(1, "The front matter has no end: a line of +++ is missing"))
    }

    /// Reads the keys. Every key with a mistake is named, not only the first.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Vec<Problem>> {
        let mut table = match DeTable::parse(&self.text) {
            Ok(table) => table,
            Err(error) => return Err(vec![self.toml_problem(&error)]),
        };
        let mut problems = Vec::new();
        loop {
            match T::deserialize(Deserializer::from(table.clone())) {
                Ok(value) if problems.is_empty() => return Ok(value),
                Ok(_) => return Err(problems),
                Err(error) => {
                    problems.push(self.toml_problem(&error));
                    // Without the key that holds the mistake, the next one shows.
                    if !take_out(&mut table, error.span().map(|span| span.start)) {
                        return Err(problems);
                    }
                }
            }
        }
    }

    /// A mistake in the file as a whole.
    pub fn problem(&self, message: impl Into<String>) -> Problem {
        Problem { file: self.path.clone(), line: None, column: None, message: message.into() }
    }

    /// A mistake at a place, in bytes from the beginning.
    pub fn problem_at(&self, offset: usize, message: impl Into<String>) -> Problem {
        let before = self.text.get(..offset).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Problem { file: self.path.clone(), line: Some(line), column: Some(column), message: message.into() }
    }

    /// A mistake in a field, at the line of its key if it has one.
    pub fn problem_in(&self, error: &FieldError) -> Problem {
        let message = format!("{}: {}", error.field, error.detail);
        let key = error.field.split(['[', '.']).next().unwrap_or_default();
        let mut offset = 0;
        for line in self.text.split_inclusive('\n') {
            let start = line.trim_start().trim_start_matches('[');
            let rest = start.strip_prefix(key).map(str::trim_start);
            if !key.is_empty() && rest.is_some_and(|rest| rest.starts_with(['=', '.', ']'])) {
                return Problem { column: None, ..self.problem_at(offset, message) };
            }
            offset += line.len();
        }
        self.problem(message)
    }

    fn toml_problem(&self, error: &toml::de::Error) -> Problem {
        let mut message = error.message().trim().replace('\n', ", ");
        if let Some(first) = message.get(..1) {
            let first = first.to_uppercase();
            message.replace_range(..1, &first);
        }
        match error.span() {
            Some(span) => self.problem_at(span.start, message),
            None => self.problem(message),
        }
    }
}

/// The body after the front matter. One empty line after it and the last line's end belong to the file, not
/// to the body; [`super::write::front_and_body`] adds them.
fn body(rest: &str) -> String {
    let rest = rest.strip_prefix("\r\n").or_else(|| rest.strip_prefix('\n')).unwrap_or(rest);
    rest.strip_suffix('\n').unwrap_or(rest).to_owned()
}

/// Removes the top-level key that stands last before a place; `false` when there is none.
fn take_out(table: &mut Spanned<DeTable<'_>>, offset: Option<usize>) -> bool {
    let Some(offset) = offset else { return false };
    let key = table
        .get_ref()
        .keys()
        .filter(|key| key.span().start <= offset)
        .max_by_key(|key| key.span().start)
        .map(|key| key.get_ref().to_string());
    key.is_some_and(|key| table.get_mut().remove(key.as_str()).is_some())
}

//! What an import did, told to the operator.

use std::collections::BTreeMap;
use std::fmt;

use crate::domain::Kind;

/// A mistake in a file; the record in it was left as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The path within the bundle.
    pub file: String,
    /// From 1.
    pub line: Option<usize>,
    /// In characters, from 1.
    pub column: Option<usize>,
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        for place in [self.line, self.column].into_iter().flatten() {
            write!(f, ":{place}")?;
        }
        write!(f, ": {}", self.message)
    }
}

/// What became of one record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Created,
    Changed,
    Unchanged,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    pub created: usize,
    pub changed: usize,
    pub unchanged: usize,
}

#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ImportReport {
    pub created: usize,
    pub changed: usize,
    pub unchanged: usize,
    pub by_kind: BTreeMap<Kind, Counts>,
    /// In the order of the bundle's parts.
    pub problems: Vec<Problem>,
    /// References to records that this bundle holds and that could not be taken in. They come with the next
    /// import, when the mistakes are gone.
    pub left_out: usize,
}

impl ImportReport {
    pub(super) fn count(&mut self, kind: Kind, fate: Fate) {
        let counts = self.by_kind.entry(kind).or_default();
        let (all, of_kind) = match fate {
            Fate::Created => (&mut self.created, &mut counts.created),
            Fate::Changed => (&mut self.changed, &mut counts.changed),
            Fate::Unchanged => (&mut self.unchanged, &mut counts.unchanged),
        };
        *all += 1;
        *of_kind += 1;
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        for (kind, counts) in &self.by_kind {
            let Counts { created, changed, unchanged } = counts;
            writeln!(
                f,
                "{:<10} {created:>6} created {changed:>6} changed {unchanged:>6} unchanged",
                plural(*kind)
            )?;
        }
        if self.left_out > 0 {
            writeln!(
                f,
                "{} references to records with problems were left out; import again when the problems are gone",
                self.left_out
            )?;
        }
        match self.problems.len() {
            0 => write!(f, "Imported without problems"),
            1 => write!(f, "1 problem; everything else was imported"),
            n => write!(f, "{n} problems; everything else was imported"),
        }
    }
}

const fn plural(kind: Kind) -> &'static str {
    match kind {
        Kind::Release => "releases",
        Kind::Contact => "contacts",
        Kind::Asset => "photos",
        Kind::Album => "albums",
        Kind::Topic => "topics",
        Kind::Event => "events",
        Kind::Newsroom => "settings",
    }
}

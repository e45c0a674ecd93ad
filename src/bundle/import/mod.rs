//! Takes in a bundle: settings and topics, photos, contacts, releases, albums, events. Each record is
//! written whole or not at all; mistakes are named and the rest goes on.

mod batch;
mod names;
mod photos;
mod records;
mod releases;
mod report;

pub use report::{Counts, Fate, ImportReport, Problem};

use std::path::Path;

use batch::{Batch, mistakes};
use names::Names;

use super::Result;
use super::files::Reader;
use super::format::{Moment, Sheet};
use crate::domain::account::Actor;
use crate::domain::newsroom::Newsroom;
use crate::domain::slug::{is_slug, slugify};
use crate::domain::{Id, Kind, Timestamp};
use crate::newsroom::Context;
use crate::newsroom::content::Stamp;

/// Takes in a bundle from a folder or a ZIP file. Needs no running server; renditions are made by the next
/// one that runs.
///
/// # Errors
/// Only what makes it senseless to go on: the source cannot be read, database or blob store fail.
pub async fn import(ctx: &Context, source: &Path) -> Result<ImportReport> {
    let (reader, problems) = Reader::open(source)?;
    let actor = Actor::system("import");
    let mut importer = Importer {
        ctx,
        actor: &actor,
        reader,
        names: Names::load(ctx).await?,
        newsroom: ctx.newsroom().await?,
        report: ImportReport { problems, ..ImportReport::default() },
    };
    importer.announce();
    importer.settings().await?;
    importer.photos().await?;
    importer.contacts().await?;
    importer.releases().await?;
    importer.albums().await?;
    importer.events().await?;
    Ok(importer.report)
}

struct Importer<'a> {
    ctx: &'a Context,
    actor: &'a Actor,
    reader: Reader,
    names: Names,
    newsroom: Newsroom,
    report: ImportReport,
}

/// A file that was read and the record in it.
struct Parsed<T> {
    sheet: Sheet,
    slug: String,
    content: T,
}

impl<'a> Importer<'a> {
    /// Notes every name that the bundle holds, so that a reference to a record with a mistake is told apart
    /// from one to a record that does not exist.
    fn announce(&mut self) {
        let kinds = [
            (Kind::Contact, "contacts"),
            (Kind::Release, "releases"),
            (Kind::Album, "albums"),
            (Kind::Event, "events"),
        ];
        for (kind, folder) in kinds {
            for path in self.reader.paths_in(folder) {
                self.names.announce(kind, stem(&path));
            }
        }
        for path in self.reader.paths_in("photos").iter().filter(|path| !path.ends_with(".toml")) {
            self.names.announce(Kind::Asset, path.trim_start_matches("photos/"));
        }
    }

    fn batch(&self) -> Batch<'a> {
        Batch::new(self.ctx, self.actor)
    }

    fn note(&mut self, problems: impl IntoIterator<Item = Problem>) {
        self.report.problems.extend(problems);
    }

    /// Counts what became of a record, or names its mistakes at their places in the file.
    fn settle(
        &mut self,
        kind: Kind,
        slug: &str,
        sheet: &Sheet,
        done: crate::newsroom::Result<(Id, Fate)>,
    ) -> Result<Option<Id>> {
        match done {
            Ok((id, fate)) => {
                self.names.add(kind, slug, id);
                self.report.count(kind, fate);
                Ok(Some(id))
            }
            Err(error) => {
                let problems: Vec<Problem> = mistakes(error)?
                    .iter()
                    .map(|mistake| match mistake.field.as_str() {
                        "" => sheet.problem(&mistake.detail),
                        _ => sheet.problem_in(mistake),
                    })
                    .collect();
                self.note(problems);
                Ok(None)
            }
        }
    }

    /// The slug that a file's name stands for, when it may stand for one.
    fn slug_of(&mut self, path: &str) -> Option<String> {
        let stem = stem(path);
        if is_slug(stem) {
            return Some(stem.to_owned());
        }
        let wish = slugify(stem);
        let hint = if wish.is_empty() { String::new() } else { format!(", such as `{wish}`") };
        self.note([Problem {
            file: path.to_owned(),
            line: None,
            column: None,
            message: format!(
                "The file's name is the record's slug and may hold only a-z, 0-9 and hyphens{hint}"
            ),
        }]);
        None
    }

    /// The record that a slug means already; `None` with a problem noted when that cannot be said.
    fn existing(&mut self, kind: Kind, slug: &str, sheet: &Sheet) -> Option<Option<Id>> {
        match self.names.owner(kind, slug) {
            Ok(owner) => Some(owner),
            Err(detail) => {
                self.note([sheet.problem(detail)]);
                None
            }
        }
    }

    fn text(&mut self, path: &str) -> Option<String> {
        match self.reader.text(path) {
            Ok(text) => Some(text),
            Err(problem) => {
                self.note([problem]);
                None
            }
        }
    }

    /// Reads every file of a folder, the records that were made first first.
    fn parse_folder<T: serde::de::DeserializeOwned>(
        &mut self,
        folder: &str,
        created_at: impl Fn(&T) -> Option<Moment>,
    ) -> Vec<Parsed<T>> {
        let mut parsed = Vec::new();
        for path in self.reader.paths_in(folder) {
            let Some(slug) = self.slug_of(&path) else { continue };
            let Some(text) = self.text(&path) else { continue };
            let sheet = Sheet::new(&path, text);
            match sheet.read() {
                Ok(content) => parsed.push(Parsed { sheet, slug, content }),
                Err(problems) => self.note(problems),
            }
        }
        parsed.sort_by_key(|file| made_at(created_at(&file.content)));
        parsed
    }
}

/// `contacts/anna.toml` is about `anna`.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Records are made in the order they were made in elsewhere; those that do not say come last.
fn made_at(created_at: Option<Moment>) -> Timestamp {
    created_at.map_or(Timestamp::MAX, |moment| moment.0)
}

/// A file that says when its record was changed last is believed.
const fn stamp(updated_at: Option<Moment>) -> Stamp {
    if updated_at.is_some() { Stamp::AsGiven } else { Stamp::Now }
}

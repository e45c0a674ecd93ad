//! Which record a name in a bundle means.

use std::collections::{HashMap, HashSet};

use crate::bundle::Result;
use crate::bundle::format::{Reference, Sheet};
use crate::domain::asset::Asset;
use crate::domain::{Id, Kind};
use crate::newsroom::Context;
use crate::store;
use crate::store::record::SlugOwner;

use super::Problem;

/// What is known of an asset of the newsroom.
#[derive(Debug, Clone)]
pub struct KnownAsset {
    pub id: Id,
    pub slug: String,
    pub file_name: String,
    pub sha256: String,
    pub size_bytes: u64,
}

#[derive(Debug, Default)]
pub struct Names {
    /// Present and earlier slugs.
    slugs: HashMap<(Kind, String), (Id, bool)>,
    /// What this bundle holds, by slug or file name, whether it could be taken in or not.
    in_bundle: HashSet<(Kind, String)>,
    pub assets: Vec<KnownAsset>,
    /// The assets of this bundle by their file's name in it.
    photos: HashMap<String, Id>,
}

/// What a reference leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target<T> {
    Found(T),
    /// In the bundle, but with a problem of its own.
    Broken,
    Unknown,
}

impl Names {
    pub async fn load(ctx: &Context) -> Result<Self> {
        let mut names = Self::default();
        for kind in [Kind::Release, Kind::Contact, Kind::Asset, Kind::Album, Kind::Topic, Kind::Event] {
            for SlugOwner { slug, record, is_current } in store::record::slugs(&ctx.db, kind).await? {
                names.slugs.insert((kind, slug), (record, is_current));
            }
        }
        let mut after = None;
        loop {
            let batch: Vec<Asset> = store::list::walk(&ctx.db, after, 500).await?;
            let Some(last) = batch.last() else { return Ok(names) };
            after = Some(last.id);
            names.assets.extend(batch.into_iter().map(KnownAsset::from));
        }
    }

    /// Notes that the bundle holds a record, before it is known whether it can be taken in.
    pub fn announce(&mut self, kind: Kind, name: &str) {
        self.in_bundle.insert((kind, name.to_owned()));
    }

    pub fn add(&mut self, kind: Kind, slug: &str, id: Id) {
        self.slugs.insert((kind, slug.to_owned()), (id, true));
    }

    pub fn add_photo(&mut self, file: &str, id: Id) {
        self.photos.insert(file.to_owned(), id);
    }

    /// The record that has this slug now, or the mistake that another record had it once.
    pub fn owner(&self, kind: Kind, slug: &str) -> std::result::Result<Option<Id>, String> {
        match self.slugs.get(&(kind, slug.to_owned())) {
            Some((id, true)) => Ok(Some(*id)),
            Some((id, false)) => {
                let present = self.slugs.iter().find(|(_, owner)| **owner == (*id, true));
                let present = present.map_or("", |((_, slug), _)| slug.as_str());
                Err(format!(
                    "The slug `{slug}` leads to the {} `{present}`, which had it once",
                    kind.as_str()
                ))
            }
            None => Ok(None),
        }
    }

    /// Whether a slug, present or earlier, already leads to a record.
    pub fn leads_to(&self, kind: Kind, slug: &str, id: Id) -> bool {
        self.slugs.get(&(kind, slug.to_owned())).is_some_and(|(owner, _)| *owner == id)
    }

    pub fn record(&self, kind: Kind, slug: &str) -> Target<Id> {
        match self.slugs.get(&(kind, slug.to_owned())) {
            Some((id, _)) => Target::Found(*id),
            None if self.in_bundle.contains(&(kind, slug.to_owned())) => Target::Broken,
            None => Target::Unknown,
        }
    }

    /// A photo by its file's name: of this bundle, or the only one of the newsroom with that name.
    pub fn photo(&self, file: &str) -> Target<Id> {
        if let Some(id) = self.photos.get(file) {
            return Target::Found(*id);
        }
        if self.in_bundle.contains(&(Kind::Asset, file.to_owned())) {
            return Target::Broken;
        }
        let mut named = self.assets.iter().filter(|asset| asset.file_name == file);
        match (named.next(), named.next()) {
            (Some(asset), None) => Target::Found(asset.id),
            _ => Target::Unknown,
        }
    }
}

impl From<Asset> for KnownAsset {
    fn from(asset: Asset) -> Self {
        Self {
            id: asset.id,
            slug: asset.slug,
            file_name: asset.file_name,
            sha256: asset.original.sha256,
            size_bytes: asset.original.size_bytes,
        }
    }
}

/// Follows the references of one file and gathers those that lead nowhere.
pub struct Lookup<'a> {
    names: &'a Names,
    sheet: &'a Sheet,
    pub problems: Vec<Problem>,
    /// References to records of the bundle that have problems of their own.
    pub left_out: usize,
}

impl<'a> Lookup<'a> {
    pub const fn new(names: &'a Names, sheet: &'a Sheet) -> Self {
        Self { names, sheet, problems: Vec::new(), left_out: 0 }
    }

    pub fn one(&mut self, field: &str, kind: Kind, reference: &Reference) -> Option<Id> {
        let name = reference.get_ref();
        let target = if kind == Kind::Asset { self.names.photo(name) } else { self.names.record(kind, name) };
        match target {
            Target::Found(id) => return Some(id),
            Target::Broken => self.left_out += 1,
            Target::Unknown => {
                let detail = match kind {
                    Kind::Asset => format!("{field}: There is no file `{name}` in photos/"),
                    _ => format!("{field}: There is no {} `{name}`", kind.as_str()),
                };
                self.problems.push(self.sheet.problem_at(reference.span().start, detail));
            }
        }
        None
    }

    /// Each record once, in the order of the file.
    pub fn all(&mut self, field: &str, kind: Kind, references: &[Reference]) -> Vec<Id> {
        let mut ids = Vec::with_capacity(references.len());
        for reference in references {
            if let Some(id) = self.one(field, kind, reference)
                && !ids.contains(&id)
            {
                ids.push(id);
            }
        }
        ids
    }

    /// Topics are kept by slug.
    pub fn topics(&mut self, references: &[Reference]) -> Vec<String> {
        let mut slugs: Vec<String> = Vec::with_capacity(references.len());
        for reference in references {
            if self.one("topics", Kind::Topic, reference).is_some() && !slugs.contains(reference.get_ref()) {
                slugs.push(reference.get_ref().clone());
            }
        }
        slugs
    }
}

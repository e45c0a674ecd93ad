//! What the fields of a record hold, as people say it: names in place of ids, moments by the newsroom's clock.

use std::collections::HashMap;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::desk::{Desk, DeskResult};
use super::{photos, release_edit, release_steps, when};
use crate::domain::asset::{Asset, AssetKind, AssetState, FileInPlace, FocalPoint};
use crate::domain::contact::Contact;
use crate::domain::release::{Correction, Release, ReleaseState};
use crate::domain::{Id, Timestamp, ZonedTime};
use crate::i18n::endonym;
use crate::store::Record;
use crate::store::audit::Entry;
use crate::store::record::find_all;

const PHOTOS: [&str; 1] = ["assets"];
const CONTACTS: [&str; 1] = ["contacts"];
const RELEASES: [&str; 2] = ["related", "translation_of"];

/// What the records are called that others name by their ids.
pub struct Names(HashMap<Id, String>);

impl Names {
    /// Of all that a history speaks of and that is still there.
    pub async fn of(desk: &Desk, entries: &[Entry]) -> DeskResult<Self> {
        let mut names = HashMap::new();
        for photo in named::<Asset>(desk, entries, &PHOTOS).await? {
            let title = photo.description.title;
            names.insert(photo.id, if title.is_empty() { photo.file_name } else { title });
        }
        for contact in named::<Contact>(desk, entries, &CONTACTS).await? {
            names.insert(contact.id, contact.name);
        }
        for release in named::<Release>(desk, entries, &RELEASES).await? {
            names.insert(release.id, release.headline);
        }
        Ok(Self(names))
    }

    /// A field's value in words, each entry of a list on a line of its own.
    pub fn told(&self, desk: &Desk, field: &str, value: &Value) -> String {
        let lang = desk.lang;
        let told = match field {
            _ if PHOTOS.contains(&field) => Some(self.each(value, &lang.t("desk-history-photo-gone"))),
            _ if CONTACTS.contains(&field) => Some(self.each(value, &lang.t("desk-history-contact-gone"))),
            _ if RELEASES.contains(&field) => Some(self.each(value, &lang.t("desk-history-release-gone"))),
            "state" => read::<ReleaseState>(value)
                .map(|state| release_edit::state_name(desk, state))
                .or_else(|| read::<AssetState>(value).map(|state| photos::state_name(lang, state))),
            "kind" => read::<AssetKind>(value).map(|kind| photos::kind_name(lang, kind)),
            "language" => read::<String>(value).map(|tag| endonym(&tag).to_owned()),
            "publish_at" | "embargo_until" => {
                read::<ZonedTime>(value).map(|at| when::short(lang, at.utc, desk.zone()))
            }
            "published_at" | "rights_until" => {
                read::<Timestamp>(value).map(|at| when::short(lang, at, desk.zone()))
            }
            "corrections" => read::<Vec<Correction>>(value).map(|notes| {
                lines(notes.iter().map(|note| {
                    let kind = release_steps::kind_name(lang, note.kind);
                    format!("{kind}, {}: {}", when::short(lang, note.at, desk.zone()), note.note)
                }))
            }),
            "replacement" => read::<FileInPlace>(value).map(|file| which(&file)),
            "earlier" => read::<Vec<FileInPlace>>(value).map(|files| {
                lines(
                    files
                        .iter()
                        .map(|file| format!("{} ({})", which(file), when::short(lang, file.at, desk.zone()))),
                )
            }),
            "focal_point" => read::<FocalPoint>(value)
                .map(|point| format!("{:.0} % / {:.0} %", point.x * 100.0, point.y * 100.0)),
            _ => None,
        };
        told.unwrap_or_else(|| plain(value))
    }

    fn each(&self, value: &Value, gone: &str) -> String {
        let name = |id: &Id| self.0.get(id).map_or_else(|| gone.to_owned(), Clone::clone);
        match value {
            Value::Array(_) => lines(ids(value).iter().map(name)),
            _ => ids(value).first().map_or_else(String::new, name),
        }
    }
}

/// Whether the field lists things, of which some come and others go: they are compared as wholes.
pub fn is_list(field: &str) -> bool {
    PHOTOS.contains(&field)
        || CONTACTS.contains(&field)
        || RELEASES.contains(&field)
        || matches!(field, "corrections" | "earlier" | "topics")
}

async fn named<R: Record>(desk: &Desk, entries: &[Entry], fields: &[&str]) -> DeskResult<Vec<R>> {
    let documents = entries.iter().flat_map(|entry| [&entry.before, &entry.after]).flatten();
    let values = documents.flat_map(|document| fields.iter().filter_map(|field| document.get(*field)));
    let mut all: Vec<Id> = values.flat_map(ids).collect();
    all.sort_unstable();
    all.dedup();
    Ok(find_all(&desk.ctx().db, &all).await?)
}

fn ids(value: &Value) -> Vec<Id> {
    match value {
        Value::Array(items) => items.iter().flat_map(ids).collect(),
        Value::String(text) => text.parse().ok().into_iter().collect(),
        _ => Vec::new(),
    }
}

fn read<T: DeserializeOwned>(value: &Value) -> Option<T> {
    T::deserialize(value).ok()
}

/// A file under its name, and which one it was.
fn which(file: &FileInPlace) -> String {
    format!("{} · SHA-256 {}", file.file_name, file.original.sha256)
}

fn lines(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join("\n")
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => lines(items.iter().map(plain)),
        Value::Object(entries) => entries.values().map(plain).collect::<Vec<_>>().join(" · "),
        other => other.to_string(),
    }
}

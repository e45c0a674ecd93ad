//! Choosing photos, in order: tiles with numbers and check boxes, which a script turns into dragging.

use super::desk::{DeskResult, Seat};
use super::form::Values;
use crate::domain::Id;
use crate::domain::asset::{Asset, AssetState};
use crate::domain::rendition::Format;
use crate::i18n::Lang;
use crate::store;
use crate::store::desk::AssetFilter;
use crate::web::url;
use crate::web::view::placeholder::Plate;

/// Photos of the library that are offered at once.
const OFFERED: usize = 36;

/// The smallest picture of an asset.
#[derive(Debug, Clone)]
pub struct Thumb {
    pub url: String,
    pub width: u32,
    pub height: u32,
    /// What is put behind it so that it can be seen; empty for what is opaque.
    pub plate: &'static str,
}

impl Thumb {
    pub fn of(asset: &Asset) -> Option<Self> {
        let file = [Format::Webp, Format::Jpeg, Format::Png]
            .into_iter()
            .find_map(|format| asset.rendition("thumb", format))?;
        Some(Self {
            url: url::rendition_pinned(asset, file),
            width: file.width,
            height: file.height,
            plate: Plate::of(&asset.placeholder).class().trim_start(),
        })
    }
}

/// An asset as a small picture.
#[derive(Debug, Clone)]
pub struct Tile {
    pub id: Id,
    pub title: String,
    pub thumb: Option<String>,
    pub width: u32,
    pub height: u32,
    pub alt_text: String,
    /// What is put behind it so that it can be seen; empty for what is opaque.
    pub plate: &'static str,
    pub state: AssetState,
    /// Empty unless it failed.
    pub failure: String,
    /// What a photo desk would miss: alternative text, credit. Empty when nothing is.
    pub lacks: String,
    pub kind: String,
}

impl Tile {
    pub fn new(lang: Lang, asset: &Asset) -> Self {
        let thumb = Thumb::of(asset);
        let d = &asset.description;
        Self {
            id: asset.id,
            title: if d.title.is_empty() { asset.file_name.clone() } else { d.title.clone() },
            width: thumb.as_ref().map_or(0, |thumb| thumb.width),
            height: thumb.as_ref().map_or(0, |thumb| thumb.height),
            thumb: thumb.map(|thumb| thumb.url),
            alt_text: d.alt_text.clone(),
            plate: Plate::of(&asset.placeholder).class().trim_start(),
            state: asset.state,
            failure: failure(lang, asset),
            lacks: lacks(lang, asset),
            kind: asset.extension().to_uppercase(),
        }
    }

    pub fn is_processing(&self) -> bool {
        self.state == AssetState::Processing
    }
}

/// Why a file has no renditions, in the officer's language.
pub fn failure(lang: Lang, asset: &Asset) -> String {
    if asset.state != AssetState::Failed {
        return String::new();
    }
    failure_of(lang, asset.error.as_ref().map_or("", |error| error.code.as_str()))
}

pub fn failure_of(lang: Lang, code: &str) -> String {
    lang.t(match code {
        "truncated" => "desk-photo-error-truncated",
        "damaged" => "desk-photo-error-damaged",
        "mislabelled" => "desk-photo-error-mislabelled",
        "unsupported_format" => "desk-photo-error-format",
        "too_many_pixels" | "too_complex" => "desk-photo-error-too-large",
        "out_of_memory" | "timed_out" | "crashed" | "io" | "worker_failed" | "gave_up" => {
            "desk-photo-error-machine"
        }
        _ => "desk-photo-failed",
    })
}

fn lacks(lang: Lang, asset: &Asset) -> String {
    if !asset.kind.is_picture() {
        return String::new();
    }
    let d = &asset.description;
    let missing: Vec<String> = [
        (d.alt_text.is_empty(), "desk-field-alt-text"),
        (d.credit.is_empty(), "desk-field-credit"),
        (d.caption.is_empty(), "desk-field-caption"),
    ]
    .into_iter()
    .filter(|(is_missing, _)| *is_missing)
    .map(|(_, key)| lang.t(key))
    .collect();
    missing.join(", ")
}

#[derive(askama::Template)]
#[template(path = "admin/picker.html")]
pub struct Picker {
    lang: Lang,
    name: &'static str,
    label: String,
    /// One photo instead of several in order.
    is_single: bool,
    chosen: Vec<Tile>,
    offered: Vec<Tile>,
    query: String,
    upload_url: String,
    sheet_url: String,
}

impl Picker {
    /// `sheet_url`: where the captions of all chosen photos are edited; empty where there is no such page.
    pub async fn new(
        desk: &Seat,
        name: &'static str,
        ids: &[Id],
        query: &str,
        upload_url: String,
        sheet_url: String,
    ) -> DeskResult<Self> {
        let db = &desk.ctx().db;
        let chosen: Vec<Asset> = store::record::find_all(db, ids).await?;
        let filter = AssetFilter { text: query.to_owned(), ..AssetFilter::default() };
        let mut offered = store::desk::assets(db, &filter, OFFERED + ids.len().min(100), 0).await?;
        offered.retain(|asset| !ids.contains(&asset.id));
        offered.truncate(OFFERED);
        let tile = |asset: &Asset| Tile::new(desk.lang, asset);
        Ok(Self {
            lang: desk.lang,
            name,
            label: desk.lang.t("desk-field-photos"),
            is_single: false,
            chosen: chosen.iter().map(tile).collect(),
            offered: offered.iter().map(tile).collect(),
            query: query.to_owned(),
            upload_url,
            sheet_url,
        })
    }

    /// Makes it choose one photo: the last one added counts.
    pub fn single(mut self, label: String) -> Self {
        self.label = label;
        self.is_single = true;
        self
    }

    pub fn html(&self) -> String {
        askama::Template::render(self).unwrap_or_default()
    }
}

/// The chosen photos in the order that the numbers say, without the ones taken out, then the ones added.
pub fn read(values: &Values, name: &str) -> Vec<Id> {
    let dropped = values.ids(&format!("{name}-drop"));
    let mut placed: Vec<(usize, u8, usize, Id)> = Vec::new();
    for (index, id) in values.ids(name).into_iter().enumerate() {
        if dropped.contains(&id) {
            continue;
        }
        let here = index + 1;
        let wish = values.line(&format!("{name}-place-{id}")).parse().unwrap_or(here);
        // Who moves up goes before the one whose place it takes, who moves down goes behind it.
        let side = match wish.cmp(&here) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Greater => 2,
        };
        placed.push((wish, side, index, id));
    }
    placed.sort_unstable();
    let mut ids: Vec<Id> = placed.into_iter().map(|(.., id)| id).collect();
    for id in values.ids(&format!("{name}-add")) {
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> String {
        format!("01900000-0000-7000-8000-0000000000{n:02}")
    }

    fn order(places: &[usize], extra: &[(&str, u8)]) -> Vec<String> {
        let mut pairs = Vec::new();
        for (i, place) in places.iter().enumerate() {
            let id = id(i as u8 + 1);
            pairs.push(("assets".to_owned(), id.clone()));
            pairs.push((format!("assets-place-{id}"), place.to_string()));
        }
        pairs.extend(extra.iter().map(|(name, n)| ((*name).to_owned(), id(*n))));
        read(&Values::new(pairs), "assets").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_number_moves_a_photo_to_that_place() {
        assert_eq!(order(&[1, 2, 3], &[]), [id(1), id(2), id(3)]);
        assert_eq!(order(&[1, 2, 1], &[]), [id(3), id(1), id(2)]);
        assert_eq!(order(&[3, 2, 3], &[]), [id(2), id(3), id(1)]);
    }

    #[test]
    fn photos_are_taken_out_and_added_at_the_end() {
        assert_eq!(order(&[1, 2], &[("assets-drop", 1), ("assets-add", 7)]), [id(2), id(7)]);
        assert_eq!(order(&[1], &[("assets-add", 1)]), [id(1)]);
    }
}

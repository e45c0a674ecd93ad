//! Albums: curated sets of photos.

use super::desk::{Desk, DeskResult, Section};
use super::field::{Choice, Make};
use super::form::{Mistakes, Values};
use super::picker::{self, Picker, Thumb};
use super::record::{Family, Row, html};
use crate::domain::album::Album;
use crate::domain::asset::Asset;
use crate::domain::{FieldError, Id, Publication};
use crate::newsroom::fields::AlbumFields;
use crate::store;
use crate::store::list::Order;

pub struct Albums;

impl Family for Albums {
    type Fields = AlbumFields;
    const FOLDER: &'static str = "albums";
    const SECTION: Section = Section::Albums;
    const LIST: &'static str = "desk-albums-title";
    const NEW: &'static str = "desk-albums-new";
    const NONE: &'static str = "desk-albums-none";
    const ORDER: Order = Order::Rising;

    fn title(desk: &Desk, fields: &AlbumFields) -> String {
        desk.pick(&fields.title).to_owned()
    }

    fn row(desk: &Desk, album: &Album) -> Row {
        Row {
            id: album.id,
            title: desk.pick(&album.title).to_owned(),
            facts: desk.lang.count("count-photos", album.assets.len()),
            thumb: None,
            badge: badge(desk, album.state),
        }
    }

    fn fill(desk: &Desk, values: &Values, fields: &mut AlbumFields) -> Vec<FieldError> {
        let languages = &desk.newsroom.languages;
        fields.title = values.localized("title", languages, &fields.title);
        fields.description = values.localized("description", languages, &fields.description);
        fields.assets = picker::read(values, "assets");
        fields.state = publication(values);
        fields.order = values.line("order").parse().unwrap_or(0);
        if let Some(slug) = Some(values.line("slug")).filter(|slug| !slug.is_empty()) {
            fields.slug = Some(slug);
        }
        Vec::new()
    }

    async fn inputs(
        desk: &Desk,
        fields: &AlbumFields,
        mistakes: &Mistakes,
        query: &str,
    ) -> DeskResult<Vec<String>> {
        let make = Make::new(desk, mistakes);
        let mut parts = make.localized(desk, "title", "desk-field-title", &fields.title, 0);
        parts.extend(make.localized(desk, "description", "desk-field-description", &fields.description, 3));
        parts.push(make.select("state", "desk-field-state", publications(desk, fields.state)).short());
        parts.push(make.input("order", "desk-field-order", "number", fields.order.to_string()).short());
        if let Some(slug) = fields.slug.as_ref().filter(|slug| !slug.is_empty()) {
            parts
                .push(make.line("slug", "desk-field-slug", slug).hint(desk.lang.t("desk-hint-slug")).short());
        }
        let mut all = html(&parts);
        let photos = Picker::new(
            desk,
            "assets",
            &fields.assets,
            query,
            "/admin/photos".to_owned(),
            sheet(&fields.assets),
        );
        all.push(photos.await?.html());
        Ok(all)
    }

    async fn thumbs(desk: &Desk, albums: &[Album]) -> DeskResult<Vec<Option<Thumb>>> {
        let ids: Vec<Id> = albums.iter().filter_map(|album| album.assets.first().copied()).collect();
        let assets: Vec<Asset> = store::record::find_all(&desk.ctx().db, &ids).await?;
        let of = |id: &Id| assets.iter().find(|asset| asset.id == *id);
        Ok(albums.iter().map(|album| album.assets.first().and_then(of).and_then(Thumb::of)).collect())
    }
}

/// Where the captions of these photos are edited together.
fn sheet(ids: &[Id]) -> String {
    if ids.is_empty() {
        return String::new();
    }
    let ids: Vec<String> = ids.iter().take(super::photo_sheet::MAX_PHOTOS).map(ToString::to_string).collect();
    format!("/admin/photos/sheet?ids={}", ids.join(","))
}

pub fn publication(values: &Values) -> Publication {
    if values.line("state") == "published" { Publication::Published } else { Publication::Draft }
}

pub fn publications(desk: &Desk, chosen: Publication) -> Vec<Choice> {
    vec![
        Choice::new("draft", desk.lang.t("desk-state-draft"), chosen == Publication::Draft),
        Choice::new("published", desk.lang.t("desk-state-published"), chosen == Publication::Published),
    ]
}

/// What a list says of the state: nothing when it is public.
pub fn badge(desk: &Desk, state: Publication) -> String {
    match state {
        Publication::Draft => desk.lang.t("desk-state-draft"),
        Publication::Published => String::new(),
    }
}

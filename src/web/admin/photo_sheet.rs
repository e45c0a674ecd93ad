//! Many photos on one sheet: captions, alternative texts and credits of a whole upload in one go.

use serde::Deserialize;

use super::desk::{Desk, DeskResult, Section, Shell, parse_id, see_other};
use super::form::{Mistakes, Trouble, Values};
use super::picker::Tile;
use super::{photo, photo_table};
use crate::domain::Id;
use crate::domain::asset::Asset;
use crate::domain::release::Release;
use crate::newsroom::content;
use crate::newsroom::fields::{AssetFields, Fields as _};
use crate::store;
use crate::web::extract::{DeskForm, UrlPath, UrlQuery};

/// Photos on one sheet at most: the form must stay within what a browser sends gladly.
pub const MAX_PHOTOS: usize = 100;

struct Line {
    tile: Tile,
    version: i64,
    title: String,
    caption: String,
    alt_text: String,
    credit: String,
    usage_terms: String,
    persons: String,
    /// Why this one was not stored; empty otherwise.
    problem: String,
}

impl Line {
    fn new(desk: &Desk, asset: &Asset, fields: AssetFields, problem: String) -> Self {
        Self {
            tile: Tile::new(desk.lang, asset),
            version: asset.version,
            title: fields.title,
            caption: fields.caption,
            alt_text: fields.alt_text,
            credit: fields.credit,
            usage_terms: fields.usage_terms,
            persons: fields.persons.join(", "),
            problem,
        }
    }
}

#[derive(askama::Template)]
#[template(path = "admin/photo_sheet.html")]
struct SheetPage {
    shell: Shell,
    lines: Vec<Line>,
    /// The release whose photos these are.
    release: Option<(Id, String)>,
    has_problems: bool,
}

#[derive(Deserialize)]
pub struct SheetQuery {
    #[serde(default)]
    ids: String,
}

async fn find(desk: &Desk, ids: &[Id], most: usize) -> DeskResult<Vec<Asset>> {
    let ids: Vec<Id> = ids.iter().copied().take(most).collect();
    Ok(store::record::find_all(&desk.ctx().db, &ids).await?)
}

fn render(desk: &Desk, lines: Vec<Line>, release: Option<(Id, String)>) -> DeskResult {
    let has_problems = lines.iter().any(|line| !line.problem.is_empty());
    let shell = desk.shell(desk.lang.t("desk-sheet-title"), Section::Photos);
    desk.page(&SheetPage { shell, lines, release, has_problems })
}

pub async fn show(desk: Desk, UrlQuery(query): UrlQuery<SheetQuery>) -> DeskResult {
    let ids: Vec<Id> = query.ids.split(',').filter_map(|id| id.parse().ok()).collect();
    let assets = find(&desk, &ids, MAX_PHOTOS).await?;
    let lines = assets.iter().map(|a| Line::new(&desk, a, AssetFields::of(a), String::new())).collect();
    render(&desk, lines, None)
}

pub async fn of_release(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    let release: Release = content::get(desk.ctx(), parse_id(&id)?).await?;
    let assets = find(&desk, &release.assets, MAX_PHOTOS).await?;
    let lines = assets.iter().map(|a| Line::new(&desk, a, AssetFields::of(a), String::new())).collect();
    render(&desk, lines, Some((release.id, release.headline)))
}

/// Stores each photo for itself; those that cannot be stored stay on the sheet with what was typed.
pub async fn save(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    let ids = values.ids("photo");
    let assets = find(&desk, &ids, photo_table::MAX_ROWS).await?;
    let mut lines = Vec::with_capacity(assets.len());
    for asset in &assets {
        let typed = row(&values, asset.id);
        let problem = match photo::store(&desk, asset.id, &typed).await? {
            photo::Stored::Done => String::new(),
            photo::Stored::Refused(error) => match desk.trouble(error) {
                Trouble::Mistakes(mistakes) => messages(&desk, &mistakes),
                Trouble::Refused(text) => text,
                Trouble::Stale { expected, current } => {
                    let versions = [("expected", expected.into()), ("current", current.into())];
                    desk.lang.t_args("desk-stale", &versions)
                }
                Trouble::Other(error) => return Err(error.into()),
            },
        };
        let mut fields = AssetFields::of(asset);
        photo::fill(desk.zone(), &typed, &mut fields);
        lines.push(Line::new(&desk, asset, fields, problem));
    }
    if lines.len() > MAX_PHOTOS {
        // Of a long table only what is left to do comes back.
        lines.retain(|line| !line.problem.is_empty());
    }
    let release: Option<Id> = values.line("release").parse().ok();
    if lines.iter().all(|line| line.problem.is_empty()) {
        return Ok(see_other(&match release {
            Some(id) => format!("/admin/releases/{id}?done=saved"),
            None => "/admin/photos?done=saved".to_owned(),
        }));
    }
    let release = match release {
        Some(id) => Some((id, content::get::<Release>(desk.ctx(), id).await?.headline)),
        None => None,
    };
    render(&desk, lines, release)
}

fn messages(desk: &Desk, mistakes: &Mistakes) -> String {
    mistakes.summary(desk.lang).into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}

/// The part of the sheet that is about one photo. What is typed above the sheet fills what is empty.
fn row(values: &Values, id: Id) -> Values {
    let mut pairs = vec![("version".to_owned(), values.line(&format!("version-{id}")))];
    // The sheet shows some of them; a table that was read back may bring any.
    for (column, _) in photo_table::COLUMNS {
        let name = format!("{column}-{id}");
        if !values.has(&name) {
            continue;
        }
        let typed = values.text(&name);
        let common = values.text(&format!("all-{column}"));
        let text = if typed.trim().is_empty() { common } else { typed };
        pairs.push((column.to_owned(), text));
    }
    Values::new(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_said_for_all_fills_only_what_is_empty() {
        let id: Id = "01900000-0000-7000-8000-000000000001".parse().unwrap();
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let values = Values::new(vec![
            pair("all-credit", "Werk / M. Weber"),
            pair(&format!("version-{id}"), "3"),
            pair(&format!("credit-{id}"), ""),
            pair(&format!("caption-{id}"), "Halle 4"),
        ]);
        let row = row(&values, id);
        assert_eq!(row.version(), Some(3));
        assert_eq!(row.text("credit"), "Werk / M. Weber");
        assert_eq!(row.text("caption"), "Halle 4");
        assert!(!row.has("alt_text"));
    }
}

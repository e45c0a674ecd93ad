//! One file: what is said of it, where its centre is, what it is used in.

use axum::http::StatusCode;
use axum::response::Response;

use super::conflict::{self, Conflict};
use super::desk::{Desk, DeskResult, Section, Shell, parse_id, see_other};
use super::field::{Choice, Field, Make};
use super::form::{Mistakes, Trouble, Values};
use super::photo_crops::{self, CropInput};
use super::photos::{kind_name, state_name};
use super::picker::{Tile, failure, failure_of};
use super::when;
use crate::domain::album::Album;
use crate::domain::asset::{Asset, AssetKind, AssetState, FocalPoint};
use crate::domain::contact::Contact;
use crate::domain::release::Release;
use crate::domain::rendition::Format;
use crate::domain::{DomainError, FieldError, Id};
use crate::i18n::Lang;
use crate::newsroom::content::{self, Edit};
use crate::newsroom::fields::{AssetFields, Fields as _};
use crate::newsroom::{self, assets};
use crate::store::{StoreError, list};
use crate::web::extract::{DeskForm, UrlPath};
use crate::web::url;

/// A name with an address.
pub struct Use {
    pub label: String,
    pub url: String,
}

struct Rung {
    name: String,
    facts: String,
    url: String,
}

struct Large {
    url: String,
    width: u32,
    height: u32,
}

#[derive(askama::Template)]
#[template(path = "admin/photo.html")]
struct PhotoPage {
    shell: Shell,
    id: Id,
    version: i64,
    tile: Tile,
    state: AssetState,
    state_name: String,
    failure: String,
    large: Option<Large>,
    inputs: Vec<String>,
    focus_x: String,
    focus_y: String,
    focus_error: Option<String>,
    crops: Vec<CropInput>,
    /// Width and height of the picture.
    full: (u32, u32),
    facts: Vec<(String, String)>,
    original_url: String,
    rungs: Vec<Rung>,
    uses: Vec<Use>,
    public_note: String,
    summary: Vec<(String, String)>,
    refusal: String,
    conflict: Option<Conflict>,
}

#[derive(Default)]
struct Notes {
    mistakes: Mistakes,
    refusal: String,
    conflict: Option<Conflict>,
    version: Option<i64>,
    /// What was typed where it cannot be kept in the fields.
    typed: Option<Values>,
}

/// Puts what was typed into the fields; what the form does not show stays.
pub fn fill(zone: &str, values: &Values, fields: &mut AssetFields) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let texts: [(&str, &mut String); 10] = [
        ("title", &mut fields.title),
        ("credit", &mut fields.credit),
        ("copyright_notice", &mut fields.copyright_notice),
        ("usage_terms", &mut fields.usage_terms),
        ("rights_url", &mut fields.rights_url),
        ("creator", &mut fields.creator),
        ("date_created", &mut fields.date_created),
        ("location", &mut fields.location),
        ("digital_source_type", &mut fields.digital_source_type),
        ("data_mining", &mut fields.data_mining),
    ];
    for (name, field) in texts {
        if values.has(name) {
            *field = values.line(name);
        }
    }
    for (name, field) in [("caption", &mut fields.caption), ("alt_text", &mut fields.alt_text)] {
        if values.has(name) {
            values.text(name).trim().clone_into(field);
        }
    }
    for (name, field) in [("persons", &mut fields.persons), ("keywords", &mut fields.keywords)] {
        if values.has(name) {
            *field = values.list(name);
        }
    }
    if values.has("kind") {
        fields.kind = AssetKind::parse(&values.line("kind")).or(fields.kind);
    }
    if values.has("focus-x") {
        match (percent(values, "focus-x"), percent(values, "focus-y")) {
            (Some(x), Some(y)) => set_focus(&mut fields.focal_point, x, y),
            _ => errors.push(FieldError::new("focal_point", "out_of_range", "From 0 to 100 percent")),
        }
    }
    errors.extend(photo_crops::fill(values, &mut fields.crops));
    if values.has("rights_until") {
        match when::end_of_day("rights_until", &values.line("rights_until"), zone) {
            Ok(end) => fields.rights_until = end,
            Err(error) => errors.push(error),
        }
    }
    errors
}

pub fn percent(values: &Values, name: &str) -> Option<f64> {
    values.line(name).replace(',', ".").parse::<f64>().ok().filter(|p| (0.0..=100.0).contains(p))
}

/// Whole percents are what the form shows; a finer point that reads the same is left as it is.
fn set_focus(point: &mut FocalPoint, x: f64, y: f64) {
    if shown(point.x) != format!("{x}") || shown(point.y) != format!("{y}") {
        *point = FocalPoint { x: x / 100.0, y: y / 100.0 };
    }
}

fn shown(fraction: f64) -> String {
    format!("{}", (fraction * 1000.0).round() / 10.0)
}

fn inputs(desk: &Desk, fields: &AssetFields, mistakes: &Mistakes, typed: Option<&Values>) -> Vec<String> {
    let make = Make::new(desk, mistakes);
    let lang = desk.lang;
    let until = typed.filter(|t| t.has("rights_until")).map_or_else(
        || fields.rights_until.map_or_else(String::new, |at| when::date_input(at, desk.zone())),
        |typed| typed.line("rights_until"),
    );
    let mut parts = vec![
        make.line("title", "desk-field-title", &fields.title),
        make.area("caption", "desk-field-caption", &fields.caption, 3).hint(lang.t("desk-hint-caption")),
        make.area("alt_text", "desk-field-alt-text", &fields.alt_text, 2).hint(lang.t("desk-hint-alt-text")),
        make.line("credit", "desk-field-credit", &fields.credit).hint(lang.t("desk-hint-credit")).short(),
        make.line("creator", "desk-field-creator", &fields.creator).short(),
        make.line("copyright_notice", "desk-field-copyright", &fields.copyright_notice).short(),
        make.input("rights_until", "desk-field-rights-until", "date", until)
            .hint(lang.t("desk-hint-rights-until"))
            .short(),
        make.line("usage_terms", "desk-field-usage-terms", &fields.usage_terms),
        make.input("rights_url", "desk-field-rights-url", "url", &fields.rights_url),
        make.line("persons", "desk-field-persons", fields.persons.join(", "))
            .hint(lang.t("desk-hint-list"))
            .short(),
        make.line("keywords", "desk-field-keywords", fields.keywords.join(", "))
            .hint(lang.t("desk-hint-list"))
            .short(),
        make.line("location", "desk-field-location", &fields.location).short(),
        make.line("date_created", "desk-field-date-created", &fields.date_created)
            .hint(lang.t("desk-hint-date-created"))
            .short(),
        make.select(
            "digital_source_type",
            "desk-field-source-type",
            terms(
                lang,
                SOURCE_TYPES,
                "http://cv.iptc.org/newscodes/digitalsourcetype/",
                &fields.digital_source_type,
            ),
        )
        .short(),
        make.select(
            "data_mining",
            "desk-field-data-mining",
            terms(lang, DATA_MINING, "http://ns.useplus.org/ldf/vocab/", &fields.data_mining),
        )
        .hint(lang.t("desk-hint-data-mining"))
        .short(),
    ];
    let kind = fields.kind.unwrap_or_default();
    if kind.is_picture() {
        let kinds = AssetKind::ALL
            .into_iter()
            .filter(|of| of.is_picture())
            .map(|of| Choice::new(of.as_str(), kind_name(lang, of), of == kind))
            .collect();
        parts.push(make.select("kind", "desk-field-kind", kinds).short());
    }
    parts.iter().map(Field::html).collect()
}

/// How a picture came to be, by the last part of the term and the key of its name; the rest of the vocabulary is
/// for programs.
const SOURCE_TYPES: &[(&str, &str)] = &[
    ("digitalCapture", "desk-source-capture"),
    ("humanEdits", "desk-source-edited"),
    ("digitalCreation", "desk-source-drawn"),
    ("compositeWithTrainedAlgorithmicMedia", "desk-source-composite"),
    ("trainedAlgorithmicMedia", "desk-source-generated"),
];

const DATA_MINING: &[(&str, &str)] = &[
    ("DMI-ALLOWED", "desk-mining-allowed"),
    ("DMI-PROHIBITED-EXCEPTSEARCHENGINEINDEXING", "desk-mining-search"),
    ("DMI-PROHIBITED-GENAIMLTRAINING", "desk-mining-no-generation"),
    ("DMI-PROHIBITED-AIMLTRAINING", "desk-mining-no-training"),
    ("DMI-PROHIBITED", "desk-mining-prohibited"),
];

/// The terms to choose from, and whatever other one stands there already.
fn terms(lang: Lang, terms: &[(&str, &str)], vocabulary: &str, chosen: &str) -> Vec<Choice> {
    let mut choices = vec![Choice::new("", lang.t("desk-term-none"), chosen.is_empty())];
    choices.extend(terms.iter().map(|(term, key)| {
        let uri = format!("{vocabulary}{term}");
        let is_chosen = uri == chosen;
        Choice::new(uri, lang.t(key), is_chosen)
    }));
    if !choices.iter().any(|choice| choice.is_chosen) {
        choices.push(Choice::new(chosen, chosen, true));
    }
    choices
}

async fn uses(desk: &Desk, id: Id) -> DeskResult<Vec<Use>> {
    const LIMIT: usize = 20;
    let db = &desk.ctx().db;
    let target = id.to_string();
    let mut all = Vec::new();
    for release in list::sources_of::<Release>(db, (&target, "asset"), None, LIMIT).await? {
        all.push(Use { label: release.headline, url: format!("/admin/releases/{}", release.id) });
    }
    for album in list::sources_of::<Album>(db, (&target, "asset"), None, LIMIT).await? {
        let label = desk.pick(&album.title).to_owned();
        all.push(Use { label, url: format!("/admin/albums/{}", album.id) });
    }
    for contact in list::sources_of::<Contact>(db, (&target, "portrait"), None, LIMIT).await? {
        all.push(Use { label: contact.name, url: format!("/admin/contacts/{}", contact.id) });
    }
    Ok(all)
}

async fn render(
    desk: &Desk,
    status: StatusCode,
    asset: &Asset,
    fields: &AssetFields,
    notes: Notes,
) -> DeskResult {
    let (lang, now) = (desk.lang, desk.now());
    let tile = Tile::new(lang, asset);
    let preview = ["medium", "small", "large"]
        .iter()
        .flat_map(|name| {
            [Format::Webp, Format::Jpeg, Format::Png].map(|format| asset.rendition(name, format))
        })
        .flatten()
        .next();
    let public_from = list::shown_from(&desk.ctx().db, &[asset.id]).await?;
    let public_note = match public_from.get(&asset.id) {
        _ if asset.rights_until.is_some_and(|until| until <= now) => lang.t("desk-photo-rights-ended"),
        Some(from) if *from <= now => lang.t("desk-photo-public"),
        Some(from) => {
            let at = when::short(lang, *from, desk.zone());
            lang.t_args("desk-photo-public-from", &[("when", at.into())])
        }
        None => lang.t("desk-photo-private"),
    };
    let mut facts = vec![
        (lang.t("desk-fact-file"), asset.file_name.clone()),
        (
            lang.t("desk-fact-size"),
            format!("{} · {}", lang.bytes(asset.original.size_bytes), asset.media_type),
        ),
    ];
    if let (Some(width), Some(height)) = (asset.width, asset.height) {
        facts.push((lang.t("desk-fact-pixels"), format!("{width} × {height}")));
    }
    facts.push((lang.t("desk-fact-uploaded"), when::short(lang, asset.created_at, desk.zone())));
    if let Some(file) = &asset.replacement {
        facts.push((lang.t("desk-fact-new-file"), file.file_name.clone()));
    }
    if !asset.earlier.is_empty() {
        let files = asset
            .earlier
            .iter()
            .rev()
            .map(|file| format!("{} ({})", file.file_name, when::short(lang, file.at, desk.zone())));
        facts.push((lang.t("desk-fact-earlier-files"), files.collect::<Vec<_>>().join(", ")));
    }
    let typed = notes.typed.as_ref().filter(|typed| typed.has("focus-x"));
    let full = asset.width.zip(asset.height).or(preview.map(|rendition| (rendition.width, rendition.height)));
    let crops = if asset.has_renditions() {
        let chosen = (fields.focal_point, &fields.crops);
        photo_crops::inputs(lang, full, chosen, notes.typed.as_ref(), &notes.mistakes)
    } else {
        Vec::new()
    };
    let page = PhotoPage {
        shell: desk.shell(tile.title.clone(), Section::Photos),
        id: asset.id,
        version: notes.version.unwrap_or(asset.version),
        state: asset.state,
        state_name: state_name(lang, asset.state),
        failure: match &asset.error {
            Some(error) if asset.state != AssetState::Failed => {
                format!("{} {}", lang.t("desk-replace-failed"), failure_of(lang, &error.code))
            }
            _ => failure(lang, asset),
        },
        large: preview.map(|rendition| Large {
            url: url::rendition_pinned(asset, rendition),
            width: rendition.width,
            height: rendition.height,
        }),
        inputs: inputs(desk, fields, &notes.mistakes, notes.typed.as_ref()),
        focus_x: typed.map_or_else(|| shown(fields.focal_point.x), |t| t.line("focus-x")),
        focus_y: typed.map_or_else(|| shown(fields.focal_point.y), |t| t.line("focus-y")),
        focus_error: notes.mistakes.of("focal_point", lang),
        crops,
        full: full.unwrap_or_default(),
        facts,
        original_url: url::original(asset),
        rungs: asset
            .renditions
            .iter()
            .map(|r| Rung {
                name: format!("{}.{}", r.name, r.format.extension()),
                facts: format!("{} × {} · {}", r.width, r.height, lang.bytes(r.size_bytes)),
                url: url::rendition_pinned(asset, r),
            })
            .collect(),
        uses: uses(desk, asset.id).await?,
        public_note,
        summary: notes.mistakes.summary(lang),
        refusal: notes.refusal,
        conflict: notes.conflict,
        tile,
    };
    desk.page_with(status, &page)
}

pub async fn show(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    let asset: Asset = content::get(desk.ctx(), parse_id(&id)?).await?;
    render(&desk, StatusCode::OK, &asset, &AssetFields::of(&asset), Notes::default()).await
}

/// How a write ended, as far as the form can show it.
pub enum Stored {
    Done,
    Refused(newsroom::Error),
}

/// Writes what was typed. When the asset was only rendered meanwhile, or changed in other fields, both are
/// put together: a photo's fields stand each for itself.
pub async fn store(desk: &Desk, id: Id, values: &Values) -> DeskResult<Stored> {
    let error = match write(desk, id, values, values.version()).await {
        Ok(_) => return Ok(Stored::Done),
        Err(error) => error,
    };
    let newsroom::Error::Store(StoreError::Stale { expected, .. }) = error else {
        return Ok(Stored::Refused(error));
    };
    let mut mistakes = Vec::new();
    let together = conflict::reconcile::<AssetFields>(desk, id, expected, |fields| {
        mistakes = fill(desk.zone(), values, fields);
    })
    .await?;
    if !mistakes.is_empty() {
        return Ok(Stored::Refused(DomainError::Invalid(mistakes).into()));
    }
    if !together.conflict.clashes.is_empty() {
        return Ok(Stored::Refused(error));
    }
    let version = Some(together.record.version);
    let edit = Edit { actor: &desk.actor, id, version, action: "edit" };
    let written =
        assets::describe(desk.ctx(), edit, |asset, _| together.fields.clone().apply(asset, desk.setting()))
            .await;
    Ok(match written {
        Ok(_) => Stored::Done,
        Err(error) => Stored::Refused(error),
    })
}

async fn write(desk: &Desk, id: Id, values: &Values, version: Option<i64>) -> newsroom::Result<Asset> {
    let edit = Edit { actor: &desk.actor, id, version, action: "edit" };
    assets::describe(desk.ctx(), edit, |asset, _| {
        let mut fields = AssetFields::of(asset);
        let errors = fill(desk.zone(), values, &mut fields);
        if !errors.is_empty() {
            return Err(DomainError::Invalid(errors).into());
        }
        fields.apply(asset, desk.setting())
    })
    .await
}

pub async fn save(
    desk: Desk,
    UrlPath(id): UrlPath<String>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    let id = parse_id(&id)?;
    let error = match store(&desk, id, &values).await? {
        Stored::Done => return Ok(see_other(&format!("/admin/photos/{id}?done=saved"))),
        Stored::Refused(error) => error,
    };
    let asset: Asset = content::get(desk.ctx(), id).await?;
    if let newsroom::Error::Store(StoreError::Stale { expected, .. }) = error {
        let together = conflict::reconcile::<AssetFields>(&desk, id, expected, |fields| {
            fill(desk.zone(), &values, fields);
        })
        .await?;
        let notes = Notes { conflict: Some(together.conflict), ..Notes::default() };
        return render(&desk, StatusCode::CONFLICT, &together.record, &together.fields, notes).await;
    }
    let mut notes = match desk.trouble(error) {
        Trouble::Mistakes(mistakes) => Notes { mistakes, ..Notes::default() },
        Trouble::Refused(refusal) => Notes { refusal, ..Notes::default() },
        Trouble::Stale { .. } => Notes::default(),
        Trouble::Other(error) => return Err(error.into()),
    };
    let mut typed = AssetFields::of(&asset);
    fill(desk.zone(), &values, &mut typed);
    notes.version = values.version();
    notes.typed = Some(values);
    render(&desk, StatusCode::UNPROCESSABLE_ENTITY, &asset, &typed, notes).await
}

/// The page under the reason why a step was not taken.
pub async fn refused(desk: &Desk, id: Id, refusal: String) -> DeskResult {
    let asset: Asset = content::get(desk.ctx(), id).await?;
    let notes = Notes { refusal, ..Notes::default() };
    render(desk, StatusCode::UNPROCESSABLE_ENTITY, &asset, &AssetFields::of(&asset), notes).await
}

pub async fn delete(
    desk: Desk,
    UrlPath(id): UrlPath<String>,
    DeskForm(_): DeskForm<Values>,
) -> DeskResult<Response> {
    let id = parse_id(&id)?;
    // A rendition that was finished meanwhile raises the version; it is no reason against deleting.
    match content::delete::<Asset>(desk.ctx(), &desk.actor, id, None).await {
        Ok(_) => Ok(see_other("/admin/photos?done=deleted")),
        Err(error) => {
            let refusal = match desk.trouble(error) {
                Trouble::Refused(text) => text,
                Trouble::Other(error) => return Err(error.into()),
                Trouble::Mistakes(_) | Trouble::Stale { .. } => String::new(),
            };
            let asset: Asset = content::get(desk.ctx(), id).await?;
            let notes = Notes { refusal, ..Notes::default() };
            render(&desk, StatusCode::CONFLICT, &asset, &AssetFields::of(&asset), notes).await
        }
    }
}

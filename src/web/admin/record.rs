//! The pages that contacts, albums, events and topics have in common: a list, a form, a way to delete.

use std::future::Future;

use axum::Router;
use axum::http::StatusCode;
use axum::response::Response;
use axum::routing::{get, post};
use serde::Deserialize;

use super::conflict::{self, Conflict};
use super::desk::{Desk, DeskResult, Section, Shell, parse_id, see_other};
use super::field::Field;
use super::form::{Mistakes, Trouble, Values};
use super::picker::Thumb;
use crate::domain::account::Role;
use crate::domain::{FieldError, Id};
use crate::newsroom;
use crate::newsroom::content::{self, Edit};
use crate::newsroom::fields::Fields;
use crate::store::Record;
use crate::store::list::{self, ListFilter, Order};
use crate::web::extract::{DeskForm, UrlPath, UrlQuery};

const PAGE_ROWS: usize = 50;

/// One line of a list.
pub struct Row {
    pub id: Id,
    pub title: String,
    pub facts: String,
    /// A picture beside the line.
    pub thumb: Option<Thumb>,
    /// "Draft" and the like; empty when there is nothing to say.
    pub badge: String,
}

/// What differs between the kinds.
pub trait Family: Send + Sync + 'static {
    type Fields: Fields + Send + Sync + Clone;
    /// The folder under `/admin` and the public site.
    const FOLDER: &'static str;
    const SECTION: Section;
    /// Keys of texts: the list's title, the button for a new one, the title of its page.
    const LIST: &'static str;
    const NEW: &'static str;
    /// What the kind is for, said while there is none.
    const NONE: &'static str;
    const ORDER: Order;

    fn title(desk: &Desk, fields: &Self::Fields) -> String;
    fn row(desk: &Desk, record: &<Self::Fields as Fields>::Record) -> Row;
    /// Puts what was typed into the fields; tells what cannot be read.
    fn fill(desk: &Desk, values: &Values, fields: &mut Self::Fields) -> Vec<FieldError>;
    /// The inputs, rendered. `query` is what the photo library was asked for.
    fn inputs(
        desk: &Desk,
        fields: &Self::Fields,
        mistakes: &Mistakes,
        query: &str,
    ) -> impl Future<Output = DeskResult<Vec<String>>> + Send;

    /// A picture for each row of a list, by the order of the rows.
    fn thumbs(
        _desk: &Desk,
        records: &[<Self::Fields as Fields>::Record],
    ) -> impl Future<Output = DeskResult<Vec<Option<Thumb>>>> + Send {
        let none = vec![None; records.len()];
        async move { Ok(none) }
    }
}

/// `title.de`, `title.en` … rendered one after the other.
pub fn html(fields: &[Field]) -> Vec<String> {
    fields.iter().map(Field::html).collect()
}

pub fn routes<F: Family>() -> Router<crate::web::AppState> {
    let folder = F::FOLDER;
    Router::new()
        .route(&format!("/{folder}"), get(index::<F>))
        .route(&format!("/{folder}/new"), get(blank::<F>).post(create::<F>))
        .route(&format!("/{folder}/{{id}}"), get(show::<F>).post(save::<F>))
        .route(&format!("/{folder}/{{id}}/delete"), post(delete::<F>))
}

#[derive(askama::Template)]
#[template(path = "admin/list.html")]
struct ListPage {
    shell: Shell,
    folder: &'static str,
    new_label: Option<String>,
    none: String,
    rows: Vec<Row>,
    pager: Pager,
}

/// Links to the neighbouring pages of a list.
pub struct Pager {
    pub page: usize,
    pub pages: usize,
    pub previous: Option<String>,
    pub next: Option<String>,
}

impl Pager {
    /// `address` leads to page `n` when `n` is appended.
    pub fn new(address: &str, page: usize, total: usize, per_page: usize) -> Self {
        let pages = total.div_ceil(per_page).max(1);
        Self {
            page,
            pages,
            previous: (page > 1).then(|| format!("{address}{}", (page - 1).min(pages))),
            next: (page < pages).then(|| format!("{address}{}", page + 1)),
        }
    }

    pub fn position(&self, lang: &crate::i18n::Lang) -> String {
        lang.t_args("pager-position", &[("page", self.page.into()), ("pages", self.pages.into())])
    }
}

/// The number of a list's page: from 1.
pub fn page_number(text: Option<&str>) -> usize {
    text.and_then(|text| text.parse().ok()).filter(|n| (1..=1_000_000).contains(n)).unwrap_or(1)
}

#[derive(Deserialize)]
struct ListQuery {
    page: Option<String>,
}

async fn index<F: Family>(desk: Desk, UrlQuery(query): UrlQuery<ListQuery>) -> DeskResult {
    let page = page_number(query.page.as_deref());
    let filter = ListFilter::all(F::ORDER);
    let db = &desk.ctx().db;
    let total = list::count::<<F::Fields as Fields>::Record>(db, &filter).await?;
    let records: Vec<<F::Fields as Fields>::Record> =
        list::list(db, &filter, PAGE_ROWS, (page - 1) * PAGE_ROWS).await?;
    let thumbs = F::thumbs(&desk, &records).await?;
    let rows =
        records.iter().zip(thumbs).map(|(record, thumb)| Row { thumb, ..F::row(&desk, record) }).collect();
    desk.page(&ListPage {
        shell: desk.shell(desk.lang.t(F::LIST), F::SECTION),
        folder: F::FOLDER,
        new_label: desk.is(Role::Editor).then(|| desk.lang.t(F::NEW)),
        none: desk.lang.t(F::NONE),
        rows,
        pager: Pager::new(&format!("/admin/{}?page=", F::FOLDER), page, total, PAGE_ROWS),
    })
}

#[derive(askama::Template)]
#[template(path = "admin/record.html")]
struct RecordPage {
    shell: Shell,
    folder: &'static str,
    /// None while it is not stored.
    id: Option<Id>,
    version: i64,
    inputs: Vec<String>,
    summary: Vec<(String, String)>,
    refusal: String,
    conflict: Option<Conflict>,
    may_write: bool,
    public_url: String,
}

/// What a form page shows beside the fields.
#[derive(Default)]
struct Notes {
    mistakes: Mistakes,
    refusal: String,
    conflict: Option<Conflict>,
    query: String,
}

struct Known {
    id: Id,
    version: i64,
    slug: String,
}

async fn render<F: Family>(
    desk: &Desk,
    status: StatusCode,
    known: Option<Known>,
    fields: &F::Fields,
    notes: Notes,
) -> DeskResult {
    let title = match &known {
        Some(_) => F::title(desk, fields),
        None => desk.lang.t(F::NEW),
    };
    let public_url = match &known {
        Some(known) if F::SECTION != Section::Topics && F::SECTION != Section::Events => {
            format!("/{}/{}", F::FOLDER, known.slug)
        }
        _ => String::new(),
    };
    let page = RecordPage {
        shell: desk.shell(title, F::SECTION),
        folder: F::FOLDER,
        id: known.as_ref().map(|k| k.id),
        version: known.as_ref().map_or(0, |k| k.version),
        inputs: F::inputs(desk, fields, &notes.mistakes, &notes.query).await?,
        summary: notes.mistakes.summary(desk.lang),
        refusal: notes.refusal,
        conflict: notes.conflict,
        may_write: desk.is(Role::Editor),
        public_url,
    };
    desk.page_with(status, &page)
}

async fn blank<F: Family>(desk: Desk) -> DeskResult {
    desk.require(Role::Editor)?;
    render::<F>(&desk, StatusCode::OK, None, &F::Fields::default(), Notes::default()).await
}

async fn create<F: Family>(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    let mut fields = F::Fields::default();
    let errors = F::fill(&desk, &values, &mut fields);
    if values.has("look") {
        let notes = Notes { query: values.line("photo-query"), ..Notes::default() };
        return render::<F>(&desk, StatusCode::OK, None, &fields, notes).await;
    }
    let made =
        if errors.is_empty() { store_new::<F>(&desk, fields.clone()).await } else { Err(invalid(errors)) };
    let notes = match made {
        Ok(id) => return Ok(see_other(&format!("/admin/{}/{id}?done=created", F::FOLDER))),
        Err(error) => notes_of(&desk, error)?,
    };
    render::<F>(&desk, StatusCode::UNPROCESSABLE_ENTITY, None, &fields, notes).await
}

fn invalid(errors: Vec<FieldError>) -> newsroom::Error {
    crate::domain::DomainError::Invalid(errors).into()
}

async fn store_new<F: Family>(desk: &Desk, fields: F::Fields) -> newsroom::Result<Id> {
    let ctx = desk.ctx();
    let (record, slug) = fields.create(ctx.new_id(), desk.setting())?;
    Ok(content::create(ctx, &desk.actor, record, slug.as_deref()).await?.id())
}

/// What the same page can say of a failure; anything else is one for the layer outside.
fn notes_of(desk: &Desk, error: newsroom::Error) -> DeskResult<Notes> {
    match desk.trouble(error) {
        Trouble::Mistakes(mistakes) => Ok(Notes { mistakes, ..Notes::default() }),
        Trouble::Refused(refusal) => Ok(Notes { refusal, ..Notes::default() }),
        Trouble::Other(error) => Err(error.into()),
        Trouble::Stale { expected, current } => {
            let versions = [("expected", expected.into()), ("current", current.into())];
            Ok(Notes { refusal: desk.lang.t_args("desk-stale", &versions), ..Notes::default() })
        }
    }
}

async fn show<F: Family>(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    let record: <F::Fields as Fields>::Record = content::get(desk.ctx(), parse_id(&id)?).await?;
    let fields = F::Fields::of(&record);
    render::<F>(&desk, StatusCode::OK, Some(known(&record)), &fields, Notes::default()).await
}

fn known(record: &impl Record) -> Known {
    Known { id: record.id(), version: record.version(), slug: record.slug().to_owned() }
}

async fn save<F: Family>(
    desk: Desk,
    UrlPath(id): UrlPath<String>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult {
    let id = parse_id(&id)?;
    let record: <F::Fields as Fields>::Record = content::get(desk.ctx(), id).await?;
    let mut typed = F::Fields::of(&record);
    let errors = F::fill(&desk, &values, &mut typed);
    // The form stays the one of the version it was made from until it is stored.
    let version = values.version().unwrap_or(record.version());
    let asked = Known { version, ..known(&record) };
    if values.has("look") {
        let notes = Notes { query: values.line("photo-query"), ..Notes::default() };
        return render::<F>(&desk, StatusCode::OK, Some(asked), &typed, notes).await;
    }
    let edit = Edit { actor: &desk.actor, id, version: Some(version), action: "edit" };
    let stored = if errors.is_empty() {
        content::edit(desk.ctx(), edit, |record, _| {
            let mut fields = F::Fields::of(record);
            F::fill(&desk, &values, &mut fields);
            fields.apply(record, desk.setting())
        })
        .await
    } else {
        Err(invalid(errors))
    };
    let error = match stored {
        Ok(_) => return Ok(see_other(&format!("/admin/{}/{id}?done=saved", F::FOLDER))),
        Err(error) => error,
    };
    if let newsroom::Error::Store(crate::store::StoreError::Stale { expected, .. }) = error {
        let together = conflict::reconcile::<F::Fields>(&desk, id, expected, |fields| {
            F::fill(&desk, &values, fields);
        })
        .await?;
        let notes = Notes { conflict: Some(together.conflict), ..Notes::default() };
        let newest = known(&together.record);
        return render::<F>(&desk, StatusCode::CONFLICT, Some(newest), &together.fields, notes).await;
    }
    let notes = notes_of(&desk, error)?;
    render::<F>(&desk, StatusCode::UNPROCESSABLE_ENTITY, Some(asked), &typed, notes).await
}

async fn delete<F: Family>(
    desk: Desk,
    UrlPath(id): UrlPath<String>,
    DeskForm(values): DeskForm<Values>,
) -> DeskResult<Response> {
    let id = parse_id(&id)?;
    let version = values.version();
    match content::delete::<<F::Fields as Fields>::Record>(desk.ctx(), &desk.actor, id, version).await {
        Ok(_) => Ok(see_other(&format!("/admin/{}?done=deleted", F::FOLDER))),
        Err(error) => {
            let notes = notes_of(&desk, error)?;
            let record: <F::Fields as Fields>::Record = content::get(desk.ctx(), id).await?;
            let fields = F::Fields::of(&record);
            render::<F>(&desk, StatusCode::CONFLICT, Some(known(&record)), &fields, notes).await
        }
    }
}

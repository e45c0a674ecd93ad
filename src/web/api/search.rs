//! `/api/v1/search`

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::json;
use crate::domain::{Id, Kind, Timestamp};
use crate::search::Facets;
use crate::web::error::ApiError;
use crate::web::extract::{Language, UrlQuery};
use crate::web::page::Policy;
use crate::web::public::search::{Asked, PER_PAGE, run};
use crate::web::public::site::Site;
use crate::web::{AppState, found};

#[derive(Serialize)]
struct AnswerDto {
    total: usize,
    hits: Vec<HitDto>,
    facets: FacetsDto,
    /// "Did you mean", or null.
    correction: Option<String>,
    next: Option<String>,
}

#[derive(Serialize)]
struct HitDto {
    kind: &'static str,
    id: Id,
    title: String,
    url: String,
    /// Plain text around what matched.
    snippet: String,
    /// The same as HTML: escaped, with `<mark>` around what matched.
    snippet_html: String,
    date: Timestamp,
    score: f32,
}

#[derive(Serialize)]
struct Count<T> {
    value: T,
    count: usize,
}

#[derive(Serialize)]
struct FacetsDto {
    kinds: Vec<Count<&'static str>>,
    topics: Vec<Count<String>>,
    years: Vec<Count<i16>>,
    languages: Vec<Count<String>>,
}

impl From<Facets> for FacetsDto {
    fn from(facets: Facets) -> Self {
        let kind = |kind: Kind| if kind == Kind::Asset { "photo" } else { kind.as_str() };
        fn counts<A, B>(pairs: Vec<(A, usize)>, name: impl Fn(A) -> B) -> Vec<Count<B>> {
            pairs.into_iter().map(|(value, count)| Count { value: name(value), count }).collect()
        }
        Self {
            kinds: counts(facets.kinds, kind),
            topics: counts(facets.topics, |slug| slug),
            years: counts(facets.years, |year| year),
            languages: counts(facets.languages, |tag| tag),
        }
    }
}

/// Searches what is public; a token changes nothing.
pub async fn search(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(asked): UrlQuery<Asked>,
) -> Result<Response, ApiError> {
    let site = Site::open(&state, language).await?;
    let (page, answer) = run(&site, &asked).await?;
    let hits = found::resolve(&site, &answer.hits).await?;
    let hits = hits.into_iter().map(|(hit, found)| HitDto {
        kind: found.kind(),
        id: hit.id,
        title: hit.title.text.clone(),
        url: found.path(&site),
        snippet: hit.snippet.text.clone(),
        snippet_html: hit.snippet.to_html(),
        date: found.date(),
        score: hit.score,
    });
    let next = (page * PER_PAGE < answer.total).then(|| (page + 1).to_string());
    let dto = AnswerDto {
        hits: hits.collect(),
        total: answer.total,
        facets: answer.facets.into(),
        correction: answer.correction,
        next,
    };
    json(&dto, Policy::NoStore)
}

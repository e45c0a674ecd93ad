//! `/api/v1/search`

use axum::extract::State;
use axum::response::Response;
use serde::{Deserialize, Serialize};

use super::json;
use crate::domain::account::Role;
use crate::domain::{Id, Kind, Timestamp};
use crate::newsroom::require;
use crate::search::{Explanation, Facets, Hit, SearchError};
use crate::web::error::ApiError;
use crate::web::extract::{Language, MaybeActor, UrlQuery};
use crate::web::page::Policy;
use crate::web::public::search::{Asked, run};
use crate::web::public::site::Site;
use crate::web::{AppState, Error, found, public};

#[derive(Serialize)]
struct AnswerDto {
    total: usize,
    hits: Vec<HitDto>,
    facets: FacetsDto,
    /// "Did you mean", or null.
    correction: Option<String>,
    /// To be given as `page`; null on the last page.
    next: Option<String>,
}

/// What only a newsroom's admin asks for.
#[derive(Deserialize)]
pub struct Inside {
    explain: Option<String>,
}

#[derive(Serialize)]
struct WhyDto {
    /// 0 if the hit has all words; greater where some are missing.
    stage: usize,
    words: f32,
    recency: f64,
    language: f64,
    clauses: serde_json::Value,
}

impl From<Explanation> for WhyDto {
    fn from(why: Explanation) -> Self {
        let clauses = serde_json::from_str(&why.tree).unwrap_or_default();
        Self { stage: why.stage, words: why.words, recency: why.recency, language: why.language, clauses }
    }
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
    /// Why it stands here; for admins who ask with `explain=1`.
    #[serde(skip_serializing_if = "Option::is_none")]
    why: Option<WhyDto>,
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
    persons: Vec<Count<String>>,
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
            persons: counts(facets.persons, |name| name),
            years: counts(facets.years, |year| year),
            languages: counts(facets.languages, |tag| tag),
        }
    }
}

/// Searches what is public; a token changes nothing but that an admin may ask why.
pub async fn search(
    State(state): State<AppState>,
    language: Language,
    actor: MaybeActor,
    UrlQuery(asked): UrlQuery<Asked>,
    UrlQuery(inside): UrlQuery<Inside>,
) -> Result<Response, ApiError> {
    let explain = inside.explain.is_some_and(|value| value == "1");
    if explain {
        require(&actor.into_actor().ok_or(Error::Unauthorized)?, Role::Admin).map_err(Error::from)?;
    }
    let site = Site::open(&state, language).await?;
    let (_, answer) = run(&site, &asked).await?;
    let found = found::resolve(&site, &answer.hits).await?;
    let mut hits = Vec::with_capacity(found.len());
    for (hit, found) in found {
        let why = if explain { public::search::explain(&site, &asked, hit.id).await? } else { None };
        hits.push(HitDto {
            kind: found.kind(),
            id: hit.id,
            title: hit.title.text.clone(),
            url: found.path(&site),
            snippet: hit.snippet.text.clone(),
            snippet_html: hit.snippet.to_html(),
            date: found.date(),
            score: hit.score,
            why: why.map(WhyDto::from),
        });
    }
    let dto = AnswerDto {
        hits,
        total: answer.total,
        facets: answer.facets.into(),
        correction: answer.correction,
        next: answer.next,
    };
    json(&dto, Policy::NoStore)
}

#[derive(Deserialize)]
pub struct Typed {
    #[serde(default)]
    q: String,
}

#[derive(Serialize)]
struct SuggestionsDto {
    words: Vec<String>,
    persons: Vec<String>,
    headlines: Vec<HeadlineDto>,
    topics: Vec<TopicDto>,
}

#[derive(Serialize)]
struct HeadlineDto {
    kind: &'static str,
    title: String,
    url: String,
}

#[derive(Serialize)]
struct TopicDto {
    slug: String,
    name: String,
}

/// How many of each a reader is offered while typing.
const OFFERED: usize = 5;

/// What a reader may be about to type.
pub async fn suggest(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(typed): UrlQuery<Typed>,
) -> Result<Response, ApiError> {
    let site = Site::open(&state, language).await?;
    let start = fold(typed.q.trim());
    let named =
        site.topics.iter().filter(|topic| !start.is_empty() && fold(site.text(&topic.name)).contains(&start));
    let topics: Vec<TopicDto> = named
        .map(|topic| TopicDto { slug: topic.slug.clone(), name: site.text(&topic.name).to_owned() })
        .collect();
    let index = site.state.index.clone();
    let (now, code) = (site.now, site.code.clone());
    let slugs: Vec<String> = topics.iter().map(|topic| topic.slug.clone()).collect();
    let looked = tokio::task::spawn_blocking(move || -> Result<_, SearchError> {
        Ok((index.suggest(&typed.q, &code, now, OFFERED)?, index.topics_shown(&slugs, now)?))
    });
    let (suggestions, shown) =
        looked.await.map_err(|error| Error::Internal(error.into()))?.map_err(Error::from)?;
    let titles: Vec<Hit> =
        suggestions.titles.into_iter().map(|(kind, id, title)| Hit::named(kind, id, title)).collect();
    // Checked again at the moment of the answer, like every hit.
    let headlines = found::resolve(&site, &titles).await?.into_iter().map(|(hit, found)| HeadlineDto {
        kind: found.kind(),
        title: hit.title.text.clone(),
        url: found.path(&site),
    });
    let dto = SuggestionsDto {
        words: suggestions.words,
        persons: suggestions.persons,
        headlines: headlines.collect(),
        topics: topics.into_iter().filter(|topic| shown.contains(&topic.slug)).take(OFFERED).collect(),
    };
    json(&dto, Policy::NoStore)
}

fn fold(text: &str) -> String {
    crate::domain::slug::slugify(text)
}

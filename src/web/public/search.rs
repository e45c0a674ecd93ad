//! The search page. Every state of it is an address.

use axum::extract::State;
use axum::http::HeaderMap;
use serde::Deserialize;

use crate::domain::album::Album;
use crate::domain::alert::Search;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::zoned::day_start;
use crate::domain::{Id, Kind, Timestamp};
use crate::i18n::{Lang, endonym};
use crate::search::{Answer, Cursor, Explanation, Facets, Query, Sort};
use crate::store::list;
use crate::store::record::find_by_slug;
use crate::web::cache::SentAs;
use crate::web::extract::{ClientAddress, Language, UrlQuery};
use crate::web::page::{Page, Policy};
use crate::web::view::SearchPage;
use crate::web::view::search::{Facet, FacetChoice, HiddenField};
use crate::web::view::shell::{Link, Meta, Pager, Section};
use crate::web::{AppState, Error, tally};

use super::search_hits::hits;
use super::site::{Site, feeds};
use super::{alert, page_number, with_query};

pub const PER_PAGE: usize = 20;
/// Pages behind this one answer nobody's question.
const MAX_PAGES: usize = 50;
const LATEST: usize = 3;
/// Persons offered as a filter.
const PERSONS: usize = 8;

/// The kinds a reader can choose, as they stand in addresses and in the API.
pub const KINDS: [(&str, Kind); 5] = [
    ("release", Kind::Release),
    ("photo", Kind::Asset),
    ("contact", Kind::Contact),
    ("album", Kind::Album),
    ("event", Kind::Event),
];

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    kind: String,
    topic: String,
    lang: String,
    person: String,
    from: String,
    to: String,
    /// `date` for newest first; else by how well a hit matches.
    sort: String,
    /// The number of a page, or the place where the page before ended.
    page: String,
}

impl Asked {
    /// The address of this search under `path`.
    pub fn url(&self, path: &str) -> String {
        with_query(
            path,
            &[
                ("q", &self.q),
                ("kind", &self.kind),
                ("topic", &self.topic),
                ("lang", &self.lang),
                ("person", &self.person),
                ("from", &self.from),
                ("to", &self.to),
                ("sort", &self.sort),
                ("page", &self.page),
            ],
        )
    }

    pub fn of_words(words: &str) -> Self {
        Self { q: words.to_owned(), ..Self::default() }
    }

    /// The same search among photos only.
    pub fn for_photos(&self) -> Self {
        self.with(|asked| asked.kind = "photo".to_owned())
    }

    /// The same search, changed; it begins at its first page.
    fn with(&self, change: impl FnOnce(&mut Self)) -> Self {
        let mut other = self.clone();
        other.page.clear();
        change(&mut other);
        other
    }

    /// The words as they were typed.
    pub fn words(&self) -> &str {
        self.q.trim()
    }

    /// What of it can be followed by mail: a search that may find releases. When they came out is no part of it, for
    /// what is to come has no other date.
    pub fn followed(&self) -> Option<Search> {
        let can_find = matches!(self.kind.as_str(), "" | "release");
        let search = Search {
            words: self.q.clone(),
            topic: self.topic.clone(),
            person: self.person.clone(),
            language: self.lang.clone(),
        };
        (can_find && self.is_anything()).then(|| search.tidied())
    }

    fn is_anything(&self) -> bool {
        [&self.q, &self.kind, &self.topic, &self.lang, &self.person, &self.from, &self.to]
            .iter()
            .any(|text| !text.is_empty())
    }

    /// Words without any filter.
    fn is_only_words(&self) -> bool {
        let filters = [&self.kind, &self.topic, &self.lang, &self.person, &self.from, &self.to, &self.page];
        !self.q.is_empty() && filters.iter().all(|text| text.is_empty())
    }

    /// The year, when the dates span exactly one.
    fn year(&self) -> Option<&str> {
        let year = self.from.strip_suffix("-01-01")?;
        (self.to.strip_suffix("-12-31") == Some(year)).then_some(year)
    }

    pub fn query(&self, site: &Site) -> Result<Query, Error> {
        let zone = &site.newsroom.time_zone;
        let kinds = match self.kind.as_str() {
            "" => Vec::new(),
            name => vec![kind_of(name).ok_or_else(|| bad("kind", name))?],
        };
        let day = |text: &str, later_days: i64| match text {
            "" => Ok(None),
            text => day_start(text, zone, later_days).map(Some).ok_or_else(|| bad("date", text)),
        };
        let sort = match self.sort.as_str() {
            "" | "relevance" => Sort::Relevance,
            "date" => Sort::Date,
            other => return Err(bad("order", other)),
        };
        let cursor: Option<Cursor> = self.page.parse().ok();
        let page = if cursor.is_some() { 1 } else { page_number(&self.page, MAX_PAGES)? };
        // The last day counts whole: up to the moment before the next one.
        let last = |next: Timestamp| Timestamp::from_microsecond(next.as_microsecond() - 1).unwrap_or(next);
        Ok(Query {
            text: self.q.clone(),
            kinds,
            topic: (!self.topic.is_empty()).then(|| self.topic.clone()),
            language: (!self.lang.is_empty()).then(|| self.lang.clone()),
            reader_language: site.code.clone(),
            from: day(&self.from, 0)?,
            to: day(&self.to, 1)?.map(last),
            person: (!self.person.is_empty()).then(|| self.person.clone()),
            sort,
            cursor,
            offset: (page - 1) * PER_PAGE,
            limit: PER_PAGE,
            count: true,
            ..Query::everything(site.now)
        })
    }
}

fn kind_of(name: &str) -> Option<Kind> {
    KINDS.iter().find(|(known, _)| *known == name).map(|(_, kind)| *kind)
}

fn bad(what: &str, text: &str) -> Error {
    Error::BadRequest {
        code: "invalid_search",
        detail: format!("`{text}` is no {what} that can be searched for"),
    }
}

/// Several of a kind, as a choice.
fn kinds_label(lang: Lang, kind: Kind) -> String {
    match kind {
        Kind::Release => lang.t("kinds-release"),
        Kind::Asset => lang.t("kinds-photo"),
        Kind::Contact => lang.t("kinds-contact"),
        Kind::Album => lang.t("kinds-album"),
        Kind::Event => lang.t("kinds-event"),
        Kind::Topic | Kind::Newsroom => String::new(),
    }
}

pub async fn show(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(mut asked): UrlQuery<Asked>,
    ClientAddress(address): ClientAddress,
    SentAs(method): SentAs,
    headers: HeaderMap,
) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    asked.q = asked.q.trim().to_owned();
    let (page, answer, trouble) = match run(&site, &asked).await {
        Ok((page, answer)) => (page, answer, false),
        Err(Error::Internal(error)) => {
            tracing::error!(error = format!("{error:#}"), "A search failed");
            (1, Answer::default(), true)
        }
        Err(error) => return Err(error),
    };
    let is_missed = !trouble && !answer.cut_short && answer.total == 0 && asked.is_only_words();
    if asked.is_only_words() && !trouble && tally::is_reader(&method, &headers) {
        state.misses.note(address, &asked.q, !is_missed, state.now());
    }
    // What was not counted to its end is better the next time; what found nothing is counted each time.
    let passing = trouble || answer.cut_short || is_missed;
    let view = view(&site, &asked, answer, page, trouble).await?;
    let policy = if passing { Policy::NoStore } else { Policy::Revalidate };
    Ok(Page::html(&view, policy)?.language(&site.code))
}

/// Asks the index; nothing asked is nothing found. Also tells which page of the answer this is, from 1.
pub async fn run(site: &Site, asked: &Asked) -> Result<(usize, Answer), Error> {
    let mut query = asked.query(site)?;
    let page = query.offset / PER_PAGE + 1;
    if !asked.is_anything() {
        return Ok((page, Answer::default()));
    }
    query.pinned = pinned(site, &asked.q).await?;
    Ok((page, ask_index(site, query).await?))
}

/// The newest `limit` hits, for a feed.
pub async fn run_by_date(site: &Site, asked: &Asked, limit: usize) -> Result<Answer, Error> {
    let query =
        Query { sort: Sort::Date, limit, offset: 0, cursor: None, count: false, ..asked.query(site)? };
    ask_index(site, query).await
}

/// What the newsroom wants to stand first for these words. The index shows of it what the reader may see.
async fn pinned(site: &Site, words: &str) -> Result<Vec<Id>, Error> {
    let db = &site.state.ctx.db;
    let mut ids = Vec::new();
    for address in site.newsroom.pinned(words) {
        let Some((kind, slug)) = address.split_once('/') else { continue };
        ids.extend(match kind {
            "releases" => find_by_slug::<Release>(db, slug).await?.map(|record| record.id),
            "albums" => find_by_slug::<Album>(db, slug).await?.map(|record| record.id),
            "contacts" => find_by_slug::<Contact>(db, slug).await?.map(|record| record.id),
            "events" => find_by_slug::<Event>(db, slug).await?.map(|record| record.id),
            "photos" => find_by_slug::<Asset>(db, slug).await?.map(|record| record.id),
            _ => None,
        });
    }
    Ok(ids)
}

/// Why one hit stands where it stands.
pub async fn explain(site: &Site, asked: &Asked, id: Id) -> Result<Option<Explanation>, Error> {
    let query = asked.query(site)?;
    let index = site.state.index.clone();
    let explained = tokio::task::spawn_blocking(move || index.explain(&query, id)).await;
    Ok(explained.map_err(|error| Error::Internal(error.into()))??)
}

/// The index reads files; the runtime's threads must not wait for them.
pub async fn ask_index(site: &Site, query: Query) -> Result<Answer, Error> {
    let index = site.state.index.clone();
    let answer = tokio::task::spawn_blocking(move || index.search(&query)).await;
    Ok(answer.map_err(|error| Error::Internal(error.into()))??)
}

async fn view(
    site: &Site,
    asked: &Asked,
    answer: Answer,
    page: usize,
    trouble: bool,
) -> Result<SearchPage, Error> {
    let path = site.urls.search();
    let here = |asked: &Asked| asked.url(&path);
    let title = if asked.q.is_empty() { site.lang.t("search-title") } else { asked.q.clone() };
    let meta = Meta { title, kind: "website", noindex: asked.is_anything(), ..Meta::default() };
    let elsewhere = site.everywhere(|urls| asked.with(|_| ()).url(&urls.search()));
    let mut shell = site.shell(Section::Search, &here(asked), &elsewhere, meta);
    if asked.is_anything() {
        let plain = asked.with(|_| ());
        shell.feeds = feeds(|extension| plain.url(&format!("{path}.{extension}")));
    }
    let found = hits(site, &answer.hits).await?;
    let nothing = found.is_empty();
    let pages = answer.total.div_ceil(PER_PAGE).clamp(1, MAX_PAGES);
    let number = |page: usize| if page > 1 { page.to_string() } else { String::new() };
    let latest = if nothing {
        list::releases(&site.state.ctx.db, &site.releases_here(), LATEST, 0).await?
    } else {
        Vec::new()
    };
    let contact = match site.first_contact() {
        Some(contact) if nothing => site.contact_cards(std::slice::from_ref::<Contact>(contact)).await?.pop(),
        _ => None,
    };
    let topic_link = |topic: &crate::domain::topic::Topic| {
        let choice = Asked { topic: topic.slug.clone(), ..Asked::default() };
        Link::new(site.text(&topic.name), here(&choice))
    };
    Ok(SearchPage {
        shell,
        query: asked.q.clone(),
        asked: asked.is_anything(),
        from: asked.from.clone(),
        to: asked.to.clone(),
        hidden: hidden(asked),
        total: total(site.lang, &asked.q, answer.total),
        did_you_mean: answer
            .correction
            .map(|better| Link::new(&better, here(&asked.with(|asked| asked.q.clone_from(&better))))),
        facets: facets(site, asked, &answer.facets),
        orders: orders(site, asked),
        active: active(site, asked),
        trouble,
        alert_url: alert::url(site, asked),
        photos_kit_url: photos_kit_url(site, asked, &answer.facets),
        hits: found,
        pager: Pager::new(site.lang, page, pages, |page| {
            here(&asked.with(|asked| asked.page = number(page)))
        }),
        topics: if nothing { site.topics.iter().map(topic_link).collect() } else { Vec::new() },
        latest: site.teasers(&latest).await?,
        contact,
    })
}

/// Photos are offered as one download when the search found some.
fn photos_kit_url(site: &Site, asked: &Asked, facets: &Facets) -> String {
    let has_photos = facets.kinds.iter().any(|(kind, count)| *kind == Kind::Asset && *count > 0);
    let is_other = !asked.kind.is_empty() && asked.kind != "photo";
    if has_photos && !is_other {
        asked.with(|a| a.kind.clear()).url(&site.urls.search_kit())
    } else {
        String::new()
    }
}

fn total(lang: Lang, query: &str, total: usize) -> String {
    let number = lang.number(total as u64);
    if query.is_empty() {
        return lang.count("search-total", total);
    }
    lang.t_args(
        "search-total-for",
        &[("count", total.into()), ("number", number.into()), ("query", query.into())],
    )
}

/// What the form does not show but must keep.
fn hidden(asked: &Asked) -> Vec<HiddenField> {
    let fields = [
        ("kind", &asked.kind),
        ("topic", &asked.topic),
        ("lang", &asked.lang),
        ("person", &asked.person),
        ("sort", &asked.sort),
    ];
    let filled = fields.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(name, value)| HiddenField { name, value: value.clone() }).collect()
}

/// A label for the language of a filter.
fn language_label(tag: &str) -> String {
    endonym(tag).to_owned()
}

fn facets(site: &Site, asked: &Asked, facets: &Facets) -> Vec<Facet> {
    let path = site.urls.search();
    let choice = |label: String, count: usize, current: bool, chosen: Asked| FacetChoice {
        label,
        count: site.lang.number(count as u64),
        url: chosen.url(&path),
        current,
    };
    let kinds = facets.kinds.iter().filter_map(|(kind, count)| {
        let (name, _) = KINDS.iter().find(|(_, known)| known == kind)?;
        let current = asked.kind == *name;
        let chosen = asked.with(|a| a.kind = if current { String::new() } else { (*name).to_owned() });
        Some(choice(kinds_label(site.lang, *kind), *count, current, chosen))
    });
    let topics = facets.topics.iter().filter_map(|(slug, count)| {
        let topic = site.topic(slug)?;
        let current = asked.topic == *slug;
        let chosen = asked.with(|a| a.topic = if current { String::new() } else { slug.clone() });
        Some(choice(site.text(&topic.name).to_owned(), *count, current, chosen))
    });
    let persons = facets.persons.iter().take(PERSONS).map(|(name, count)| {
        let current = asked.person == *name;
        let chosen = asked.with(|a| a.person = if current { String::new() } else { name.clone() });
        choice(name.clone(), *count, current, chosen)
    });
    let years = facets.years.iter().map(|(year, count)| {
        let current = asked.year() == Some(&year.to_string());
        let chosen = asked.with(|a| {
            (a.from, a.to) = if current {
                (String::new(), String::new())
            } else {
                (format!("{year}-01-01"), format!("{year}-12-31"))
            };
        });
        choice(year.to_string(), *count, current, chosen)
    });
    let languages = facets.languages.iter().map(|(tag, count)| {
        let current = asked.lang == *tag;
        let chosen = asked.with(|a| a.lang = if current { String::new() } else { tag.clone() });
        choice(language_label(tag), *count, current, chosen)
    });
    vec![
        Facet { title: site.lang.t("facet-kind"), choices: kinds.collect() },
        Facet { title: site.lang.t("filter-topic"), choices: topics.collect() },
        Facet { title: site.lang.t("facet-person"), choices: persons.collect() },
        Facet { title: site.lang.t("filter-year"), choices: years.collect() },
        Facet { title: site.lang.t("language-label"), choices: languages.collect() },
    ]
}

/// The orders in which the hits can come; none where words are missing by which they could match.
fn orders(site: &Site, asked: &Asked) -> Vec<FacetChoice> {
    if asked.q.is_empty() {
        return Vec::new();
    }
    let by = |sort: &str, label: &str| FacetChoice {
        label: site.lang.t(label),
        count: String::new(),
        url: asked.with(|a| sort.clone_into(&mut a.sort)).url(&site.urls.search()),
        current: (asked.sort == "date") == (sort == "date"),
    };
    vec![by("", "search-by-relevance"), by("date", "search-by-date")]
}

/// Each filter that is on, with the address of the search without it.
fn active(site: &Site, asked: &Asked) -> Vec<Link> {
    let path = site.urls.search();
    let mut links = Vec::new();
    let mut add = |label: String, without: Asked| links.push(Link::new(label, without.url(&path)));
    if let Some(kind) = kind_of(&asked.kind) {
        add(kinds_label(site.lang, kind), asked.with(|a| a.kind.clear()));
    }
    if let Some(topic) = site.topic(&asked.topic) {
        add(site.text(&topic.name).to_owned(), asked.with(|a| a.topic.clear()));
    }
    if !asked.person.is_empty() {
        add(asked.person.clone(), asked.with(|a| a.person.clear()));
    }
    if !asked.lang.is_empty() {
        add(language_label(&asked.lang), asked.with(|a| a.lang.clear()));
    }
    if !asked.from.is_empty() || !asked.to.is_empty() {
        let span = asked.year().map_or_else(|| format!("{} – {}", asked.from, asked.to), ToOwned::to_owned);
        let without = asked.with(|a| {
            a.from.clear();
            a.to.clear();
        });
        add(span.trim_matches([' ', '–']).to_owned(), without);
    }
    links
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_an_address_and_a_change_begins_at_page_one() {
        let asked = Asked { q: "Größe".to_owned(), page: "3".to_owned(), ..Asked::default() };
        assert_eq!(asked.url("/search"), "/search?q=Gr%C3%B6%C3%9Fe&page=3");
        assert_eq!(
            asked.with(|a| a.kind = "photo".to_owned()).url("/search"),
            "/search?q=Gr%C3%B6%C3%9Fe&kind=photo"
        );
    }

    #[test]
    fn a_whole_year_is_recognised() {
        let dates =
            |from: &str, to: &str| Asked { from: from.to_owned(), to: to.to_owned(), ..Asked::default() };
        assert_eq!(dates("2025-01-01", "2025-12-31").year(), Some("2025"));
        assert_eq!(dates("2025-01-01", "2026-12-31").year(), None);
        assert_eq!(dates("2025-01-01", "").year(), None);
    }
}

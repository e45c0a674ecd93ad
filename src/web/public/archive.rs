//! The archive of releases, whole or cut by topic and year.

use axum::extract::State;
use serde::Deserialize;

use crate::domain::topic::Topic;
use crate::domain::zoned::year_bounds;
use crate::store::list;
use crate::web::extract::{Language, UrlQuery};
use crate::web::page::{Page, Policy};
use crate::web::url::Urls;
use crate::web::view::release::ArchivePage;
use crate::web::view::shell::{Link, Meta, Pager, Section};
use crate::web::{AppState, Error};

use super::site::{Site, feeds};
use super::with_query;

const PER_PAGE: usize = 20;

#[derive(Deserialize, Default)]
pub struct Choice {
    #[serde(default)]
    topic: String,
    #[serde(default)]
    year: String,
    #[serde(default)]
    page: String,
}

pub async fn list(
    State(state): State<AppState>,
    language: Language,
    UrlQuery(choice): UrlQuery<Choice>,
) -> Result<Page, Error> {
    let site = Site::open(&state, language).await?;
    let db = &state.ctx.db;
    let topic = match choice.topic.as_str() {
        "" => None,
        slug => Some(site.topic(slug).ok_or(Error::NotFound)?),
    };
    let year: Option<i16> = match choice.year.as_str() {
        "" => None,
        text => Some(text.parse().map_err(|_| Error::NotFound)?),
    };
    let all = site.releases_here();
    let mut filter = all.clone();
    filter.topic = topic.map(|topic| topic.slug.clone());
    if let Some(year) = year {
        let (from, to) = year_bounds(year, &site.newsroom.time_zone).ok_or(Error::NotFound)?;
        (filter.from, filter.to) = (Some(from), Some(to));
    }
    let total = list::count_releases(db, &filter).await?;
    let pages = total.div_ceil(PER_PAGE).max(1);
    let page = super::page_number(&choice.page, pages)?;
    let mut releases = list::releases(db, &filter, PER_PAGE, (page - 1) * PER_PAGE).await?;
    releases.retain(|release| site.is_open(&release.exposure()));

    let with_releases = list::topics_in(db, &all).await?;
    let span = list::publication_span(db, &all).await?;
    let year_text = choice.year.as_str();
    let slug = choice.topic.as_str();
    let address = |urls: &Urls, topic: &str, year: &str, page: usize| {
        let page = if page > 1 { page.to_string() } else { String::new() };
        with_query(&urls.releases(), &[("topic", topic), ("year", year), ("page", &page)])
    };
    let title = topic.map_or_else(|| site.lang.t("archive-title"), |topic| site.text(&topic.name).to_owned());
    let title = if year_text.is_empty() { title } else { format!("{title} {year_text}") };
    let meta =
        Meta { title: title.clone(), kind: "website", noindex: releases.is_empty(), ..Meta::default() };
    let here = address(&site.urls, slug, year_text, page);
    let elsewhere = site.everywhere(|urls| address(urls, slug, year_text, 1));
    let mut shell = site.shell(Section::Releases, &here, &elsewhere, meta);
    if let Some(topic) = topic {
        shell.feeds = feeds(|extension| site.urls.topic_feed(&topic.slug, extension));
    }
    let view = ArchivePage {
        is_cut: topic.is_some() || year.is_some(),
        title,
        total: site.lang.count("count-releases", total),
        topics: choices(
            &site,
            slug,
            site.topics
                .iter()
                .filter(|topic| with_releases.contains(&topic.slug))
                .map(|topic: &Topic| (topic.slug.clone(), site.text(&topic.name).to_owned())),
            |topic| address(&site.urls, topic, year_text, 1),
        ),
        years: choices(
            &site,
            year_text,
            years(&site, span).map(|year| (year.to_string(), year.to_string())),
            |year| address(&site.urls, slug, year, 1),
        ),
        releases: site.teasers(&releases).await?,
        pager: Pager::new(site.lang, page, pages, |page| address(&site.urls, slug, year_text, page)),
        shell,
    };
    Ok(Page::html(&view, Policy::Revalidate)?.language(&site.code))
}

/// "All" and each choice, the current one marked. Nothing to choose from is no choice.
fn choices(
    site: &Site,
    current: &str,
    options: impl Iterator<Item = (String, String)>,
    address: impl Fn(&str) -> String,
) -> Vec<Link> {
    let link = |value: &str, label: String| Link { label, url: address(value), current: value == current };
    let options: Vec<Link> = options.map(|(value, label)| link(&value, label)).collect();
    if options.is_empty() {
        return options;
    }
    let mut all = vec![link("", site.lang.t("archive-all"))];
    all.extend(options);
    all
}

/// The years between the first and the last publication, newest first.
fn years(
    site: &Site,
    span: Option<(crate::domain::Timestamp, crate::domain::Timestamp)>,
) -> impl Iterator<Item = i16> {
    let year = |at| site.local(at).local.date().year();
    let bounds = span.map(|(first, last)| (year(first), year(last)));
    bounds.into_iter().flat_map(|(first, last)| (first..=last).rev())
}

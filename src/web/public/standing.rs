//! Legal and other standing pages.

use axum::extract::State;
use axum::response::{IntoResponse, Response};

use crate::domain::visibility::Access;
use crate::newsroom::sight::clear;
use crate::text::excerpt;
use crate::web::bytes::moved;
use crate::web::extract::{Language, UrlPath};
use crate::web::page::{Page, Policy};
use crate::web::url::Urls;
use crate::web::view::StandingPageView;
use crate::web::view::shell::{Meta, Section};
use crate::web::{AppState, Error};

use super::Slug;
use super::figures::{self, Own};
use super::site::{Paths, Site};

pub async fn show(
    State(state): State<AppState>,
    UrlPath(Slug { slug }): UrlPath<Slug>,
    language: Language,
) -> Result<Response, Error> {
    let site = Site::open(&state, language).await?;
    let versions: Vec<_> = site.newsroom.pages.iter().filter(|page| page.slug == slug).collect();
    let here = site.newsroom.prefix(&site.code);
    let Some(page) = versions.iter().find(|page| site.newsroom.prefix(&page.language) == here) else {
        // A page of another language under the wrong prefix.
        let other = versions.first().ok_or(Error::NotFound)?;
        return Ok(moved(&Urls::new(&site.newsroom, &other.language).page(&slug), Access::Open));
    };
    let path = |code: &str| Urls::new(&site.newsroom, code).page(&slug);
    let elsewhere: Paths =
        versions.iter().map(|page| (page.language.clone(), path(&page.language))).collect();
    let mut body = page.body.clone();
    clear(&state.ctx, std::slice::from_mut(&mut body), &[], site.now).await?;
    let meta = Meta {
        title: page.title.clone(),
        description: excerpt::excerpt(&body, 200),
        kind: "website",
        ..Meta::default()
    };
    let view = StandingPageView {
        shell: site.shell(Section::Other, &site.urls.page(&slug), &elsewhere, meta),
        title: page.title.clone(),
        html: figures::html(&site, &body, Own::NONE).await?,
    };
    Ok(Page::html(&view, Policy::Revalidate)?.language(&site.code).into_response())
}

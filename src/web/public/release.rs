//! A release: its page, its other forms, and what its address says when it was withdrawn.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};

use crate::domain::Timestamp;
use crate::domain::asset::Asset;
use crate::domain::dateline::dateline;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::visibility::{Access, Viewer};
use crate::feed::jsonld;
use crate::i18n::endonym;
use crate::store;
use crate::text::excerpt;
use crate::web::bytes::moved;
use crate::web::extract::{Language, MaybeActor, UrlPath};
use crate::web::kits::{self, Linked};
use crate::web::page::{Page, Policy};
use crate::web::view::release::{BoilerplateView, CorrectionView, FormLink, Kit, ReleasePage};
use crate::web::view::shell::{LanguageLink, Meta, Section, SocialImage};
use crate::web::view::{ReleaseTeaser, WithdrawnPage};
use crate::web::{AppState, Error, social, url};

use super::Slug;
use super::cards::kit_size;
use super::figures::{self, Own};
use super::nearest;
use super::release_facts::ReleaseFacts;
use super::release_forms::{self, FORMS};
use super::site::{Paths, Site};

const DESCRIPTION_CHARS: usize = 200;
const RELATED: usize = 3;

pub async fn show(
    State(state): State<AppState>,
    UrlPath(Slug { slug: file }): UrlPath<Slug>,
    language: Language,
    actor: MaybeActor,
) -> Result<Response, Error> {
    let (slug, form) = split_form(&file);
    let release: Release = store::record::find_by_slug(&state.ctx.db, slug).await?.ok_or(Error::NotFound)?;
    let sight = actor.sight(&release.exposure(), state.now());
    let access = sight.access();
    let newsroom = language.newsroom;
    match access {
        Access::Hidden => return Err(Error::NotFound),
        Access::Gone => return Err(gone(&state, &newsroom, &release).await?),
        Access::Open | Access::Staff => {}
    }
    // One address each: an earlier slug and another language's prefix lead to it.
    if release.slug != slug || newsroom.prefix(&language.code) != newsroom.prefix(&release.language) {
        let here = match form {
            Some(extension) => url::release_form(&newsroom, &release, extension),
            None => url::release(&newsroom, &release),
        };
        return Ok(moved(&here, access));
    }
    let policy = sight.policy(Policy::Revalidate);
    let site = Site::open(&state, Language { code: release.language.clone(), newsroom }).await?;
    let facts = ReleaseFacts::load(&site, &release, sight.viewer()).await?;
    if let Some(extension) = form {
        let page = release_forms::page(&facts, extension, policy).ok_or(Error::NotFound)?;
        return Ok(page.into_response());
    }
    if access == Access::Open && !facts.assets.is_empty() {
        let address = url::press_kit(&site.newsroom, &release);
        kits::lay_ahead(&state, address, Linked::OfRelease { slug: release.slug.clone() });
    }
    let mut page = view(&facts).await?;
    if access == Access::Staff {
        page.shell.preview = Some(site.lang.t("preview-notice"));
        page.shell.meta.noindex = true;
    }
    let page = Page::html(&page, policy)?.language(&release.language).last_modified(release.updated_at);
    Ok(page.into_response())
}

/// The page as it would be, for people of the desk; `release` need not be stored.
pub async fn preview(
    state: &AppState,
    newsroom: Newsroom,
    release: &Release,
    viewer: Viewer,
) -> Result<Page, Error> {
    let site = Site::open(state, Language { code: release.language.clone(), newsroom }).await?;
    let facts = ReleaseFacts::load(&site, release, viewer).await?;
    let mut page = view(&facts).await?;
    page.shell.preview = Some(site.lang.t("preview-notice"));
    page.shell.meta.noindex = true;
    Ok(Page::html(&page, Policy::NoStore)?.language(&release.language))
}

/// The slug and, when the address ends in one, the suffix of another form.
pub(super) fn split_form(file: &str) -> (&str, Option<&'static str>) {
    for (extension, _) in FORMS {
        if let Some(slug) = file.strip_suffix(extension).and_then(|rest| rest.strip_suffix('.')) {
            return (slug, Some(extension));
        }
    }
    (file, None)
}

pub(super) async fn view(facts: &ReleaseFacts<'_>) -> Result<ReleasePage, Error> {
    let (site, release) = (facts.site, facts.release);
    let newsroom = &site.newsroom;
    let path = url::release(newsroom, release);
    let mut elsewhere: Paths = vec![(release.language.clone(), path.clone())];
    elsewhere.extend(
        facts.translations.iter().map(|other| (other.language.clone(), url::release(newsroom, other))),
    );
    let meta = Meta {
        title: release.headline.clone(),
        description: excerpt::excerpt(&facts.texts.body, DESCRIPTION_CHARS),
        kind: "article",
        published: release.published_at.map(|at| at.to_string()).unwrap_or_default(),
        modified: release.updated_at.to_string(),
        image: facts
            .assets
            .iter()
            .find_map(|asset| site.social_image(asset))
            .or_else(|| Some(social::release_image(site, release))),
        oembed: site.oembed(&path),
        json_ld: vec![jsonld::to_script(&jsonld::news_article(&facts.public(), site.state.base()))],
        ..Meta::default()
    };
    let translations = facts.translations.iter().map(|other| LanguageLink {
        tag: other.language.clone(),
        name: endonym(&other.language).to_owned(),
        url: url::release(newsroom, other),
        current: false,
    });
    let day = site.day_of(release);
    let tiles = |is_picture| {
        let assets = facts.assets.iter().filter(|asset| asset.kind.is_picture() == is_picture);
        assets.map(|asset| site.tile_below(&facts.below, asset)).collect()
    };
    let texts = &facts.texts;
    let own = Own { assets: &facts.assets, below: &facts.below };
    let boilerplate_html = figures::html(site, &texts.boilerplate, own).await?;
    Ok(ReleasePage {
        shell: site.shell(Section::Releases, &path, &elsewhere, meta),
        headline: release.headline.clone(),
        sub_headlines: release.sub_headlines.clone(),
        dateline: dateline(&release.dateline_place, day, &release.language),
        date_iso: day.map(|day| day.to_string()).unwrap_or_default(),
        topics: site.topic_links(&release.topics),
        photos: tiles(true),
        documents: tiles(false),
        kit: kit(facts),
        contacts: site.contact_cards(&facts.contacts).await?,
        body_html: figures::html(site, &texts.body, own).await?,
        boilerplate: (!texts.boilerplate.trim().is_empty())
            .then(|| BoilerplateView { title: texts.boilerplate_title.clone(), html: boilerplate_html }),
        corrections: release
            .corrections
            .iter()
            .rev()
            .map(|correction| CorrectionView::of(site.lang, correction, &newsroom.time_zone))
            .collect(),
        related: related(site, release).await?,
        translations: translations.collect(),
        permalink: site.absolute(&path),
        text_url: facts.form_url("txt"),
        forms: FORMS
            .iter()
            .map(|(extension, label)| FormLink {
                label: (*label).to_owned(),
                suffix: format!(".{extension}"),
                url: facts.form_url(extension),
            })
            .collect(),
    })
}

fn kit(facts: &ReleaseFacts<'_>) -> Option<Kit> {
    let size = || kit_size(&facts.assets);
    (!facts.assets.is_empty()).then(|| Kit::of_release(facts.site.lang, facts.kit_url(), size()))
}

/// What the release names as related, filled up with what says the nearest, and then with what shares its first topic.
async fn related(site: &Site, release: &Release) -> Result<Vec<ReleaseTeaser>, Error> {
    let db = &site.state.ctx.db;
    let mut all: Vec<Release> = store::record::find_all(db, &release.related).await?;
    all.extend(nearest::related(site, release.id, 2 * RELATED).await);
    if let Some(topic) = release.topics.first() {
        let mut filter = site.releases_here();
        filter.topic = Some(topic.clone());
        all.extend(store::list::releases(db, &filter, 2 * RELATED, 0).await?);
    }
    let mut seen = vec![release.id];
    all.retain(|other| {
        let fresh = !seen.contains(&other.id);
        seen.push(other.id);
        fresh && site.is_open(&other.exposure())
    });
    all.truncate(RELATED);
    site.teasers(&all).await
}

/// The picture that stands for a release in social networks, and when it may no longer.
pub async fn lead_image(
    site: &Site,
    release: &Release,
) -> Result<Option<(SocialImage, Option<Timestamp>)>, Error> {
    let assets = site.assets(&release.assets).await?;
    let mut in_order = release.assets.iter().filter_map(|id| assets.get(id));
    Ok(in_order.find_map(|asset: &Asset| Some((site.social_image(asset)?, asset.rights_until))))
}

/// The page that says why a release was withdrawn.
pub async fn gone(state: &AppState, newsroom: &Newsroom, release: &Release) -> Result<Error, Error> {
    let language = Language { code: release.language.clone(), newsroom: newsroom.clone() };
    let site = Site::open(state, language).await?;
    let latest = store::list::releases(&state.ctx.db, &site.releases_here(), RELATED, 0).await?;
    let contacts = site.contacts(&release.contacts).await?;
    let path = url::release(newsroom, release);
    let meta = Meta { title: site.lang.t("withdrawn-title"), noindex: true, ..Meta::default() };
    let mut shell = site.shell(Section::Other, &path, &vec![(release.language.clone(), path.clone())], meta);
    shell.meta.canonical.clear();
    let day = |at: Timestamp| site.lang.date(site.local(at).local.date());
    let page = WithdrawnPage {
        shell,
        headline: release.headline.clone(),
        reason: release.withdrawn_reason.clone(),
        date: release.withdrawn_at.map(day).unwrap_or_default(),
        date_iso: release.withdrawn_at.map(|at| format!("{at:.0}")).unwrap_or_default(),
        contacts: site.contact_cards(&contacts).await?,
        releases: site.teasers(&latest).await?,
    };
    let page = Page::html(&page, Policy::NoStore)?.status(StatusCode::GONE).language(&release.language);
    Ok(Error::Gone(Box::new(page)))
}

#[cfg(test)]
mod tests {
    use super::split_form;

    #[test]
    fn only_known_suffixes_are_forms() {
        assert_eq!(split_form("messe-2026.txt"), ("messe-2026", Some("txt")));
        assert_eq!(split_form("messe-2026.json"), ("messe-2026", Some("json")));
        assert_eq!(split_form("messe-2026"), ("messe-2026", None));
        assert_eq!(split_form("messe.pdf"), ("messe.pdf", None));
    }
}

//! What is to be said before a release goes out, and what keeps it from going out.

use super::{Context, Error, Result};
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::newsroom::Newsroom;
use crate::domain::preflight::{Facts, Finding, Rule, Weight, check};
use crate::domain::release::Release;
use crate::domain::{DomainError, FieldError, Timestamp};
use crate::store::{list, record};
use crate::text::markdown;

/// Links of one text that are followed; a release has a handful.
const MAX_LINKS: usize = 100;

/// Looks at a release that is going to be public `at` a moment, duties first.
pub async fn findings(ctx: &Context, release: &Release, at: Timestamp) -> Result<Vec<Finding>> {
    let newsroom = ctx.newsroom().await?;
    look(ctx, &newsroom, release, at).await
}

/// Refuses to publish against what the newsroom has made a duty.
pub async fn require(ctx: &Context, release: &Release, at: Timestamp) -> Result<()> {
    let newsroom = ctx.newsroom().await?;
    if !newsroom.preflight.values().any(|weight| *weight == Weight::Duty) {
        return Ok(());
    }
    let found = look(ctx, &newsroom, release, at).await?;
    let errors: Vec<FieldError> = found.iter().filter(|finding| finding.is_duty).map(refusal).collect();
    if errors.is_empty() { Ok(()) } else { Err(Error::Domain(DomainError::Invalid(errors))) }
}

async fn look(ctx: &Context, newsroom: &Newsroom, release: &Release, at: Timestamp) -> Result<Vec<Finding>> {
    let assets: Vec<Asset> = record::find_all(&ctx.db, &release.assets).await?;
    let contacts: Vec<Contact> = record::find_all(&ctx.db, &release.contacts).await?;
    let translations = list::translations(&ctx.db, release).await?;
    let mut broken_links = Vec::new();
    for link in markdown::links(&release.body).into_iter().take(MAX_LINKS) {
        if is_broken(ctx, newsroom, &link, at).await? {
            broken_links.push(link);
        }
    }
    Ok(check(&Facts {
        newsroom,
        release,
        assets: &assets,
        contacts: &contacts,
        translations: &translations,
        broken_links: &broken_links,
        at,
    }))
}

/// Whether a path of this site leads to a release or a photo that will not be there. Other sites are not asked: that
/// would tell them what is being written.
async fn is_broken(ctx: &Context, newsroom: &Newsroom, link: &str, at: Timestamp) -> Result<bool> {
    let path = link.split(['?', '#']).next().unwrap_or_default();
    let mut parts = path.trim_start_matches('/').split('/');
    let mut kind = parts.next().unwrap_or_default();
    if newsroom.speaks(kind) {
        kind = parts.next().unwrap_or_default();
    }
    let (Some(slug), None) = (parts.next(), parts.next()) else { return Ok(false) };
    if !path.starts_with('/') || slug.is_empty() || slug.contains('.') {
        return Ok(false);
    }
    Ok(match kind {
        "releases" => {
            let release: Option<Release> = record::find_by_slug(&ctx.db, slug).await?;
            release.is_none_or(|release| release.public_from().is_none_or(|from| from > at))
        }
        "photos" => record::find_by_slug::<Asset>(&ctx.db, slug).await?.is_none(),
        _ => false,
    })
}

fn refusal(finding: &Finding) -> FieldError {
    let (code, detail) = match finding.rule {
        Rule::HeadlineLong => ("headline_long", "The headline is too long"),
        Rule::DatelineMissing => ("dateline_missing", "The dateline has no place or no date"),
        Rule::ContactMissing => ("contact_missing", "The release has no contact"),
        Rule::ContactUnreachable => ("contact_unreachable", "A contact has neither phone nor e-mail"),
        Rule::PhotoUnready => ("photo_unready", "A file is not ready"),
        Rule::PhotoCaption => ("photo_caption", "A photo has no caption"),
        Rule::PhotoAltText => ("photo_alt_text", "A photo has no alternative text"),
        Rule::PhotoCredit => ("photo_credit", "A photo has no credit"),
        Rule::PhotoTerms => ("photo_terms", "A photo has no usage terms"),
        Rule::PhotoRights => ("photo_rights", "The rights to a file end soon"),
        Rule::PhotoSmall => ("photo_small", "A photo is too small for print"),
        Rule::LinkBroken => ("link_broken", "A link leads nowhere"),
        Rule::TranslationStale => ("translation_stale", "A translation is older than its source"),
    };
    let field = match finding.rule {
        Rule::HeadlineLong => "headline",
        Rule::DatelineMissing => "dateline_place",
        Rule::ContactMissing | Rule::ContactUnreachable => "contacts",
        Rule::LinkBroken => "body",
        Rule::TranslationStale => "translation_of",
        _ => "assets",
    };
    let subject = if finding.subject.is_empty() { String::new() } else { format!(": {}", finding.subject) };
    FieldError::new(field, code, format!("{detail}{subject}"))
}

//! What may be written of a release.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{Fields, NEVER, Setting, TimeInput, distinct};
use crate::domain::release::{Release, ReleaseState};
use crate::domain::{Id, Timestamp, ZonedTime};
use crate::newsroom::{Error, Result};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReleaseFields {
    pub slug: Option<String>,
    pub language: String,
    pub headline: String,
    pub sub_headlines: Vec<String>,
    pub dateline_place: String,
    pub dateline_date: Option<Date>,
    pub body: String,
    pub boilerplate: String,
    pub topics: Vec<String>,
    pub contacts: Vec<Id>,
    pub assets: Vec<Id>,
    pub related: Vec<Id>,
    pub translation_of: Option<Id>,
    pub publish_at: Option<TimeInput>,
    pub embargo_until: Option<TimeInput>,
    pub aliases: Vec<String>,
}

impl Fields for ReleaseFields {
    type Record = Release;
    const READ_ONLY: &'static [(&'static str, &'static str)] = &[
        ("id", NEVER),
        ("url", NEVER),
        ("state", "Use /publish, /schedule or /withdraw"),
        ("published_at", NEVER),
        ("updated_at", NEVER),
        ("created_at", NEVER),
        ("withdrawn_at", NEVER),
        ("withdrawn_reason", "Use /withdraw"),
        ("corrections", "Use /correct"),
    ];

    fn of(release: &Release) -> Self {
        let r = release.clone();
        Self {
            slug: Some(r.slug),
            language: r.language,
            headline: r.headline,
            sub_headlines: r.sub_headlines,
            dateline_place: r.dateline_place,
            dateline_date: r.dateline_date,
            body: r.body,
            boilerplate: r.boilerplate,
            topics: r.topics,
            contacts: r.contacts,
            assets: r.assets,
            related: r.related,
            translation_of: r.translation_of,
            publish_at: r.publish_at.as_ref().map(TimeInput::from),
            embargo_until: r.embargo_until.as_ref().map(TimeInput::from),
            aliases: r.aliases,
        }
    }

    fn apply(self, release: &mut Release, setting: Setting<'_>) -> Result<Option<String>> {
        let time = |input: &Option<TimeInput>, field| {
            input.as_ref().map(|time| time.resolve(field, setting.time_zone)).transpose()
        };
        let publish_at = time(&self.publish_at, "publish_at")?;
        let embargo_until = time(&self.embargo_until, "embargo_until")?;
        if publish_at != release.publish_at || embargo_until != release.embargo_until {
            change_plan(release, publish_at, embargo_until, setting.now)?;
        }
        if !self.language.is_empty() {
            release.language = self.language;
        }
        release.headline = self.headline.trim().to_owned();
        release.sub_headlines =
            self.sub_headlines.into_iter().map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect();
        release.dateline_place = self.dateline_place.trim().to_owned();
        release.dateline_date = self.dateline_date;
        release.body = self.body;
        release.boilerplate = self.boilerplate;
        release.topics = distinct(self.topics);
        release.contacts = distinct(self.contacts);
        release.assets = distinct(self.assets);
        release.related = distinct(self.related);
        release.translation_of = self.translation_of.filter(|id| *id != release.id);
        let aliases = self.aliases.iter().map(|alias| alias.trim().to_owned());
        release.aliases = distinct(aliases.filter(|alias| !alias.is_empty()).collect());
        Ok(self.slug)
    }

    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Release, Option<String>)> {
        let mut release = Release::draft(id, setting.default_language, "", setting.now);
        let slug = self.apply(&mut release, setting)?;
        Ok((release, slug))
    }
}

/// Other times for a release: plans of a draft are notes, those of a scheduled or embargoed one move its
/// publication, those of a public one can no longer be changed.
fn change_plan(
    release: &mut Release,
    publish_at: Option<ZonedTime>,
    embargo_until: Option<ZonedTime>,
    now: Timestamp,
) -> Result<()> {
    match release.state_at(now) {
        ReleaseState::Draft => {}
        ReleaseState::Scheduled if publish_at.as_ref().is_some_and(|at| at.utc > now) => {
            release.published_at = publish_at.as_ref().map(|at| at.utc);
        }
        ReleaseState::Embargoed if embargo_until.as_ref().is_some_and(|until| until.utc > now) => {
            release.published_at = embargo_until.as_ref().map(|until| until.utc);
        }
        ReleaseState::Scheduled | ReleaseState::Embargoed => {
            return Err(Error::conflict(
                "plan_needed",
                "A planned publication needs a time that lies ahead; publish now or withdraw instead",
            ));
        }
        ReleaseState::Published | ReleaseState::Withdrawn => {
            return Err(Error::conflict(
                "already_published",
                "The time of a past publication cannot be changed",
            ));
        }
    }
    release.publish_at = publish_at;
    release.embargo_until = embargo_until;
    Ok(())
}

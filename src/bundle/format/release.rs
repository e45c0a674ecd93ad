//! The front matter of `releases/SLUG.md`

use serde::Deserialize;

use super::values::{Day, Moment, PlannedTime, Reference};
use crate::domain::release::{Correction, CorrectionKind, ReleaseState};
use crate::domain::review::{Review, ReviewStep};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReleaseSheet {
    /// The newsroom's first language when left out.
    pub language: Option<String>,
    pub state: ReleaseState,
    pub headline: String,
    pub sub_headlines: Vec<String>,
    pub dateline_place: String,
    pub dateline_date: Option<Day>,
    pub topics: Vec<Reference>,
    pub contacts: Vec<Reference>,
    /// Files in photos/, the lead picture first.
    pub assets: Vec<Reference>,
    pub related: Vec<Reference>,
    pub translation_of: Option<Reference>,
    /// The key of a boilerplate, or Markdown of its own.
    pub boilerplate: Option<Reference>,
    pub published_at: Option<Moment>,
    pub updated_at: Option<Moment>,
    pub created_at: Option<Moment>,
    pub publish_at: Option<PlannedTime>,
    pub embargo_until: Option<PlannedTime>,
    pub aliases: Vec<String>,
    pub withdrawn_at: Option<Moment>,
    pub withdrawn_reason: String,
    pub corrections: Vec<CorrectionEntry>,
    pub review: Option<ReviewEntry>,
    pub edited_by: String,
    pub edited_at: Option<Moment>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CorrectionEntry {
    at: Moment,
    kind: CorrectionKind,
    note: String,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReviewEntry {
    at: Moment,
    step: ReviewStep,
    by: String,
    #[serde(default)]
    note: String,
}

impl From<ReviewEntry> for Review {
    fn from(entry: ReviewEntry) -> Self {
        Self { step: entry.step, by: entry.by, at: entry.at.0, note: entry.note }
    }
}

impl From<CorrectionEntry> for Correction {
    fn from(entry: CorrectionEntry) -> Self {
        Self { at: entry.at.0, kind: entry.kind, note: entry.note }
    }
}

//! What should be looked at before a release goes out: rules that a newsroom takes as a hint, as a duty, or not at all.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::asset::{Asset, AssetKind, AssetState};
use super::contact::Contact;
use super::newsroom::Newsroom;
use super::release::Release;
use super::{Id, Timestamp};

/// News aggregators cut headlines from here on; characters.
const HEADLINE_CHARS: usize = 110;
/// Less than a column of a newspaper page at 300 ppi; pixels of the long edge.
const PRINT_PX: u32 = 1748;
/// Rights that end so soon after publication surprise whoever archives the photo; days.
const RIGHTS_DAYS: i64 = 30;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rule {
    HeadlineLong,
    DatelineMissing,
    ContactMissing,
    ContactUnreachable,
    PhotoUnready,
    PhotoCaption,
    PhotoAltText,
    PhotoCredit,
    PhotoTerms,
    PhotoRights,
    PhotoSmall,
    LinkBroken,
    TranslationStale,
}

impl Rule {
    pub const ALL: [Self; 13] = [
        Self::HeadlineLong,
        Self::DatelineMissing,
        Self::ContactMissing,
        Self::ContactUnreachable,
        Self::PhotoUnready,
        Self::PhotoCaption,
        Self::PhotoAltText,
        Self::PhotoCredit,
        Self::PhotoTerms,
        Self::PhotoRights,
        Self::PhotoSmall,
        Self::LinkBroken,
        Self::TranslationStale,
    ];

    /// As settings and bundles name it.
    pub const fn code(self) -> &'static str {
        match self {
            Self::HeadlineLong => "headline_long",
            Self::DatelineMissing => "dateline_missing",
            Self::ContactMissing => "contact_missing",
            Self::ContactUnreachable => "contact_unreachable",
            Self::PhotoUnready => "photo_unready",
            Self::PhotoCaption => "photo_caption",
            Self::PhotoAltText => "photo_alt_text",
            Self::PhotoCredit => "photo_credit",
            Self::PhotoTerms => "photo_terms",
            Self::PhotoRights => "photo_rights",
            Self::PhotoSmall => "photo_small",
            Self::LinkBroken => "link_broken",
            Self::TranslationStale => "translation_stale",
        }
    }
}

/// How much a newsroom makes of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    Off,
    /// Said, and left to the officer.
    #[default]
    Hint,
    /// Nothing is published against it.
    Duty,
}

impl Weight {
    pub const ALL: [Self; 3] = [Self::Off, Self::Hint, Self::Duty];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Hint => "hint",
            Self::Duty => "duty",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|weight| weight.as_str() == text)
    }
}

/// The weights that differ from a hint, by code.
pub type Weights = BTreeMap<String, Weight>;

/// Where something is to be put right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// A field of the release, by its name.
    Field(&'static str),
    Asset(Id),
    Contact(Id),
    Release(Id),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    pub rule: Rule,
    pub is_duty: bool,
    pub place: Place,
    /// Which one it is, where there are several: a photo's title, a link.
    pub subject: String,
}

/// A release with all that it shows and leads to.
pub struct Facts<'a> {
    pub newsroom: &'a Newsroom,
    pub release: &'a Release,
    /// As many as the release names; what it names and is not here is gone.
    pub assets: &'a [Asset],
    pub contacts: &'a [Contact],
    /// The other languages of the release.
    pub translations: &'a [Release],
    /// Links of the text into the newsroom that lead nowhere.
    pub broken_links: &'a [String],
    /// When it is going to be public.
    pub at: Timestamp,
}

/// Everything that is to be said, duties first.
pub fn check(facts: &Facts<'_>) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut add = |rule: Rule, place: Place, subject: &str| {
        let weight = facts.newsroom.preflight.get(rule.code()).copied().unwrap_or_default();
        if weight != Weight::Off {
            found.push(Finding { rule, is_duty: weight == Weight::Duty, place, subject: subject.to_owned() });
        }
    };
    let release = facts.release;
    if release.headline.chars().count() > HEADLINE_CHARS {
        add(Rule::HeadlineLong, Place::Field("headline"), "");
    }
    if release.dateline_place.trim().is_empty() || release.dateline_date.is_none() {
        add(Rule::DatelineMissing, Place::Field("dateline_place"), "");
    }
    if facts.contacts.is_empty() {
        add(Rule::ContactMissing, Place::Field("contacts"), "");
    }
    for contact in
        facts.contacts.iter().filter(|contact| contact.phones.is_empty() && contact.email.is_empty())
    {
        add(Rule::ContactUnreachable, Place::Contact(contact.id), &contact.name);
    }
    for asset in facts.assets {
        check_photo(facts, asset, &mut add);
    }
    for link in facts.broken_links {
        add(Rule::LinkBroken, Place::Field("body"), link);
    }
    for (older, newer) in stale_pairs(release, facts.translations) {
        if newer.id == release.id || older.id == release.id {
            add(Rule::TranslationStale, Place::Release(older.id), &older.headline);
        }
    }
    found.sort_by_key(|finding| (!finding.is_duty, finding.rule));
    found
}

fn check_photo(facts: &Facts<'_>, asset: &Asset, add: &mut impl FnMut(Rule, Place, &str)) {
    let about = &asset.description;
    let title = if about.title.trim().is_empty() { &asset.file_name } else { &about.title };
    let mut say = |rule| add(rule, Place::Asset(asset.id), title);
    if asset.state != AssetState::Ready {
        say(Rule::PhotoUnready);
    }
    let soon = jiff::SignedDuration::from_hours(24 * RIGHTS_DAYS);
    if asset.rights_until.is_some_and(|end| end < facts.at.saturating_add(soon).unwrap_or(facts.at)) {
        say(Rule::PhotoRights);
    }
    if !asset.kind.is_picture() {
        return;
    }
    // A logo is its own caption.
    if asset.kind != AssetKind::Logo && about.caption.trim().is_empty() {
        say(Rule::PhotoCaption);
    }
    if about.alt_text.trim().is_empty() {
        say(Rule::PhotoAltText);
    }
    if about.credit.trim().is_empty() {
        say(Rule::PhotoCredit);
    }
    let default_terms =
        facts.newsroom.default_usage_terms.get(&facts.release.language, &facts.newsroom.default_language);
    if about.usage_terms.trim().is_empty() && default_terms.trim().is_empty() {
        say(Rule::PhotoTerms);
    }
    let long_edge = asset.width.max(asset.height);
    if asset.kind == AssetKind::Photo && long_edge.is_some_and(|pixels| pixels < PRINT_PX) {
        say(Rule::PhotoSmall);
    }
}

/// Each translation that was last changed before what it translates, with that.
pub fn stale_pairs<'a>(release: &'a Release, others: &'a [Release]) -> Vec<(&'a Release, &'a Release)> {
    let all = || others.iter().chain([release]);
    let source = |translation: &Release| all().find(|other| Some(other.id) == translation.translation_of);
    let pairs = all().filter_map(|translation| Some((translation, source(translation)?)));
    pairs.filter(|(translation, source)| translation.last_edited() < source.last_edited()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";
    const OTHER: &str = "01890a5d-ac96-774b-bcce-b302099a8058";

    fn record<T: serde::de::DeserializeOwned>(mut fields: Value) -> T {
        let defaults = json!({
            "id": ID, "slug": "x", "created_at": "2025-01-01T00:00:00Z", "updated_at": "2025-01-01T00:00:00Z",
        });
        for (name, value) in defaults.as_object().unwrap() {
            fields.as_object_mut().unwrap().entry(name).or_insert_with(|| value.clone());
        }
        serde_json::from_value(fields).unwrap()
    }

    fn photo() -> Asset {
        let blob = json!({ "sha256": "", "size_bytes": 1, "crc32": 0 });
        record(json!({
            "kind": "photo", "state": "ready", "file_name": "halle.jpg", "media_type": "image/jpeg", "original": blob,
            "download": blob, "width": 800, "height": 600, "rights_until": "2026-01-20T00:00:00Z",
            "description": { "title": "Halle", "credit": "Messe", "usage_terms": "Frei" },
        }))
    }

    fn release() -> Release {
        record(json!({ "language": "de", "headline": "Messe", "dateline_date": "2026-01-01" }))
    }

    fn rules(newsroom: &Newsroom, contacts: &[Contact]) -> Vec<(Rule, bool)> {
        let facts = Facts {
            newsroom,
            release: &release(),
            assets: &[photo()],
            contacts,
            translations: &[],
            broken_links: &["/releases/weg".to_owned()],
            at: "2026-01-01T00:00:00Z".parse().unwrap(),
        };
        check(&facts).into_iter().map(|finding| (finding.rule, finding.is_duty)).collect()
    }

    #[test]
    fn what_is_missing_is_said_and_what_the_newsroom_does_not_care_for_is_not() {
        let mut newsroom = Newsroom::default();
        let expected = [
            Rule::DatelineMissing,
            Rule::ContactMissing,
            Rule::PhotoCaption,
            Rule::PhotoAltText,
            Rule::PhotoRights,
            Rule::PhotoSmall,
            Rule::LinkBroken,
        ];
        assert_eq!(rules(&newsroom, &[]), expected.map(|rule| (rule, false)));

        newsroom.preflight.insert("photo_alt_text".to_owned(), Weight::Duty);
        newsroom.preflight.insert("photo_small".to_owned(), Weight::Off);
        let found = rules(&newsroom, &[record(json!({ "name": "Ada Muster" }))]);
        assert_eq!(found[0], (Rule::PhotoAltText, true));
        assert!(found.contains(&(Rule::ContactUnreachable, false)));
        assert!(found.iter().all(|(rule, _)| !matches!(rule, Rule::ContactMissing | Rule::PhotoSmall)));
    }

    #[test]
    fn a_translation_is_stale_when_its_source_was_changed_later() {
        let source = release();
        let translation = Release {
            id: OTHER.parse().unwrap(),
            translation_of: Some(source.id),
            updated_at: "2024-01-01T00:00:00Z".parse().unwrap(),
            ..source.clone()
        };
        assert_eq!(stale_pairs(&source, std::slice::from_ref(&translation)), [(&translation, &source)]);
        assert_eq!(stale_pairs(&translation, std::slice::from_ref(&source)), [(&translation, &source)]);
    }
}

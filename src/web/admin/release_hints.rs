//! What is said of a release before it goes out: one line for each rule, however many photos it is about.

use super::desk::Desk;
use crate::domain::Id;
use crate::domain::preflight::{Finding, Place, Rule};
use crate::i18n::Lang;

/// A rule, and all that it was found at.
pub struct Hint {
    pub text: String,
    /// Where it is put right; for many photos the sheet with their texts.
    pub url: String,
    pub is_duty: bool,
    /// Each of them, where there are several: what it is called, and where it is.
    pub each: Vec<(String, String)>,
}

/// The findings by rule, in their order.
pub fn of(desk: &Desk, release: Id, findings: &[Finding]) -> Vec<Hint> {
    let alike = |a: &Finding, b: &Finding| a.rule == b.rule && a.is_duty == b.is_duty;
    findings.chunk_by(alike).filter_map(|group| hint(desk.lang, release, group)).collect()
}

fn hint(lang: Lang, release: Id, group: &[Finding]) -> Option<Hint> {
    let first = group.first()?;
    let name = rule_name(lang, first.rule);
    let is_duty = first.is_duty;
    if group.len() == 1 {
        let text = if first.subject.is_empty() { name } else { format!("{name}: {}", first.subject) };
        return Some(Hint { text, url: url(&first.place), is_duty, each: Vec::new() });
    }
    let are_photos = group.iter().all(|finding| matches!(finding.place, Place::Asset(_)));
    let count = lang.count(if are_photos { "desk-count-files" } else { "desk-count-places" }, group.len());
    Some(Hint {
        text: format!("{name}: {count}"),
        url: if are_photos { format!("/admin/releases/{release}/photos") } else { url(&first.place) },
        is_duty,
        each: group.iter().map(|finding| (finding.subject.clone(), url(&finding.place))).collect(),
    })
}

fn url(place: &Place) -> String {
    match place {
        Place::Field(name) => format!("#{name}"),
        Place::Asset(id) => format!("/admin/photos/{id}"),
        Place::Contact(id) => format!("/admin/contacts/{id}"),
        Place::Release(id) => format!("/admin/releases/{id}"),
    }
}

pub fn rule_name(lang: Lang, rule: Rule) -> String {
    lang.t(match rule {
        Rule::HeadlineLong => "desk-rule-headline-long",
        Rule::DatelineMissing => "desk-rule-dateline-missing",
        Rule::ContactMissing => "desk-rule-contact-missing",
        Rule::ContactUnreachable => "desk-rule-contact-unreachable",
        Rule::PhotoUnready => "desk-rule-photo-unready",
        Rule::PhotoCaption => "desk-rule-photo-caption",
        Rule::PhotoAltText => "desk-rule-photo-alt-text",
        Rule::PhotoCredit => "desk-rule-photo-credit",
        Rule::PhotoTerms => "desk-rule-photo-terms",
        Rule::PhotoRights => "desk-rule-photo-rights",
        Rule::PhotoSmall => "desk-rule-photo-small",
        Rule::LinkBroken => "desk-rule-link-broken",
        Rule::TranslationStale => "desk-rule-translation-stale",
    })
}

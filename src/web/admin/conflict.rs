//! Two people changed the same record. What only one of them touched is put together; where both did,
//! the officer sees both and decides. Nothing is written until then.

use serde_json::Value;

use super::desk::{DeskResult, Seat};
use super::when;
use crate::domain::Id;
use crate::i18n::Lang;
use crate::newsroom::content;
use crate::newsroom::fields::Fields;
use crate::store::audit::Entry;
use crate::store::{Record, audit};

/// How far back the audit log is searched for the version a form was made from.
const LOOK_BACK: i64 = 100;

/// A field that both changed.
pub struct Clash {
    pub anchor: String,
    pub label: String,
    pub theirs: String,
}

/// What the page tells about a lost race.
pub struct Conflict {
    pub who: String,
    pub when: String,
    pub expected: i64,
    pub current: i64,
    /// Fields that only the other one changed; the form below has them already.
    pub taken: Vec<String>,
    pub clashes: Vec<Clash>,
    /// The other one took a step (published, withdrew …); empty when they only wrote.
    pub step: String,
}

/// A form and a newer record, put together.
pub struct Reconciled<F: Fields> {
    pub fields: F,
    pub record: F::Record,
    pub conflict: Conflict,
    /// What only the other one changed, by the fields' own names.
    pub changed: Vec<String>,
}

/// `fill` puts what was typed over the fields that the form was made from.
pub async fn reconcile<F: Fields>(
    desk: &Seat,
    id: Id,
    expected: i64,
    fill: impl FnOnce(&mut F),
) -> DeskResult<Reconciled<F>> {
    let record: F::Record = content::get(desk.ctx(), id).await?;
    let mut entries = audit::of_record(&desk.ctx().db, id, LOOK_BACK).await?;
    // A link to the preview is written down with the release and changes nothing of it.
    entries.retain(|entry| version_of(entry.after.as_ref()) > 0);
    let known = entries
        .iter()
        .flat_map(|entry| [entry.after.as_ref(), entry.before.as_ref()])
        .flatten()
        .find(|document| document.get("version").and_then(Value::as_i64) == Some(expected))
        .and_then(|document| serde_json::from_value::<F::Record>(document.clone()).ok())
        .map(|record| F::of(&record));
    let theirs = F::of(&record);
    // Renditions raise the version without a word in the log: where nobody has written since, nothing was typed over.
    let is_untouched = entries.first().is_none_or(|entry| version_of(entry.after.as_ref()) <= expected);
    let base = match known {
        None if is_untouched => Some(copy(&theirs)?),
        known => known,
    };
    let mut mine = match &base {
        Some(base) => copy(base)?,
        None => copy(&theirs)?,
    };
    fill(&mut mine);
    let merged = merge(base.as_ref().map(value).transpose()?, value(&mine)?, &value(&theirs)?);
    let steps: Vec<&str> = entries
        .iter()
        .take_while(|entry| version_of(entry.after.as_ref()) > expected)
        .filter(|entry| matches!(entry.action.as_str(), "publish" | "schedule" | "withdraw" | "correct"))
        .map(deed_of)
        .collect();
    let (who, at) = entries
        .first()
        .map_or_else(|| (String::new(), record.updated_at()), |entry| (entry.actor.clone(), entry.at));
    let lang = desk.lang;
    let conflict = Conflict {
        who: self::who(lang, &who),
        when: when::short(lang, at, desk.zone()),
        expected,
        current: record.version(),
        taken: merged.taken.iter().map(|field| label(lang, field)).collect(),
        clashes: merged
            .clashes
            .iter()
            .map(|(field, theirs)| Clash {
                anchor: field.clone(),
                label: label(lang, field),
                theirs: show(theirs),
            })
            .collect(),
        step: steps.first().map_or_else(String::new, |action| action_name(lang, action)),
    };
    let fields = serde_json::from_value(merged.value).map_err(inside)?;
    Ok(Reconciled { fields, record, conflict, changed: merged.taken })
}

fn version_of(document: Option<&Value>) -> i64 {
    document.and_then(|d| d.get("version")).and_then(Value::as_i64).unwrap_or(0)
}

fn inside(error: serde_json::Error) -> crate::web::Error {
    crate::web::Error::Internal(error.into())
}

fn value<F: Fields>(fields: &F) -> Result<Value, crate::web::Error> {
    serde_json::to_value(fields).map_err(inside)
}

fn copy<F: Fields>(fields: &F) -> Result<F, crate::web::Error> {
    serde_json::from_value(value(fields)?).map_err(inside)
}

struct Merged {
    value: Value,
    taken: Vec<String>,
    clashes: Vec<(String, Value)>,
}

/// Field by field: what I left as it was is theirs, what they left as it was is mine. Without a base every
/// difference is one to decide.
fn merge(base: Option<Value>, mine: Value, theirs: &Value) -> Merged {
    let mut merged = Merged { value: mine, taken: Vec::new(), clashes: Vec::new() };
    let (Some(mine), Some(theirs)) = (merged.value.as_object_mut(), theirs.as_object()) else {
        return merged;
    };
    for (field, theirs) in theirs {
        let mine = mine.entry(field.clone()).or_insert(Value::Null);
        if *mine == *theirs {
            continue;
        }
        match base.as_ref().and_then(|base| base.get(field)) {
            Some(base) if base == theirs => {}
            Some(base) if *base == *mine => {
                mine.clone_from(theirs);
                merged.taken.push(field.clone());
            }
            _ => merged.clashes.push((field.clone(), theirs.clone())),
        }
    }
    merged
}

/// A field's value as text to read and copy.
fn show(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(items) => items.iter().map(show).collect::<Vec<_>>().join("\n"),
        Value::Object(entries) => entries
            .iter()
            .map(|(name, value)| format!("{name}: {}", show(value)))
            .collect::<Vec<_>>()
            .join("\n"),
        other => other.to_string(),
    }
}

/// The name of a field as the forms label it.
fn label(lang: Lang, field: &str) -> String {
    known_label(lang, field).unwrap_or_else(|| field.to_owned())
}

/// The same for what people edit or decide; `None` of what the program keeps for itself.
pub fn known_label(lang: Lang, field: &str) -> Option<String> {
    let key = match field {
        "headline" => "desk-field-headline",
        "sub_headlines" => "desk-field-sub-headlines",
        "dateline_place" => "desk-field-place",
        "dateline_date" => "desk-field-date",
        "body" => "desk-field-body",
        "boilerplate" => "desk-field-boilerplate",
        "topics" => "desk-field-topics",
        "contacts" => "desk-field-contacts",
        "assets" => "desk-field-photos",
        "related" => "desk-field-related",
        "translation_of" => "desk-field-translation-of",
        "language" => "desk-field-language",
        "slug" => "desk-field-slug",
        "aliases" => "desk-field-aliases",
        "publish_at" => "desk-field-publish-at",
        "embargo_until" => "desk-field-embargo-until",
        "state" => "desk-field-state",
        "title" => "desk-field-title",
        "caption" => "desk-field-caption",
        "alt_text" => "desk-field-alt-text",
        "credit" => "desk-field-credit",
        "copyright_notice" => "desk-field-copyright",
        "usage_terms" => "desk-field-usage-terms",
        "rights_url" => "desk-field-rights-url",
        "digital_source_type" => "desk-field-source-type",
        "data_mining" => "desk-field-data-mining",
        "creator" => "desk-field-creator",
        "persons" => "desk-field-persons",
        "keywords" => "desk-field-keywords",
        "date_created" => "desk-field-date-created",
        "location" => "desk-field-location",
        "focal_point" => "desk-field-focal-point",
        "crops" => "desk-field-crops",
        "rights_until" => "desk-field-rights-until",
        "kind" => "desk-field-kind",
        "name" => "desk-field-name",
        "role" => "desk-field-role",
        "organisation" => "desk-field-organisation",
        "phones" => "desk-field-phones",
        "email" => "desk-field-email",
        "languages" => "desk-field-languages",
        "portrait" => "desk-field-portrait",
        "roster" => "desk-field-hours",
        "order" => "desk-field-order",
        "description" => "desk-field-description",
        "starts_at" => "desk-field-starts-at",
        "ends_at" => "desk-field-ends-at",
        "venue" => "desk-field-venue",
        "address" => "desk-field-address",
        "website" | "url" => "desk-field-website",
        "status" => "desk-field-status",
        "releases" => "desk-field-releases",
        "corrections" => "desk-field-corrections",
        "withdrawn_reason" => "desk-field-reason",
        "published_at" => "desk-field-published-at",
        "replacement" => "desk-fact-new-file",
        "earlier" => "desk-fact-earlier-files",
        _ => return None,
    };
    Some(lang.t(key))
}

/// What was done. One verb of the log can be two deeds: publishing under an embargo shows nothing to anybody, and
/// what was only planned is called off rather than withdrawn.
pub fn deed_of(entry: &Entry) -> &str {
    let state = entry.after.as_ref().and_then(|after| after.get("state")).and_then(Value::as_str);
    match (entry.action.as_str(), state) {
        ("publish", Some("embargoed")) => "embargo",
        ("withdraw", Some("draft")) => "recall",
        (action, _) => action,
    }
}

/// Whose deed it was: an account's address, a token, or in words what works here without anybody.
pub fn who(lang: Lang, actor: &str) -> String {
    match actor.strip_prefix("system:") {
        Some("import") => lang.t("desk-who-import"),
        Some(_) => lang.t("desk-who-system"),
        None => actor.to_owned(),
    }
}

/// A deed of the audit log in words.
pub fn action_name(lang: Lang, action: &str) -> String {
    let key = match action {
        "create" => "desk-action-create",
        "edit" => "desk-action-edit",
        "publish" => "desk-action-publish",
        "embargo" => "desk-action-embargo",
        "schedule" => "desk-action-schedule",
        "recall" => "desk-action-recall",
        "import" => "desk-action-import",
        "withdraw" => "desk-action-withdraw",
        "correct" => "desk-action-correct",
        "delete" => "desk-action-delete",
        "submit" => "desk-action-submit",
        "approve" => "desk-action-approve",
        "return" => "desk-action-return",
        "replace" => "desk-action-replace",
        "preview-link" => "desk-action-preview-link",
        "preview-link-revoked" => "desk-action-preview-link-revoked",
        other => return other.to_owned(),
    };
    lang.t(key)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_one_side_touched_is_put_together() {
        let base = json!({"headline": "A", "body": "one", "place": "Berlin"});
        let mine = json!({"headline": "B", "body": "one", "place": "Bonn"});
        let theirs = json!({"headline": "A", "body": "two", "place": "Köln"});
        let merged = merge(Some(base), mine, &theirs);
        assert_eq!(merged.value, json!({"headline": "B", "body": "two", "place": "Bonn"}));
        assert_eq!(merged.taken, ["body"]);
        assert_eq!(merged.clashes, [("place".to_owned(), json!("Köln"))]);
    }

    #[test]
    fn without_a_base_every_difference_is_to_decide() {
        let merged = merge(None, json!({"a": 1, "b": 2}), &json!({"a": 1, "b": 3}));
        assert!(merged.taken.is_empty());
        assert_eq!(merged.clashes, [("b".to_owned(), json!(3))]);
        assert_eq!(merged.value, json!({"a": 1, "b": 2}));
    }
}

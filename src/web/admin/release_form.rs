//! The fields of a release as a form: what was typed into the fields, and the fields into inputs.

use super::contacts::{contacts, topics};
use super::desk::{Desk, DeskResult};
use super::events::releases;
use super::field::{Choice, Field, Make, languages};
use super::form::{Mistakes, Values};
use super::picker::{self, Picker};
use crate::domain::release::Release;
use crate::domain::{FieldError, Id};
use crate::newsroom::fields::ReleaseFields;
use crate::store;
use crate::store::list::{self, ReleaseFilter};

/// A headline that is longer than this is cut off in search results and mail subjects.
const GOOD_HEADLINE_CHARS: u32 = 90;

/// Puts what was typed into the fields; what the form does not show stays.
pub fn fill(desk: &Desk, values: &Values, fields: &mut ReleaseFields) -> Vec<FieldError> {
    let mut errors = Vec::new();
    fields.language = values.line("language");
    fields.headline = values.line("headline");
    fields.sub_headlines = values.lines("sub_headlines");
    fields.dateline_place = values.line("dateline_place");
    let date = values.line("dateline_date");
    match date.parse() {
        _ if date.is_empty() => fields.dateline_date = None,
        Ok(date) => fields.dateline_date = Some(date),
        Err(_) => {
            errors.push(FieldError::new("dateline_date", "invalid_date", format!("`{date}` is not a date")));
        }
    }
    fields.body = values.text("body");
    let choice = values.line("boilerplate");
    fields.boilerplate = match choice.as_str() {
        "own" => values.text("boilerplate-own"),
        "" => String::new(),
        key => key.strip_prefix("key:").unwrap_or_default().to_owned(),
    };
    // An own text that happens to be a key would be read as one.
    if choice == "own" && desk.newsroom.boilerplate(fields.boilerplate.trim(), "").is_some() {
        fields.boilerplate.push('\n');
    }
    fields.topics = values.all("topics").map(str::to_owned).collect();
    fields.contacts = ordered_contacts(&fields.contacts, values.ids("contacts"));
    fields.assets = picker::read(values, "assets");
    fields.related = values.ids("related");
    fields.translation_of = values.line("translation_of").parse().ok();
    if values.has("slug") {
        fields.slug = Some(values.line("slug")).filter(|slug| !slug.is_empty());
    }
    if values.has("aliases") {
        fields.aliases = values.list("aliases");
    }
    errors
}

/// Check boxes lose the order of the contacts; who was there already keeps their place.
fn ordered_contacts(old: &[Id], chosen: Vec<Id>) -> Vec<Id> {
    let mut contacts: Vec<Id> = old.iter().copied().filter(|id| chosen.contains(id)).collect();
    contacts.extend(chosen.into_iter().filter(|id| !old.contains(id)));
    contacts
}

/// The inputs of the page, rendered, by the place where they stand.
pub struct Inputs {
    pub text: Vec<String>,
    pub photos: String,
    pub side: Vec<String>,
    pub more: Vec<String>,
}

impl Inputs {
    /// `id` is none while the release is not stored.
    pub async fn new(
        desk: &Desk,
        id: Option<Id>,
        fields: &ReleaseFields,
        mistakes: &Mistakes,
        query: &str,
    ) -> DeskResult<Self> {
        let upload_url =
            id.map_or_else(|| "/admin/photos".to_owned(), |id| format!("/admin/photos?release={id}"));
        let sheet_url = match id {
            Some(id) if !fields.assets.is_empty() => format!("/admin/releases/{id}/photos"),
            _ => String::new(),
        };
        let picker = Picker::new(desk, "assets", &fields.assets, query, upload_url, sheet_url).await?;
        Ok(Self {
            text: texts(desk, fields, mistakes).iter().map(Field::html).collect(),
            photos: picker.html(),
            side: side(desk, fields, mistakes).await?.iter().map(Field::html).collect(),
            more: more(desk, id, fields, mistakes).await?.iter().map(Field::html).collect(),
        })
    }
}

fn texts(desk: &Desk, fields: &ReleaseFields, mistakes: &Mistakes) -> Vec<Field> {
    let make = Make::new(desk, mistakes);
    let lang = desk.lang;
    let language = fields.language.as_str();
    let subs = fields.sub_headlines.join("\n");
    let mut all = vec![
        make.line("headline", "desk-field-headline", &fields.headline)
            .required()
            .counted(GOOD_HEADLINE_CHARS)
            .prose()
            .in_language(language),
        make.area("sub_headlines", "desk-field-sub-headlines", subs, 3)
            .hint(lang.t("desk-hint-sub-headlines"))
            .in_language(language),
        make.line("dateline_place", "desk-field-place", &fields.dateline_place).short().in_language(language),
        make.input(
            "dateline_date",
            "desk-field-date",
            "date",
            fields.dateline_date.map_or_else(String::new, |date| date.to_string()),
        )
        .short(),
        make.area("body", "desk-field-body", &fields.body, 22)
            .prose()
            .visual()
            .hint(lang.t("desk-hint-body"))
            .in_language(language),
    ];
    all.extend(boilerplate(desk, fields, &make));
    all
}

fn boilerplate(desk: &Desk, fields: &ReleaseFields, make: &Make<'_>) -> [Field; 2] {
    let lang = desk.lang;
    let current = fields.boilerplate.as_str();
    let is_key = desk.newsroom.boilerplates.iter().any(|b| b.key == current);
    let is_own = !current.is_empty() && !is_key;
    let mut choices = vec![Choice::new("", lang.t("desk-boilerplate-none"), current.is_empty())];
    let mut seen = Vec::new();
    for b in &desk.newsroom.boilerplates {
        if !seen.contains(&b.key.as_str()) {
            seen.push(&b.key);
            let title = desk.newsroom.boilerplate(&b.key, &fields.language).map_or("", |b| b.title.as_str());
            let label = if title.is_empty() { b.key.as_str() } else { title };
            choices.push(Choice::new(format!("key:{}", b.key), label, b.key == current));
        }
    }
    choices.push(Choice::new("own", lang.t("desk-boilerplate-own"), is_own));
    let own = if is_own { current } else { "" };
    [
        make.select("boilerplate", "desk-field-boilerplate", choices),
        make.area("boilerplate-own", "desk-field-boilerplate-own", own, 4)
            .visual()
            .in_language(&fields.language),
    ]
}

async fn side(desk: &Desk, fields: &ReleaseFields, mistakes: &Mistakes) -> DeskResult<Vec<Field>> {
    let make = Make::new(desk, mistakes);
    Ok(vec![
        make.select("language", "desk-field-language", languages(desk, &fields.language)),
        make.checks("topics", "desk-field-topics", topics(desk, &fields.topics).await?),
        make.checks("contacts", "desk-field-contacts", contacts(desk, &fields.contacts).await?),
    ])
}

async fn more(
    desk: &Desk,
    id: Option<Id>,
    fields: &ReleaseFields,
    mistakes: &Mistakes,
) -> DeskResult<Vec<Field>> {
    let make = Make::new(desk, mistakes);
    let lang = desk.lang;
    let mut all = vec![
        make.select("translation_of", "desk-field-translation-of", originals(desk, id, fields).await?),
        make.checks("related", "desk-field-related", {
            let mut choices = releases(desk, &fields.related).await?;
            choices.retain(|choice| id.is_none_or(|id| choice.value != id.to_string()));
            choices
        }),
    ];
    if id.is_some() {
        let slug = fields.slug.clone().unwrap_or_default();
        all.push(make.line("slug", "desk-field-slug", slug).hint(lang.t("desk-hint-slug")));
        all.push(
            make.area("aliases", "desk-field-aliases", fields.aliases.join("\n"), 2)
                .hint(lang.t("desk-hint-aliases")),
        );
    }
    Ok(all)
}

/// The releases this one may translate: the newest in other languages, and the one that is chosen.
async fn originals(desk: &Desk, id: Option<Id>, fields: &ReleaseFields) -> DeskResult<Vec<Choice>> {
    const OFFERED: usize = 40;
    let db = &desk.ctx().db;
    let mut choices =
        vec![Choice::new("", desk.lang.t("desk-translation-none"), fields.translation_of.is_none())];
    let label = |release: &Release| format!("{} ({})", release.headline, release.language);
    if let Some(chosen) = fields.translation_of
        && let Some(release) = store::record::find::<Release>(db, chosen).await?
    {
        choices.push(Choice::new(chosen.to_string(), label(&release), true));
    }
    let newest = list::releases(db, &ReleaseFilter::default(), OFFERED, 0).await?;
    choices.extend(
        newest
            .iter()
            .filter(|r| Some(r.id) != id && Some(r.id) != fields.translation_of)
            .filter(|r| r.language != fields.language && r.translation_of.is_none())
            .map(|r| Choice::new(r.id.to_string(), label(r), false)),
    );
    Ok(choices)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contacts_keep_their_order() {
        let id = |n: u8| format!("01900000-0000-7000-8000-0000000000{n:02}").parse::<Id>().unwrap();
        let old = [id(3), id(1)];
        assert_eq!(ordered_contacts(&old, vec![id(1), id(2), id(3)]), [id(3), id(1), id(2)]);
        assert_eq!(ordered_contacts(&old, vec![id(1)]), [id(1)]);
    }
}

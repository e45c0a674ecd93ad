//! Contacts.

use super::desk::{Desk, DeskResult, Section};
use super::field::{Choice, Kind, Make};
use super::form::{Mistakes, Values};
use super::picker::{Picker, Thumb};
use super::record::{Family, Row, html};
use crate::domain::asset::Asset;
use crate::domain::contact::{Contact, Phone};
use crate::domain::topic::Topic;
use crate::domain::{FieldError, Id};
use crate::newsroom::fields::ContactFields;
use crate::store::list::{self, ListFilter, Order};
use crate::store::{self};

pub struct Contacts;

impl Family for Contacts {
    type Fields = ContactFields;
    const FOLDER: &'static str = "contacts";
    const SECTION: Section = Section::Contacts;
    const LIST: &'static str = "desk-contacts-title";
    const NEW: &'static str = "desk-contacts-new";
    const NONE: &'static str = "desk-contacts-none";
    const ORDER: Order = Order::Rising;

    fn title(_desk: &Desk, fields: &ContactFields) -> String {
        fields.name.clone()
    }

    fn row(desk: &Desk, contact: &Contact) -> Row {
        let mut facts = vec![desk.pick(&contact.role).to_owned()];
        facts.extend(contact.phones.first().map(|phone| phone.number.clone()));
        facts.push(contact.email.clone());
        facts.retain(|fact| !fact.is_empty());
        Row {
            id: contact.id,
            title: contact.name.clone(),
            facts: facts.join(" · "),
            thumb: None,
            badge: String::new(),
        }
    }

    fn fill(desk: &Desk, values: &Values, fields: &mut ContactFields) -> Vec<FieldError> {
        fields.name = values.line("name");
        fields.role = values.localized("role", &desk.newsroom.languages, &fields.role);
        fields.organisation = values.line("organisation");
        fields.phones = phones(values);
        fields.email = values.line("email");
        fields.languages = values.all("languages").map(str::to_owned).collect();
        fields.topics = values.all("topics").map(str::to_owned).collect();
        fields.order = values.line("order").parse().unwrap_or(0);
        fields.portrait = super::picker::read(values, "portrait").last().copied();
        if let Some(slug) = Some(values.line("slug")).filter(|slug| !slug.is_empty()) {
            fields.slug = Some(slug);
        }
        let (roster, errors) = super::roster::read(values);
        fields.roster = roster;
        errors
    }

    async fn inputs(
        desk: &Desk,
        fields: &ContactFields,
        mistakes: &Mistakes,
        query: &str,
    ) -> DeskResult<Vec<String>> {
        let make = Make::new(desk, mistakes);
        let lang = desk.lang;
        let mut parts = vec![make.line("name", "desk-field-name", &fields.name).required().short()];
        parts.push(make.line("organisation", "desk-field-organisation", &fields.organisation).short());
        parts.extend(
            make.localized(desk, "role", "desk-field-role", &fields.role, 0).into_iter().map(|f| f.short()),
        );
        parts.push(make.input("email", "desk-field-email", "email", &fields.email).short());
        parts.push(make.input("order", "desk-field-order", "number", fields.order.to_string()).short());
        let mut numbers = fields.phones.clone();
        numbers.push(Phone { kind: "work".to_owned(), number: String::new() });
        numbers.push(Phone { kind: "mobile".to_owned(), number: String::new() });
        parts.push(make.field("phones", lang.t("desk-field-phones"), String::new(), Kind::Phones(numbers)));
        let mut spoken = super::field::languages(desk, "");
        for choice in &mut spoken {
            choice.is_chosen = fields.languages.contains(&choice.value);
        }
        for tag in fields.languages.iter().filter(|tag| !desk.newsroom.speaks(tag)) {
            spoken.push(Choice::new(tag, crate::i18n::endonym(tag), true));
        }
        parts.push(make.checks("languages", "desk-field-languages", spoken).short());
        parts.push(make.checks("topics", "desk-field-topics", topics(desk, &fields.topics).await?).short());
        let own = fields.slug.as_deref().unwrap_or_default();
        parts.extend(super::roster::fields(desk, &make, &fields.roster, own).await?);
        if let Some(slug) = fields.slug.as_ref().filter(|slug| !slug.is_empty()) {
            parts.push(make.line("slug", "desk-field-slug", slug).hint(lang.t("desk-hint-slug")).short());
        }
        let chosen: Vec<Id> = fields.portrait.into_iter().collect();
        let portrait =
            Picker::new(desk, "portrait", &chosen, query, "/admin/photos".to_owned(), String::new()).await?;
        let mut all = html(&parts);
        all.push(portrait.single(lang.t("desk-field-portrait")).html());
        Ok(all)
    }

    async fn thumbs(desk: &Desk, contacts: &[Contact]) -> DeskResult<Vec<Option<Thumb>>> {
        let ids: Vec<Id> = contacts.iter().filter_map(|contact| contact.portrait).collect();
        let assets: Vec<Asset> = store::record::find_all(&desk.ctx().db, &ids).await?;
        let of = |id: Id| assets.iter().find(|asset| asset.id == id);
        Ok(contacts.iter().map(|contact| contact.portrait.and_then(of).and_then(Thumb::of)).collect())
    }
}

fn phones(values: &Values) -> Vec<Phone> {
    values
        .all("phone-type")
        .zip(values.all("phone-number"))
        .filter(|(_, number)| !number.trim().is_empty())
        .map(|(kind, number)| Phone { kind: kind.trim().to_owned(), number: number.trim().to_owned() })
        .collect()
}

/// All topics as check boxes.
pub async fn topics(desk: &Desk, chosen: &[String]) -> DeskResult<Vec<Choice>> {
    let all: Vec<Topic> = list::list(&desk.ctx().db, &ListFilter::all(Order::Rising), 200, 0).await?;
    Ok(all
        .iter()
        .map(|topic| Choice::new(&topic.slug, desk.pick(&topic.name), chosen.contains(&topic.slug)))
        .collect())
}

/// All contacts as check boxes.
pub async fn contacts(desk: &Desk, chosen: &[Id]) -> DeskResult<Vec<Choice>> {
    let all: Vec<Contact> = list::list(&desk.ctx().db, &ListFilter::all(Order::Rising), 200, 0).await?;
    Ok(all
        .iter()
        .map(|contact| {
            let role = desk.pick(&contact.role);
            let label =
                if role.is_empty() { contact.name.clone() } else { format!("{}, {role}", contact.name) };
            Choice::new(contact.id.to_string(), label, chosen.contains(&contact.id))
        })
        .collect())
}

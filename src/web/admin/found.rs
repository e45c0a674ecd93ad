//! People whom a document names as contacts: who is known is chosen, who is not is proposed.

use super::desk::{Desk, DeskResult};
use super::form::Values;
use crate::domain::account::Role;
use crate::domain::contact::{Contact, Phone};
use crate::domain::{Id, Localized};
use crate::i18n::Lang;
use crate::manuscript::FoundContact;
use crate::newsroom;
use crate::newsroom::content;
use crate::newsroom::fields::{ContactFields, Fields as _};
use crate::store::list::{self, ListFilter, Order};

/// Contacts that are compared with what a document names.
const COMPARED: usize = 1_000;
/// Proposals that a form carries.
const MAX_PROPOSALS: usize = 20;
/// The last digits of a number, which are the same in all ways to write it.
const SAME_DIGITS: usize = 7;

/// Proposed contacts as check boxes, with what would be stored of them.
#[derive(askama::Template)]
#[template(path = "admin/found.html")]
struct Proposals {
    lang: Lang,
    lines: Vec<Line>,
    may_create: bool,
}

struct Line {
    number: usize,
    label: String,
    is_chosen: bool,
    parts: [(&'static str, String); 6],
}

/// The proposals of a form, rendered; nothing when there are none.
pub fn html(desk: &Desk, found: &[FoundContact], chosen: &[usize]) -> String {
    let lines = found.iter().take(MAX_PROPOSALS).enumerate().map(|(number, one)| {
        let parts = [
            ("name", one.name.clone()),
            ("function", one.function.clone()),
            ("organisation", one.organisation.clone()),
            ("phone", one.phone.clone()),
            ("mobile", one.mobile.clone()),
            ("email", one.email.clone()),
        ];
        let words: Vec<&str> =
            parts.iter().map(|(_, text)| text.as_str()).filter(|text| !text.is_empty()).collect();
        Line { number, label: words.join(" · "), is_chosen: chosen.contains(&number), parts }
    });
    let proposals = Proposals { lang: desk.lang, lines: lines.collect(), may_create: desk.is(Role::Editor) };
    if proposals.lines.is_empty() {
        String::new()
    } else {
        askama::Template::render(&proposals).unwrap_or_default()
    }
}

/// The proposals that a form carries along, and which of them are ticked.
pub fn typed(values: &Values) -> (Vec<FoundContact>, Vec<usize>) {
    let mut found = Vec::new();
    let mut chosen = Vec::new();
    let ticked: Vec<&str> = values.all("found").collect();
    for number in 0..MAX_PROPOSALS {
        let part = |name: &str| values.line(&format!("found-{number}-{name}"));
        if !values.has(&format!("found-{number}-name")) {
            break;
        }
        if ticked.contains(&number.to_string().as_str()) {
            chosen.push(found.len());
        }
        found.push(FoundContact {
            name: part("name"),
            function: part("function"),
            organisation: part("organisation"),
            phone: part("phone"),
            mobile: part("mobile"),
            email: part("email"),
        });
    }
    (found, chosen)
}

/// Those of the newsroom's contacts that are meant, and who is left.
pub async fn known(desk: &Desk, found: Vec<FoundContact>) -> DeskResult<(Vec<Id>, Vec<FoundContact>)> {
    if found.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let contacts: Vec<Contact> =
        list::list(&desk.ctx().db, &ListFilter::all(Order::Rising), COMPARED, 0).await?;
    let mut ids = Vec::new();
    let mut unknown = Vec::new();
    for one in found.into_iter().take(MAX_PROPOSALS) {
        match contacts.iter().find(|contact| is_same(contact, &one)) {
            Some(contact) if !ids.contains(&contact.id) => ids.push(contact.id),
            Some(_) => {}
            None => unknown.push(one),
        }
    }
    Ok((ids, unknown))
}

fn is_same(contact: &Contact, found: &FoundContact) -> bool {
    let (known, name) = (bare_name(&contact.name), bare_name(&found.name));
    let has_mail = !found.email.is_empty() && contact.email.eq_ignore_ascii_case(&found.email);
    if has_mail || known == name {
        return true;
    }
    // A number may be that of a whole office: the family name must agree too.
    let number = |text: &str| {
        let digits: Vec<char> = text.replace("(0)", "").chars().filter(char::is_ascii_digit).collect();
        digits.len().checked_sub(SAME_DIGITS).map(|start| digits[start..].to_vec())
    };
    let numbers = [number(&found.phone), number(&found.mobile)];
    let has_number = contact
        .phones
        .iter()
        .filter_map(|phone| number(&phone.number))
        .any(|known| numbers.iter().flatten().any(|number| *number == known));
    has_number && known.split(' ').next_back() == name.split(' ').next_back()
}

/// Without titles, which not everybody writes.
fn bare_name(name: &str) -> String {
    let is_title = |word: &str| word.ends_with('.') || matches!(word, "Dr" | "Prof" | "Herr" | "Frau");
    let words: Vec<String> =
        name.split_whitespace().filter(|word| !is_title(word)).map(str::to_lowercase).collect();
    words.join(" ")
}

/// Makes contacts of the ticked proposals, unless they have come to exist since, and returns all that are meant.
pub async fn take(desk: &Desk, values: &Values, language: &str) -> DeskResult<Vec<Id>> {
    let (found, chosen) = typed(values);
    let wanted: Vec<FoundContact> =
        found.into_iter().enumerate().filter(|(at, _)| chosen.contains(at)).map(|(_, one)| one).collect();
    if wanted.is_empty() {
        return Ok(Vec::new());
    }
    let (mut ids, unknown) = known(desk, wanted).await?;
    for one in unknown {
        ids.push(create(desk, one, language).await?);
    }
    Ok(ids)
}

async fn create(desk: &Desk, found: FoundContact, language: &str) -> newsroom::Result<Id> {
    let newsroom = &desk.newsroom;
    let role = if found.function.is_empty() {
        Localized::default()
    } else if language.is_empty() || language == newsroom.default_language {
        Localized::from(found.function.as_str())
    } else {
        Localized::Many([(language.to_owned(), found.function)].into())
    };
    let phone = |kind: &str, number: String| Phone { kind: kind.to_owned(), number };
    let mut phones = vec![phone("work", found.phone), phone("mobile", found.mobile)];
    phones.retain(|phone| !phone.number.is_empty());
    let fields = ContactFields {
        name: found.name,
        role,
        organisation: found.organisation,
        phones,
        email: found.email,
        ..ContactFields::default()
    };
    let (contact, slug) = fields.create(desk.ctx().new_id(), desk.setting())?;
    Ok(content::create(desk.ctx(), &desk.actor, contact, slug.as_deref()).await?.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contact(name: &str, number: &str, email: &str) -> Contact {
        let now = "2026-11-24T12:00:00Z".parse().unwrap();
        let phones = vec![Phone { kind: "work".to_owned(), number: number.to_owned() }];
        let fields =
            ContactFields { name: name.into(), phones, email: email.into(), ..ContactFields::default() };
        let setting = crate::newsroom::fields::Setting { time_zone: "UTC", default_language: "de", now };
        fields.create("01900000-0000-7000-8000-000000000001".parse().unwrap(), setting).unwrap().0
    }

    #[test]
    fn somebody_known_is_recognised() {
        let ada = contact("Dr. Ada Muster", "+49 (0)30 27576-112", "a.muster@messe.example");
        let found = |name: &str, phone: &str, email: &str| FoundContact {
            name: name.into(),
            phone: phone.into(),
            email: email.into(),
            ..FoundContact::default()
        };
        assert!(is_same(&ada, &found("Ada Muster", "", "")));
        assert!(is_same(&ada, &found("A. M.", "", "A.Muster@messe.example")));
        assert!(is_same(&ada, &found("A. Muster", "030 / 27 57 61 12", "")));
        assert!(!is_same(&ada, &found("Bo Beispiel", "030 / 27 57 61 12", "bo@messe.example")));
    }
}

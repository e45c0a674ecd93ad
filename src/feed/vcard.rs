//! A press contact as an address card: vCard 4.0 (RFC 6350).

use super::content_line::{list, push, raw, text};
use crate::domain::contact::{Contact, Phone};

pub const MEDIA_TYPE: &str = "text/vcard; charset=utf-8";

/// Absolute addresses a card may point to; empty ones are left out.
#[derive(Debug, Clone, Copy, Default)]
pub struct Links<'a> {
    /// The contact's page.
    pub page_url: &'a str,
    /// A portrait: an address, or the picture itself as a `data:` URI.
    pub photo_url: &'a str,
}

/// The few lines that fit a code to be photographed: version 3.0, which every telephone reads.
pub fn brief(contact: &Contact, language: &str, fallback: &str, page_url: &str) -> String {
    let mut card = "BEGIN:VCARD\r\nVERSION:3.0\r\n".to_owned();
    let name = contact.name.trim();
    let mut line = |name: &str, value: String| card.push_str(&format!("{name}:{value}\r\n"));
    line("N", structured_name(name));
    line("FN", text(name));
    if !contact.organisation.is_empty() {
        line("ORG", text(&contact.organisation));
    }
    let role = contact.role.get(language, fallback);
    if !role.is_empty() {
        line("TITLE", text(role));
    }
    for phone in contact.telephones().take(2) {
        let kind = if phone.kind == "mobile" { "TEL;TYPE=CELL" } else { "TEL;TYPE=WORK" };
        let number = phone.dialable();
        line(kind, if number.starts_with('+') { number } else { text(&phone.number) });
    }
    if !contact.email.is_empty() {
        line("EMAIL", text(&contact.email));
    }
    line("URL", raw(page_url));
    card + "END:VCARD\r\n"
}

/// Several cards may follow each other in one file. Texts in several languages are taken in `language`,
/// else in `fallback`.
pub fn contact(contact: &Contact, language: &str, fallback: &str, links: &Links<'_>) -> String {
    let mut card = String::new();
    let out = &mut card;
    push(out, "BEGIN", "VCARD");
    push(out, "VERSION", "4.0");
    push(out, "PRODID", "-//pressroom//EN");
    push(out, "UID", &format!("urn:uuid:{}", contact.id));
    push(out, "FN", &text(contact.name.trim()));
    push(out, "N", &structured_name(contact.name.trim()));
    if !contact.organisation.is_empty() {
        push(out, "ORG", &text(&contact.organisation));
    }
    let role = contact.role.get(language, fallback);
    if !role.is_empty() {
        push(out, "TITLE", &text(role));
    }
    for phone in &contact.phones {
        push_phone(out, phone);
    }
    if !contact.email.is_empty() {
        push(out, "EMAIL;TYPE=work", &text(&contact.email));
    }
    for (i, tag) in contact.languages.iter().enumerate() {
        push(out, &format!("LANG;PREF={}", (i + 1).min(100)), &raw(tag));
    }
    if !contact.topics.is_empty() {
        push(out, "CATEGORIES", &list(contact.topics.iter().map(String::as_str)));
    }
    for (name, url) in [("URL", links.page_url), ("PHOTO", links.photo_url)] {
        if !url.is_empty() {
            push(out, name, &raw(url));
        }
    }
    push(out, "REV", &contact.updated_at.strftime("%Y%m%dT%H%M%SZ").to_string());
    push(out, "END", "VCARD");
    card
}

/// A number that can be dialled from anywhere is a `tel:` URI (RFC 3966); a local one would need a context
/// and stays text.
fn push_phone(out: &mut String, phone: &Phone) {
    let kind = match phone.kind.as_str() {
        "mobile" | "cell" => "work,voice,cell",
        "fax" => "work,fax",
        _ => "work,voice",
    };
    let number = phone.dialable();
    if number.starts_with('+') {
        push(out, &format!("TEL;VALUE=uri;TYPE=\"{kind}\""), &format!("tel:{number}"));
    } else {
        push(out, &format!("TEL;TYPE=\"{kind}\""), &text(&phone.number));
    }
}

/// Family, given, additional names, prefixes, suffixes. Titles lead, small words belong to the family name.
fn structured_name(name: &str) -> String {
    let mut words: Vec<&str> = name.split_whitespace().collect();
    let titles = words.iter().take_while(|word| word.ends_with('.') && word.chars().count() > 2).count();
    let titles: Vec<&str> = words.drain(..titles.min(words.len().saturating_sub(1))).collect();
    let small = ["von", "vom", "van", "zu", "zum", "de", "der", "den", "del", "di", "da", "la", "le"];
    let family_at = words
        .iter()
        .skip(1)
        .position(|word| small.contains(&word.to_lowercase().as_str()))
        .map_or(words.len().saturating_sub(1), |at| at + 1);
    let given = words.iter().take(family_at).copied().collect::<Vec<_>>().join(" ");
    let family = words.iter().skip(family_at).copied().collect::<Vec<_>>().join(" ");
    format!("{};{};;{};", text(&family), text(&given), text(&titles.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Localized;

    fn sample() -> Contact {
        let at = "2026-11-24T12:00:00Z".parse().unwrap();
        Contact {
            id: "019a4f00-0000-7000-8000-000000000001".parse().unwrap(),
            slug: "ada".to_owned(),
            version: 1,
            name: "Dr. Ada von der Mühle".to_owned(),
            role: Localized::from("Pressesprecherin; Energie, Wärme"),
            organisation: "Messe Föhrwald GmbH".to_owned(),
            phones: vec![
                Phone { kind: "work".to_owned(), number: "+49 (0) 30 23125-401".to_owned() },
                Phone { kind: "mobile".to_owned(), number: "0170 1234".to_owned() },
            ],
            email: "ada@foehrwald.example".to_owned(),
            languages: vec!["de".to_owned(), "en".to_owned()],
            topics: vec!["energie".to_owned()],
            portrait: None,
            order: 1,
            roster: Default::default(),
            created_at: at,
            updated_at: at,
        }
    }

    #[test]
    fn a_card_says_who_and_how_to_reach_them() {
        let links = Links {
            page_url: "https://p.example/contacts/ada",
            photo_url: "https://p.example/photos/ada/small.jpg",
        };
        let card = contact(&sample(), "de", "en", &links);
        let unfolded = card.replace("\r\n ", "");
        let lines: Vec<&str> = unfolded.trim_end().split("\r\n").collect();
        assert_eq!(lines.first(), Some(&"BEGIN:VCARD"));
        assert_eq!(lines.get(1), Some(&"VERSION:4.0"));
        assert_eq!(lines.last(), Some(&"END:VCARD"));
        for line in [
            "FN:Dr. Ada von der Mühle",
            "N:von der Mühle;Ada;;Dr.;",
            "ORG:Messe Föhrwald GmbH",
            "TITLE:Pressesprecherin\\; Energie\\, Wärme",
            "TEL;VALUE=uri;TYPE=\"work,voice\":tel:+493023125401",
            "TEL;TYPE=\"work,voice,cell\":0170 1234",
            "EMAIL;TYPE=work:ada@foehrwald.example",
            "LANG;PREF=1:de",
            "URL:https://p.example/contacts/ada",
            "PHOTO:https://p.example/photos/ada/small.jpg",
            "REV:20261124T120000Z",
        ] {
            assert!(lines.contains(&line), "{line} in {lines:#?}");
        }
    }

    #[test]
    fn names_come_apart_as_people_expect() {
        assert_eq!(structured_name("Prof. Dr. Kim Beispiel"), "Beispiel;Kim;;Prof. Dr.;");
        assert_eq!(structured_name("Pressestelle"), "Pressestelle;;;;");
        assert_eq!(structured_name("J. R. Muster"), "Muster;J. R.;;;");
        assert_eq!(structured_name("Li Wei de Souza"), "de Souza;Li Wei;;;");
    }
}

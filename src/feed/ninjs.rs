//! A release as ninjs 3.1, the JSON form of the IPTC for news.

use serde_json::{Value, json};

use super::absolute;
use super::json_object::Object;
use super::page::tag_uri;
use super::public::{PublicAsset, PublicContact, PublicRelease};
use crate::domain::asset::AssetKind;
use crate::domain::release::ReleaseState;
use crate::domain::{Kind, Timestamp};
use crate::text::{excerpt, markdown, plain, quote};

pub const MEDIA_TYPE: &str = "application/json; charset=utf-8";

/// The length of the summary, in characters.
const SUMMARY_CHARS: usize = 300;

/// The news object as of `now`, with its pictures as associations. `base` is the public URL of the site.
pub fn release(data: &PublicRelease<'_>, base: &str, now: Timestamp) -> Value {
    let r = data.release;
    let newsroom = data.newsroom;
    let url = absolute(base, &data.path);
    let (language, fallback) = (r.language.as_str(), newsroom.default_language.as_str());
    let state = r.state_at(now);
    let mut out = Object::default();
    // The address is what a reader can follow; the tag stays the same when the slug changes.
    out.set("uri", url.as_str());
    out.set(
        "altIds",
        vec![json!({ "role": "tag", "value": tag_uri(base, Kind::Release, r.id, r.created_at) })],
    );
    out.set("type", "text");
    out.set("representationType", "full");
    out.set("version", r.version.to_string());
    out.set("firstCreated", r.created_at.to_string());
    out.set("versionCreated", r.updated_at.to_string());
    if let Some(at) = r.published_at {
        out.set("contentCreated", at.to_string());
    }
    if let Some(until) = r.embargo_until.as_ref().filter(|until| until.utc > now) {
        out.set("embargoedUntil", until.utc.to_string());
    }
    let status = match state {
        ReleaseState::Published => "usable",
        ReleaseState::Withdrawn => "canceled",
        _ => "withheld",
    };
    out.set("pubStatus", status);
    out.set("language", language);
    out.set("title", r.headline.as_str());
    out.set("slugline", r.slug.as_str());
    out.set("located", r.dateline_place.as_str());
    out.set("copyrightHolder", newsroom.organisation.as_str());
    out.set("usageTerms", newsroom.default_usage_terms.get(language, fallback));
    out.set("edNote", editors_note(data));

    let mut headlines = vec![json!({ "role": "main", "value": r.headline })];
    headlines.extend(r.sub_headlines.iter().map(|sub| json!({ "role": "sub", "value": sub })));
    out.set("headlines", headlines);
    let summary = excerpt::excerpt(data.body, SUMMARY_CHARS);
    if !summary.is_empty() {
        out.set(
            "descriptions",
            vec![json!({ "role": "summary", "contentType": "text/plain", "value": summary })],
        );
    }
    let mut bodies = bodies("main", data.body, base);
    bodies.extend(self::bodies("boilerplate", data.boilerplate, base));
    out.set("bodies", bodies);

    let mut people: Vec<Value> = Vec::new();
    for quote in quote::quotes(data.body) {
        let person = json!({ "name": quote.name(), "rel": "quoted" });
        if !people.contains(&person) {
            people.push(person);
        }
    }
    out.set("people", people);
    let topics = data.topics.iter().map(|(topic, path)| {
        json!({ "name": topic.name.get(language, fallback), "rel": "about", "uri": absolute(base, path),
            "literal": topic.slug })
    });
    out.set("subjects", topics.collect::<Vec<_>>());
    let publisher = json!({ "name": newsroom.organisation, "role": "publisher", "uri": absolute(base, "") });
    let contacts = data.contacts.iter().map(|contact| info_source(contact, base));
    out.set("infoSources", std::iter::once(publisher).chain(contacts).collect::<Vec<_>>());
    out.set("genres", vec![json!({ "name": "Press release" })]);
    out.set("renditions", vec![json!({ "name": "web", "href": url, "contentType": "text/html" })]);

    let mut associations: Vec<Value> =
        data.assets.iter().enumerate().map(|(i, a)| asset(a, i, base)).collect();
    associations.extend(data.translations.iter().map(|translation| {
        let other = translation.release;
        json!({ "name": format!("translation-{}", other.language), "rel": "translation", "type": "text",
            "representationType": "partial", "uri": absolute(base, &translation.path),
            "language": other.language, "title": other.headline,
            "renditions": [{ "name": "web", "href": absolute(base, &translation.path), "contentType": "text/html" }] })
    }));
    out.set("associations", associations);
    let schema = "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json";
    out.set("standard", json!({ "name": "ninjs", "version": "3.1", "schema": schema }));
    out.into()
}

/// What a desk must know before it prints: why a release was taken back, what was corrected.
fn editors_note(data: &PublicRelease<'_>) -> String {
    let notes = data.release.corrections.iter().map(|correction| correction.note.as_str());
    let reason = Some(data.release.withdrawal().1).filter(|reason| !reason.is_empty());
    reason.into_iter().chain(notes).collect::<Vec<_>>().join("\n")
}

/// A Markdown text in both forms a desk may want.
fn bodies(role: &str, text: &str, base: &str) -> Vec<Value> {
    let words = plain::with_base(text, base);
    if words.is_empty() {
        return Vec::new();
    }
    let html = super::absolute_html(base, &markdown::to_html(text));
    let (chars, count) = (words.chars().count(), words.split_whitespace().count());
    [("text/html", html), ("text/plain", words)]
        .into_iter()
        .map(|(content_type, value)| {
            json!({ "role": role, "contentType": content_type, "charCount": chars, "wordCount": count, "value": value })
        })
        .collect()
}

fn info_source(contact: &PublicContact<'_>, base: &str) -> Value {
    let c = contact.contact;
    let mut ways: Vec<Value> = c
        .phones
        .iter()
        .map(|phone| json!({ "type": "phone", "role": phone.kind, "value": phone.number }))
        .collect();
    if !c.email.is_empty() {
        ways.push(json!({ "type": "email", "role": "work", "value": c.email }));
    }
    let uri = absolute(base, &contact.path);
    ways.push(json!({ "type": "web", "value": uri }));
    json!({ "name": c.name, "role": "contact", "uri": uri, "contactInfo": ways })
}

fn asset(item: &PublicAsset<'_>, position: usize, base: &str) -> Value {
    let a = item.asset;
    let d = &a.description;
    let mut out = Object::default();
    out.set("name", format!("asset-{:02}", position + 1));
    out.set("rel", if position == 0 { "featured" } else { "gallery" });
    out.set("uri", absolute(base, &item.path));
    out.set(
        "altIds",
        vec![json!({ "role": "tag", "value": tag_uri(base, Kind::Asset, a.id, a.created_at) })],
    );
    let kind = match a.kind {
        AssetKind::Photo => "picture",
        AssetKind::Logo | AssetKind::Graphic => "graphic",
        AssetKind::Document => "text",
        AssetKind::Video => "video",
        AssetKind::Audio => "audio",
    };
    out.set("type", kind);
    out.set("title", d.title.as_str());
    out.set("by", d.creator.as_str());
    out.set("copyrightNotice", d.copyright_notice.as_str());
    out.set("usageTerms", item.usage_terms);
    out.set("located", d.location.as_str());
    out.set("firstCreated", a.created_at.to_string());
    out.set("versionCreated", a.updated_at.to_string());
    if let Some(until) = a.rights_until {
        out.set("expires", until.to_string());
    }
    let descriptions = [("caption", &d.caption), ("alt", &d.alt_text)];
    let descriptions = descriptions.into_iter().filter(|(_, text)| !text.is_empty());
    out.set(
        "descriptions",
        descriptions.map(|(role, text)| json!({ "role": role, "value": text })).collect::<Vec<_>>(),
    );
    if !d.credit.is_empty() {
        out.set("infoSources", vec![json!({ "name": d.credit, "role": "credit" })]);
    }
    out.set(
        "people",
        d.persons.iter().map(|name| json!({ "name": name, "rel": "shown" })).collect::<Vec<_>>(),
    );
    out.set(
        "subjects",
        d.keywords.iter().map(|word| json!({ "name": word, "rel": "keyword" })).collect::<Vec<_>>(),
    );
    if !d.rights_url.is_empty() {
        out.set("rightsInfo", json!({ "linkedRights": d.rights_url }));
    }
    if !d.digital_source_type.is_empty() {
        out.set("digitalSourceType", json!({ "uri": d.digital_source_type }));
    }
    out.set("renditions", renditions(item, base));
    out.into()
}

fn renditions(item: &PublicAsset<'_>, base: &str) -> Vec<Value> {
    let a = item.asset;
    let mut original = json!({ "name": "original", "href": absolute(base, &item.original_path),
        "contentType": a.media_type, "sizeInBytes": a.download.size_bytes });
    if let Some((width, height)) = a.width.zip(a.height) {
        original["width"] = json!(width);
        original["height"] = json!(height);
    }
    let smaller = item.renditions.iter().map(|(r, path)| {
        json!({ "name": format!("{}-{}", r.name, r.format.extension()), "href": absolute(base, path),
            "contentType": r.format.media_type(), "width": r.width, "height": r.height, "sizeInBytes": r.size_bytes })
    });
    std::iter::once(original).chain(smaller).collect()
}

#[cfg(test)]
mod tests {
    use super::super::public::tests::{contact, newsroom, photo, public_release, release as sample};
    use super::*;

    #[test]
    fn a_release_has_what_desks_look_for() {
        let (mut r, room, asset, person) = (sample(), newsroom(), photo("Halle", b"0123"), contact());
        let now = "2025-11-05T00:00:00Z".parse().unwrap();
        let value = release(&public_release(&r, &room, &asset, &person), "https://p.example/", now);
        assert_eq!(value["uri"], "https://p.example/releases/messe-zaehlt-10600-gaeste");
        assert_eq!(value["altIds"][0]["value"], format!("tag:p.example,2025-11-04:release/{}", r.id));
        assert_eq!(value["pubStatus"], "usable");
        assert_eq!(value["bodies"][0]["contentType"], "text/html");
        assert!(value["bodies"][0]["value"].as_str().unwrap().contains("https://p.example/releases/alt"));
        assert!(
            value["bodies"][1]["value"].as_str().unwrap().contains("„Das ist .“\n— Ada Muster, Vorständin")
        );
        assert_eq!(value["people"][0]["name"], "Ada Muster");
        assert_eq!(value["infoSources"][1]["contactInfo"][0]["value"], "+49 30 23125-401");
        let picture = &value["associations"][0];
        assert_eq!(picture["infoSources"][0]["name"], "Föhrwald/A. Müller");
        assert_eq!(picture["renditions"][0]["href"], "https://p.example/photos/halle/original.jpg");
        assert_eq!(picture["renditions"][1]["sizeInBytes"], 2);

        r.withdraw("Zahlen falsch", now).unwrap();
        let value = release(&public_release(&r, &room, &asset, &person), "https://p.example", now);
        assert_eq!(value["pubStatus"], "canceled");
        assert_eq!(value["edNote"], "Zahlen falsch");
    }
}

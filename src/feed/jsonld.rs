//! What search engines read in a page: schema.org as JSON-LD.

use serde_json::{Value, json};

use super::absolute;
use super::json_object::Object;
use super::public::{PublicAsset, PublicContact, PublicRelease};
use crate::domain::ZonedTime;
use crate::domain::contact::Contact;
use crate::domain::dateline::dateline;
use crate::domain::event::{Event, EventStatus};
use crate::domain::newsroom::Newsroom;
use crate::domain::release::CorrectionKind;
use crate::text::{excerpt, plain, quote};

/// The longest headline search engines show, in characters.
const HEADLINE_CHARS: usize = 110;
const DESCRIPTION_CHARS: usize = 200;

/// A value as it may stand inside a `<script type="application/ld+json">`: nothing in it can end the script.
pub fn to_script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
}

/// A release as `NewsArticle` with its pictures, quotes and corrections.
pub fn news_article(data: &PublicRelease<'_>, base: &str) -> Value {
    let r = data.release;
    let newsroom = data.newsroom;
    let (language, fallback) = (r.language.as_str(), newsroom.default_language.as_str());
    let url = absolute(base, &data.path);
    let words = plain::for_search(data.body).split_whitespace().count();
    let mut out = thing("NewsArticle");
    out.set("@context", json!("https://schema.org"));
    out.set("@id", json!(url));
    out.set("url", json!(url));
    out.set("mainEntityOfPage", json!(url));
    out.set("headline", json!(excerpt::cut(&r.headline, HEADLINE_CHARS)));
    out.set("alternativeHeadline", json!(r.sub_headlines.join(" – ")));
    out.set("description", json!(excerpt::excerpt(data.body, DESCRIPTION_CHARS)));
    out.set("genre", json!("Press release"));
    out.set("inLanguage", json!(language));
    out.set("dateline", json!(dateline(&r.dateline_place, r.dateline_date, language)));
    out.set("wordCount", json!(words));
    out.set("isAccessibleForFree", json!(true));
    if let Some(at) = r.published_at {
        out.set("datePublished", json!(at));
        out.set("dateModified", json!(r.updated_at.max(at)));
    }
    let mut publisher = organization(newsroom, base);
    let points: Vec<Value> = data.contacts.iter().map(|c| contact_point(c, language, fallback)).collect();
    if !points.is_empty() {
        publisher["contactPoint"] = json!(points);
    }
    out.set("author", organization(newsroom, base));
    out.set("publisher", publisher);
    let names: Vec<&str> = data.topics.iter().map(|(topic, _)| topic.name.get(language, fallback)).collect();
    out.set("keywords", json!(names));
    let pictures = data.assets.iter().filter(|a| a.asset.kind.is_picture());
    out.set("image", pictures.map(|picture| image_object(picture, base)).collect::<Vec<_>>());
    let quotations = quote::quotes(data.body).into_iter().enumerate().map(|(i, quote)| {
        let speaker = json!({ "@type": "Person", "name": quote.name(), "jobTitle": quote.function() });
        json!({ "@type": "Quotation", "@id": format!("{url}#q{}", i + 1), "text": quote.text, "creator": speaker })
    });
    out.set("hasPart", quotations.collect::<Vec<_>>());
    let corrections = r.corrections.iter().filter(|c| c.kind == CorrectionKind::Correction).map(|correction| {
        json!({ "@type": "CorrectionComment", "text": correction.note, "datePublished": correction.at })
    });
    out.set("correction", corrections.collect::<Vec<_>>());
    let translations = data.translations.iter().map(|t| {
        json!({ "@type": "NewsArticle", "@id": absolute(base, &t.path), "inLanguage": t.release.language })
    });
    out.set("workTranslation", translations.collect::<Vec<_>>());
    out.into()
}

/// A picture with what image search shows as its licence.
pub fn image_object(item: &PublicAsset<'_>, base: &str) -> Value {
    let a = item.asset;
    let d = &a.description;
    let page = absolute(base, &item.path);
    let best = item
        .renditions
        .iter()
        .max_by_key(|(r, _)| (r.name != "social", r.width, r.format.extension() == "jpg"));
    let content = best.map_or_else(|| item.original_path.as_str(), |(_, path)| path.as_str());
    let thumb = item.renditions.iter().find(|(r, _)| r.name == "thumb");
    let mut out = thing("ImageObject");
    out.set("@id", json!(page));
    out.set("url", json!(page));
    out.set("contentUrl", json!(absolute(base, content)));
    if let Some((r, _)) = best {
        out.set("width", pixels(r.width));
        out.set("height", pixels(r.height));
        out.set("encodingFormat", json!(r.format.media_type()));
    }
    if let Some((_, path)) = thumb {
        out.set("thumbnailUrl", json!(absolute(base, path)));
    }
    out.set("name", json!(d.title));
    out.set("caption", json!(d.caption));
    out.set("description", json!(d.alt_text));
    out.set("creditText", json!(d.credit));
    out.set("copyrightNotice", json!(d.copyright_notice));
    out.set("license", json!(if d.rights_url.is_empty() { page.as_str() } else { &d.rights_url }));
    out.set("acquireLicensePage", json!(page));
    out.set("usageInfo", json!(item.usage_terms));
    out.set("dateCreated", json!(d.date_created));
    out.set("uploadDate", json!(a.created_at));
    out.set("expires", json!(a.rights_until));
    out.set("keywords", json!(d.keywords));
    if !d.creator.is_empty() {
        out.set("creator", json!({ "@type": "Person", "name": d.creator }));
    }
    if !d.location.is_empty() {
        out.set("contentLocation", json!({ "@type": "Place", "name": d.location }));
    }
    let persons = d.persons.iter().map(|name| json!({ "@type": "Person", "name": name }));
    out.set("about", persons.collect::<Vec<_>>());
    out.into()
}

/// A length in pixels, whose unit code UN/CEFACT calls E37.
fn pixels(length: u32) -> Value {
    json!({ "@type": "QuantitativeValue", "value": length, "unitCode": "E37" })
}

/// A press contact as `Person` with the ways to reach them.
pub fn contact(item: &PublicContact<'_>, base: &str, language: &str, fallback: &str) -> Value {
    let c = item.contact;
    let mut out = thing("Person");
    out.set("@context", json!("https://schema.org"));
    out.set("@id", json!(absolute(base, &item.path)));
    out.set("url", json!(absolute(base, &item.path)));
    out.set("name", json!(c.name));
    out.set("jobTitle", json!(c.role.get(language, fallback)));
    out.set("email", json!(c.email));
    set_phones(&mut out, c);
    out.set("knowsLanguage", json!(c.languages));
    if !c.organisation.is_empty() {
        out.set("worksFor", json!({ "@type": "Organization", "name": c.organisation }));
    }
    if !item.portrait_path.is_empty() {
        out.set("image", json!(absolute(base, &item.portrait_path)));
    }
    out.set("contactPoint", contact_point(item, language, fallback));
    out.into()
}

fn contact_point(item: &PublicContact<'_>, language: &str, fallback: &str) -> Value {
    let c = item.contact;
    let mut out = thing("ContactPoint");
    out.set("contactType", json!("press"));
    out.set("name", json!(c.name));
    out.set("description", json!(c.role.get(language, fallback)));
    set_phones(&mut out, c);
    out.set("email", json!(c.email));
    out.set("availableLanguage", json!(c.languages));
    out.into()
}

fn set_phones(out: &mut Object, contact: &Contact) {
    out.set("telephone", json!(contact.telephones().next().map(|phone| &phone.number)));
    out.set(
        "faxNumber",
        json!(contact.phones.iter().find(|phone| phone.is_fax()).map(|phone| &phone.number)),
    );
}

/// A press date.
pub fn event(event: &Event, newsroom: &Newsroom, path: &str, base: &str, language: &str) -> Value {
    let fallback = newsroom.default_language.as_str();
    let status = match event.status {
        EventStatus::Confirmed | EventStatus::Tentative => "EventScheduled",
        EventStatus::Cancelled => "EventCancelled",
        EventStatus::Postponed => "EventPostponed",
    };
    let at_a_place = !event.venue.is_empty() || !event.address.is_empty();
    let mode = if at_a_place { "OfflineEventAttendanceMode" } else { "OnlineEventAttendanceMode" };
    let location = if at_a_place {
        let mut place = thing("Place");
        place.set("name", json!(event.venue));
        place.set("address", json!(event.address));
        Value::from(place)
    } else {
        let url = if event.url.is_empty() { absolute(base, path) } else { event.url.clone() };
        json!({ "@type": "VirtualLocation", "url": url })
    };
    let description = plain::for_search(event.description.get(language, fallback));
    let mut out = thing("Event");
    out.set("@context", json!("https://schema.org"));
    out.set("@id", json!(absolute(base, path)));
    out.set("url", json!(absolute(base, path)));
    out.set("name", json!(event.title.get(language, fallback)));
    out.set("description", json!(description));
    out.set("inLanguage", json!(language));
    out.set("startDate", json!(with_offset(&event.starts_at)));
    out.set("endDate", json!(event.ends_at.as_ref().map(with_offset)));
    out.set("eventStatus", json!(format!("https://schema.org/{status}")));
    out.set("eventAttendanceMode", json!(format!("https://schema.org/{mode}")));
    out.set("location", location);
    out.set("organizer", organization(newsroom, base));
    out.into()
}

/// Who runs the newsroom.
pub fn organization(newsroom: &Newsroom, base: &str) -> Value {
    let url = if newsroom.organisation_url.is_empty() {
        absolute(base, "")
    } else {
        newsroom.organisation_url.clone()
    };
    let mut out = thing("Organization");
    out.set("@id", json!(url));
    out.set("name", json!(newsroom.organisation));
    out.set("url", json!(url));
    out.into()
}

/// A moment as its place tells it: `2027-03-09T10:00:00+01:00`.
fn with_offset(time: &ZonedTime) -> String {
    let zone = jiff::tz::TimeZone::get(&time.zone).unwrap_or(jiff::tz::TimeZone::UTC);
    time.utc.display_with_offset(zone.to_offset(time.utc)).to_string()
}

fn thing(kind: &str) -> Object {
    let mut out = Object::default();
    out.set("@type", kind);
    out
}

#[cfg(test)]
mod tests {
    use super::super::public::tests as samples;
    use super::*;

    #[test]
    fn an_article_shows_its_pictures_with_their_licence() {
        let (r, room) = (samples::release(), samples::newsroom());
        let (asset, person) = (samples::photo("Halle", b"0123"), samples::contact());
        let value = news_article(&samples::public_release(&r, &room, &asset, &person), "https://p.example");
        assert_eq!(value["@type"], "NewsArticle");
        assert_eq!(value["datePublished"], "2025-11-04T09:00:00Z");
        assert_eq!(value["dateline"], "Föhrwald, 4. November 2025");
        assert_eq!(value["hasPart"][0]["creator"]["jobTitle"], "Vorständin");
        assert_eq!(value["publisher"]["contactPoint"][0]["telephone"], "+49 30 23125-401");
        let image = &value["image"][0];
        for (key, expected) in [
            ("contentUrl", "https://p.example/photos/halle/large.jpg"),
            ("license", "https://p.example/terms"),
            ("acquireLicensePage", "https://p.example/photos/halle"),
            ("creditText", "Föhrwald/A. Müller"),
            ("copyrightNotice", "© 2025 Messe Föhrwald"),
        ] {
            assert_eq!(image[key], expected, "{key}");
        }
        assert!(value.get("correction").is_none());
        assert!(!to_script(&json!({ "a": "</script><!--" })).contains('<'));
    }

    #[test]
    fn people_and_dates_are_told_in_their_own_words() {
        let (room, person) = (samples::newsroom(), samples::contact());
        let value = contact(&samples::public_contact(&person), "https://p.example", "de", "en");
        assert_eq!(value["contactPoint"]["contactType"], "press");
        assert_eq!(value["image"], "https://p.example/photos/ada/small.jpg");
        let starts_at =
            ZonedTime::resolve("t", "2027-03-09T10:00".parse().unwrap(), "Europe/Berlin").unwrap();
        let at = "2026-11-24T12:00:00Z".parse().unwrap();
        let date = Event {
            id: "019a4f00-0000-7000-8000-000000000002".parse().unwrap(),
            slug: "pk".to_owned(),
            version: 1,
            title: "Pressekonferenz".into(),
            description: "".into(),
            starts_at,
            ends_at: None,
            venue: String::new(),
            address: String::new(),
            url: "https://live.example".to_owned(),
            status: EventStatus::Postponed,
            contacts: Vec::new(),
            releases: Vec::new(),
            topics: Vec::new(),
            state: crate::domain::Publication::Published,
            published_at: None,
            created_at: at,
            updated_at: at,
        };
        let value = event(&date, &room, "/events/pk", "https://p.example", "de");
        assert_eq!(value["startDate"], "2027-03-09T10:00:00+01:00");
        assert_eq!(value["eventStatus"], "https://schema.org/EventPostponed");
        assert_eq!(value["location"]["url"], "https://live.example");
        assert!(value.get("endDate").is_none());
    }
}

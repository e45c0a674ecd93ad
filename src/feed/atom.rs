//! A feed as Atom (RFC 4287), with photos as Media RSS and tombstones for what was withdrawn (RFC 6721).

use std::collections::BTreeMap;

use atom_syndication::extension::Extension;
use atom_syndication::{Category, Content, Entry, Feed, FixedDateTime, Generator, Link, Person, Text};

use super::media_rss::{self, Element};
use super::page::{FeedItem, FeedPage};
use super::xml::clean;
use super::{absolute, absolute_html};
use crate::domain::Timestamp;

pub const MEDIA_TYPE: &str = "application/atom+xml; charset=utf-8";

pub fn write(page: &FeedPage) -> String {
    let mut links = vec![
        link("self", &absolute(&page.base, &page.self_url), Some("application/atom+xml")),
        link("alternate", &absolute(&page.base, &page.html_url), Some("text/html")),
    ];
    links.extend(page.next_url.as_ref().map(|next| link("next", &absolute(&page.base, next), None)));
    let mut feed = Feed {
        id: page.id(),
        title: text(&page.title),
        subtitle: (!page.subtitle.is_empty()).then(|| text(&page.subtitle)),
        updated: time(page.updated),
        authors: vec![person(&page.author)],
        generator: Some(Generator { value: "pressroom".to_owned(), uri: None, version: None }),
        links,
        lang: Some(page.language.clone()),
        entries: page.items.iter().filter(|item| !item.withdrawn).map(|item| entry(page, item)).collect(),
        ..Feed::default()
    };
    feed.namespaces.insert(media_rss::PREFIX.to_owned(), media_rss::NAMESPACE.to_owned());
    let tombstones: Vec<Extension> = page.items.iter().filter(|item| item.withdrawn).map(tombstone).collect();
    if !tombstones.is_empty() {
        feed.namespaces.insert("at".to_owned(), "http://purl.org/atompub/tombstones/1.0".to_owned());
        feed.extensions.insert("at".to_owned(), BTreeMap::from([("deleted-entry".to_owned(), tombstones)]));
    }
    feed.to_string()
}

fn entry(page: &FeedPage, item: &FeedItem) -> Entry {
    let url = absolute(&page.base, &item.url);
    let mut links = vec![link("alternate", &url, Some("text/html"))];
    links.extend(item.images.iter().map(|image| Link {
        length: Some(image.size_bytes.to_string()),
        title: (!image.caption.is_empty()).then(|| clean(&image.caption).into_owned()),
        ..link("enclosure", &absolute(&page.base, &image.url), Some(&image.media_type))
    }));
    let categories =
        item.topics.iter().map(|topic| Category { term: clean(topic).into_owned(), ..Category::default() });
    let content = Content {
        value: Some(clean(&absolute_html(&page.base, &item.html)).into_owned()),
        content_type: Some("html".to_owned()),
        ..Content::default()
    };
    let media: Vec<Extension> =
        item.images.iter().map(|image| extension(media_rss::content(page, image))).collect();
    let mut extensions = BTreeMap::new();
    if !media.is_empty() {
        extensions.insert(media_rss::PREFIX.to_owned(), BTreeMap::from([("content".to_owned(), media)]));
    }
    Entry {
        id: item.id.clone(),
        title: text(&item.title),
        updated: time(item.updated),
        published: Some(time(item.published)),
        authors: if item.author.is_empty() { Vec::new() } else { vec![person(&item.author)] },
        categories: categories.collect(),
        links,
        summary: (!item.summary.is_empty()).then(|| text(&item.summary)),
        content: (!item.html.is_empty()).then_some(content),
        extensions,
        ..Entry::default()
    }
}

fn extension(element: Element) -> Extension {
    let mut children: BTreeMap<String, Vec<Extension>> = BTreeMap::new();
    for child in element.children {
        children.entry(child.name.clone()).or_default().push(extension(child));
    }
    Extension { name: element.name, value: element.text, attrs: element.attributes, children }
}

fn tombstone(item: &FeedItem) -> Extension {
    let when = time(item.updated).to_rfc3339();
    let mut entry = Element::new("at:deleted-entry", "", &[("ref", &item.id), ("when", &when)]);
    if !item.summary.is_empty() {
        entry.children.push(Element::new("at:comment", &item.summary, &[]));
    }
    extension(entry)
}

fn link(rel: &str, href: &str, media_type: Option<&str>) -> Link {
    Link {
        href: href.to_owned(),
        rel: rel.to_owned(),
        mime_type: media_type.map(str::to_owned),
        ..Link::default()
    }
}

fn person(name: &str) -> Person {
    Person { name: clean(name).into_owned(), ..Person::default() }
}

fn text(value: &str) -> Text {
    Text::plain(clean(value).into_owned())
}

/// Both sides speak RFC 3339, so the text form carries an instant from one time library to the other.
fn time(at: Timestamp) -> FixedDateTime {
    at.to_string().parse().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::page::tests::sample;
    use super::super::xml::{elements, texts};
    use super::write;

    #[test]
    fn readers_find_entries_photos_and_tombstones() {
        let document = write(&sample());
        let found = elements(&document);
        let texts = |name: &str| texts(&found, name);
        assert_eq!(texts("title"), ["Presseraum", "Größe <zählt> & mehr"]);
        assert_eq!(texts("updated"), ["2025-11-06T08:00:00+00:00", "2025-11-05T10:30:00.500+00:00"]);
        assert_eq!(texts("id")[0], "tag:presse.example,2026-01-01:/releases");
        assert_eq!(texts("id")[1], "tag:presse.example,2025-11-04:release/1");
        assert_eq!(
            texts("content"),
            ["<p>Mehr <a href=\"https://presse.example/releases/x\">hier</a> ]]&gt; &amp; da</p>"]
        );
        let has = |pairs: &[(&str, &str)]| {
            found.iter().any(|e| e.name == "link" && pairs.iter().all(|(name, value)| e.has(name, value)))
        };
        assert!(has(&[("rel", "self"), ("href", "https://presse.example/feed.atom")]));
        assert!(has(&[("rel", "next"), ("href", "https://presse.example/feed.atom?page=2")]));
        assert!(has(&[
            ("rel", "enclosure"),
            ("length", "345678"),
            ("type", "image/jpeg"),
            ("title", "Halle 4 & die \"Gäste\"")
        ]));
        let gone = found.iter().find(|e| e.name == "at:deleted-entry").unwrap();
        assert!(gone.has("ref", "tag:presse.example,2025-11-01:release/2"));
        assert!(gone.has("when", "2025-11-06T08:00:00+00:00"));
        assert_eq!(texts("at:comment"), ["Zahlen falsch"]);
        assert_eq!(texts("media:credit"), ["Föhrwald/A. Müller"]);
        assert_eq!(texts("entry").len(), 1);
    }
}

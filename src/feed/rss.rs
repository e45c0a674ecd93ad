//! A feed as RSS 2.0 with Media RSS 1.5.1 (photos, captions, credits), Dublin Core and the full text.
//! RSS has no word for what was withdrawn: such items are left out.

use std::collections::BTreeMap;

use rss::extension::{Extension, dublincore::DublinCoreExtension};
use rss::{Category, Channel, Enclosure, Guid, Item};

use super::media_rss::{self, Element};
use super::page::{FeedItem, FeedPage};
use super::xml::clean;
use super::{absolute, absolute_html};
use crate::domain::Timestamp;

pub const MEDIA_TYPE: &str = "application/rss+xml; charset=utf-8";

pub fn write(page: &FeedPage) -> String {
    let namespaces = [("atom", "http://www.w3.org/2005/Atom"), (media_rss::PREFIX, media_rss::NAMESPACE)];
    let mut links = vec![Element::new(
        "atom:link",
        "",
        &[("rel", "self"), ("type", "application/rss+xml"), ("href", &absolute(&page.base, &page.self_url))],
    )];
    if let Some(next) = &page.next_url {
        links.push(Element::new("atom:link", "", &[("rel", "next"), ("href", &absolute(&page.base, next))]));
    }
    // The standard wants a description even where there is nothing to say.
    let description = if page.subtitle.is_empty() { &page.title } else { &page.subtitle };
    Channel {
        title: owned(&page.title),
        link: absolute(&page.base, &page.html_url),
        description: owned(description),
        language: Some(page.language.clone()),
        last_build_date: Some(rfc822(page.updated)),
        generator: Some("pressroom".to_owned()),
        docs: Some("https://www.rssboard.org/rss-specification".to_owned()),
        namespaces: namespaces.map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())).into(),
        extensions: BTreeMap::from([(
            "atom".to_owned(),
            BTreeMap::from([("link".to_owned(), links.into_iter().map(extension).collect())]),
        )]),
        items: page.items.iter().filter(|item| !item.withdrawn).map(|i| item(page, i)).collect(),
        ..Channel::default()
    }
    .to_string()
}

fn item(page: &FeedPage, item: &FeedItem) -> Item {
    let author = if item.author.is_empty() { &page.author } else { &item.author };
    let dublin_core = DublinCoreExtension { creators: vec![owned(author)], ..DublinCoreExtension::default() };
    let media: Vec<Extension> =
        item.images.iter().map(|image| extension(media_rss::content(page, image))).collect();
    let mut extensions = BTreeMap::new();
    if !media.is_empty() {
        extensions.insert(media_rss::PREFIX.to_owned(), BTreeMap::from([("content".to_owned(), media)]));
    }
    Item {
        title: Some(owned(&item.title)),
        link: Some(absolute(&page.base, &item.url)),
        description: Some(owned(&item.summary)),
        content: (!item.html.is_empty()).then(|| owned(&absolute_html(&page.base, &item.html))),
        guid: Some(Guid { value: item.id.clone(), permalink: false }),
        pub_date: Some(rfc822(item.published)),
        categories: item.topics.iter().map(|topic| Category { name: owned(topic), domain: None }).collect(),
        // Several enclosures confuse readers; Media RSS carries all photos.
        enclosure: item.images.first().map(|image| Enclosure {
            url: absolute(&page.base, &image.url),
            length: image.size_bytes.to_string(),
            mime_type: image.media_type.clone(),
        }),
        dublin_core_ext: Some(dublin_core),
        extensions,
        ..Item::default()
    }
}

fn extension(element: Element) -> Extension {
    let mut children: BTreeMap<String, Vec<Extension>> = BTreeMap::new();
    for child in element.children {
        children.entry(child.name.clone()).or_default().push(extension(child));
    }
    Extension { name: element.name, value: element.text, attrs: element.attributes, children }
}

fn owned(text: &str) -> String {
    clean(text).into_owned()
}

/// The date form of RSS (RFC 822 with a year of four digits).
fn rfc822(at: Timestamp) -> String {
    at.strftime("%a, %d %b %Y %H:%M:%S +0000").to_string()
}

#[cfg(test)]
mod tests {
    use super::super::page::tests::sample;
    use super::super::xml::{elements, texts};
    use super::write;

    #[test]
    fn readers_find_items_with_photos_captions_and_credits() {
        let document = write(&sample());
        let found = elements(&document);
        let texts = |name: &str| texts(&found, name);
        assert_eq!(texts("title"), ["Presseraum", "Größe <zählt> & mehr"]);
        assert_eq!(texts("pubDate"), ["Tue, 04 Nov 2025 09:00:00 +0000"]);
        assert_eq!(
            texts("link"),
            ["https://presse.example/releases", "https://presse.example/releases/groesse"]
        );
        assert_eq!(texts("guid"), ["tag:presse.example,2025-11-04:release/1"]);
        assert_eq!(texts("media:credit"), ["Föhrwald/A. Müller"]);
        assert_eq!(texts("media:description"), ["Halle 4 & die \"Gäste\""]);
        assert_eq!(texts("dc:creator"), ["Messe Föhrwald"]);
        assert_eq!(texts("category"), ["Energie", "Messen"]);
        assert!(texts("content:encoded")[0].contains("https://presse.example/releases/x"));
        let first = |name: &str| found.iter().find(|e| e.name == name).unwrap();
        assert!(first("guid").has("isPermaLink", "false"));
        assert!(first("media:content").has("fileSize", "345678"));
        assert!(first("atom:link").has("href", "https://presse.example/feed.atom"));
        let namespaces = &first("rss").attributes;
        for prefix in ["xmlns:atom", "xmlns:media", "xmlns:dc", "xmlns:content"] {
            assert!(namespaces.iter().any(|(name, _)| name == prefix), "{prefix} in {namespaces:?}");
        }
    }
}

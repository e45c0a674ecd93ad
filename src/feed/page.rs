//! The one model behind the Atom, RSS and JSON form of a feed.

use crate::domain::{Id, Kind, Timestamp};

/// A feed. URLs may be paths of the site; the writers put `base` in front.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedPage {
    /// The public URL of the site.
    pub base: String,
    pub title: String,
    pub subtitle: String,
    /// Where this form of the feed is.
    pub self_url: String,
    /// The page that shows the same to people.
    pub html_url: String,
    /// Where older items follow (RFC 5005).
    pub next_url: Option<String>,
    pub updated: Timestamp,
    /// BCP 47.
    pub language: String,
    /// Who speaks where an item names nobody: the organisation.
    pub author: String,
    pub items: Vec<FeedItem>,
}

impl FeedPage {
    /// The identity of the feed: the same for its forms and pages, and over http and https.
    pub fn id(&self) -> String {
        let host = host(&self.base);
        let page = super::absolute(&self.base, &self.html_url);
        let path = page.split_once(host.as_str()).map_or("/", |(_, rest)| rest);
        let path = path.find('/').and_then(|at| path.get(at..)).unwrap_or("/");
        format!("tag:{host},2026-01-01:{path}")
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedItem {
    /// Never changes, see [`tag_uri`].
    pub id: String,
    pub title: String,
    pub url: String,
    pub published: Timestamp,
    /// The last change the public can see; nothing else may touch it, or readers show the item again.
    pub updated: Timestamp,
    /// Plain text. Of a withdrawn item: the public reason.
    pub summary: String,
    pub html: String,
    pub author: String,
    pub topics: Vec<String>,
    pub images: Vec<FeedImage>,
    /// Was published and was taken back at `updated`.
    pub withdrawn: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FeedImage {
    pub url: String,
    pub media_type: String,
    pub size_bytes: u64,
    /// In pixels.
    pub width: u32,
    pub height: u32,
    pub credit: String,
    pub caption: String,
    pub thumb_url: String,
}

/// An identity for a feed item (RFC 4151) that survives a change of slug, path and scheme:
/// `tag:presse.example,2025-11-04:release/019a4…`. The date is the day the record was made.
pub fn tag_uri(base: &str, kind: Kind, id: Id, created_at: Timestamp) -> String {
    let day = created_at.strftime("%Y-%m-%d");
    format!("tag:{},{day}:{}/{id}", host(base), kind.as_str())
}

fn host(base: &str) -> String {
    let url = url::Url::parse(base).ok();
    url.as_ref().and_then(|url| url.host_str()).unwrap_or("localhost").to_owned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A feed with markup, an umlaut, a control character, a photo and a withdrawn item.
    pub fn sample() -> FeedPage {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let image = FeedImage {
            url: "/photos/halle/large.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            size_bytes: 345_678,
            width: 2560,
            height: 1707,
            credit: "Föhrwald/A. Müller".to_owned(),
            caption: "Halle 4 & die \"Gäste\"".to_owned(),
            thumb_url: "/photos/halle/thumb.jpg".to_owned(),
        };
        let item = FeedItem {
            id: "tag:presse.example,2025-11-04:release/1".to_owned(),
            title: "Größe <zählt> & mehr\u{b}".to_owned(),
            url: "/releases/groesse".to_owned(),
            published: at("2025-11-04T09:00:00Z"),
            updated: at("2025-11-05T10:30:00.5Z"),
            summary: "Kurz & gut".to_owned(),
            html: "<p>Mehr <a href=\"/releases/x\">hier</a> ]]&gt; &amp; da</p>".to_owned(),
            author: "Messe Föhrwald".to_owned(),
            topics: vec!["Energie".to_owned(), "Messen".to_owned()],
            images: vec![image],
            withdrawn: false,
        };
        let gone = FeedItem {
            id: "tag:presse.example,2025-11-01:release/2".to_owned(),
            title: "Zurückgezogen".to_owned(),
            updated: at("2025-11-06T08:00:00Z"),
            summary: "Zahlen falsch".to_owned(),
            withdrawn: true,
            ..FeedItem::default()
        };
        FeedPage {
            base: "https://presse.example".to_owned(),
            title: "Presseraum".to_owned(),
            subtitle: "Alles Neue".to_owned(),
            self_url: "/feed.atom".to_owned(),
            html_url: "/releases".to_owned(),
            next_url: Some("/feed.atom?page=2".to_owned()),
            updated: at("2025-11-06T08:00:00Z"),
            language: "de".to_owned(),
            author: "Messe Föhrwald".to_owned(),
            items: vec![item, gone],
        }
    }

    #[test]
    fn tags_do_not_depend_on_scheme_or_port() {
        let id: Id = "019a4f00-0000-7000-8000-000000000001".parse().unwrap();
        let made = "2025-11-04T09:00:00Z".parse().unwrap();
        let tag = tag_uri("http://presse.example:8080/x", Kind::Release, id, made);
        assert_eq!(tag, format!("tag:presse.example,2025-11-04:release/{id}"));
        assert_eq!(tag, tag_uri("https://presse.example", Kind::Release, id, made));
        let feed = |base: &str, html_url: &str| {
            FeedPage { base: base.to_owned(), html_url: html_url.to_owned(), ..FeedPage::default() }.id()
        };
        let id = feed("https://presse.example", "/en/search?q=x");
        assert_eq!(id, "tag:presse.example,2026-01-01:/en/search?q=x");
        assert_eq!(id, feed("http://presse.example:8080/", "/en/search?q=x"));
        assert_eq!(feed("https://presse.example", ""), "tag:presse.example,2026-01-01:/");
    }
}

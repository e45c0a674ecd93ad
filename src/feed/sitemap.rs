//! Sitemaps (sitemaps.org 0.9): pages with their translations and pictures, and the news of the last two days.

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesEnd, BytesStart, BytesText, Event};

use super::absolute;
use super::xml::clean;
use crate::domain::Timestamp;

/// The most pages one sitemap may list; more need several and [`write_index`].
pub const MAX_URLS: usize = 50_000;
/// The most pages a news sitemap may list, and their greatest age in hours.
pub const MAX_NEWS: usize = 1_000;
pub const MAX_NEWS_AGE_HOURS: i64 = 48;

const SITEMAP: (&str, &str) = ("xmlns", "http://www.sitemaps.org/schemas/sitemap/0.9");
const XHTML: (&str, &str) = ("xmlns:xhtml", "http://www.w3.org/1999/xhtml");
const IMAGE: (&str, &str) = ("xmlns:image", "http://www.google.com/schemas/sitemap-image/1.1");
const NEWS: (&str, &str) = ("xmlns:news", "http://www.google.com/schemas/sitemap-news/0.9");

/// One page. Paths are completed with the site's URL.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SitemapUrl {
    pub path: String,
    pub last_modified: Option<Timestamp>,
    /// Language tag (or `x-default`) and path of every translation, this page included.
    pub alternates: Vec<(String, String)>,
    /// Pictures the page shows.
    pub images: Vec<String>,
}

/// One release for the news sitemap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewsUrl {
    pub path: String,
    /// Exactly as on the page.
    pub title: String,
    pub language: String,
    pub published: Timestamp,
}

/// The first [`MAX_URLS`] pages.
pub fn write(base: &str, urls: &[SitemapUrl]) -> String {
    let mut xml = Xml::begin("urlset", &[SITEMAP, XHTML, IMAGE]);
    for url in urls.iter().take(MAX_URLS) {
        xml.open("url", &[]);
        xml.text("loc", &absolute(base, &url.path));
        if let Some(at) = url.last_modified {
            xml.text("lastmod", &to_the_second(at));
        }
        for (language, path) in &url.alternates {
            let href = absolute(base, path);
            xml.open("xhtml:link", &[("rel", "alternate"), ("hreflang", language), ("href", &href)]);
            xml.close("xhtml:link");
        }
        for image in &url.images {
            xml.open("image:image", &[]);
            xml.text("image:loc", &absolute(base, image));
            xml.close("image:image");
        }
        xml.close("url");
    }
    xml.end("urlset")
}

/// An index of sitemaps: path and last change of each.
pub fn write_index(base: &str, sitemaps: &[(String, Option<Timestamp>)]) -> String {
    let mut xml = Xml::begin("sitemapindex", &[SITEMAP]);
    for (path, last_modified) in sitemaps {
        xml.open("sitemap", &[]);
        xml.text("loc", &absolute(base, path));
        if let Some(at) = last_modified {
            xml.text("lastmod", &to_the_second(*at));
        }
        xml.close("sitemap");
    }
    xml.end("sitemapindex")
}

/// The releases of the last 48 hours before `now`, newest first, at most 1,000. It may be empty.
pub fn write_news(base: &str, publication: &str, now: Timestamp, news: &[NewsUrl]) -> String {
    let is_news = |at: Timestamp| at <= now && now.duration_since(at).as_hours() < MAX_NEWS_AGE_HOURS;
    let mut fresh: Vec<&NewsUrl> = news.iter().filter(|url| is_news(url.published)).collect();
    fresh.sort_by_key(|url| std::cmp::Reverse(url.published));
    let mut xml = Xml::begin("urlset", &[SITEMAP, NEWS]);
    for url in fresh.into_iter().take(MAX_NEWS) {
        xml.open("url", &[]);
        xml.text("loc", &absolute(base, &url.path));
        xml.open("news:news", &[]);
        xml.open("news:publication", &[]);
        xml.text("news:name", publication);
        xml.text("news:language", news_language(&url.language));
        xml.close("news:publication");
        xml.text("news:publication_date", &to_the_second(url.published));
        xml.text("news:title", &url.title);
        xml.close("news:news");
        xml.close("url");
    }
    xml.end("urlset")
}

/// Two or three letters; only Chinese is told apart by its script.
fn news_language(tag: &str) -> &str {
    match tag.to_ascii_lowercase().as_str() {
        "zh-cn" | "zh-hans" => "zh-cn",
        "zh-tw" | "zh-hant" => "zh-tw",
        _ => tag.split('-').next().unwrap_or(tag),
    }
}

fn to_the_second(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// Writing into memory cannot fail, so the writer's results are let go in one place.
struct Xml(Writer<Vec<u8>>);

impl Xml {
    fn begin(root: &str, namespaces: &[(&str, &str)]) -> Self {
        let mut xml = Self(Writer::new(Vec::new()));
        xml.event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)));
        xml.open(root, namespaces);
        xml
    }

    fn event(&mut self, event: Event<'_>) {
        let _ = self.0.write_event(event);
    }

    fn open(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.event(Event::Start(BytesStart::new(name).with_attributes(attributes.iter().copied())));
    }

    fn close(&mut self, name: &str) {
        self.event(Event::End(BytesEnd::new(name)));
    }

    fn text(&mut self, name: &str, text: &str) {
        self.open(name, &[]);
        self.event(Event::Text(BytesText::new(&clean(text))));
        self.close(name);
    }

    fn end(mut self, root: &str) -> String {
        self.close(root);
        String::from_utf8(self.0.into_inner()).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::super::xml::{elements, texts};
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn pages_name_their_translations_and_pictures() {
        let url = SitemapUrl {
            path: "/releases/a?x=1&y=2".to_owned(),
            last_modified: Some(at("2025-11-05T10:30:00.5Z")),
            alternates: vec![
                ("de".to_owned(), "/releases/a".to_owned()),
                ("en".to_owned(), "/en/releases/b".to_owned()),
            ],
            images: vec!["/photos/halle/large.jpg".to_owned()],
        };
        let document = write("https://presse.example/", &[url]);
        assert!(document.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?><urlset xmlns="));
        let found = elements(&document);
        let text = |name: &str| texts(&found, name)[0];
        assert_eq!(text("loc"), "https://presse.example/releases/a?x=1&y=2");
        assert_eq!(text("lastmod"), "2025-11-05T10:30:00Z");
        assert_eq!(text("image:loc"), "https://presse.example/photos/halle/large.jpg");
        let links: Vec<_> = found.iter().filter(|e| e.name == "xhtml:link").collect();
        assert!(links[1].has("href", "https://presse.example/en/releases/b"));
        let index = write_index("https://presse.example", &[("/sitemap-2.xml".to_owned(), None)]);
        assert_eq!(elements(&index)[2].text, "https://presse.example/sitemap-2.xml");
    }

    #[test]
    fn news_are_two_days_old_at_most_and_not_of_tomorrow() {
        let now = at("2025-11-05T10:00:00Z");
        let news = |title: &str, published: &str| NewsUrl {
            path: format!("/releases/{title}"),
            title: title.to_owned(),
            language: "de-AT".to_owned(),
            published: at(published),
        };
        let document = write_news(
            "https://p.example",
            "Presseraum",
            now,
            &[
                news("old", "2025-11-03T09:59:59Z"),
                news("older-but-fresh", "2025-11-03T10:00:01Z"),
                news("now & then", "2025-11-05T10:00:00Z"),
                news("tomorrow", "2025-11-06T10:00:00Z"),
            ],
        );
        let found = elements(&document);
        let texts = |name: &str| texts(&found, name);
        assert_eq!(texts("news:title"), ["now & then", "older-but-fresh"]);
        assert_eq!(texts("news:language"), ["de", "de"]);
        assert_eq!(texts("news:publication_date")[0], "2025-11-05T10:00:00Z");
    }
}

//! Which addresses there are: those that every newsroom has, and those that the pages name.

use std::collections::{BTreeSet, VecDeque};

use crate::domain::newsroom::Newsroom;

/// A walk over the public addresses, each once.
pub struct Crawl {
    known: BTreeSet<String>,
    queue: VecDeque<String>,
}

impl Crawl {
    pub fn from_seeds(newsroom: &Newsroom) -> Self {
        let mut crawl = Self { known: BTreeSet::new(), queue: VecDeque::new() };
        let mut seeds: Vec<String> =
            ["/", "/sitemap.xml", "/news-sitemap.xml", "/robots.txt", "/favicon.ico"]
                .map(ToOwned::to_owned)
                .into();
        for language in &newsroom.languages {
            let prefix = newsroom.prefix(language);
            seeds.push(format!("{prefix}/"));
            seeds.push(format!("{prefix}/search"));
            seeds.push(format!("{prefix}/selection"));
            seeds.push(format!("{prefix}/events.ics"));
            seeds.extend(["atom", "rss", "json"].map(|extension| format!("{prefix}/feed.{extension}")));
        }
        crawl.add(&seeds);
        crawl
    }

    pub fn add(&mut self, addresses: &[String]) {
        for address in addresses {
            if self.known.insert(address.clone()) {
                self.queue.push_back(address.clone());
            }
        }
    }
}

impl Iterator for Crawl {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.queue.pop_front()
    }
}

/// The addresses of this site that a page or a sitemap names.
pub fn links(text: &str, base: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (opening, closing) in [("=\"", '"'), ("<loc>", '<'), ("<image:loc>", '<')] {
        for piece in text.split(opening).skip(1) {
            let value = piece.split(closing).next().unwrap_or_default().replace("&amp;", "&");
            // `srcset` holds several addresses, each followed by its width.
            for part in value.split(',') {
                let address = part.split_whitespace().next().unwrap_or_default();
                let address = address.strip_prefix(base).unwrap_or(address);
                let address = address.split('#').next().unwrap_or_default();
                found.extend(as_file(address));
            }
        }
    }
    found
}

/// The address under which a file can hold what is linked. A query that only says how a file is handed over (`?download`)
/// leaves the file's own address.
pub fn as_file(address: &str) -> Option<String> {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let is_within = path.starts_with('/')
        && !path.starts_with("//")
        && !path.split('/').any(|segment| segment == "..")
        && !["/admin", "/api"].iter().any(|area| path.starts_with(area));
    if !is_within || is_made_to_order(path) {
        return None;
    }
    if query.is_empty() || (query.starts_with("v=") && !query.contains('&')) {
        return Some(address.to_owned());
    }
    let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    is_file.then(|| path.to_owned())
}

/// Archives and feeds that are nothing without a query, in any language.
fn is_made_to_order(path: &str) -> bool {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let name = segments.last().copied().unwrap_or_default();
    segments.len() <= 2 && (["selection.zip", "photos.zip"].contains(&name) || name.starts_with("search."))
}

#[cfg(test)]
mod tests {
    use super::links;

    #[test]
    fn links_are_found_and_what_cannot_be_a_file_is_left_out() {
        let page = r#"<a href="/releases/a#q1">x</a> <img srcset="/p/t.jpg?v=1 400w, /p/l.jpg?v=2 800w">
            <a href="/releases?topic=x">t</a> <a href="/admin">d</a> <a href="https://other.example/y">o</a>
            <link rel="canonical" href="https://press.example/en/"> <a href="/../etc/passwd">h</a>
            <a href="/photos/a/large.png?download">l</a> <a href="/en/photos.zip?person=A">z</a>
            <a href="/search.atom?q=a">s</a> <a href="/releases/a/photos.zip?size=web">k</a>"#;
        assert_eq!(
            links(page, "https://press.example"),
            [
                "/releases/a",
                "/p/t.jpg?v=1",
                "/p/l.jpg?v=2",
                "/en/",
                "/photos/a/large.png",
                "/releases/a/photos.zip"
            ]
        );
    }
}

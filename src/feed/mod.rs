//! What machines read: feeds, sitemaps, calendar and address cards, ninjs and JSON-LD.
//!
//! Everything here turns plain data into text. Paths come from the caller, [`absolute`] puts the site in front.

pub mod atom;
mod content_line;
pub mod ics;
pub mod json_feed;
mod json_object;
pub mod jsonld;
mod media_rss;
pub mod ninjs;
pub mod page;
pub mod public;
pub mod rss;
pub mod sitemap;
pub mod vcard;
mod xml;

pub use page::{FeedImage, FeedItem, FeedPage};

/// A text as XML may hold it.
pub(crate) fn clean_xml(text: &str) -> String {
    xml::clean(text).into_owned()
}

/// A path of the site as an absolute URL. What is absolute already stays as it is.
pub fn absolute(base: &str, path: &str) -> String {
    if path.starts_with("https://") || path.starts_with("http://") {
        path.to_owned()
    } else if path.is_empty() {
        base.trim_end_matches('/').to_owned()
    } else {
        format!("{}/{}", base.trim_end_matches('/'), path.trim_start_matches('/'))
    }
}

/// HTML whose links and pictures work away from the site.
pub(crate) fn absolute_html(base: &str, html: &str) -> String {
    let base = base.trim_end_matches('/').replace('&', "&amp;").replace('"', "&quot;");
    html.replace("href=\"/", &format!("href=\"{base}/")).replace("src=\"/", &format!("src=\"{base}/"))
}

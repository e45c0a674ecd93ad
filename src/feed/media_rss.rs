//! Photos in a feed as Media RSS 1.5.1, for Atom and RSS alike: file, size, caption, credit, small picture.

use std::collections::BTreeMap;

use super::absolute;
use super::page::{FeedImage, FeedPage};
use super::xml::clean;

pub const PREFIX: &str = "media";
pub const NAMESPACE: &str = "http://search.yahoo.com/mrss/";

/// An element that neither feed crate knows; each has a type of its own with the same shape.
pub struct Element {
    pub name: String,
    pub text: Option<String>,
    pub attributes: BTreeMap<String, String>,
    pub children: Vec<Element>,
}

impl Element {
    pub fn new(name: &str, text: &str, attributes: &[(&str, &str)]) -> Self {
        Self {
            name: name.to_owned(),
            text: (!text.is_empty()).then(|| clean(text).into_owned()),
            attributes: attributes
                .iter()
                .map(|(name, value)| ((*name).to_owned(), clean(value).into_owned()))
                .collect(),
            children: Vec::new(),
        }
    }
}

/// The element `media:content` of a photo.
pub fn content(page: &FeedPage, image: &FeedImage) -> Element {
    let mut content = Element::new(
        "media:content",
        "",
        &[
            ("url", &absolute(&page.base, &image.url)),
            ("type", &image.media_type),
            ("medium", "image"),
            ("fileSize", &image.size_bytes.to_string()),
            ("width", &image.width.to_string()),
            ("height", &image.height.to_string()),
        ],
    );
    let children = &mut content.children;
    if !image.caption.is_empty() {
        children.push(Element::new("media:description", &image.caption, &[("type", "plain")]));
    }
    if !image.credit.is_empty() {
        let role = [("role", "photographer"), ("scheme", "urn:ebu")];
        children.push(Element::new("media:credit", &image.credit, &role));
    }
    if !image.thumb_url.is_empty() {
        let url = absolute(&page.base, &image.thumb_url);
        children.push(Element::new("media:thumbnail", "", &[("url", &url)]));
    }
    content
}

//! A feed as JSON Feed 1.1. It has no word for what was withdrawn: such items are left out.

use serde_json::{Map, Value, json};

use super::page::{FeedImage, FeedItem, FeedPage};
use super::{absolute, absolute_html};

pub const MEDIA_TYPE: &str = "application/feed+json; charset=utf-8";

pub fn write(page: &FeedPage) -> String {
    let items: Vec<Value> = page.items.iter().filter(|item| !item.withdrawn).map(|i| item(page, i)).collect();
    let mut feed = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": page.title,
        "home_page_url": absolute(&page.base, &page.html_url),
        "feed_url": absolute(&page.base, &page.self_url),
        "language": page.language,
        "authors": [{ "name": page.author }],
        "items": items,
    });
    if !page.subtitle.is_empty() {
        feed["description"] = json!(page.subtitle);
    }
    if let Some(next) = &page.next_url {
        feed["next_url"] = json!(absolute(&page.base, next));
    }
    feed.to_string()
}

fn item(page: &FeedPage, item: &FeedItem) -> Value {
    let mut out = json!({
        "id": item.id,
        "url": absolute(&page.base, &item.url),
        "title": item.title,
        "content_html": absolute_html(&page.base, &item.html),
        "date_published": item.published,
        "date_modified": item.updated,
        "language": page.language,
    });
    let mut add = |key: &str, value: Value, present: bool| {
        if present {
            out[key] = value;
        }
    };
    add("summary", json!(item.summary), !item.summary.is_empty());
    add("authors", json!([{ "name": item.author }]), !item.author.is_empty());
    add("tags", json!(item.topics), !item.topics.is_empty());
    if let Some(lead) = item.images.first() {
        add("image", json!(absolute(&page.base, &lead.url)), true);
        let attachments: Vec<Value> = item.images.iter().map(|image| attachment(page, image)).collect();
        add("attachments", json!(attachments), true);
    }
    out
}

fn attachment(page: &FeedPage, image: &FeedImage) -> Value {
    let mut out = Map::new();
    out.insert("url".to_owned(), json!(absolute(&page.base, &image.url)));
    out.insert("mime_type".to_owned(), json!(image.media_type));
    out.insert("size_in_bytes".to_owned(), json!(image.size_bytes));
    if !image.caption.is_empty() {
        out.insert("title".to_owned(), json!(image.caption));
    }
    // Names with an underscore are the standard's way to say more than it knows.
    let credit = json!({ "credit": image.credit, "width": image.width, "height": image.height });
    out.insert("_photo".to_owned(), credit);
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::super::page::tests::sample;
    use super::write;

    #[test]
    fn items_have_what_the_standard_names() {
        let feed: serde_json::Value = serde_json::from_str(&write(&sample())).unwrap();
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        assert_eq!(feed["next_url"], "https://presse.example/feed.atom?page=2");
        let items = feed["items"].as_array().unwrap();
        assert_eq!(items.len(), 1);
        assert_eq!(items[0]["date_published"], "2025-11-04T09:00:00Z");
        assert_eq!(items[0]["tags"][1], "Messen");
        assert_eq!(items[0]["attachments"][0]["size_in_bytes"], 345_678);
        assert_eq!(items[0]["attachments"][0]["_photo"]["credit"], "Föhrwald/A. Müller");
        assert_eq!(items[0]["image"], "https://presse.example/photos/halle/large.jpg");
    }
}

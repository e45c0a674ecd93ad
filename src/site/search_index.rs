//! The search of the static site: one file per language that the search page reads by itself. Words are folded
//! here as the page folds a reader's words: lower case, umlauts written out, accents dropped.

use std::collections::BTreeMap;

use serde::Serialize;
use unicode_normalization::UnicodeNormalization as _;

use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::visibility::{Access, Viewer, decide};
use crate::newsroom::Context;
use crate::newsroom::sight::PhotosInText;
use crate::store::list::{self, GalleryFilter, ListFilter, Order, ReleaseFilter};
use crate::text::plain;
use crate::web::url::{self, Urls};

/// Beyond this a file for the browser is no longer the right thing; the newest are kept.
const MAX_DOCUMENTS: usize = 5000;
const SUMMARY_CHARS: usize = 200;

#[derive(Serialize)]
struct Document {
    /// Address.
    u: String,
    /// Title.
    t: String,
    /// The beginning of the text.
    s: String,
    /// Day.
    d: String,
    /// Every word, folded, each once.
    w: String,
}

/// `search-index.json` below each language's prefix.
pub async fn files(ctx: &Context, newsroom: &Newsroom) -> anyhow::Result<Vec<(String, String)>> {
    let now = ctx.now();
    let releases = list::releases(&ctx.db, &ReleaseFilter::public(now), MAX_DOCUMENTS, 0).await?;
    let photos = list::gallery(&ctx.db, &GalleryFilter::default(), now, MAX_DOCUMENTS, 0).await?;
    let contacts: Vec<Contact> =
        list::list(&ctx.db, &ListFilter::public(now, Order::Rising), MAX_DOCUMENTS, 0).await?;
    let texts = releases.iter().map(|release| release.body.as_str());
    let photos_in_text = PhotosInText::of(ctx, texts, &[], now).await?;
    let mut files = Vec::new();
    for language in &newsroom.languages {
        let urls = Urls::new(newsroom, language);
        let here = |release: &&Release| release.language == *language || !newsroom.speaks(&release.language);
        let open = |release: &&Release| decide(&release.exposure(), Viewer::Public, now) == Access::Open;
        let mut documents: Vec<Document> = releases
            .iter()
            .filter(here)
            .filter(open)
            .map(|release| of_release(newsroom, release, &photos_in_text))
            .collect();
        documents.extend(contacts.iter().map(|contact| of_contact(newsroom, language, &urls, contact)));
        documents.extend(
            photos
                .iter()
                .filter(|(asset, from)| {
                    decide(&asset.exposure(Some(*from)), Viewer::Public, now) == Access::Open
                })
                .map(|(asset, _)| of_photo(&urls, asset)),
        );
        files.push((name(newsroom, language), serde_json::to_string(&documents)?));
    }
    Ok(files)
}

/// The file of a language's index.
pub fn name(newsroom: &Newsroom, language: &str) -> String {
    format!("{}/search-index.json", newsroom.prefix(language)).trim_start_matches('/').to_owned()
}

fn of_release(newsroom: &Newsroom, release: &Release, photos: &PhotosInText) -> Document {
    let text = plain::for_search(&photos.readable(&release.body));
    let day = release.dateline_date.map(|day| day.to_string());
    let published = || release.published_at.map(|at| at.strftime("%Y-%m-%d").to_string());
    Document {
        u: url::release(newsroom, release),
        t: release.headline.clone(),
        s: text.chars().take(SUMMARY_CHARS).collect(),
        d: day.or_else(published).unwrap_or_default(),
        w: words(&[&release.headline, &release.sub_headlines.join(" "), &release.dateline_place, &text]),
    }
}

fn of_photo(urls: &Urls, asset: &Asset) -> Document {
    let d = &asset.description;
    let title = if d.title.trim().is_empty() { &asset.file_name } else { &d.title };
    Document {
        u: urls.photo(&asset.slug),
        t: title.clone(),
        s: d.caption.chars().take(SUMMARY_CHARS).collect(),
        d: d.date_created.chars().take(10).collect(),
        w: words(&[title, &d.caption, &d.persons.join(" "), &d.keywords.join(" "), &d.location]),
    }
}

fn of_contact(newsroom: &Newsroom, language: &str, urls: &Urls, contact: &Contact) -> Document {
    let role = contact.role.get(language, &newsroom.default_language);
    Document {
        u: urls.contact(&contact.slug),
        t: contact.name.clone(),
        s: role.to_owned(),
        d: String::new(),
        w: words(&[&contact.name, role, &contact.organisation]),
    }
}

/// Each word once, folded, in an order that does not change.
fn words(texts: &[&str]) -> String {
    let mut seen: BTreeMap<String, ()> = BTreeMap::new();
    for text in texts {
        for word in fold(text).split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() > 1) {
            seen.insert(word.to_owned(), ());
        }
    }
    seen.into_keys().collect::<Vec<_>>().join(" ")
}

fn fold(text: &str) -> String {
    let lower =
        text.to_lowercase().replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
    lower.nfd().filter(|c| !unicode_normalization::char::is_combining_mark(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_folded_and_stand_once() {
        assert_eq!(words(&["Größe der Größen", "Café größe a"]), "cafe der groesse groessen");
    }
}

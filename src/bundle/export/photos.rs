//! What photos are called in a bundle and what stands beside them.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization as _;

use crate::bundle::format::Document;
use crate::domain::asset::{Asset, clean_file_name};

/// A name for each asset, in their order: the name its file came with, numbered where two would be the same
/// on a disk that does not tell capitals from small letters.
pub fn names(assets: &[Asset]) -> Vec<String> {
    let mut taken = HashSet::with_capacity(assets.len());
    assets
        .iter()
        .map(|asset| {
            let wish = wish(asset);
            let (stem, extension) = match wish.rsplit_once('.') {
                Some((stem, extension)) => (stem.to_owned(), format!(".{extension}")),
                None => (wish.clone(), String::new()),
            };
            let mut name = wish;
            let mut number = 1;
            while !taken.insert(name.to_lowercase()) {
                number += 1;
                name = format!("{stem}-{number}{extension}");
            }
            name
        })
        .collect()
}

fn wish(asset: &Asset) -> String {
    let name: String = asset.file_name.nfc().collect();
    let lower = name.to_lowercase();
    // Names that mean something else in a bundle, or nothing.
    let is_reserved =
        lower.ends_with(".toml") || matches!(lower.as_str(), "thumbs.db" | "desktop.ini") || name.is_empty();
    if is_reserved { format!("{name}.{}", asset.extension()) } else { name }
}

/// Everything that is said of an asset, the empty words included: they were meant to be empty. Only of a
/// file that was never rendered is nobody's word final yet.
pub fn sheet(asset: &Asset, name: &str, earlier_slugs: &[String]) -> String {
    let d = &asset.description;
    let is_final = asset.described || asset.width.is_some() || !asset.kind.is_picture();
    let mut doc = Document::default();
    let mut text = |key: &str, value: &str| {
        if is_final || !value.is_empty() {
            doc.text(key, value);
        }
    };
    text("title", &d.title);
    text("caption", &d.caption);
    text("alt_text", &d.alt_text);
    text("credit", &d.credit);
    text("copyright_notice", &d.copyright_notice);
    text("usage_terms", &d.usage_terms);
    text("rights_url", &d.rights_url);
    text("creator", &d.creator);
    text("date_created", &d.date_created);
    text("location", &d.location);
    text("digital_source_type", &d.digital_source_type);
    text("data_mining", &d.data_mining);
    if is_final || !d.persons.is_empty() {
        doc.texts("persons", &d.persons);
    }
    if is_final || !d.keywords.is_empty() {
        doc.texts("keywords", &d.keywords);
    }
    let (x, y) = (asset.focal_point.x, asset.focal_point.y);
    doc.text("kind", asset.kind.as_str())
        .raw("focal_point", &format!("{{ x = {x:?}, y = {y:?} }}"))
        .areas_if("crops", &asset.crops)
        .moment_if("rights_until", asset.rights_until)
        .text("slug", &asset.slug);
    if clean_file_name(name) != asset.file_name {
        doc.text("file_name", &asset.file_name);
    }
    doc.moment("created_at", asset.created_at).texts_if("earlier_slugs", earlier_slugs);
    doc.finish()
}

//! A finished photo.

use crate::domain::Id;
use crate::domain::asset::{Asset, AssetKind, AssetState, BlobRef, Description, FocalPoint};
use crate::domain::rendition::{Format, LADDER, Rendition, Shape};

const HASHES: [&str; 4] = [
    "1QcSHQRnh493V4dIh4eXh1h4kJUI",
    "3OcRJYB4d3h/iIeHeEh3eIhw+j3A",
    "HBkSHYSIeHiPiHh8eJd4eTN0EEQG",
    "VvYRNQRod313B4h3eHhYiHeAiQUo",
];

/// A finished photo of a shape that changes with its number.
pub fn asset(number: usize) -> Asset {
    let (width, height) = [(6000, 4000), (6000, 4000), (4000, 6000), (5600, 3150), (5000, 5000)][number % 5];
    let blob = |size_bytes| BlobRef { sha256: "0".repeat(64), size_bytes, crc32: 0 };
    let renditions = LADDER
        .iter()
        .flat_map(|preset| preset.formats().map(move |format| (preset, format)))
        .filter_map(|(preset, format)| {
            let (w, h) = match preset.shape {
                Shape::LongEdge(edge) if width >= height => (edge, edge * height / width),
                Shape::LongEdge(edge) => (edge * width / height, edge),
                Shape::Cut { width, height } => (width, height),
                Shape::Full => return None,
            };
            let size_bytes = u64::from(w) * u64::from(h) / if format == Format::Webp { 9 } else { 6 };
            let (name, recipe, words) = (preset.name.to_owned(), String::new(), String::new());
            let sha256 = "0".repeat(64);
            Some(Rendition { name, format, width: w, height: h, size_bytes, sha256, crc32: 0, recipe, words })
        })
        .collect();
    Asset {
        id: id(number),
        slug: format!("foto-{number}"),
        version: 1,
        kind: AssetKind::Photo,
        state: AssetState::Ready,
        file_name: format!("foto-{number}.jpg"),
        media_type: "image/jpeg".to_owned(),
        original: blob(12_400_000),
        download: blob(12_400_000),
        download_words: String::new(),
        width: Some(width),
        height: Some(height),
        has_alpha: false,
        colour_space: "Adobe RGB (1998)".to_owned(),
        error: None,
        description: Description {
            alt_text: "Besucher in einer hellen Halle unter Holzträgern".to_owned(),
            ..Description::default()
        },
        described: false,
        focal_point: FocalPoint { x: 0.5, y: 0.4 },
        crops: Default::default(),
        rights_until: None,
        renditions,
        placeholder: HASHES[number % 4].to_owned(),
        replacement: None,
        earlier: Vec::new(),
        created_at: "2026-11-05T09:00:00Z".parse().unwrap(),
        updated_at: "2026-11-05T09:00:00Z".parse().unwrap(),
    }
}

fn id(number: usize) -> Id {
    format!("01920000-0000-7000-8000-{number:012}").parse().unwrap()
}

//! Records with the addresses under which the public finds them: what ninjs and JSON-LD are written from.
//! Paths may be paths of the site or absolute URLs. The caller has checked that each part may be seen.

use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::newsroom::Newsroom;
use crate::domain::release::Release;
use crate::domain::rendition::Rendition;
use crate::domain::topic::Topic;

#[derive(Debug, Clone)]
pub struct PublicRelease<'a> {
    pub release: &'a Release,
    pub newsroom: &'a Newsroom,
    pub path: String,
    /// Markdown: the release's own, as far as it may be read.
    pub body: &'a str,
    /// Markdown, already looked up; may be empty.
    pub boilerplate: &'a str,
    /// Each with the path of its page.
    pub topics: Vec<(&'a Topic, String)>,
    pub contacts: Vec<PublicContact<'a>>,
    /// In order; the first is the lead picture.
    pub assets: Vec<PublicAsset<'a>>,
    /// The same release in other languages.
    pub translations: Vec<Translation<'a>>,
}

#[derive(Debug, Clone)]
pub struct Translation<'a> {
    pub release: &'a Release,
    pub path: String,
}

#[derive(Debug, Clone)]
pub struct PublicContact<'a> {
    pub contact: &'a Contact,
    pub path: String,
    /// A rendition of the portrait, or empty.
    pub portrait_path: String,
}

#[derive(Debug, Clone)]
pub struct PublicAsset<'a> {
    pub asset: &'a Asset,
    /// The page with its facts.
    pub path: String,
    /// The print original.
    pub original_path: String,
    pub renditions: Vec<(&'a Rendition, String)>,
    /// The asset's own usage terms, else the newsroom's.
    pub usage_terms: &'a str,
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::domain::Localized;
    use crate::domain::asset::{AssetKind, AssetState, BlobRef, Description};
    use crate::domain::contact::Phone;
    use crate::domain::rendition::Format;

    /// A photo whose print original is `bytes`, with one `large` JPEG that is its first half.
    pub fn photo(title: &str, bytes: &[u8]) -> Asset {
        use sha2::{Digest, Sha256};
        let blob = |bytes: &[u8]| BlobRef {
            sha256: hex::encode(Sha256::digest(bytes)),
            size_bytes: bytes.len() as u64,
            crc32: crc32fast::hash(bytes),
        };
        let half = blob(&bytes[..bytes.len() / 2]);
        let at = "2025-11-04T08:00:00Z".parse().unwrap();
        Asset {
            id: "019a4f00-0000-7000-8000-00000000000a".parse().unwrap(),
            slug: "halle".to_owned(),
            version: 1,
            kind: AssetKind::Photo,
            state: AssetState::Ready,
            file_name: "IMG_0001.jpg".to_owned(),
            media_type: "image/jpeg".to_owned(),
            original: blob(bytes),
            download: blob(bytes),
            download_words: String::new(),
            width: Some(6000),
            height: Some(4000),
            has_alpha: false,
            colour_space: String::new(),
            error: None,
            description: Description {
                title: title.to_owned(),
                caption: "Die Halle & ihre „Gäste“".to_owned(),
                alt_text: "Menschen in einer Halle".to_owned(),
                credit: "Föhrwald/A. Müller".to_owned(),
                copyright_notice: "© 2025 Messe Föhrwald".to_owned(),
                rights_url: "https://p.example/terms".to_owned(),
                creator: "A. Müller".to_owned(),
                persons: vec!["Ada Muster".to_owned()],
                keywords: vec!["Messe".to_owned()],
                date_created: "2025-11-03T14:05:00+01:00".to_owned(),
                location: "Halle 4, Föhrwald".to_owned(),
                digital_source_type: "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
                    .to_owned(),
                ..Description::default()
            },
            described: false,
            focal_point: Default::default(),
            crops: Default::default(),
            rights_until: None,
            renditions: vec![Rendition {
                name: "large".to_owned(),
                format: Format::Jpeg,
                width: 2560,
                height: 1707,
                size_bytes: half.size_bytes,
                sha256: half.sha256,
                crc32: half.crc32,
                recipe: String::new(),
                words: String::new(),
            }],
            placeholder: String::new(),
            replacement: None,
            earlier: Vec::new(),
            created_at: at,
            updated_at: at,
        }
    }

    pub fn contact() -> Contact {
        let at = "2025-11-04T08:00:00Z".parse().unwrap();
        Contact {
            id: "019a4f00-0000-7000-8000-000000000001".parse().unwrap(),
            slug: "ada-muster".to_owned(),
            version: 1,
            name: "Dr. Ada Muster".to_owned(),
            role: Localized::from("Pressesprecherin"),
            organisation: "Messe Föhrwald".to_owned(),
            phones: vec![Phone { kind: "work".to_owned(), number: "+49 30 23125-401".to_owned() }],
            email: "ada@foehrwald.example".to_owned(),
            languages: vec!["de".to_owned()],
            topics: vec!["energie".to_owned()],
            portrait: None,
            order: 1,
            roster: Default::default(),
            created_at: at,
            updated_at: at,
        }
    }

    pub fn release() -> Release {
        let at = "2025-11-04T09:00:00Z".parse().unwrap();
        let id = "019a4f00-0000-7000-8000-000000000003".parse().unwrap();
        let mut release = Release::draft(id, "de", "Messe zählt 10.600 Gäste", at);
        release.slug = "messe-zaehlt-10600-gaeste".to_owned();
        release.sub_headlines = vec!["Erster Punkt".to_owned(), "Zweiter Punkt".to_owned()];
        release.dateline_place = "Föhrwald".to_owned();
        release.dateline_date = Some("2025-11-04".parse().unwrap());
        release.body = "Mit [Gästen](/releases/alt) begann es.\n\n## Zahlen\n\n\
            > „Das ist <viel>.“\n>\n> — Ada Muster, Vorständin\n\nEnde."
            .to_owned();
        release.publish(None, at).unwrap();
        release
    }

    pub fn newsroom() -> Newsroom {
        Newsroom {
            organisation: "Messe Föhrwald".to_owned(),
            organisation_url: "https://foehrwald.example".to_owned(),
            default_usage_terms: Localized::from("Frei für die Berichterstattung mit Bildnachweis."),
            ..Newsroom::default()
        }
    }

    pub fn public_asset(asset: &Asset) -> PublicAsset<'_> {
        PublicAsset {
            asset,
            path: format!("/photos/{}", asset.slug),
            original_path: format!("/photos/{}/original.jpg", asset.slug),
            renditions: asset
                .renditions
                .iter()
                .map(|r| (r, format!("/photos/{}/{}.jpg", asset.slug, r.name)))
                .collect(),
            usage_terms: "Frei für die Berichterstattung",
        }
    }

    pub fn public_contact(contact: &Contact) -> PublicContact<'_> {
        PublicContact {
            contact,
            path: format!("/contacts/{}", contact.slug),
            portrait_path: "/photos/ada/small.jpg".to_owned(),
        }
    }

    pub fn public_release<'a>(
        release: &'a Release,
        newsroom: &'a Newsroom,
        asset: &'a Asset,
        contact: &'a Contact,
    ) -> PublicRelease<'a> {
        PublicRelease {
            release,
            newsroom,
            path: format!("/releases/{}", release.slug),
            body: &release.body,
            boilerplate: "Über die **Messe**.",
            topics: Vec::new(),
            contacts: vec![public_contact(contact)],
            assets: vec![public_asset(asset)],
            translations: vec![Translation { release, path: "/en/releases/fair".to_owned() }],
        }
    }
}

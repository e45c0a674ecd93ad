//! A release, and lists of releases.

use super::contact::ContactCard;
use super::photo::PhotoTile;
use super::picture::Picture;
use super::shell::{LanguageLink, Link, Pager, Shell};
use crate::domain::ZonedTime;
use crate::domain::release::{Correction, CorrectionKind};
use crate::i18n::Lang;
use askama::Template;

/// A release in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReleaseTeaser {
    pub url: String,
    pub headline: String,
    /// BCP 47, for hyphenation and screen readers.
    pub language: String,
    /// What the language calls itself, when it is not the page's language.
    pub language_note: String,
    /// The first sub-headline or sentence.
    pub summary: String,
    pub date: String,
    /// ISO 8601.
    pub date_iso: String,
    pub topic: Option<Link>,
    pub picture: Option<Picture>,
    /// "3 Fotos"; empty without photos.
    pub photo_note: String,
}

/// The archive, whole or cut by topic and year.
#[derive(Template)]
#[template(path = "public/releases.html")]
pub struct ArchivePage {
    pub shell: Shell,
    pub title: String,
    /// "22 Meldungen".
    pub total: String,
    pub topics: Vec<Link>,
    pub years: Vec<Link>,
    /// By topic or year.
    pub is_cut: bool,
    pub releases: Vec<ReleaseTeaser>,
    pub pager: Pager,
}

/// A ZIP of photos, in print quality and in web size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    pub url: String,
    /// "Alle Fotos (ZIP, 46 MB)".
    pub label: String,
    /// "3 Fotos".
    pub count: String,
    /// "3 Fotos, 46 MB".
    pub facts: String,
    pub web_url: String,
    /// "In Webgröße (ZIP, 3 MB)"; empty when that is not smaller.
    pub web_label: String,
}

/// What a kit holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KitSize {
    pub photos: usize,
    /// What is no picture.
    pub documents: usize,
    pub print_bytes: u64,
    pub web_bytes: u64,
}

impl KitSize {
    /// "3 Fotos, 1 Dokument".
    fn count(self, lang: Lang) -> String {
        let (photos, documents) = (self.photos, self.documents);
        let counts = [("count-photos", photos), ("count-documents", documents)];
        let told = counts.into_iter().filter(|(_, count)| *count > 0);
        told.map(|(key, count)| lang.count(key, count)).collect::<Vec<_>>().join(lang.comma())
    }
}

impl Kit {
    /// Everything that comes with a release.
    pub fn of_release(lang: Lang, url: String, holds: KitSize) -> Self {
        let size = lang.bytes(holds.print_bytes);
        let label = if holds.documents == 0 { "zip-all-photos" } else { "zip-all-files" };
        Self::new(lang, url, holds, lang.t_args(label, &[("size", size.into())]))
    }

    /// Every photo of an album, a search, a selection.
    pub fn of_album(lang: Lang, url: String, holds: KitSize) -> Self {
        let (count, size) = (holds.count(lang), lang.bytes(holds.print_bytes));
        let label = lang.t_args("zip-album", &[("count", count.into()), ("size", size.into())]);
        Self::new(lang, url, holds, label)
    }

    fn new(lang: Lang, url: String, holds: KitSize, label: String) -> Self {
        let web = lang.bytes(holds.web_bytes);
        let is_smaller = holds.web_bytes < holds.print_bytes;
        Self {
            web_url: format!("{url}{}size=web", if url.contains('?') { '&' } else { '?' }),
            web_label: if is_smaller {
                lang.t_args("zip-web", &[("size", web.into())])
            } else {
                String::new()
            },
            url,
            label,
            count: holds.count(lang),
            facts: [holds.count(lang), lang.bytes(holds.print_bytes)].join(lang.comma()),
        }
    }
}

/// A note on a change after publication.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CorrectionView {
    /// "Korrektur", "Ergänzung".
    pub label: String,
    pub date: String,
    pub date_iso: String,
    pub note: String,
}

impl CorrectionView {
    /// Tells a note in the language of the interface, with the day in the newsroom's zone.
    pub fn of(lang: Lang, correction: &Correction, zone: &str) -> Self {
        let label = match correction.kind {
            CorrectionKind::Correction => lang.t("correction-correction"),
            CorrectionKind::Update => lang.t("correction-update"),
        };
        let date = lang.date(ZonedTime::from_instant(correction.at, zone).local.date());
        Self { label, date, date_iso: format!("{:.0}", correction.at), note: correction.note.clone() }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BoilerplateView {
    pub title: String,
    pub html: String,
}

/// The same release in another form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormLink {
    /// "Text", "Markdown", "JSON".
    pub label: String,
    /// ".txt".
    pub suffix: String,
    pub url: String,
}

#[derive(Template)]
#[template(path = "public/release.html")]
pub struct ReleasePage {
    pub shell: Shell,
    pub headline: String,
    pub sub_headlines: Vec<String>,
    /// "Elsmünde, 5. November 2026".
    pub dateline: String,
    /// ISO 8601.
    pub date_iso: String,
    pub topics: Vec<Link>,
    pub photos: Vec<PhotoTile>,
    /// What comes with the release and is no picture.
    pub documents: Vec<PhotoTile>,
    pub kit: Option<Kit>,
    pub contacts: Vec<ContactCard>,
    /// Sanitised.
    pub body_html: String,
    pub boilerplate: Option<BoilerplateView>,
    /// Newest first.
    pub corrections: Vec<CorrectionView>,
    pub related: Vec<ReleaseTeaser>,
    pub translations: Vec<LanguageLink>,
    /// Absolute.
    pub permalink: String,
    /// The release as plain text, which is what the copy button copies.
    pub text_url: String,
    pub forms: Vec<FormLink>,
}

impl ReleasePage {
    /// The contact whose number stands in the first screen.
    pub fn first_contact(&self) -> Option<&ContactCard> {
        self.contacts.first()
    }
}

//! The interface in the reader's language: texts with plurals, numbers, sizes, dates.
//!
//! Texts live in `locales/<language>.ftl` (the public site) and `locales/<language>/desk.ftl` (Project Fluent). What a newsroom
//! writes itself (releases, captions, topics) is data and has no place here. A key that is used but missing,
//! or there but unused, fails the tests.

mod format;
#[cfg(test)]
mod keys;

pub use fluent_templates::fluent_bundle::FluentValue as Value;
use fluent_templates::{LanguageIdentifier, StaticLoader, langid};
use std::borrow::Cow;
use std::collections::HashMap;

fluent_templates::static_loader! {
    static LOCALES = {
        locales: "./src/i18n/locales",
        fallback_language: "en",
        // The marks that isolate arguments of the other writing direction would end up in copied text;
        // the templates isolate with <bdi> where that is needed.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Lang {
    De,
    En,
    Fr,
    Ar,
}

impl Lang {
    /// Every language the public site is written in.
    pub const ALL: [Self; 4] = [Self::De, Self::En, Self::Fr, Self::Ar];
    /// Every language the desk is written in.
    pub const DESK: [Self; 2] = [Self::De, Self::En];

    /// The language of the interface for a BCP 47 tag, by its primary subtag; English where there is none.
    pub fn for_tag(tag: &str) -> Self {
        let primary = tag.split('-').next().unwrap_or_default();
        Self::ALL.into_iter().find(|lang| lang.tag() == primary).unwrap_or(Self::En)
    }

    /// The BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::De => "de",
            Self::En => "en",
            Self::Fr => "fr",
            Self::Ar => "ar",
        }
    }

    fn id(self) -> &'static LanguageIdentifier {
        static DE: LanguageIdentifier = langid!("de");
        static EN: LanguageIdentifier = langid!("en");
        static FR: LanguageIdentifier = langid!("fr");
        static AR: LanguageIdentifier = langid!("ar");
        match self {
            Self::De => &DE,
            Self::En => &EN,
            Self::Fr => &FR,
            Self::Ar => &AR,
        }
    }

    /// The text of a key.
    pub fn t(self, key: &str) -> String {
        self.look_up(key, None)
    }

    /// The text of a key with arguments: `lang.t_args("zip-all-photos", &[("size", "84 MB".into())])`.
    pub fn t_args(self, key: &str, args: &[(&'static str, Value<'_>)]) -> String {
        let args: HashMap<Cow<'static, str>, Value<'_>> =
            args.iter().map(|(name, value)| (Cow::Borrowed(*name), value.clone())).collect();
        self.look_up(key, Some(&args))
    }

    /// The text of a key that counts something: `$count` chooses the plural, `$number` is what is shown.
    pub fn count(self, key: &str, count: usize) -> String {
        self.t_args(key, &[("count", count.into()), ("number", self.number(count as u64).into())])
    }

    fn look_up(self, key: &str, args: Option<&HashMap<Cow<'static, str>, Value<'_>>>) -> String {
        let locales: &StaticLoader = &LOCALES;
        let found = locales
            .lookup_single_language(self.id(), key, args)
            .or_else(|_| locales.lookup_single_language(locales.fallback(), key, args));
        found.unwrap_or_else(|error| {
            tracing::error!(i18n.key = key, i18n.language = self.tag(), %error, "A text of the interface is missing");
            format!("⟦{key}⟧")
        })
    }
}

/// The writing direction of a BCP 47 tag, as HTML's `dir` wants it.
pub fn direction(tag: &str) -> &'static str {
    let mut parts = tag.split('-');
    let primary = parts.next().unwrap_or_default();
    let script = parts.find(|part| part.len() == 4);
    let right_to_left = match script {
        Some(script) => {
            matches!(script.to_ascii_lowercase().as_str(), "arab" | "hebr" | "thaa" | "syrc" | "nkoo")
        }
        None => matches!(primary, "ar" | "he" | "fa" | "ur" | "yi" | "dv" | "ps" | "sd" | "ug" | "ckb"),
    };
    if right_to_left { "rtl" } else { "ltr" }
}

/// What a language calls itself, for language switches. Unknown tags are shown as they are.
pub fn endonym(tag: &str) -> &str {
    match tag.split('-').next().unwrap_or_default() {
        "ar" => "العربية",
        "cs" => "Čeština",
        "da" => "Dansk",
        "de" => "Deutsch",
        "en" => "English",
        "es" => "Español",
        "fr" => "Français",
        "it" => "Italiano",
        "nl" => "Nederlands",
        "pl" => "Polski",
        "pt" => "Português",
        "sv" => "Svenska",
        "tr" => "Türkçe",
        "uk" => "Українська",
        "zh" => "中文",
        _ => tag,
    }
}

/// Every language that has a locale file, for the test that each has its [`Lang`].
#[cfg(test)]
fn locale_files() -> Vec<String> {
    use fluent_templates::Loader as _;
    LOCALES.locales().map(ToString::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_language_is_chosen_by_its_primary_subtag() {
        assert_eq!(Lang::for_tag("de-AT"), Lang::De);
        assert_eq!(Lang::for_tag("en"), Lang::En);
        assert_eq!(Lang::for_tag("tlh"), Lang::En);
    }

    #[test]
    fn plurals_and_arguments_follow_the_language() {
        assert_eq!(Lang::De.count("count-photos", 1), "1 Foto");
        assert_eq!(Lang::De.count("count-photos", 1200), "1.200 Fotos");
        assert_eq!(Lang::En.count("count-photos", 1200), "1,200 photos");
        assert_eq!(Lang::Fr.count("count-photos", 0), "0 photo");
        assert_eq!(Lang::Fr.count("count-photos", 1200), "1\u{202f}200 photos");
        assert_eq!(
            [1, 2, 5, 12, 100].map(|n| Lang::Ar.count("count-photos", n)),
            ["صورة واحدة", "صورتان", "5 صور", "12 صورة", "100 صورة"]
        );
        assert_eq!(
            Lang::De.t_args("zip-all-photos", &[("size", "84 MB".into())]),
            "Alle Fotos (ZIP, 84\u{a0}MB)".replace('\u{a0}', " ")
        );
    }

    #[test]
    fn the_direction_follows_language_and_script() {
        assert_eq!(direction("ar"), "rtl");
        assert_eq!(direction("de"), "ltr");
        assert_eq!(direction("az-Arab"), "rtl");
        assert_eq!(direction("ar-Latn"), "ltr");
    }

    #[test]
    fn each_locale_file_has_its_language() {
        let mut files = locale_files();
        files.sort();
        let mut tags: Vec<_> = Lang::ALL.iter().map(|lang| lang.tag().to_owned()).collect();
        tags.sort();
        assert_eq!(files, tags);
    }
}

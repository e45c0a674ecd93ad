//! The fonts of the words in drawings: those that come with the program, so that a drawing looks the same on every
//! machine; what they lack, another name or other letters, is looked for among the fonts of the machine.

use resvg::usvg;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use usvg::fontdb::{Database, FaceInfo, Family, ID, Query, Source, Stretch, Style, Weight};
use usvg::{FontFamily, FontResolver, FontStretch, FontStyle};

const SANS: &str = "Noto Sans";
const SERIF: &str = "DejaVu Serif";
const MONO: &str = "DejaVu Sans Mono";

/// Noto Sans first; DejaVu Sans has Arabic, Hebrew, Armenian, Georgian and signs.
static BUNDLED: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = Database::new();
    for font in [
        notosans::REGULAR_TTF,
        notosans::BOLD_TTF,
        notosans::ITALIC_TTF,
        notosans::BOLD_ITALIC_TTF,
        dejavu::sans::regular(),
        dejavu::sans::bold(),
        dejavu::serif::regular(),
        dejavu::serif::bold(),
        dejavu::sans_mono::regular(),
        dejavu::sans_mono::bold(),
    ] {
        // They stay where they are in the program.
        fonts.load_font_source(Source::Binary(Arc::new(font)));
    }
    Arc::new(fonts)
});

/// What drawings call the fonts that systems bring along, in small letters.
const SERIF_NAMES: [&str; 12] = [
    "serif",
    "times",
    "times new roman",
    "times roman",
    "georgia",
    "cambria",
    "garamond",
    "palatino",
    "palatino linotype",
    "liberation serif",
    "noto serif",
    "dejavu serif",
];
const MONO_NAMES: [&str; 10] = [
    "monospace",
    "courier",
    "courier new",
    "consolas",
    "menlo",
    "monaco",
    "lucida console",
    "liberation mono",
    "noto sans mono",
    "dejavu sans mono",
];
const SANS_NAMES: [&str; 18] = [
    "sans-serif",
    "sans",
    "sans serif",
    "arial",
    "arial unicode ms",
    "helvetica",
    "helvetica neue",
    "verdana",
    "tahoma",
    "calibri",
    "segoe ui",
    "roboto",
    "open sans",
    "lucida grande",
    "liberation sans",
    "noto sans",
    "system-ui",
    "-apple-system",
];

/// The fonts of one drawing.
#[derive(Clone, Default)]
pub struct Fonts {
    /// Letters that no font has.
    missing: Arc<Mutex<BTreeSet<char>>>,
}

impl Fonts {
    pub fn bundled() -> Arc<Database> {
        Arc::clone(&BUNDLED)
    }

    /// Letters and digits of the drawing that nothing here can draw.
    pub fn missing_letters(&self) -> String {
        let missing = self.missing.lock().unwrap_or_else(PoisonError::into_inner);
        missing.iter().filter(|c| c.is_alphanumeric()).take(10).collect()
    }

    pub fn resolver(&self) -> FontResolver<'static> {
        let missing = Arc::clone(&self.missing);
        FontResolver {
            select_font: Box::new(select),
            select_fallback: Box::new(move |letter, used, fonts| {
                let is_missing = || missing.lock().unwrap_or_else(PoisonError::into_inner).contains(&letter);
                if is_missing() {
                    return None;
                }
                let found = with_letter(letter, used, fonts);
                if found.is_none() {
                    missing.lock().unwrap_or_else(PoisonError::into_inner).insert(letter);
                }
                found
            }),
        }
    }
}

/// The first font of the drawing's list that is there; some font in any case, as a browser would.
fn select(font: &usvg::Font, fonts: &mut Arc<Database>) -> Option<ID> {
    for family in font.families() {
        let bundled = match family {
            FontFamily::Serif => Some(SERIF),
            FontFamily::Monospace => Some(MONO),
            FontFamily::SansSerif | FontFamily::Cursive | FontFamily::Fantasy => Some(SANS),
            FontFamily::Named(name) => bundled_name(name),
        };
        if let Some(name) = bundled {
            return query(&BUNDLED, name, font);
        }
        let FontFamily::Named(name) = family else { continue };
        load_those_of_the_machine(fonts);
        if let Some(found) = query(fonts, name, font) {
            return Some(found);
        }
    }
    query(&BUNDLED, SANS, font)
}

fn bundled_name(name: &str) -> Option<&'static str> {
    let name = name.trim().to_lowercase();
    if name == "dejavu sans" {
        return Some("DejaVu Sans");
    }
    let groups = [(&SANS_NAMES[..], SANS), (&SERIF_NAMES, SERIF), (&MONO_NAMES, MONO)];
    groups.into_iter().find(|(names, _)| names.contains(&&*name)).map(|(_, bundled)| bundled)
}

fn query(fonts: &Database, name: &str, font: &usvg::Font) -> Option<ID> {
    fonts.query(&Query {
        families: &[Family::Name(name)],
        weight: Weight(font.weight()),
        stretch: match font.stretch() {
            FontStretch::UltraCondensed => Stretch::UltraCondensed,
            FontStretch::ExtraCondensed => Stretch::ExtraCondensed,
            FontStretch::Condensed => Stretch::Condensed,
            FontStretch::SemiCondensed => Stretch::SemiCondensed,
            FontStretch::Normal => Stretch::Normal,
            FontStretch::SemiExpanded => Stretch::SemiExpanded,
            FontStretch::Expanded => Stretch::Expanded,
            FontStretch::ExtraExpanded => Stretch::ExtraExpanded,
            FontStretch::UltraExpanded => Stretch::UltraExpanded,
        },
        style: match font.style() {
            FontStyle::Normal => Style::Normal,
            FontStyle::Italic => Style::Italic,
            FontStyle::Oblique => Style::Oblique,
        },
    })
}

/// Once for each drawing, and only for one that asks for them.
fn load_those_of_the_machine(fonts: &mut Arc<Database>) {
    static OF_THE_MACHINE: LazyLock<Arc<Database>> = LazyLock::new(|| {
        let mut fonts = Database::clone(&BUNDLED);
        fonts.load_system_fonts();
        Arc::new(fonts)
    });
    if fonts.len() == BUNDLED.len() {
        *fonts = Arc::clone(&OF_THE_MACHINE);
    }
}

/// A font that has a letter which those used so far lack; as bold and as slanted as the first of them, if there is one.
fn with_letter(letter: char, used: &[ID], fonts: &mut Arc<Database>) -> Option<ID> {
    let any = FontResolver::default_fallback_selector();
    let found = any(letter, &with_unlike(used, fonts), fonts).or_else(|| any(letter, used, fonts));
    if found.is_some() || fonts.len() != BUNDLED.len() {
        return found;
    }
    load_those_of_the_machine(fonts);
    any(letter, &with_unlike(used, fonts), fonts).or_else(|| any(letter, used, fonts))
}

/// The fonts used so far, and those that are bolder or more slanted than the first of them.
fn with_unlike(used: &[ID], fonts: &Database) -> Vec<ID> {
    let mut all = used.to_vec();
    if let Some(base) = used.first().and_then(|first| fonts.face(*first)) {
        let is_bold = |weight: Weight| weight.0 >= 600;
        let is_unlike = |face: &&FaceInfo| {
            is_bold(face.weight) != is_bold(base.weight)
                || (face.style == Style::Normal) != (base.style == Style::Normal)
        };
        all.extend(fonts.faces().filter(is_unlike).map(|face| face.id));
    }
    all
}

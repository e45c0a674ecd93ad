//! The newsroom's colours as a style sheet. The accent is moved until text in it can be read (WCAG 2.2,
//! 1.4.3 and 1.4.11) on light and on dark grounds, so that any organisation's colour does.

use std::collections::BTreeMap;

use crate::domain::style::{Corners, Space, Style, Typeface};

/// Contrast that text needs against its ground.
const READABLE: f64 = 4.5;
const DEFAULT_ACCENT: Rgb = Rgb([0x0b, 0x5a, 0x6f]);
/// The grounds of `app.css`, in case the newsroom sets none: the darker of the light ones, the lighter of the
/// dark ones, so that text is readable on all of them.
const LIGHT_GROUND: Rgb = Rgb([0xf3, 0xf4, 0xf2]);
const DARK_GROUND: Rgb = Rgb([0x1c, 0x20, 0x24]);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rgb([u8; 3]);

impl Rgb {
    fn parse(text: &str) -> Option<Self> {
        let hex = text.strip_prefix('#')?;
        let digits: Vec<u8> =
            hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect::<Option<_>>()?;
        match digits.as_slice() {
            [r, g, b] => Some(Self([r * 17, g * 17, b * 17])),
            [r1, r2, g1, g2, b1, b2] => Some(Self([r1 * 16 + r2, g1 * 16 + g2, b1 * 16 + b2])),
            _ => None,
        }
    }

    fn css(self) -> String {
        let Self([r, g, b]) = self;
        format!("#{r:02x}{g:02x}{b:02x}")
    }

    /// Relative luminance as WCAG defines it.
    fn luminance(self) -> f64 {
        let [r, g, b] = self.0.map(|channel| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }

    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    /// A step of the way towards another colour, from 0 (none) to 1 (all).
    fn towards(self, other: Self, step: f64) -> Self {
        let mut out = self.0;
        for (from, to) in out.iter_mut().zip(other.0) {
            *from = (f64::from(*from) + (f64::from(to) - f64::from(*from)) * step).round() as u8;
        }
        Self(out)
    }

    /// The nearest colour on the way to `end` that is readable on `ground`.
    fn readable_on(self, ground: Self, end: Self) -> Self {
        (0..=50)
            .map(|step| self.towards(end, f64::from(step) / 50.0))
            .find(|colour| colour.contrast(ground) >= READABLE)
            .unwrap_or(end)
    }
}

const WHITE: Rgb = Rgb([255; 3]);
const BLACK: Rgb = Rgb([0; 3]);

/// The style sheet for the newsroom's colour tokens: `accent`, `paper`, `ink`, and the same with `-dark` for
/// the dark scheme. Other names are left out.
pub fn theme_css(colours: &BTreeMap<String, String>) -> String {
    let token = |name: &str| colours.get(name).and_then(|text| Rgb::parse(text));
    let accent = token("accent").unwrap_or(DEFAULT_ACCENT);
    let light = scheme(accent, token("paper"), token("ink"), LIGHT_GROUND, BLACK);
    let accent_dark = token("accent-dark").unwrap_or(accent);
    let dark = scheme(accent_dark, token("paper-dark"), token("ink-dark"), DARK_GROUND, WHITE);
    format!(":root{{{light}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n")
}

/// One of the two grounds that a page has, by what the reader's device asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    Light,
    Dark,
}

impl Scheme {
    pub const ALL: [Self; 2] = [Self::Light, Self::Dark];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// A media query in the place of the one for the dark scheme.
    const fn dark_query(self) -> &'static str {
        match self {
            Self::Light => "not all",
            Self::Dark => "all",
        }
    }

    /// A style sheet or a page that asks the device, as it is in this scheme on every device.
    pub fn settle(self, text: &str) -> String {
        text.replace("(prefers-color-scheme: dark)", self.dark_query())
            .replace("(prefers-color-scheme:dark)", self.dark_query())
            .replace("color-scheme: light dark", &format!("color-scheme: {}", self.as_str()))
            .replace(
                "name=\"color-scheme\" content=\"light dark\"",
                &format!("name=\"color-scheme\" content=\"{}\"", self.as_str()),
            )
    }
}

/// An accent in which text could not be read, and what the pages take in its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    pub scheme: Scheme,
    pub asked: String,
    /// Against the ground, as WCAG counts it.
    pub contrast: f64,
    pub taken: String,
}

/// Where the newsroom's accent cannot stand as it is.
pub fn moved_accents(colours: &BTreeMap<String, String>) -> Vec<Moved> {
    let token = |name: &str| colours.get(name).and_then(|text| Rgb::parse(text));
    let accent = token("accent").unwrap_or(DEFAULT_ACCENT);
    let schemes = [
        (Scheme::Light, accent, token("paper").unwrap_or(LIGHT_GROUND), BLACK),
        (
            Scheme::Dark,
            token("accent-dark").unwrap_or(accent),
            token("paper-dark").unwrap_or(DARK_GROUND),
            WHITE,
        ),
    ];
    schemes
        .into_iter()
        .filter(|(_, accent, ground, _)| accent.contrast(*ground) < READABLE)
        .map(|(scheme, accent, ground, end)| Moved {
            scheme,
            asked: accent.css(),
            contrast: accent.contrast(ground),
            taken: accent.readable_on(ground, end).css(),
        })
        .collect()
}

/// What the newsroom has chosen beside its colours, over what `app.css` says.
pub fn style_css(style: Style) -> String {
    let mut tokens = Vec::new();
    if style.headlines == Typeface::Sans {
        tokens.push("--display:var(--sans)");
    }
    if style.text == Typeface::Serif {
        tokens.push("--text:var(--serif)");
    }
    match style.space {
        Space::Dense => tokens.push("--section:clamp(2rem,4vw,3.5rem);--gap:clamp(1rem,1.8vw,1.5rem)"),
        Space::Normal => {}
        Space::Airy => tokens.push("--section:clamp(3.5rem,8.5vw,8rem);--gap:clamp(1.5rem,3vw,3rem)"),
    }
    match style.corners {
        Corners::Square => tokens.push("--radius:0px"),
        Corners::Soft => {}
        Corners::Round => tokens.push("--radius:12px"),
    }
    if tokens.is_empty() { String::new() } else { format!(":root{{{}}}\n", tokens.join(";")) }
}

/// The accent as a ground, and what is readable on it.
pub fn accent_pair(colours: &BTreeMap<String, String>) -> (String, String) {
    let accent = colours.get("accent").and_then(|text| Rgb::parse(text)).unwrap_or(DEFAULT_ACCENT);
    let ink = if accent.contrast(WHITE) >= READABLE { WHITE } else { BLACK };
    (accent.css(), ink.css())
}

/// The tokens of one scheme. `end` is the colour that is most readable on its ground.
fn scheme(accent: Rgb, paper: Option<Rgb>, ink: Option<Rgb>, ground: Rgb, end: Rgb) -> String {
    let ground = paper.unwrap_or(ground);
    let accent = accent.readable_on(ground, end);
    let on_accent = if accent.contrast(WHITE) >= READABLE { WHITE } else { BLACK };
    let mut css = format!("--accent:{};--on-accent:{}", accent.css(), on_accent.css());
    if let Some(paper) = paper {
        css.push_str(&format!(";--paper:{}", paper.css()));
    }
    if let Some(ink) = ink {
        css.push_str(&format!(";--ink:{}", ink.readable_on(ground, end).css()));
    }
    css
}

#[cfg(test)]
mod tests {
    use super::*;

    fn colours(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    #[test]
    fn contrast_is_reckoned_as_wcag_does() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 0.01);
        // #767676 on white is the well-known limit of 4.54:1.
        assert!((Rgb::parse("#767676").unwrap().contrast(WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn a_readable_accent_stays_and_is_lightened_for_the_dark() {
        let css = theme_css(&colours(&[("accent", "#0b5a6f")]));
        let (light, dark) = css.split_once('\n').unwrap();
        assert!(light.contains("--accent:#0b5a6f;--on-accent:#ffffff"), "{css}");
        assert!(!dark.contains("#0b5a6f"), "{css}");
    }

    #[test]
    fn every_accent_becomes_readable() {
        for accent in ["#ffe600", "#fff", "#000", "#ff0000", "#00ff88", "#123456", "#808080"] {
            let start = Rgb::parse(accent).unwrap();
            let light = start.readable_on(LIGHT_GROUND, BLACK);
            let dark = start.readable_on(DARK_GROUND, WHITE);
            assert!(light.contrast(LIGHT_GROUND) >= READABLE, "{accent}");
            assert!(dark.contrast(DARK_GROUND) >= READABLE, "{accent}");
            for ground in [light, dark] {
                assert!(ground.contrast(WHITE).max(ground.contrast(BLACK)) >= READABLE, "{accent}");
            }
        }
    }

    #[test]
    fn an_accent_that_is_moved_is_told_with_what_stands_in_its_place() {
        let moved = moved_accents(&colours(&[("accent", "#ffe600")]));
        let [light] = &moved[..] else { panic!("only where it is too light: {moved:?}") };
        // 1.16:1 on #f3f4f2 by the formula of WCAG 2.2.
        assert_eq!((light.scheme, light.asked.as_str()), (Scheme::Light, "#ffe600"));
        assert!((1.1..1.25).contains(&light.contrast), "{}", light.contrast);
        assert!(theme_css(&colours(&[("accent", "#ffe600")])).contains(&format!("--accent:{}", light.taken)));
        let dark = moved_accents(&colours(&[("accent", "#000080")]));
        assert_eq!(dark.iter().map(|each| each.scheme).collect::<Vec<_>>(), [Scheme::Dark]);
        assert!(moved_accents(&colours(&[("accent", "#0b5a6f"), ("accent-dark", "#6fbccf")])).is_empty());
    }

    #[test]
    fn a_settled_sheet_asks_no_device() {
        let sheet = format!(
            "{}{}",
            include_str!("../../static/app.css"),
            theme_css(&colours(&[("accent", "#0b5a6f"), ("paper-dark", "#000")]))
        );
        for scheme in Scheme::ALL {
            let settled = scheme.settle(&sheet);
            assert!(!settled.contains("prefers-color-scheme"), "{}", scheme.as_str());
            assert!(!settled.contains("light dark"), "{}", scheme.as_str());
        }
        assert_ne!(Scheme::Light.settle(&sheet), Scheme::Dark.settle(&sheet));
    }

    #[test]
    fn what_is_no_colour_never_reaches_the_style_sheet() {
        let css =
            theme_css(&colours(&[("accent", "#12"), ("paper", "red;}body{display:none"), ("x", "#fff")]));
        assert!(!css.contains("display") && !css.contains("#fff;"), "{css}");
        assert!(css.contains("--accent:#0b5a6f"), "{css}");
    }
}

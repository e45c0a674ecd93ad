//! What little of style sheets says something about structure: the declarations at an element, and rules for a class,
//! for an element, or for an element of a class.

use std::collections::HashMap;

const MAX_RULES: usize = 4_000;

/// Declarations in the order in which they win: the last one of a name counts.
#[derive(Debug, Clone, Default)]
pub struct Declarations(Vec<(String, String)>);

impl Declarations {
    pub fn read(text: &str) -> Self {
        let pairs = text.split(';').take(200).filter_map(|declaration| {
            let (name, value) = declaration.split_once(':')?;
            let name = name.trim().to_ascii_lowercase();
            is_known(&name).then(|| (name, value.replace("!important", "").trim().to_lowercase()))
        });
        Self(pairs.collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().rev().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Adds what is said closer to the text, which wins.
    pub fn append(&mut self, closer: Self) {
        self.0.extend(closer.0);
    }

    fn extend(&mut self, other: &Self) {
        self.0.extend(other.0.iter().cloned());
    }

    pub fn font_points(&self) -> Option<f32> {
        let value = self.get("font-size")?;
        let number = |unit: &str| value.strip_suffix(unit)?.trim().parse::<f32>().ok();
        number("pt").or_else(|| number("px").map(|px| px * 0.75)).filter(|size| size.is_finite())
    }

    /// Whether letters are bold here; none where nothing is said.
    pub fn is_bold(&self) -> Option<bool> {
        match self.get("font-weight")? {
            "bold" | "bolder" => Some(true),
            "normal" | "lighter" => Some(false),
            number => number.parse::<f32>().ok().map(|weight| weight >= 600.0),
        }
    }

    pub fn is_italic(&self) -> Option<bool> {
        self.get("font-style").map(|style| style.starts_with("italic") || style.starts_with("oblique"))
    }

    pub fn is_struck(&self) -> bool {
        ["text-decoration", "text-decoration-line"]
            .iter()
            .any(|name| self.get(name).is_some_and(|value| value.contains("line-through")))
    }

    pub fn is_hidden(&self) -> bool {
        self.get("display") == Some("none") || self.get("mso-hide") == Some("all")
    }
}

fn is_known(name: &str) -> bool {
    matches!(
        name,
        "font-weight"
            | "font-style"
            | "font-size"
            | "text-decoration"
            | "text-decoration-line"
            | "vertical-align"
            | "display"
            | "white-space"
            | "text-align"
            | "page-break-before"
            | "list-style-type"
    ) || name.starts_with("mso-")
}

#[derive(Debug, Default)]
pub struct Sheet {
    /// By selector: `p`, `.c1` or `p.c1`.
    rules: HashMap<String, Declarations>,
    /// Levels of Word's lists that have bullets instead of numbers: `l0:level1`.
    bullets: HashMap<String, bool>,
}

impl Sheet {
    pub fn add(&mut self, css: &str) {
        for rule in css.replace("<!--", " ").replace("-->", " ").split('}').take(MAX_RULES) {
            let Some((selectors, body)) = rule.rsplit_once('{') else { continue };
            // What stands before: remarks, and blocks for some media that were opened.
            let selectors = selectors.rsplit(['{', ';']).next().unwrap_or_default();
            let selectors = selectors.rsplit("*/").next().unwrap_or_default();
            let declarations = Declarations::read(body);
            for selector in selectors.split(',').take(50).map(str::trim) {
                if let Some(list) = selector.strip_prefix("@list") {
                    let is_bullet = declarations.get("mso-level-number-format") == Some("bullet");
                    self.bullets.insert(list.trim().to_owned(), is_bullet);
                } else if is_simple(selector) && self.rules.len() < MAX_RULES {
                    self.rules.entry(selector.to_owned()).or_default().extend(&declarations);
                }
            }
        }
    }

    /// What applies to an element before what it says itself.
    pub fn of<'a>(&self, name: &str, classes: impl Iterator<Item = &'a str> + Clone) -> Declarations {
        let mut all = self.rules.get(name).cloned().unwrap_or_default();
        for class in classes.clone().take(20) {
            if let Some(rule) = self.rules.get(&format!(".{class}")) {
                all.extend(rule);
            }
        }
        for class in classes.take(20) {
            if let Some(rule) = self.rules.get(&format!("{name}.{class}")) {
                all.extend(rule);
            }
        }
        all
    }

    /// Whether a level of one of Word's lists has bullets, where the sheet says it.
    pub fn has_bullets(&self, list: &str, level: u8) -> Option<bool> {
        self.bullets.get(&format!("{list}:level{level}")).copied()
    }
}

fn is_simple(selector: &str) -> bool {
    !selector.is_empty()
        && selector.len() < 100
        && selector.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-' | '_'))
        && selector.matches('.').count() <= 1
}

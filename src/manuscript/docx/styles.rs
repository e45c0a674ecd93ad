//! Styles: what a paragraph is by the name of its style, and how letters look after all that is inherited.

use std::collections::HashMap;

use super::xml::Node;
use crate::manuscript::Role;

/// Longer chains of styles that are based on each other are mistakes.
const MAX_CHAIN: usize = 20;

/// How letters look; what is not said is inherited.
#[derive(Debug, Clone, Copy, Default)]
pub struct Look {
    pub bold: Option<bool>,
    pub italic: Option<bool>,
    pub struck: Option<bool>,
    pub hidden: Option<bool>,
    pub raised: Option<Raised>,
    pub size_points: Option<f32>,
    /// Its letters are signs of a font of symbols.
    pub is_symbols: Option<bool>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Raised {
    No,
    Above,
    Below,
}

impl Look {
    pub fn of(properties: Option<&Node>) -> Self {
        let Some(node) = properties else { return Self::default() };
        let struck = node.switch("w:strike");
        Self {
            bold: node.switch("w:b"),
            italic: node.switch("w:i"),
            struck: if node.switch("w:dstrike") == Some(true) { Some(true) } else { struck },
            hidden: node.switch("w:vanish"),
            raised: node.child("w:vertAlign").map(|align| match align.val() {
                Some("superscript") => Raised::Above,
                Some("subscript") => Raised::Below,
                _ => Raised::No,
            }),
            size_points: node
                .child("w:sz")
                .and_then(|size| size.val()?.parse::<f32>().ok())
                .filter(|half| (2.0..2000.0).contains(half))
                .map(|half| half / 2.0),
            is_symbols: node
                .child("w:rFonts")
                .and_then(|fonts| fonts.attribute("ascii").or_else(|| fonts.attribute("hAnsi")))
                .map(super::symbols::is_symbol_font),
        }
    }

    /// With what a closer place says instead.
    pub fn over(self, closer: Self) -> Self {
        Self {
            bold: closer.bold.or(self.bold),
            italic: closer.italic.or(self.italic),
            struck: closer.struck.or(self.struck),
            hidden: closer.hidden.or(self.hidden),
            raised: closer.raised.or(self.raised),
            size_points: closer.size_points.or(self.size_points),
            is_symbols: closer.is_symbols.or(self.is_symbols),
        }
    }
}

/// A reference to a list: its number and level, each of which may be left to a style.
#[derive(Debug, Clone, Default)]
pub struct ListRef {
    pub number_id: Option<String>,
    pub level: Option<u8>,
}

impl ListRef {
    pub fn of(properties: Option<&Node>) -> Self {
        let Some(node) = properties.and_then(|node| node.child("w:numPr")) else { return Self::default() };
        Self {
            number_id: node.child("w:numId").and_then(Node::val).map(str::to_owned),
            level: node.child("w:ilvl").and_then(|level| level.val()?.parse().ok()),
        }
    }
}

#[derive(Debug, Default)]
struct Style {
    /// In lower case. Names of built-in styles are English in every language of Word.
    name: String,
    based_on: Option<String>,
    look: Look,
    outline: Option<u8>,
    list: ListRef,
}

#[derive(Debug, Default)]
pub struct Styles {
    styles: HashMap<String, Style>,
    defaults: Look,
    default_paragraph: Option<String>,
}

/// What the style of a paragraph says of it.
#[derive(Debug, Clone, Default)]
pub struct ParagraphStyle {
    pub role: Option<Role>,
    pub look: Look,
    pub list: ListRef,
    /// Part of a list by its name alone: its level, and whether it counts.
    pub named_item: Option<(u8, bool)>,
    pub is_contents: bool,
    pub is_list_paragraph: bool,
}

impl Styles {
    pub fn read(root: Option<&Node>) -> Self {
        let mut all = Self::default();
        let Some(root) = root else { return all };
        all.defaults = Look::of(root.at(&["w:docDefaults", "w:rPrDefault", "w:rPr"]));
        for node in root.all("w:style") {
            let Some(id) = node.attribute("styleId") else { continue };
            let paragraph = node.child("w:pPr");
            let is_default = matches!(node.attribute("default"), Some("1" | "true" | "on"));
            if is_default && node.attribute("type") == Some("paragraph") {
                all.default_paragraph = Some(id.to_owned());
            }
            let style = Style {
                name: node.child("w:name").and_then(Node::val).unwrap_or(id).trim().to_lowercase(),
                based_on: node.child("w:basedOn").and_then(Node::val).map(str::to_owned),
                look: Look::of(node.child("w:rPr")),
                outline: outline(paragraph),
                list: ListRef::of(paragraph),
            };
            all.styles.insert(id.to_owned(), style);
        }
        all
    }

    /// A style and those it is based on, the nearest first.
    fn chain(&self, id: Option<&str>) -> Vec<&Style> {
        let mut chain = Vec::new();
        let mut next = id;
        while let Some(style) = next.and_then(|id| self.styles.get(id)) {
            chain.push(style);
            if chain.len() >= MAX_CHAIN {
                break;
            }
            next = style.based_on.as_deref();
        }
        chain
    }

    pub fn paragraph(&self, id: Option<&str>) -> ParagraphStyle {
        let chain = self.chain(id.or(self.default_paragraph.as_deref()));
        let mut look = self.defaults;
        for style in chain.iter().rev() {
            look = look.over(style.look);
        }
        let mut style = ParagraphStyle { look, ..ParagraphStyle::default() };
        for link in &chain {
            style.role = style.role.or_else(|| role_of_name(&link.name));
            let level = link.outline.filter(|level| *level < 9);
            style.role = style.role.or_else(|| level.map(|level| Role::Heading(level + 1)));
            style.list.number_id = style.list.number_id.or_else(|| link.list.number_id.clone());
            style.list.level = style.list.level.or(link.list.level);
            style.named_item = style.named_item.or_else(|| item_of_name(&link.name));
            style.is_contents |= link.name.starts_with("toc ") || link.name.starts_with("table of figures");
            style.is_list_paragraph |=
                matches!(link.name.as_str(), "list paragraph" | "listenabsatz" | "list contents");
        }
        style
    }

    pub fn letters(&self, id: Option<&str>) -> Look {
        self.chain(id).iter().rev().fold(Look::default(), |look, style| look.over(style.look))
    }
}

/// The level of the outline, 0 for the highest; 9 is running text.
pub fn outline(properties: Option<&Node>) -> Option<u8> {
    properties?.child("w:outlineLvl")?.val()?.parse().ok()
}

/// Names are compared without their spaces and hyphens.
pub fn role_of_name(name: &str) -> Option<Role> {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let stem = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let level = bare[stem.len()..].parse::<u8>().ok().filter(|level| (1..=9).contains(level));
    Some(match (stem, level) {
        ("heading" | "überschrift" | "berschrift" | "titre" | "título" | "titolo" | "kop", Some(level)) => {
            Role::Heading(level)
        }
        (
            "headline" | "schlagzeile" | "title" | "titel" | "titre" | "título" | "titolo"
            | "hauptüberschrift",
            _,
        )
        | ("pressetitel" | "pmtitel" | "pmheadline" | "titelzeile", _) => Role::Title,
        ("subtitle" | "untertitel" | "soustitre" | "subtítulo" | "sottotitolo" | "subheadline", _)
        | ("subhead" | "subline" | "unterzeile" | "unterüberschrift" | "pmsubline", _) => Role::Subtitle,
        ("zwischenüberschrift" | "zwischentitel" | "crosshead" | "crossheading" | "intertitle", _)
        | ("intertitre" | "subheading" | "heading" | "überschrift", _) => Role::Heading(2),
        ("quote" | "intensequote" | "quotations" | "blocktext" | "blockquote" | "blockquotation", _)
        | ("zitat" | "intensiveszitat" | "zitatblock" | "citation" | "citationintense" | "cita", _) => {
            Role::Quote
        }
        _ => return None,
    })
}

/// Styles such as "List Bullet 2".
pub fn item_of_name(name: &str) -> Option<(u8, bool)> {
    let bare: String = name.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    let stem = bare.trim_end_matches(|c: char| c.is_ascii_digit());
    let level = bare[stem.len()..].parse::<u8>().unwrap_or(1).clamp(1, 9) - 1;
    match stem {
        "listbullet" | "aufzählungszeichen" | "bulletlist" => Some((level, false)),
        "listnumber" | "listennummer" | "numberedlist" => Some((level, true)),
        _ => None,
    }
}

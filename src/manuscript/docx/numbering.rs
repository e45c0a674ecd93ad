//! Lists: which level of which list counts, and how far it has come.

use std::collections::{HashMap, HashSet};

use super::xml::Node;

/// Deepest level of a list in the format.
const LEVELS: usize = 9;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    Bullet,
    /// The number it starts with.
    Number(u32),
    /// The place of a mark and no mark: goes on with the item before.
    Blank,
    None,
}

#[derive(Debug, Default)]
struct Definition {
    levels: HashMap<u8, Mark>,
    /// A style that holds the levels instead.
    style_link: Option<String>,
}

#[derive(Debug, Default)]
struct List {
    definition: String,
    starts: HashMap<u8, u32>,
    levels: HashMap<u8, Mark>,
}

#[derive(Debug, Default)]
pub struct Numbering {
    definitions: HashMap<String, Definition>,
    lists: HashMap<String, List>,
    /// Definitions by the style that links to them.
    by_style: HashMap<String, String>,
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    begun: HashSet<(String, u8)>,
}

impl Numbering {
    pub fn read(root: Option<&Node>) -> Self {
        let mut all = Self::default();
        let Some(root) = root else { return all };
        for node in root.all("w:abstractNum") {
            let Some(id) = node.attribute("abstractNumId") else { continue };
            if let Some(style) = node.child("w:styleLink").and_then(Node::val) {
                all.by_style.insert(style.to_owned(), id.to_owned());
            }
            let definition = Definition {
                levels: node.all("w:lvl").filter_map(level).collect(),
                style_link: node.child("w:numStyleLink").and_then(Node::val).map(str::to_owned),
            };
            all.definitions.insert(id.to_owned(), definition);
        }
        for node in root.all("w:num") {
            let Some(id) = node.attribute("numId") else { continue };
            let Some(definition) = node.child("w:abstractNumId").and_then(Node::val) else { continue };
            let mut list = List { definition: definition.to_owned(), ..List::default() };
            for over in node.all("w:lvlOverride") {
                let Some(at) = over.attribute("ilvl").and_then(|level| level.parse().ok()) else { continue };
                if let Some(start) = over.child("w:startOverride").and_then(|start| start.val()?.parse().ok())
                {
                    list.starts.insert(at, start);
                }
                list.levels.extend(over.child("w:lvl").and_then(level).map(|(_, mark)| (at, mark)));
            }
            all.lists.insert(id.to_owned(), list);
        }
        all
    }

    /// The definition that a list takes its levels from.
    fn definition<'a>(&'a self, list: &'a List) -> (&'a str, Option<&'a Definition>) {
        let id = list.definition.as_str();
        let definition = self.definitions.get(id);
        let linked = definition
            .and_then(|definition| definition.style_link.as_ref())
            .and_then(|style| self.by_style.get(style));
        match linked {
            Some(id) => (id, self.definitions.get(id)),
            None => (id, definition),
        }
    }

    pub fn mark(&self, number_id: &str, level: u8) -> Mark {
        let Some(list) = self.lists.get(number_id) else { return Mark::None };
        let (_, definition) = self.definition(list);
        let own = list.levels.get(&level).copied();
        own.or_else(|| definition?.levels.get(&level).copied()).unwrap_or(Mark::None)
    }

    /// Counts one item and says its number.
    pub fn count(&mut self, number_id: &str, level: u8) -> u32 {
        let at = usize::from(level).min(LEVELS - 1);
        let Mark::Number(usual_start) = self.mark(number_id, level) else { return 1 };
        let Some(list) = self.lists.get(number_id) else { return 1 };
        let own_start = list.starts.get(&level).copied();
        let definition = self.definition(list).0.to_owned();
        let counters = self.counters.entry(definition).or_default();
        if let Some(start) = own_start
            && self.begun.insert((number_id.to_owned(), level))
        {
            counters[at] = Some(start);
        } else {
            counters[at] =
                Some(counters[at].map_or(own_start.unwrap_or(usual_start), |n| n.saturating_add(1)));
        }
        counters[at + 1..].fill(None);
        counters[at].unwrap_or(1)
    }
}

fn level(node: &Node) -> Option<(u8, Mark)> {
    let at = node.attribute("ilvl")?.parse::<u8>().ok().filter(|level| usize::from(*level) < LEVELS)?;
    let start = node.child("w:start").and_then(|start| start.val()?.parse().ok()).unwrap_or(1);
    let format = node.find("w:numFmt").and_then(Node::val).unwrap_or("decimal");
    let text = node.child("w:lvlText").and_then(Node::val);
    let mark = match format {
        "none" => Mark::None,
        "bullet" if text.is_some_and(|text| text.trim().is_empty()) => Mark::Blank,
        "bullet" => Mark::Bullet,
        _ if text.is_some_and(str::is_empty) => Mark::None,
        _ => Mark::Number(start),
    };
    Some((at, mark))
}

//! Footnotes and comments: links within the document that lead from a mark to a note and back.

use std::collections::HashMap;

use super::tree::Tree;

const MAX_NOTES: usize = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// Stands in the text for a note, by its number.
    Note(usize),
    /// Leads from a note back to the text.
    Back,
    Comment,
}

#[derive(Debug, Default)]
pub struct Notes {
    /// Where the texts of the notes stand, in the order of their marks.
    pub containers: Vec<usize>,
    marks: HashMap<usize, Mark>,
    /// Notes and comments, which are no part of the running text.
    apart: HashMap<usize, ()>,
    pub comments: usize,
}

impl Notes {
    pub fn find(tree: &Tree) -> Self {
        let mut notes = Self::default();
        let mut places: HashMap<&str, usize> = HashMap::new();
        for (at, node) in tree.nodes.iter().enumerate() {
            for name in [node.attribute("id"), node.attribute("name")].into_iter().flatten() {
                places.entry(name).or_insert(at);
            }
        }
        let mut known: HashMap<usize, usize> = HashMap::new();
        let mut small: HashMap<usize, bool> = HashMap::new();
        for (at, node) in tree.nodes.iter().enumerate().filter(|(_, node)| node.name == "a") {
            let Some(target) = node.attribute("href").and_then(inner_target) else { continue };
            if is_comment(target) {
                notes.marks.insert(at, Mark::Comment);
                let place = places.get(target).copied();
                // A comment's own link leads back; it stands in what must go.
                let block = if target.contains("ref") || target.starts_with("_msoanchor") {
                    Some(block_of(tree, at))
                } else {
                    place.map(|place| block_of(tree, place))
                };
                if let Some(block) = block
                    && *small.entry(block).or_insert_with(|| is_small(tree, block))
                    && notes.apart.insert(block, ()).is_none()
                {
                    notes.comments += 1;
                }
                continue;
            }
            if !is_mark(&tree.text(at)) {
                continue;
            }
            match places.get(target) {
                Some(place) if *place > at => {
                    let block = block_of(tree, *place);
                    // The note must not contain its own mark.
                    if tree.path(at).any(|outer| outer == block) || notes.containers.len() >= MAX_NOTES {
                        continue;
                    }
                    let number = *known.entry(block).or_insert_with(|| {
                        notes.containers.push(block);
                        notes.containers.len() - 1
                    });
                    notes.apart.insert(block, ());
                    notes.marks.insert(at, Mark::Note(number));
                }
                Some(_) => {
                    notes.marks.insert(at, Mark::Back);
                }
                None => {}
            }
        }
        notes
    }

    pub fn mark(&self, at: usize) -> Option<Mark> {
        self.marks.get(&at).copied()
    }

    pub fn is_apart(&self, at: usize) -> bool {
        self.apart.contains_key(&at)
    }
}

/// The name after `#`, when the link stays within the document.
fn inner_target(href: &str) -> Option<&str> {
    let (page, name) = href.split_once('#')?;
    let is_inner = page.is_empty() || page.starts_with("file:") || page.starts_with("about:");
    (is_inner && !name.is_empty()).then_some(name)
}

fn is_comment(target: &str) -> bool {
    target.starts_with("cmnt") || target.starts_with("_msocom") || target.starts_with("_msoanchor")
}

/// `[1]`, `1`, `*`, `iv`, `↩`: what marks look like.
fn is_mark(text: &str) -> bool {
    let bare = text.trim().trim_matches(['[', ']', '(', ')', '.']);
    bare.chars().count() <= 4
        && !bare.is_empty()
        && (bare.chars().all(|c| c.is_ascii_digit() || "*†‡§↑↩^¹²³\u{fe0e}".contains(c))
            || bare.chars().all(|c| "ivxlcIVXLC".contains(c))
            || bare.chars().count() == 1)
}

/// The block that holds a note: a box made for it, or else the paragraph.
fn block_of(tree: &Tree, at: usize) -> usize {
    let is_box = |at: &usize| {
        let node = &tree.nodes[*at];
        let id = node.attribute("id").unwrap_or_default();
        let style = node.attribute("style").unwrap_or_default();
        node.name == "div"
            && (style.contains("mso-element:footnote")
                || style.contains("mso-element:endnote")
                || style.contains("mso-element:comment")
                || ["ftn", "edn", "sdfootnote", "sdendnote"].iter().any(|start| id.starts_with(start)))
            && !style.contains("-list")
    };
    let is_block = |at: &usize| {
        matches!(tree.nodes[*at].name.as_str(), "p" | "li" | "dd" | "td" | "div" | "aside" | "blockquote")
    };
    tree.path(at).find(is_box).or_else(|| tree.path(at).find(is_block)).unwrap_or(at)
}

/// A page whose one block is all of it must not vanish.
fn is_small(tree: &Tree, at: usize) -> bool {
    at != 0 && tree.text(at).len() < 20_000
}

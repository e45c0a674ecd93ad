//! HTML as Word, Outlook, LibreOffice, Google Docs, Pages and browsers put it on the clipboard.

mod css;
pub mod mail;
mod notes;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

use super::{Block, Manuscript, Run};
use css::Sheet;
use tree::Tree;
use walk::Walker;

/// More than this is not looked at.
const MAX_HTML_BYTES: usize = 8 << 20;

pub fn read(html: &str) -> Manuscript {
    // Windows puts a few lines about positions in front.
    let html = html.find('<').map_or("", |at| html.get(at..).unwrap_or_default());
    let mut end = html.len().min(MAX_HTML_BYTES);
    while !html.is_char_boundary(end) {
        end -= 1;
    }
    let tree = Tree::read(&html[..end]);
    let mut sheet = Sheet::default();
    for (at, node) in tree.nodes.iter().enumerate() {
        if node.name == "style" {
            sheet.add(&tree.text(at));
        }
    }
    let notes = notes::Notes::find(&tree);
    let mut walker = Walker::new(&tree, &sheet, &notes);
    walker.page();
    let mut manuscript = walker.finish();
    for container in &notes.containers {
        let mut walker = Walker::new(&tree, &sheet, &notes);
        walker.note(*container);
        let mut runs: Vec<Run> = Vec::new();
        for block in walker.finish().blocks {
            let Block::Paragraph(paragraph) = block else { continue };
            if !runs.is_empty() {
                runs.push(Run::plain(" "));
            }
            runs.extend(paragraph.runs);
        }
        manuscript.notes.push(runs);
    }
    manuscript.is_cut |= tree.is_cut || end < html.len();
    manuscript
}

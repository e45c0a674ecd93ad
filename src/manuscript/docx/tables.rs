//! Tables of a document.

use super::body::Walker;
use super::xml::Node;
use crate::manuscript::{Block, Cell, Paragraph, Table};

const MAX_ROWS: usize = 2_000;
const MAX_COLUMNS: usize = 64;

pub fn read(walker: &mut Walker<'_>, node: &Node) -> Option<Table> {
    let mut table = Table::default();
    rows(walker, node, &mut table);
    (!table.rows.is_empty()).then_some(table)
}

fn rows(walker: &mut Walker<'_>, node: &Node, table: &mut Table) {
    for child in &node.children {
        match &*child.name {
            "w:tr" => row(walker, child, table),
            "w:tblPr" | "w:tblGrid" | "w:sdtPr" => {}
            // Content controls and insertions around rows.
            _ => rows(walker, child, table),
        }
    }
}

fn row(walker: &mut Walker<'_>, node: &Node, table: &mut Table) {
    let properties = node.child("w:trPr");
    let is_deleted = properties.is_some_and(|p| p.child("w:del").is_some());
    if is_deleted || table.rows.len() >= MAX_ROWS {
        return;
    }
    if table.rows.is_empty() && properties.is_some_and(|p| p.switch("w:tblHeader") == Some(true)) {
        table.has_header = true;
    }
    let mut row = Vec::new();
    cells(walker, node, &mut row);
    table.rows.push(row);
}

fn cells(walker: &mut Walker<'_>, node: &Node, row: &mut Vec<Cell>) {
    for child in &node.children {
        match &*child.name {
            "w:tc" if row.len() < MAX_COLUMNS => row.extend(cell(walker, child)),
            "w:trPr" | "w:tblPrEx" | "w:sdtPr" | "w:tc" => {}
            _ => cells(walker, child, row),
        }
    }
}

fn cell(walker: &mut Walker<'_>, node: &Node) -> Option<Cell> {
    let properties = node.child("w:tcPr");
    if properties.is_some_and(|p| p.child("w:cellDel").is_some()) {
        return None;
    }
    let columns = properties.and_then(|p| p.child("w:gridSpan")?.val()?.parse::<usize>().ok());
    let merged = |name: &str| {
        properties
            .and_then(|p| p.child(name))
            .is_some_and(|merge| merge.val().unwrap_or("continue") == "continue")
    };
    let blocks = walker.apart(&node.children);
    let is_right = node
        .all("w:p")
        .all(|p| matches!(p.at(&["w:pPr", "w:jc"]).and_then(Node::val), Some("right" | "end")));
    Some(Cell {
        paragraphs: flat(blocks),
        columns: columns.unwrap_or(1).clamp(1, MAX_COLUMNS),
        is_continued: merged("w:vMerge"),
        is_right,
    })
}

/// Tables where none can be, inside of cells and notes, as the paragraphs of their cells.
pub fn flat(blocks: Vec<Block>) -> Vec<Paragraph> {
    let mut paragraphs = Vec::new();
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) => paragraphs.push(paragraph),
            Block::Table(table) => {
                paragraphs.extend(table.rows.into_iter().flatten().flat_map(|cell| cell.paragraphs));
            }
        }
    }
    paragraphs
}

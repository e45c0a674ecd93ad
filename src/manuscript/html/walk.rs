//! The walk through a page: what is a paragraph, of which kind, and how its letters look.

use std::rc::Rc;

use super::css::{Declarations, Sheet};
use super::notes::{Mark, Notes};
use super::tree::{Node, Tree, is_block};
use crate::manuscript::docx::styles::{item_of_name, role_of_name};
use crate::manuscript::docx::symbols;
use crate::manuscript::{
    Block, Cell, Item, MAX_BLOCKS, MAX_TEXT_BYTES, Manuscript, Paragraph, Role, Run, Table,
};

/// Sizes of letters that are told apart in one paragraph.
const MAX_SIZES: usize = 50;
/// Columns of a table.
const MAX_COLUMNS: usize = 64;

/// How letters look at some place.
#[derive(Debug, Clone, Default)]
struct Look {
    bold: bool,
    italic: bool,
    struck: bool,
    /// Above the line, or below it.
    raised: Option<bool>,
    link: Option<Rc<str>>,
    is_pre: bool,
    size_points: Option<f32>,
}

/// An open list.
struct List {
    counts: bool,
    next: u32,
}

pub struct Walker<'a> {
    tree: &'a Tree,
    sheet: &'a Sheet,
    notes: &'a Notes,
    manuscript: Manuscript,
    text_bytes: usize,
    runs: Vec<Run>,
    sizes: Vec<(f32, usize)>,
    role: Role,
    lists: Vec<List>,
    /// The item at hand; its further paragraphs continue it.
    item: Option<Item>,
    quotes: usize,
    /// The mark of one of Word's list items, while it is read.
    marker: Option<String>,
    in_marker: bool,
}

impl<'a> Walker<'a> {
    pub fn new(tree: &'a Tree, sheet: &'a Sheet, notes: &'a Notes) -> Self {
        Self {
            tree,
            sheet,
            notes,
            manuscript: Manuscript::default(),
            text_bytes: 0,
            runs: Vec::new(),
            sizes: Vec::new(),
            role: Role::Body,
            lists: Vec::new(),
            item: None,
            quotes: 0,
            marker: None,
            in_marker: false,
        }
    }

    pub fn page(&mut self) {
        self.children(0, &Look::default());
        self.manuscript.comments = self.notes.comments;
    }

    pub fn note(&mut self, at: usize) {
        self.children(at, &Look::default());
    }

    pub fn finish(mut self) -> Manuscript {
        self.end();
        self.manuscript
    }

    /// Ends the paragraph at hand.
    fn end(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        let sizes = std::mem::take(&mut self.sizes);
        let is_empty =
            runs.iter().all(|run| run.note.is_none() && run.text.trim_matches(is_space).is_empty());
        if is_empty {
            return;
        }
        let mut role = self.role;
        if let (Role::Body | Role::Heading(_), Some(item)) = (role, &mut self.item) {
            role = Role::Item(*item);
            item.is_continued = true;
        } else if role == Role::Body && self.quotes > 0 {
            role = Role::Quote;
        }
        let size_points = sizes.iter().max_by_key(|(_, letters)| *letters).map(|(size, _)| *size);
        self.put(Block::Paragraph(Paragraph { role, runs, size_points }));
    }

    fn put(&mut self, block: Block) {
        if self.manuscript.blocks.len() < MAX_BLOCKS {
            self.manuscript.blocks.push(block);
        } else {
            self.manuscript.is_cut = true;
        }
    }

    fn children(&mut self, at: usize, look: &Look) {
        let tree = self.tree;
        for child in &tree.nodes[at].children {
            let node = &tree.nodes[*child];
            if !node.name.is_empty() {
                self.element(*child, node, look);
            } else if !node.condition.is_empty() {
                let name = node.condition.to_ascii_lowercase();
                self.in_marker = name.contains("!supportlists");
            } else {
                self.text(&node.text, look);
            }
        }
    }

    fn element(&mut self, at: usize, node: &Node, look: &Look) {
        if self.notes.is_apart(at) {
            return;
        }
        let mut css = self.sheet.of(&node.name, node.classes());
        css.append(Declarations::read(node.attribute("style").unwrap_or_default()));
        if is_left_out(node, &css) {
            self.manuscript.tracked_changes += usize::from(is_deletion(node));
            return;
        }
        let name = node.name.as_str();
        let look = &self.look(node, &css, look);
        match name {
            "br" => {
                let is_page = css.get("page-break-before") == Some("always");
                let is_end = node.classes().any(|class| class == "Apple-interchange-newline");
                if !is_page && !is_end {
                    self.push("\n", look);
                }
            }
            "img" | "picture" | "video" => {}
            "a" => self.anchor(at, node, look),
            "ul" | "ol" => self.list(at, node, look),
            "li" => self.item(at, node, look),
            "table" => self.table(at, look),
            "blockquote" => {
                self.end();
                self.quotes += 1;
                self.children(at, look);
                self.end();
                self.quotes -= 1;
            }
            "q" => {
                self.push("“", look);
                self.children(at, look);
                self.push("”", look);
            }
            "ins" => {
                self.manuscript.tracked_changes += usize::from(node.attribute("datetime").is_some());
                self.children(at, look);
            }
            "span" if css.get("mso-list") == Some("ignore") => {
                let text = self.tree.text(at);
                self.marker = Some(text);
            }
            "span" if css.get("mso-tab-count").is_some() => self.push("\t", look),
            _ if is_block(name) => self.block(at, node, &css, look),
            _ => self.children(at, look),
        }
    }

    fn look(&self, node: &Node, css: &Declarations, outer: &Look) -> Look {
        let mut look = outer.clone();
        match node.name.as_str() {
            "b" | "strong" | "th" | "dt" => look.bold = true,
            "i" | "em" | "dfn" | "var" => look.italic = true,
            "s" | "strike" => look.struck = true,
            "sup" => look.raised = Some(true),
            "sub" => look.raised = Some(false),
            "pre" => look.is_pre = true,
            "font" => {
                let size = node.attribute("size").and_then(|size| size.parse::<usize>().ok());
                const POINTS: [f32; 8] = [7.5, 7.5, 10.0, 12.0, 13.5, 18.0, 24.0, 36.0];
                look.size_points = size.and_then(|size| POINTS.get(size)).copied().or(look.size_points);
            }
            _ => {}
        }
        look.bold = css.is_bold().unwrap_or(look.bold);
        look.italic = css.is_italic().unwrap_or(look.italic);
        look.struck |= css.is_struck();
        match css.get("vertical-align") {
            Some("super") => look.raised = Some(true),
            Some("sub") => look.raised = Some(false),
            Some("baseline") => look.raised = None,
            _ => {}
        }
        if let Some(space) = css.get("white-space") {
            // Google Docs asks for every space; its line ends come as elements all the same.
            look.is_pre =
                matches!(space, "pre") || (space == "pre-line") || (look.is_pre && space == "pre-wrap");
        }
        look.size_points = css.font_points().or(look.size_points);
        look
    }

    /// Paragraphs, headings and boxes.
    fn block(&mut self, at: usize, node: &Node, css: &Declarations, look: &Look) {
        self.end();
        let outer_role = std::mem::replace(&mut self.role, role_of(node, css));
        if self.role == Role::Body {
            self.role = outer_role;
        }
        let list = css.get("mso-list").filter(|list| list.starts_with('l')).map(str::to_owned);
        self.marker = None;
        self.in_marker = false;
        let outer_item = self.item;
        let first = self.manuscript.blocks.len();
        if let Some((level, counts)) = item_of_class(node).filter(|_| list.is_none() && self.item.is_none()) {
            let number = counts.then(|| self.next_number(level));
            self.item = Some(Item { level, number, is_continued: false });
        }
        self.children(at, look);
        if let Some(list) = list.filter(|_| matches!(self.role, Role::Body)) {
            self.item = Some(self.word_item(&list));
        } else if self.item.is_none() && self.role == Role::Body && first == self.manuscript.blocks.len() {
            self.item = self.bare_item(node);
        }
        self.end();
        self.item = outer_item.map(|item| Item {
            is_continued: item.is_continued || self.manuscript.blocks.len() > first,
            ..item
        });
        self.marker = None;
        self.role = outer_role;
    }

    /// `l0 level2 lfo1` and the mark that Word wrote out for programs that know no lists.
    fn word_item(&mut self, list: &str) -> Item {
        let mut words = list.split_whitespace();
        let id = words.next().unwrap_or_default();
        let level = words.find_map(|word| word.strip_prefix("level")?.parse::<u8>().ok()).unwrap_or(1);
        let level = level.clamp(1, 9) - 1;
        let marker = self.marker.take().unwrap_or_default();
        let marker = marker.trim_matches(is_space);
        let counts = match self.sheet.has_bullets(id, level + 1) {
            Some(is_bullet) => !is_bullet,
            None => counting(marker),
        };
        let number = counts.then(|| {
            let digits = marker.trim_end_matches(['.', ')']).rsplit(['.', '(']).next().unwrap_or_default();
            digits.parse().unwrap_or_else(|_| self.next_number(level))
        });
        Item { level, number, is_continued: false }
    }

    /// A paragraph of a list whose mark is only a letter of some font in front of it.
    fn bare_item(&mut self, node: &Node) -> Option<Item> {
        if !node.classes().any(|class| class.starts_with("MsoListParagraph")) {
            return None;
        }
        let text: String = self.runs.iter().map(|run| run.text.as_str()).collect();
        let start = text.trim_start_matches(is_space);
        let sign =
            start.chars().next().filter(|c| "·o§Øü-–•\u{f0b7}\u{f0a7}\u{f0d8}\u{f0fc}".contains(*c))?;
        if !start[sign.len_utf8()..].starts_with(['\u{a0}', '\t']) {
            return None;
        }
        let mut left = text.len() - start.len() + sign.len_utf8();
        for run in &mut self.runs {
            let cut = left.min(run.text.len());
            run.text.drain(..cut);
            left -= cut;
        }
        Some(Item { level: 0, number: None, is_continued: false })
    }

    fn next_number(&self, level: u8) -> u32 {
        let items = self.manuscript.blocks.iter().rev().map_while(|block| match block {
            Block::Paragraph(Paragraph { role: Role::Item(item), .. }) => Some(item),
            _ => None,
        });
        let same = items.take_while(|item| item.level >= level).find(|item| item.level == level);
        same.and_then(|item| item.number).map_or(1, |number| number.saturating_add(1))
    }

    fn list(&mut self, at: usize, node: &Node, look: &Look) {
        self.end();
        let next = node.attribute("start").and_then(|start| start.parse().ok()).unwrap_or(1);
        self.lists.push(List { counts: node.name == "ol", next });
        let role = std::mem::replace(&mut self.role, Role::Body);
        let item = self.item.take();
        self.children(at, look);
        self.end();
        self.item = item.map(|item| Item { is_continued: true, ..item });
        self.role = role;
        self.lists.pop();
    }

    fn item(&mut self, at: usize, node: &Node, look: &Look) {
        self.end();
        let depth = u8::try_from(self.lists.len()).unwrap_or(9).clamp(1, 9) - 1;
        // Word on the web makes a list of every item, and says the level beside it.
        let told = ["aria-level", "data-aria-level"]
            .iter()
            .find_map(|name| node.attribute(name)?.parse::<u8>().ok())
            .map_or(0, |level| level.clamp(1, 9) - 1);
        let number = self.lists.last_mut().filter(|list| list.counts).map(|list| {
            let number = node.attribute("value").and_then(|value| value.parse().ok()).unwrap_or(list.next);
            list.next = number.saturating_add(1);
            number
        });
        let outer = self.item.replace(Item { level: depth.max(told), number, is_continued: false });
        let role = std::mem::replace(&mut self.role, Role::Body);
        self.children(at, look);
        self.end();
        self.role = role;
        self.item = outer;
    }

    fn anchor(&mut self, at: usize, node: &Node, look: &Look) {
        match self.notes.mark(at) {
            Some(Mark::Note(number)) => self.runs.push(Run { note: Some(number), ..Run::default() }),
            Some(Mark::Back | Mark::Comment) => {}
            None => {
                let href = node.attribute("href").unwrap_or_default().trim();
                let link = (!href.is_empty() && !href.starts_with('#')).then(|| Rc::from(href));
                self.children(at, &Look { link: link.or_else(|| look.link.clone()), ..look.clone() });
            }
        }
    }

    fn table(&mut self, at: usize, look: &Look) {
        self.end();
        let mut rows = Vec::new();
        self.rows(at, &mut rows);
        let mut table = Table::default();
        // Cells that reach down: how many more rows, by column.
        let mut reaching: Vec<usize> = Vec::new();
        for row in rows.into_iter().take(2_000) {
            let mut cells: Vec<Cell> = Vec::new();
            let mut column = 0;
            let nodes: Vec<usize> = self.cells_of(row);
            if table.rows.is_empty() && !nodes.is_empty() {
                table.has_header = nodes.iter().all(|cell| self.tree.nodes[*cell].name == "th");
            }
            for cell in nodes.into_iter().take(64) {
                if column >= MAX_COLUMNS {
                    break;
                }
                while column < MAX_COLUMNS && reaching.get(column).is_some_and(|left| *left > 0) {
                    reaching[column] -= 1;
                    column += 1;
                    cells.push(Cell { columns: 1, is_continued: true, ..Cell::default() });
                }
                let node = &self.tree.nodes[cell];
                let span =
                    |name: &str| node.attribute(name).and_then(|n| n.parse::<usize>().ok()).unwrap_or(1);
                let columns = span("colspan").clamp(1, MAX_COLUMNS.saturating_sub(column).max(1));
                let down = span("rowspan").clamp(1, 500);
                reaching.resize(reaching.len().max(column + columns), 0);
                reaching[column..column + columns].fill(down - 1);
                column += columns;
                cells.push(self.cell(cell, columns, look));
            }
            while column < MAX_COLUMNS && reaching.get(column).is_some_and(|left| *left > 0) {
                reaching[column] -= 1;
                column += 1;
                cells.push(Cell { columns: 1, is_continued: true, ..Cell::default() });
            }
            table.rows.push(cells);
        }
        if table.rows.is_empty() {
            self.children(at, look);
        } else {
            self.put(Block::Table(table));
        }
    }

    /// Rows of the table itself, not of tables inside of it.
    fn rows(&self, at: usize, rows: &mut Vec<usize>) {
        for child in &self.tree.nodes[at].children {
            match self.tree.nodes[*child].name.as_str() {
                "tr" => rows.push(*child),
                "table" | "td" | "th" => {}
                _ => self.rows(*child, rows),
            }
        }
    }

    fn cells_of(&self, row: usize) -> Vec<usize> {
        let is_cell = |at: &usize| matches!(self.tree.nodes[*at].name.as_str(), "td" | "th");
        self.tree.nodes[row].children.iter().copied().filter(is_cell).collect()
    }

    fn cell(&mut self, at: usize, columns: usize, look: &Look) -> Cell {
        let node = &self.tree.nodes[at];
        let style = Declarations::read(node.attribute("style").unwrap_or_default());
        let align = style.get("text-align").or(node.attribute("align")).unwrap_or_default();
        let is_right = matches!(align, "right" | "end") || self.starts_right(at);
        let blocks = std::mem::take(&mut self.manuscript.blocks);
        let lists = std::mem::take(&mut self.lists);
        let (item, role) = (self.item.take(), std::mem::take(&mut self.role));
        let look = Look { bold: node.name == "th" || style.is_bold().unwrap_or(look.bold), ..look.clone() };
        self.children(at, &look);
        self.end();
        (self.item, self.role, self.lists) = (item, role, lists);
        let own = std::mem::replace(&mut self.manuscript.blocks, blocks);
        let paragraphs = own.into_iter().flat_map(|block| match block {
            Block::Paragraph(paragraph) => vec![paragraph],
            Block::Table(table) => {
                table.rows.into_iter().flatten().flat_map(|cell| cell.paragraphs).collect()
            }
        });
        Cell { paragraphs: paragraphs.collect(), columns, is_continued: false, is_right }
    }

    fn starts_right(&self, at: usize) -> bool {
        let nodes = &self.tree.nodes;
        nodes[at].children.iter().find(|child| nodes[**child].name == "p").is_some_and(|p| {
            let node = &nodes[*p];
            let style = Declarations::read(node.attribute("style").unwrap_or_default());
            matches!(style.get("text-align").or(node.attribute("align")), Some("right" | "end"))
        })
    }

    fn text(&mut self, text: &str, look: &Look) {
        if self.in_marker {
            self.marker.get_or_insert_default().push_str(text);
            return;
        }
        if look.is_pre {
            self.push(&text.replace("\r\n", "\n"), look);
            return;
        }
        let mut out = String::with_capacity(text.len());
        for c in text.chars() {
            if matches!(c, ' ' | '\t' | '\n' | '\r' | '\u{c}') {
                if !out.ends_with(' ') {
                    out.push(' ');
                }
            } else {
                out.push(c);
            }
        }
        self.push(&out, look);
    }

    fn push(&mut self, text: &str, look: &Look) {
        let room = MAX_TEXT_BYTES.saturating_sub(self.text_bytes);
        self.manuscript.is_cut |= text.len() > room;
        let text = &text[..text.floor_char_boundary(room)];
        if text.is_empty() {
            return;
        }
        self.text_bytes += text.len();
        let raised = look.raised.and_then(|is_above| symbols::shifted(text, is_above));
        if let Some(size) = look.size_points {
            let letters = text.trim().chars().count();
            let is_full = self.sizes.len() >= MAX_SIZES;
            match self.sizes.iter_mut().find(|(known, _)| *known == size) {
                Some((_, count)) => *count += letters,
                None if !is_full => self.sizes.push((size, letters)),
                None => {}
            }
        }
        self.runs.push(Run {
            text: raised.unwrap_or_else(|| text.to_owned()),
            bold: look.bold,
            italic: look.italic,
            struck: look.struck,
            link: look.link.as_deref().map(str::to_owned),
            note: None,
        });
    }
}

pub fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{feff}' | '\u{200b}')
}

/// Whether the mark of a list item counts: `1.`, `a)`, `(iv)`; not `o` or `§`, which are bullets of some fonts.
fn counting(marker: &str) -> bool {
    let bare = marker.trim_matches(['.', ')', '(']);
    !bare.is_empty() && bare.len() < marker.len() && bare.chars().all(|c| c.is_alphanumeric() || c == '.')
        || (!marker.is_empty() && marker.chars().all(|c| c.is_ascii_digit()))
}

fn is_deletion(node: &Node) -> bool {
    node.name == "del" || node.classes().any(|class| class.eq_ignore_ascii_case("msodel"))
}

fn is_left_out(node: &Node, css: &Declarations) -> bool {
    let is_furniture = matches!(
        node.name.as_str(),
        "head"
            | "script"
            | "style"
            | "title"
            | "template"
            | "noscript"
            | "iframe"
            | "object"
            | "svg"
            | "math"
            | "canvas"
            | "audio"
            | "button"
            | "select"
            | "textarea"
            | "nav"
            | "dialog"
            | "colgroup"
            | "xml"
            | "meta"
            | "link"
    );
    let is_word_furniture = css.get("mso-element").is_some_and(|element| {
        element.starts_with("comment")
            || matches!(element, "header" | "footer")
            || element.starts_with("footnote-sep")
    });
    let is_class_left_out = node.classes().any(|class| {
        matches!(
            class,
            "MsoCommentReference"
                | "MsoCommentText"
                | "MsoCommentSubject"
                | "MsoHeader"
                | "MsoFooter"
                | "MsoPageNumber"
                | "msocomtxt"
                | "msocomanchor"
                | "mw-editsection"
        ) || class.starts_with("MsoToc")
    });
    is_furniture || is_word_furniture || is_class_left_out || is_deletion(node) || css.is_hidden()
}

/// What a block is by its name, its class or its style sheet.
fn role_of(node: &Node, css: &Declarations) -> Role {
    let level = match node.name.as_bytes() {
        [b'h', digit @ b'1'..=b'6'] => Some(digit - b'0'),
        _ if node.attribute("role") == Some("heading") => {
            Some(node.attribute("aria-level").and_then(|level| level.parse().ok()).unwrap_or(2))
        }
        _ => None,
    };
    let by_name = node
        .classes()
        .map(|class| class.strip_prefix("Mso").unwrap_or(class))
        .chain(css.get("mso-style-name").map(|name| name.trim_matches(['"', '\''])))
        .find_map(role_of_name);
    let parent = css.get("mso-style-parent").and_then(|name| role_of_name(name.trim_matches(['"', '\''])));
    let outline = css.get("mso-outline-level").and_then(|level| level.parse().ok()).map(Role::Heading);
    match (level, by_name) {
        (Some(_), Some(role @ (Role::Title | Role::Subtitle))) => role,
        (Some(level), _) => Role::Heading(level.clamp(1, 9)),
        (None, Some(role)) if node.name != "span" => role,
        (None, _) => parent.or(outline).unwrap_or(Role::Body),
    }
}

/// `MsoListBullet2`, whose list is said in the style sheet only.
fn item_of_class(node: &Node) -> Option<(u8, bool)> {
    if node.name != "p" {
        return None;
    }
    node.classes().filter_map(|class| class.strip_prefix("Mso")).map(strip_place).find_map(item_of_name)
}

/// Word tells the first, middle and last paragraphs of a list apart.
fn strip_place(class: &str) -> &str {
    ["CxSpFirst", "CxSpMiddle", "CxSpLast"]
        .iter()
        .find_map(|place| class.strip_suffix(place))
        .unwrap_or(class)
}

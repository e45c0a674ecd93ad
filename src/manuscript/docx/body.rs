//! The text of a document: paragraphs, runs, fields, changes, text boxes.

use std::collections::HashMap;

use super::numbering::{Mark, Numbering};
use super::package::Relations;
use super::styles::{ListRef, Look, ParagraphStyle, Raised, Styles, outline};
use super::symbols;
use super::tables;
use super::xml::Node;
use crate::manuscript::{Block, Item, MAX_BLOCKS, MAX_TEXT_BYTES, Manuscript, Paragraph, Role, Run};

const MAX_NOTES: usize = 2_000;
/// Sizes of letters that are told apart in one paragraph.
const MAX_SIZES: usize = 50;

/// Footnotes and endnotes, read when their mark is met.
#[derive(Default)]
pub struct Notes<'a> {
    sources: Vec<(&'static str, HashMap<&'a str, &'a Node>, &'a Relations)>,
    /// Which note of the manuscript a mark stands for.
    known: HashMap<(&'static str, String), usize>,
}

impl<'a> Notes<'a> {
    pub fn add(
        &mut self,
        mark: &'static str,
        notes: Option<HashMap<&'a str, &'a Node>>,
        relations: &'a Relations,
    ) {
        self.sources.extend(notes.map(|notes| (mark, notes, relations)));
    }
}

/// A field: an instruction, and the result that is shown.
#[derive(Default)]
struct Field {
    instruction: String,
    is_result: bool,
    link: Option<String>,
}

pub struct Walker<'a> {
    styles: &'a Styles,
    numbering: Numbering,
    relations: &'a Relations,
    pub notes: Notes<'a>,
    manuscript: Manuscript,
    pictures: Vec<(String, String)>,
    /// Parts in other formats, by the id of their relation.
    pub embedded: Vec<String>,
    text_bytes: usize,
    fields: Vec<Field>,
    runs: Vec<Run>,
    /// Letters by their size.
    sizes: Vec<(f32, usize)>,
    /// What stands in boxes that are anchored in the paragraph at hand.
    boxes: Vec<Block>,
}

impl<'a> Walker<'a> {
    pub fn new(styles: &'a Styles, numbering: Numbering, relations: &'a Relations) -> Self {
        Self {
            styles,
            numbering,
            relations,
            notes: Notes::default(),
            manuscript: Manuscript::default(),
            pictures: Vec::new(),
            embedded: Vec::new(),
            text_bytes: 0,
            fields: Vec::new(),
            runs: Vec::new(),
            sizes: Vec::new(),
            boxes: Vec::new(),
        }
    }

    /// The manuscript, and the pictures that belong to it: path and alternative text.
    pub fn finish(mut self) -> (Manuscript, Vec<(String, String)>) {
        self.flush();
        (self.manuscript, self.pictures)
    }

    /// A paragraph whose end was deleted goes on in the next one; at the end of all there is none.
    fn flush(&mut self) {
        let runs = std::mem::take(&mut self.runs);
        if !runs.is_empty() {
            self.put(Block::Paragraph(Paragraph { runs, ..Paragraph::default() }));
        }
    }

    fn put(&mut self, block: Block) {
        if self.manuscript.blocks.len() < MAX_BLOCKS {
            self.manuscript.blocks.push(block);
        } else {
            self.manuscript.is_cut = true;
        }
    }

    /// The blocks of a part of the document, apart from those before it.
    pub fn apart(&mut self, nodes: &[Node]) -> Vec<Block> {
        let before = std::mem::take(&mut self.manuscript.blocks);
        let runs = std::mem::take(&mut self.runs);
        let sizes = std::mem::take(&mut self.sizes);
        let fields = std::mem::take(&mut self.fields);
        self.blocks(nodes);
        self.flush();
        self.fields = fields;
        self.sizes = sizes;
        self.runs = runs;
        std::mem::replace(&mut self.manuscript.blocks, before)
    }

    pub fn blocks(&mut self, nodes: &[Node]) {
        for node in nodes {
            match &*node.name {
                "w:p" => self.paragraph(node),
                "w:tbl" => {
                    if let Some(table) = tables::read(self, node) {
                        self.put(Block::Table(table));
                    }
                }
                "w:sdt" => self.content_control(node, Self::blocks),
                "w:del" | "w:moveFrom" | "w:sectPr" | "w:pPr" | "w:tblPr" => {}
                "mc:AlternateContent" => {
                    if let Some(chosen) = alternative(node) {
                        self.blocks(&chosen.children);
                    }
                }
                "w:altChunk" => self.embedded.extend(node.attribute("id").map(str::to_owned)),
                // Changes that were inserted, custom XML and whatever else only wraps.
                _ => self.blocks(&node.children),
            }
        }
    }

    /// Content controls; not their prompts ("Click here to enter text"), and no tables of contents.
    fn content_control(&mut self, node: &Node, read: fn(&mut Self, &[Node])) {
        let properties = node.child("w:sdtPr");
        let is_prompt = properties.is_some_and(|p| p.switch("w:showingPlcHdr") == Some(true));
        let gallery =
            properties.and_then(|p| p.at(&["w:docPartObj", "w:docPartGallery"])).and_then(Node::val);
        if is_prompt || gallery == Some("Table of Contents") {
            return;
        }
        if let Some(content) = node.child("w:sdtContent") {
            read(self, &content.children);
        }
    }

    fn paragraph(&mut self, node: &Node) {
        let properties = node.child("w:pPr");
        let style_id = properties.and_then(|p| p.child("w:pStyle")).and_then(Node::val);
        let style = self.styles.paragraph(style_id);
        self.inline(&node.children, style.look, None);
        // A field whose instruction does not end here is broken; it must not swallow the rest.
        self.fields.retain(|field| field.is_result);
        let mark = properties.and_then(|p| p.child("w:rPr"));
        let is_joined = mark.is_some_and(|m| m.child("w:del").is_some() || m.child("w:moveFrom").is_some());
        let is_drop_cap = properties
            .and_then(|p| p.child("w:framePr")?.attribute("dropCap"))
            .is_some_and(|kind| kind != "none");
        if is_joined {
            self.manuscript.tracked_changes += 1;
        }
        if !is_joined && !is_drop_cap {
            let runs = std::mem::take(&mut self.runs);
            let sizes = std::mem::take(&mut self.sizes);
            let is_empty = runs.iter().all(|run| run.text.trim().is_empty() && run.note.is_none());
            if !style.is_contents && !is_empty {
                let role = self.role(properties, &style);
                let size_points = sizes.iter().max_by_key(|(_, letters)| *letters).map(|(size, _)| *size);
                self.put(Block::Paragraph(Paragraph { role, runs, size_points }));
            }
        }
        for block in std::mem::take(&mut self.boxes) {
            self.put(block);
        }
    }

    fn role(&mut self, properties: Option<&Node>, style: &ParagraphStyle) -> Role {
        let own_outline = outline(properties);
        match (style.role, own_outline) {
            (Some(Role::Heading(_)) | None, Some(level)) if level < 9 => return Role::Heading(level + 1),
            (Some(Role::Heading(_)), Some(_)) => {}
            (Some(role), _) => return role,
            (None, _) => {}
        }
        let own = ListRef::of(properties);
        let is_own = own.number_id.is_some();
        let number_id = own.number_id.or_else(|| style.list.number_id.clone());
        // "List Bullet 2" is a list of its own in some templates; its name tells the level.
        let named = style.named_item.filter(|_| !is_own).map_or(0, |(level, _)| level);
        let level = own.level.or(style.list.level).unwrap_or(0);
        let shown = level.max(named);
        if let Some(id) = number_id.filter(|id| id != "0") {
            match self.numbering.mark(&id, level) {
                Mark::Bullet => return Role::Item(Item { level: shown, number: None, is_continued: false }),
                Mark::Number(_) => {
                    let number = Some(self.numbering.count(&id, level));
                    return Role::Item(Item { level: shown, number, is_continued: false });
                }
                Mark::Blank => return self.continued(),
                Mark::None => {}
            }
        } else if let Some((level, counts)) = style.named_item.filter(|_| !is_own) {
            let number = counts.then(|| self.next_number(level));
            return Role::Item(Item { level, number, is_continued: false });
        }
        // An unmarked paragraph of the same style goes on with the item above.
        if style.is_list_paragraph { self.continued() } else { Role::Body }
    }

    /// A further paragraph of the item above, when there is one.
    fn continued(&self) -> Role {
        match self.manuscript.blocks.last() {
            Some(Block::Paragraph(Paragraph { role: Role::Item(item), .. })) => {
                Role::Item(Item { is_continued: true, ..*item })
            }
            _ => Role::Body,
        }
    }

    /// For lists that count by the name of their style alone.
    fn next_number(&self, level: u8) -> u32 {
        match self.manuscript.blocks.last() {
            Some(Block::Paragraph(Paragraph {
                role: Role::Item(Item { level: l, number: Some(n), .. }),
                ..
            })) if *l == level => n.saturating_add(1),
            _ => 1,
        }
    }

    fn inline(&mut self, nodes: &[Node], look: Look, link: Option<&str>) {
        for node in nodes {
            match &*node.name {
                "w:r" => self.run(node, look, link),
                "w:hyperlink" => {
                    let target = node.attribute("id").and_then(|id| self.relations.get(id));
                    let target = target.filter(|relation| relation.is_external).map(|r| r.target.clone());
                    self.inline(&node.children, look, target.as_deref().or(link));
                }
                "w:fldSimple" => {
                    let instruction = node.attribute("instr").unwrap_or_default();
                    if !is_page_number(instruction) {
                        let target = hyperlink(instruction);
                        self.inline(&node.children, look, target.as_deref().or(link));
                    }
                }
                "w:ins" | "w:moveTo" => {
                    self.manuscript.tracked_changes += 1;
                    self.inline(&node.children, look, link);
                }
                "w:del" | "w:moveFrom" => self.manuscript.tracked_changes += 1,
                "w:sdt" => {
                    // Links and looks reach into content controls within a line.
                    let is_prompt =
                        node.child("w:sdtPr").is_some_and(|p| p.switch("w:showingPlcHdr") == Some(true));
                    if let Some(content) = node.child("w:sdtContent").filter(|_| !is_prompt) {
                        self.inline(&content.children, look, link);
                    }
                }
                "mc:AlternateContent" => {
                    if let Some(chosen) = alternative(node) {
                        self.inline(&chosen.children, look, link);
                    }
                }
                "m:t" => {
                    let text: String = node.children.iter().map(|child| child.text.as_str()).collect();
                    self.say(&text, look, link);
                }
                "w:pPr" | "w:rPr" | "w:sdtPr" => {}
                "w:drawing" | "w:pict" | "w:object" => self.floating(node, ""),
                _ => self.inline(&node.children, look, link),
            }
        }
    }

    fn run(&mut self, node: &Node, look: Look, link: Option<&str>) {
        let properties = node.child("w:rPr");
        let style = properties.and_then(|p| p.child("w:rStyle")).and_then(Node::val);
        let look = look.over(self.styles.letters(style)).over(Look::of(properties));
        if look.hidden == Some(true) {
            // Fields work by hidden marks too.
            node.all("w:fldChar").for_each(|mark| self.field_mark(mark));
            return;
        }
        self.run_parts(&node.children, look, link);
    }

    fn run_parts(&mut self, nodes: &[Node], look: Look, link: Option<&str>) {
        for part in nodes {
            let text = || part.children.iter().map(|child| child.text.as_str()).collect::<String>();
            match &*part.name {
                "w:t" => self.say(&text(), look, link),
                "w:tab" | "w:ptab" => self.say("\t", look, link),
                "w:cr" => self.say("\n", look, link),
                "w:br" if matches!(part.attribute("type"), None | Some("textWrapping")) => {
                    self.say("\n", look, link);
                }
                "w:noBreakHyphen" => self.say("\u{2011}", look, link),
                "w:sym" => {
                    let code = part.attribute("char").and_then(|code| u32::from_str_radix(code, 16).ok());
                    let font = part.attribute("font").unwrap_or_default();
                    if let Some(sign) = code.and_then(|code| symbols::sign(font, code)) {
                        let look = Look { is_symbols: None, ..look };
                        self.say(sign.encode_utf8(&mut [0; 4]), look, link);
                    }
                }
                "w:fldChar" => self.field_mark(part),
                "w:instrText" => {
                    if let Some(field) = self.fields.last_mut().filter(|field| !field.is_result)
                        && field.instruction.len() < 4_000
                    {
                        field.instruction.push_str(&text());
                    }
                }
                "w:footnoteReference" => self.note("w:footnoteReference", part),
                "w:endnoteReference" => self.note("w:endnoteReference", part),
                "w:drawing" | "w:pict" | "w:object" => self.floating(part, ""),
                "w:ruby" => {
                    if let Some(base) = part.child("w:rubyBase") {
                        self.inline(&base.children, look, link);
                    }
                }
                "mc:AlternateContent" => {
                    if let Some(chosen) = alternative(part) {
                        self.run_parts(&chosen.children, look, link);
                    }
                }
                _ => {}
            }
        }
    }

    fn field_mark(&mut self, mark: &Node) {
        match mark.attribute("fldCharType") {
            Some("begin") if self.fields.len() < 50 => self.fields.push(Field::default()),
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.is_result = true;
                    field.link = hyperlink(&field.instruction);
                }
            }
            Some("end") => {
                self.fields.pop();
            }
            _ => {}
        }
    }

    fn say(&mut self, text: &str, look: Look, link: Option<&str>) {
        let is_hidden =
            self.fields.iter().any(|field| !field.is_result || is_page_number(&field.instruction));
        if text.is_empty() || is_hidden {
            return;
        }
        let room = MAX_TEXT_BYTES.saturating_sub(self.text_bytes);
        self.manuscript.is_cut |= text.len() > room;
        let text = &text[..text.floor_char_boundary(room)];
        if text.is_empty() {
            return;
        }
        self.text_bytes += text.len();
        let mut text = if look.is_symbols == Some(true) {
            // Letters of such fonts stand beside ordinary ones in the same run at times; only their own place counts.
            text.chars()
                .filter_map(|c| match u32::from(c) {
                    code @ 0xF000..=0xF0FF => symbols::sign("Wingdings", code),
                    _ => Some(c),
                })
                .collect()
        } else {
            text.to_owned()
        };
        if let Some(raised @ (Raised::Above | Raised::Below)) = look.raised {
            text = symbols::shifted(&text, raised == Raised::Above).unwrap_or(text);
        }
        if let Some(size) = look.size_points {
            let letters = text.chars().count();
            let is_full = self.sizes.len() >= MAX_SIZES;
            match self.sizes.iter_mut().find(|(known, _)| *known == size) {
                Some((_, count)) => *count += letters,
                None if !is_full => self.sizes.push((size, letters)),
                None => {}
            }
        }
        let link = link.or_else(|| self.fields.iter().rev().find_map(|field| field.link.as_deref()));
        self.runs.push(Run {
            text,
            bold: look.bold == Some(true),
            italic: look.italic == Some(true),
            struck: look.struck == Some(true),
            link: link.map(str::to_owned),
            note: None,
        });
    }

    fn note(&mut self, mark: &'static str, reference: &Node) {
        let Some(id) = reference.attribute("id") else { return };
        let key = (mark, id.to_owned());
        if let Some(number) = self.notes.known.get(&key) {
            self.runs.push(Run { note: Some(*number), ..Run::default() });
            return;
        }
        let found =
            self.notes.sources.iter().find(|(kind, notes, _)| *kind == mark && notes.contains_key(id));
        let Some((node, relations)) = found.map(|(_, notes, relations)| (notes[id], *relations)) else {
            return;
        };
        if self.manuscript.notes.len() >= MAX_NOTES {
            return;
        }
        // The note has relations of its own, and no notes.
        let outside = std::mem::replace(&mut self.relations, relations);
        let sources = std::mem::take(&mut self.notes.sources);
        let blocks = self.apart(&node.children);
        self.notes.sources = sources;
        self.relations = outside;
        let mut runs: Vec<Run> = Vec::new();
        for paragraph in tables::flat(blocks) {
            if !runs.is_empty() {
                runs.push(Run::plain(" "));
            }
            runs.extend(paragraph.runs);
        }
        let number = self.manuscript.notes.len();
        self.manuscript.notes.push(runs);
        self.notes.known.insert(key, number);
        self.runs.push(Run { note: Some(number), ..Run::default() });
    }

    /// Pictures and text boxes, each once: the older form of the same box stands beside the newer one.
    fn floating(&mut self, node: &Node, alt_text: &str) {
        let description = node.find("wp:docPr").or_else(|| node.find("v:shape"));
        let own = description
            .and_then(|d| d.attribute("descr").or_else(|| d.attribute("alt")))
            .unwrap_or(alt_text)
            .trim()
            .to_owned();
        for child in &node.children {
            match &*child.name {
                "a:blip" => self.picture(child.attribute("embed"), &own),
                "v:imagedata" => self.picture(child.attribute("id"), &own),
                "w:txbxContent" => {
                    let boxes = std::mem::take(&mut self.boxes);
                    let blocks = self.apart(&child.children);
                    self.boxes = boxes;
                    self.boxes.extend(blocks);
                }
                "mc:AlternateContent" => {
                    if let Some(chosen) = alternative(child) {
                        self.floating(chosen, &own);
                    }
                }
                _ => self.floating(child, &own),
            }
        }
    }

    fn picture(&mut self, id: Option<&str>, alt_text: &str) {
        let Some(relation) = id.and_then(|id| self.relations.get(id)).filter(|r| !r.is_external) else {
            return;
        };
        let ending = relation.target.rsplit('.').next().unwrap_or_default().to_lowercase();
        let is_photo =
            matches!(ending.as_str(), "jpg" | "jpeg" | "jpe" | "png" | "tif" | "tiff" | "gif" | "webp");
        if is_photo
            && self.pictures.iter().all(|(path, _)| *path != relation.target)
            && self.pictures.len() < 1_000
        {
            self.pictures.push((relation.target.clone(), alt_text.to_owned()));
        }
    }
}

/// One of several forms of the same content: the newest, since this reader knows them all.
fn alternative(node: &Node) -> Option<&Node> {
    let choices = node.children.iter().filter(|child| &*child.name == "mc:Choice");
    choices.into_iter().find(|choice| !choice.children.is_empty()).or_else(|| node.child("mc:Fallback"))
}

fn is_page_number(instruction: &str) -> bool {
    let name = instruction.split_whitespace().next().unwrap_or_default().to_ascii_uppercase();
    matches!(name.as_str(), "PAGE" | "NUMPAGES" | "SECTIONPAGES" | "TOC")
}

/// Where a field leads: `HYPERLINK "https://…" \o "…"`. Marks within the document are no target here.
fn hyperlink(instruction: &str) -> Option<String> {
    let rest = instruction.trim_start();
    let (name, rest) = rest.split_once(char::is_whitespace)?;
    if !name.eq_ignore_ascii_case("HYPERLINK") {
        return None;
    }
    let rest = rest.trim_start();
    let target = match rest.strip_prefix(['"', '“', '„']) {
        Some(quoted) => quoted.split(['"', '”', '“']).next().unwrap_or_default(),
        None => rest.split_whitespace().next().unwrap_or_default(),
    };
    (!target.is_empty() && !target.starts_with('\\')).then(|| target.to_owned())
}

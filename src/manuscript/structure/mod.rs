//! From blocks to the fields of a release, by the rules that press releases follow.

mod contact_lines;
mod contact_words;
mod contacts;
mod dateline;
mod label_words;
mod labels;
mod opening;
mod quotes;
#[cfg(test)]
mod tests;
mod titles;

use jiff::civil::{Date, DateTime};

use super::{Block, Manuscript, Paragraph, Role, Run, markdown, tidy};
pub use contacts::FoundContact;
use labels::{Label, label};

/// A release as far as the document tells it. Nobody has seen it yet: it is a proposal.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub headline: String,
    pub sub_headlines: Vec<String>,
    pub dateline_place: String,
    pub dateline_date: Option<Date>,
    /// Markdown.
    pub body: String,
    /// Markdown, with the title it has in the document.
    pub boilerplate: String,
    pub contacts: Vec<FoundContact>,
    /// As its words tell, as far as they are known here.
    pub language: Option<&'static str>,
    pub remarks: Vec<Remark>,
}

/// What the writer should know of the reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Remark {
    /// The line, and the moment it names.
    Embargo {
        line: String,
        until: Option<DateTime>,
    },
    /// Lines that found no place.
    LeftOut(Vec<String>),
    /// Changes of the document's history that were taken as accepted.
    ChangesAccepted(usize),
    CommentsDropped(usize),
    /// The document is longer than what is read.
    Cut,
}

pub fn is_month(word: &str) -> bool {
    dateline::month(word).is_some()
}

/// Finds the parts of a release.
pub fn draft(manuscript: &Manuscript) -> Draft {
    let mut draft = Draft { language: language(&manuscript.blocks), ..Draft::default() };
    let mut left_out = Vec::new();
    let blocks = whole_lines(&manuscript.blocks);
    let mut text = opening::take(blocks, &mut draft, &mut left_out);
    embargo_at_the_end(&mut text, &mut draft);
    let Parts { body, boilerplate, contact } = parts(text);
    let (contacts, left) = contacts::read(&contact);
    // The head of the paper names the house; who answers is named at the end.
    if !contacts.is_empty() {
        draft.contacts = contacts;
    }
    left_out.extend(left);
    let body = titles::ranked(quotes::found(titles::found(body)));
    draft.body = markdown::of(&body, &manuscript.notes);
    draft.boilerplate = markdown::of(&titles::ranked(boilerplate), &manuscript.notes);
    if !left_out.is_empty() {
        draft.remarks.push(Remark::LeftOut(left_out));
    }
    if manuscript.tracked_changes > 0 {
        draft.remarks.push(Remark::ChangesAccepted(manuscript.tracked_changes));
    }
    if manuscript.comments > 0 {
        draft.remarks.push(Remark::CommentsDropped(manuscript.comments));
    }
    if manuscript.is_cut {
        draft.remarks.push(Remark::Cut);
    }
    draft
}

/// An embargo may be the last word of a paper. A sentence that only begins with it names no moment.
fn embargo_at_the_end(blocks: &mut Vec<Block>, draft: &mut Draft) {
    const LAST_BLOCKS: usize = 3;
    for at in (blocks.len().saturating_sub(LAST_BLOCKS)..blocks.len()).rev() {
        let Some(Block::Paragraph(paragraph)) = blocks.get(at) else { continue };
        let line = paragraph.text().trim().to_owned();
        if !matches!(label(&line), Some((Label::Embargo, _))) {
            continue;
        }
        if let Some(until) = dateline::find_moment(&line) {
            draft.remarks.push(Remark::Embargo { line, until: Some(until) });
            blocks.remove(at);
        }
    }
}

/// A piece of a text, pasted into the middle of one: its blocks alone, nothing taken apart.
pub fn excerpt(manuscript: &Manuscript) -> String {
    let blocks = titles::ranked(quotes::found(titles::found(manuscript.blocks.clone())));
    markdown::of(&blocks, &manuscript.notes)
}

/// Labels and marks of the end in paragraphs of their own, where they share one with other lines.
fn whole_lines(blocks: &[Block]) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Paragraph(paragraph)
                if matches!(paragraph.role, Role::Body | Role::Title | Role::Heading(_)) =>
            {
                let has_label =
                    |line: &str| label(line.trim()).is_some_and(|(_, from)| from == line.trim().len());
                let text = paragraph.text();
                if text.contains('\n') && text.lines().any(has_label) {
                    let lines = tidy::lines_of(paragraph).into_iter();
                    out.extend(lines.map(|line| {
                        Block::Paragraph(Paragraph { runs: tidy::runs(line.runs.clone()), ..line })
                    }));
                } else {
                    out.push(block.clone());
                }
            }
            _ => out.push(block.clone()),
        }
    }
    out
}

struct Parts {
    body: Vec<Block>,
    boilerplate: Vec<Block>,
    contact: Vec<Paragraph>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Body,
    Boilerplate,
    Contact,
}

/// Cuts off what comes behind the text: what the organisation says of itself, and whom to ask.
fn parts(blocks: Vec<Block>) -> Parts {
    let mut parts = Parts { body: Vec::new(), boilerplate: Vec::new(), contact: Vec::new() };
    let mut part = Part::Body;
    let total = blocks.len();
    let has_label = blocks.iter().any(|block| matches!(block, Block::Paragraph(p) if is_contact_label(p)));
    let unlabelled = if has_label { total } else { unlabelled_contacts(&blocks) };
    let last = Last::of(&blocks);
    for (at, block) in blocks.iter().enumerate() {
        if at == unlabelled {
            part = Part::Contact;
        }
        let Block::Paragraph(paragraph) = block else {
            match part {
                Part::Body => parts.body.push(block.clone()),
                Part::Boilerplate => parts.boilerplate.push(block.clone()),
                Part::Contact => {
                    let Block::Table(table) = block else { continue };
                    let cells = table.rows.iter().flatten();
                    parts.contact.extend(cells.flat_map(|cell| cell.paragraphs.iter().cloned()));
                }
            }
            continue;
        };
        let text = paragraph.text();
        let found = label(text.trim()).filter(|_| !matches!(paragraph.role, Role::Item(_) | Role::Quote));
        match found {
            Some((Label::End, _)) => continue,
            // "Ufficio stampa" heads contacts, and behind a name says what they do.
            Some((Label::Contact, _)) if part == Part::Contact && is_function_of(&parts.contact, &text) => {
                parts.contact.push(paragraph.clone());
                continue;
            }
            Some((Label::Contact, from)) if is_contact_label(paragraph) => {
                part = Part::Contact;
                let behind = behind(paragraph, from);
                parts.contact.extend((!behind.runs.is_empty()).then_some(behind));
                continue;
            }
            Some((Label::About, from)) if part != Part::Boilerplate && last.is_about(at, paragraph, from) => {
                part = Part::Boilerplate;
                let (title, behind) = titled(paragraph, from);
                parts.boilerplate.extend(title.map(Block::Paragraph));
                parts.boilerplate.extend((!behind.runs.is_empty()).then_some(Block::Paragraph(behind)));
                continue;
            }
            // A sentence about pictures, not the words of a button beside a contact.
            Some((Label::Material, _)) if part != Part::Body && text.split_whitespace().count() > 4 => {
                part = Part::Body;
            }
            _ => {}
        }
        let letters = text.chars().count();
        let reaches = contact_lines::find_email(&text).is_some()
            || text.chars().filter(char::is_ascii_digit).count() > 7;
        let is_heading = matches!(paragraph.role, Role::Heading(_));
        if part == Part::Contact
            && ((is_heading && !reaches && !is_name_line(&blocks, at)) || (letters > 240 && !reaches))
        {
            // Text goes on behind the contacts; the last of it is what the organisation says of itself.
            let is_last = total - at <= 3 && !is_heading && parts.boilerplate.is_empty();
            part = if is_last { Part::Boilerplate } else { Part::Body };
        }
        match part {
            Part::Body => parts.body.push(block.clone()),
            Part::Boilerplate => parts.boilerplate.push(block.clone()),
            Part::Contact => parts.contact.push(paragraph.clone()),
        }
    }
    parts
}

/// "Kontakt" as a line, or in front of a name; not in the middle of a sentence.
fn is_contact_label(paragraph: &Paragraph) -> bool {
    if matches!(paragraph.role, Role::Item(_) | Role::Quote) {
        return false;
    }
    let text = paragraph.text();
    let text = text.trim();
    match label(text) {
        Some((Label::Contact, from)) => from == text.len() || text.chars().count() < 400,
        _ => text.chars().count() < 60 && labels::is_contact_line(text) && !text.ends_with('.'),
    }
}

/// Whether a line says what they do whose name is the line before.
fn is_function_of(lines: &[Paragraph], text: &str) -> bool {
    let name = lines.last().map(Paragraph::text).unwrap_or_default();
    contact_words::is_function(text)
        && contact_words::is_name(name.lines().last().unwrap_or_default())
        && label(name.trim()).is_none()
}

/// Names stand as headings in some documents.
fn is_name_line(blocks: &[Block], at: usize) -> bool {
    let near = blocks.iter().skip(at + 1).take(4);
    near.into_iter().any(|block| match block {
        Block::Paragraph(p) => {
            let text = p.text();
            text.chars().count() < 120
                && (contact_lines::find_email(&text).is_some()
                    || text.chars().filter(char::is_ascii_digit).count() > 6)
        }
        Block::Table(_) => false,
    })
}

/// Where the last of some lines stand.
struct Last {
    /// A heading that is no part of the contacts.
    title: Option<usize>,
    /// "Über die Messe".
    about: Option<usize>,
}

impl Last {
    fn of(blocks: &[Block]) -> Self {
        let is_title = |p: &Paragraph| {
            let text = p.text();
            (matches!(p.role, Role::Heading(_)) || (p.is_bold() && text.chars().count() < 100))
                && label(text.trim()).is_none()
                && !contact_words::is_function(&text)
                && text.split_whitespace().count() > 3
        };
        let last = |is_it: &dyn Fn(&Paragraph) -> bool| {
            blocks.iter().rposition(|block| matches!(block, Block::Paragraph(p) if is_it(p)))
        };
        Self {
            title: last(&is_title),
            about: last(&|p| matches!(label(p.text().trim()), Some((Label::About, _)))),
        }
    }

    /// Whether a line such as "Über die Messe" or "Hintergrund" begins the last part of the document.
    fn is_about(&self, at: usize, paragraph: &Paragraph, from: usize) -> bool {
        let text = paragraph.text();
        let is_line = from >= text.trim().len();
        let looks_like = matches!(paragraph.role, Role::Heading(_) | Role::Title | Role::Subtitle)
            || paragraph.is_bold()
            || !is_line
            || text.chars().count() <= 70;
        // "Hintergrund" is one among others when what the organisation says of itself comes later.
        let head = text.split([':', '\n']).next().unwrap_or_default().to_lowercase();
        let is_general = ["hintergrund", "background"].iter().any(|word| head.trim().starts_with(word));
        let is_last = |place: Option<usize>| place.is_none_or(|place| place <= at);
        looks_like && at > 0 && is_last(self.title) && (!is_general || is_last(self.about))
    }
}

/// The paragraph behind a label in front of it.
fn behind(paragraph: &Paragraph, from: usize) -> Paragraph {
    let text = paragraph.text();
    let lead = text.len() - text.trim_start().len();
    let mut runs = paragraph.runs.clone();
    tidy::cut_front(&mut runs, lead + from);
    Paragraph { runs: tidy::runs(runs), role: Role::Body, ..paragraph.clone() }
}

/// The title of a boilerplate, and the text that stands behind it in the same paragraph.
fn titled(paragraph: &Paragraph, from: usize) -> (Option<Paragraph>, Paragraph) {
    let text = paragraph.text();
    let title = text.trim().get(..from).unwrap_or_default().trim().trim_end_matches(':').trim();
    let is_label = matches!(title.to_lowercase().as_str(), "boilerplate");
    let title = (!title.is_empty() && !is_label).then(|| Paragraph {
        role: Role::Heading(1),
        runs: vec![Run::plain(title)],
        ..Paragraph::default()
    });
    (title, behind(paragraph, from))
}

/// Where contacts begin that have no heading: the last lines are short, and say how to reach somebody.
fn unlabelled_contacts(blocks: &[Block]) -> usize {
    let total = blocks.len();
    let tail: Vec<&Paragraph> = blocks.iter().rev().map_while(short_line).take(12).collect();
    let mut first = None;
    for (back, paragraph) in tail.iter().enumerate() {
        let (found, _) =
            contacts::read(&tail[..=back].iter().rev().map(|p| (*p).clone()).collect::<Vec<_>>());
        let reaches = |c: &FoundContact| !c.email.is_empty() || !c.phone.is_empty();
        let lines = paragraph.text();
        let starts =
            found.first().is_some_and(|c| lines.contains(c.name.as_str()) || c.organisation == lines.trim());
        if starts && found.iter().all(reaches) {
            first = Some(total - 1 - back);
        }
    }
    first.filter(|first| *first > 1).unwrap_or(total)
}

fn short_line(block: &Block) -> Option<&Paragraph> {
    match block {
        Block::Paragraph(p) if matches!(p.role, Role::Body | Role::Heading(_)) => {
            let text = p.text();
            let is_line = text.chars().count() <= 160 && !text.trim_end().ends_with(['.', '!', '?']);
            (is_line || text.contains('@')).then_some(p)
        }
        _ => None,
    }
}

/// The language of a text by its most common words.
fn language(blocks: &[Block]) -> Option<&'static str> {
    const WORDS: [(&str, &[&str]); 9] = [
        ("de", &["der", "die", "und", "das", "mit", "für", "von", "ist", "auf", "im"]),
        ("en", &["the", "and", "of", "to", "in", "for", "with", "is", "on", "at"]),
        ("fr", &["le", "les", "des", "et", "du", "une", "pour", "est", "dans", "aux"]),
        ("es", &["el", "los", "las", "y", "una", "para", "con", "del", "por", "es"]),
        ("it", &["il", "di", "della", "che", "per", "è", "gli", "alla", "nel", "sono"]),
        ("nl", &["het", "een", "van", "voor", "op", "zijn", "met", "aan", "wordt", "ook"]),
        ("pt", &["os", "uma", "não", "ao", "mais", "em", "pela", "pelo", "são", "foi"]),
        ("pl", &["w", "z", "się", "jest", "i", "że", "oraz", "dla", "przez", "od"]),
        ("sv", &["och", "att", "det", "som", "för", "på", "är", "av", "till", "ett"]),
    ];
    let mut counts = [0_usize; WORDS.len()];
    let paragraphs = blocks.iter().filter_map(|block| match block {
        Block::Paragraph(paragraph) => Some(paragraph.text()),
        Block::Table(_) => None,
    });
    for text in paragraphs.take(60) {
        for word in text.split(|c: char| !c.is_alphabetic()).take(2_000) {
            let word = word.to_lowercase();
            for (count, (_, words)) in counts.iter_mut().zip(WORDS) {
                *count += usize::from(words.contains(&word.as_str()));
            }
        }
    }
    let best = (0..WORDS.len()).max_by_key(|at| counts[*at])?;
    let second = (0..WORDS.len()).filter(|at| *at != best).map(|at| counts[at]).max().unwrap_or(0);
    (counts[best] >= 4 && counts[best] > second * 3 / 2).then_some(WORDS[best].0)
}

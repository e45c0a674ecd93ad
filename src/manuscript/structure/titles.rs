//! Intertitles: lines that head what follows, also where they are only bold or only short.

use crate::manuscript::{Block, Paragraph, Role, tidy};

const MAX_CHARS: usize = 140;

/// Makes headings of lines that are meant as such.
pub fn found(blocks: Vec<Block>) -> Vec<Block> {
    let blocks = split(blocks);
    let usual = usual_size(&blocks);
    let total = blocks.len();
    let is_title: Vec<bool> = (0..total)
        .map(|at| {
            let next = blocks.get(at + 1);
            let before = at.checked_sub(1).and_then(|at| blocks.get(at));
            next.is_some_and(|next| is_title(&blocks[at], before, next, usual))
        })
        .collect();
    blocks
        .into_iter()
        .zip(is_title)
        .map(|(block, is_title)| match block {
            Block::Paragraph(mut paragraph) if is_title => {
                paragraph.role = Role::Heading(2);
                paragraph.runs.iter_mut().for_each(|run| (run.bold, run.italic) = (false, false));
                paragraph.runs = tidy::runs(paragraph.runs);
                Block::Paragraph(paragraph)
            }
            block => block,
        })
        .collect()
}

/// The size of most letters of the running text.
pub fn usual_size(blocks: &[Block]) -> Option<f32> {
    let mut sizes: Vec<(f32, usize)> = Vec::new();
    for block in blocks {
        let Block::Paragraph(paragraph) = block else { continue };
        let Some(size) = paragraph.size_points else { continue };
        let letters = paragraph.text().len();
        match sizes.iter_mut().find(|(known, _)| (*known - size).abs() < 0.1) {
            Some((_, count)) => *count += letters,
            None => sizes.push((size, letters)),
        }
    }
    sizes.into_iter().max_by_key(|(_, letters)| *letters).map(|(size, _)| size)
}

pub fn is_large(paragraph: &Paragraph, usual: Option<f32>) -> bool {
    matches!((paragraph.size_points, usual), (Some(size), Some(usual)) if size > usual + 0.9)
}

fn is_title(block: &Block, before: Option<&Block>, next: &Block, usual: Option<f32>) -> bool {
    let Block::Paragraph(paragraph) = block else { return false };
    if paragraph.role != Role::Body
        || matches!(next, Block::Paragraph(Paragraph { role: Role::Heading(_), .. }))
    {
        return false;
    }
    let text = paragraph.text();
    let text = text.trim();
    if text.chars().count() > MAX_CHARS
        || text.contains('\n')
        || paragraph.runs.iter().any(|run| run.note.is_some())
    {
        return false;
    }
    let ends_as_sentence = text.ends_with(['.', ',', ';', ':', '“', '”', '"', '«', '»']);
    let is_words = text.chars().any(char::is_alphabetic) && !text.contains('@') && !text.contains("://");
    if !is_words {
        return false;
    }
    if paragraph.is_bold() || is_large(paragraph, usual) {
        return !ends_as_sentence || (text.ends_with(':') && paragraph.is_bold() && is_text(next, 1));
    }
    // A short line between long paragraphs.
    !ends_as_sentence
        && !text.ends_with(['!', ')'])
        && text.chars().count() <= 100
        && text.split_whitespace().count() >= 2
        && text.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit() || c == '„')
        && paragraph.runs.iter().all(|run| run.link.is_none())
        && before.is_some_and(|block| is_text(block, 150) && ends_as_text(block))
        && is_text(next, 150)
}

/// A paragraph of running text of at least so many letters.
fn is_text(block: &Block, chars: usize) -> bool {
    matches!(block, Block::Paragraph(p) if p.role == Role::Body && p.text().trim_end().chars().count() >= chars)
}

fn ends_as_text(block: &Block) -> bool {
    let Block::Paragraph(paragraph) = block else { return false };
    let text = paragraph.text();
    let has_end = text.trim_end().ends_with(['.', '!', '?', '“', '”', '"', '»', '«', ')', ':', ']', '…']);
    has_end || paragraph.runs.last().is_some_and(|run| run.note.is_some())
}

/// Lines that are running text, not one more short thing said.
fn reads_as_text(lines: &[Paragraph]) -> bool {
    let ends_as_sentence =
        |line: &Paragraph| line.text().trim_end().ends_with(['.', '!', '?', '“', '”', '»']);
    lines.iter().any(|line| {
        let letters = line.text().chars().count();
        letters > 100 || (letters > 40 && ends_as_sentence(line))
    })
}

/// A bold first line with text behind it in the same paragraph.
fn split(blocks: Vec<Block>) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len());
    for block in blocks {
        let Block::Paragraph(paragraph) = &block else {
            out.push(block);
            continue;
        };
        let lines = if paragraph.role == Role::Body { tidy::lines_of(paragraph) } else { Vec::new() };
        match lines.as_slice() {
            [first, rest @ ..]
                if !rest.is_empty()
                    && first.is_bold()
                    && first.text().chars().count() <= MAX_CHARS
                    && !first.text().trim_end().ends_with(['.', ',', ';'])
                    && !rest.iter().any(Paragraph::is_bold)
                    && reads_as_text(rest) =>
            {
                out.push(Block::Paragraph(Paragraph {
                    runs: tidy::runs(first.runs.clone()),
                    ..first.clone()
                }));
                let mut runs = paragraph.runs.clone();
                tidy::cut_front(&mut runs, first.text().len() + 1);
                out.push(Block::Paragraph(Paragraph { runs: tidy::runs(runs), ..paragraph.clone() }));
            }
            _ => out.push(block),
        }
    }
    out
}

/// Headings without gaps between their levels, beginning with the first.
pub fn ranked(blocks: Vec<Block>) -> Vec<Block> {
    let mut levels: Vec<u8> = blocks.iter().filter_map(level).collect();
    levels.sort_unstable();
    levels.dedup();
    let rank =
        |level: u8| levels.iter().position(|known| *known == level).and_then(|at| u8::try_from(at + 1).ok());
    blocks
        .into_iter()
        .map(|block| match (level(&block).and_then(rank), block) {
            (Some(rank), Block::Paragraph(paragraph)) => {
                Block::Paragraph(Paragraph { role: Role::Heading(rank), ..paragraph })
            }
            (_, block) => block,
        })
        .collect()
}

fn level(block: &Block) -> Option<u8> {
    match block {
        Block::Paragraph(Paragraph { role: Role::Heading(level), .. }) => Some(*level),
        Block::Paragraph(Paragraph { role: Role::Title, .. }) => Some(1),
        Block::Paragraph(Paragraph { role: Role::Subtitle, .. }) => Some(2),
        _ => None,
    }
}

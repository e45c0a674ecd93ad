//! The beginning of a release: what stands above the headline, the headline, what stands under it, the dateline.

use super::contact_words::{self, is_organisation};
use super::dateline::{self, Dateline};
use super::labels::{Label, label};
use super::titles::{is_large, usual_size};
use super::{Draft, Remark, contact_lines, contacts};
use crate::manuscript::{Block, Paragraph, Role, markdown, tidy};

/// The headline is looked for among so many blocks.
const OPENING_BLOCKS: usize = 24;
/// Running text has longer paragraphs than this, headlines do not.
const HEADLINE_CHARS: usize = 250;
const MAX_SUB_HEADLINES: usize = 10;
const SUB_HEADLINE_CHARS: usize = 300;

/// Takes the opening off the blocks and leaves the text.
pub fn take(blocks: Vec<Block>, draft: &mut Draft, left_out: &mut Vec<String>) -> Vec<Block> {
    let usual = usual_size(&blocks);
    let mut blocks = unfolded(blocks);
    // Lines about the release itself, wherever in the opening they stand.
    let mut above: Vec<Paragraph> = Vec::new();
    let mut kind_at = 0;
    let mut at = 0;
    while at < blocks.len().min(OPENING_BLOCKS) {
        let Some(Block::Paragraph(paragraph)) = blocks.get_mut(at) else { break };
        if matches!(paragraph.role, Role::Item(_)) {
            at += 1;
            continue;
        }
        let text = paragraph.text();
        if text.chars().count() > HEADLINE_CHARS {
            break;
        }
        match label(text.trim()) {
            Some((Label::Kind, from)) if from < text.trim().len() => {
                tidy::cut_front(&mut paragraph.runs, text.len() - text.trim_start().len() + from);
                paragraph.runs = tidy::runs(std::mem::take(&mut paragraph.runs));
                at += 1;
            }
            Some((Label::Kind, _)) => {
                date_in_kind(&text, draft);
                blocks.remove(at);
                kind_at = at;
            }
            Some((Label::Embargo, _)) => {
                let line = text.trim().to_owned();
                let until = dateline::find_moment(&line);
                draft.remarks.push(Remark::Embargo { line, until });
                blocks.remove(at);
            }
            Some((Label::ForRelease, _)) => {
                date_in_kind(&text, draft);
                blocks.remove(at);
            }
            Some((Label::End, _)) => drop(blocks.remove(at)),
            _ => at += 1,
        }
    }
    // What stands above "Pressemitteilung" in plain letters is the head of the paper.
    let is_plain = |block: &Block| matches!(block, Block::Paragraph(p) if p.role == Role::Body);
    let letterhead_blocks = if blocks.iter().take(kind_at).all(is_plain) { kind_at } else { 0 };
    let below = blocks.get(letterhead_blocks..).unwrap_or_default();
    let found = headline(below, usual).map(|at| (at + letterhead_blocks, letterhead_blocks));
    let Some((headline_at, letterhead_blocks)) = found.or_else(|| headline(&blocks, usual).map(|at| (at, 0)))
    else {
        dateline_of(&mut blocks, 0, draft);
        return blocks;
    };
    let mut rest = blocks.split_off(headline_at);
    let Block::Paragraph(first) = rest.remove(0) else { return rest };
    draft.headline = markdown::plain(&first.runs);
    // A title on several lines of its own style is one title.
    if first.role == Role::Title {
        while let Some(Block::Paragraph(next)) = rest.first()
            && next.role == Role::Title
            && draft.headline.chars().count() + next.text().chars().count() < HEADLINE_CHARS
        {
            draft.headline = format!("{} {}", draft.headline, markdown::plain(&next.runs));
            rest.remove(0);
        }
    }
    for (at, block) in blocks.into_iter().enumerate() {
        let Block::Paragraph(paragraph) = block else { continue };
        let text = paragraph.text();
        let is_letterhead = at < letterhead_blocks || is_house(&text);
        if let Some(found) = dateline::dateline(&text).filter(|found| found.bytes >= text.trim_end().len()) {
            put(found, draft);
        } else if !is_letterhead
            && (paragraph.is_bold() || is_large(&paragraph, usual) || paragraph.role != Role::Body)
        {
            draft.sub_headlines.push(markdown::plain(&paragraph.runs));
        } else {
            above.push(paragraph);
        }
    }
    letterhead(&above, draft, left_out);
    sub_headlines(&mut rest, &first, draft, usual);
    dateline_of(&mut rest, 0, draft);
    plain_lead(&mut rest);
    rest
}

/// A headline and the lines under it, in paragraphs of their own where they share one and only the first line is bold.
fn unfolded(blocks: Vec<Block>) -> Vec<Block> {
    let mut out = Vec::with_capacity(blocks.len() + 4);
    for (at, block) in blocks.into_iter().enumerate() {
        let lines = match &block {
            Block::Paragraph(p) if at < OPENING_BLOCKS && p.role == Role::Body => tidy::lines_of(p),
            _ => Vec::new(),
        };
        let is_headline = |line: &Paragraph| {
            line.is_bold() && line.text().chars().count() > 15 && label(line.text().trim()).is_none()
        };
        match lines.as_slice() {
            [first, rest @ ..]
                if !rest.is_empty()
                    && rest.len() <= MAX_SUB_HEADLINES
                    && is_headline(first)
                    && rest.iter().all(|line| !line.is_bold() && is_sub_line(line)) =>
            {
                for line in lines {
                    let role = if line.is_bold() { Role::Body } else { Role::Subtitle };
                    out.push(Block::Paragraph(Paragraph { runs: tidy::runs(line.runs), role, ..line }));
                }
            }
            _ => out.push(block),
        }
    }
    out
}

fn is_sub_line(line: &Paragraph) -> bool {
    let text = line.text();
    text.chars().count() <= 160
        && !text.trim_end().ends_with('.')
        && contact_lines::find_email(&text).is_none()
        && !contact_lines::is_number_line(&text)
        && dateline::dateline(&text).is_none()
}

/// What stands behind "Pressemitteilung" on its line.
fn without_kind(text: &str) -> &str {
    let ends = text.char_indices().filter(|(_, c)| !c.is_alphabetic() && *c != '-').map(|(at, _)| at);
    let is_kind =
        |at: &usize| matches!(label(text[..*at].trim()), Some((Label::Kind | Label::ForRelease, _)));
    ends.into_iter().find(is_kind).map_or(text, |at| text[at..].trim_start())
}

/// "Pressemitteilung 12/2020 vom 28. Oktober 2020", "Presseinformation – Berlin, 28.10.2020".
fn date_in_kind(text: &str, draft: &mut Draft) {
    let Some((date, at, _)) = dateline::find_date(text) else { return };
    draft.dateline_date = draft.dateline_date.or(Some(date));
    let before = without_kind(text[..at].trim_end_matches([' ', ',', '\n']));
    let last = before.rsplit(['\n', '–', '|', '/', ':', '\t']).next().unwrap_or_default();
    let last = last.rsplit(" - ").next().unwrap_or_default();
    let place = dateline::place(last).filter(|place| label(place).is_none()).unwrap_or_default();
    if draft.dateline_place.is_empty() {
        draft.dateline_place = place;
    }
}

/// Which block is the headline.
fn headline(blocks: &[Block], usual: Option<f32>) -> Option<usize> {
    let opening: Vec<(usize, &Paragraph)> = blocks
        .iter()
        .take(OPENING_BLOCKS)
        .enumerate()
        .map_while(|(at, block)| match block {
            Block::Paragraph(paragraph) if paragraph.text().chars().count() <= HEADLINE_CHARS => {
                Some((at, paragraph))
            }
            _ => None,
        })
        .filter(|(_, paragraph)| !matches!(paragraph.role, Role::Item(_) | Role::Quote))
        .filter(|(_, paragraph)| !is_dateline(paragraph) && label(paragraph.text().trim()).is_none())
        .collect();
    let title = opening.iter().find(|(_, p)| p.role == Role::Title);
    let heading = opening
        .iter()
        .filter_map(|(at, p)| match p.role {
            Role::Heading(level) => Some((level, *at)),
            _ => None,
        })
        .min();
    let largest = opening
        .iter()
        .filter(|(_, p)| is_large(p, usual))
        .map(|(at, p)| (*at, p.size_points.unwrap_or(0.0)))
        .fold(None, |best: Option<(usize, f32)>, found| match best {
            Some(best) if best.1 >= found.1 => Some(best),
            _ => Some(found),
        });
    // The name of the house stands above many headlines, and is none where another line could be.
    let is_named = |p: &Paragraph| is_house(&p.text());
    let bold = opening.iter().filter(|(_, p)| p.is_bold());
    let bold = bold.clone().find(|(_, p)| !is_named(p)).or_else(|| bold.clone().next());
    // A heading behind the first lines of text is an intertitle; the headline is a bold or large line above it.
    let dateline_at = blocks
        .iter()
        .position(|block| matches!(block, Block::Paragraph(p) if starts_with_dateline(p) && !is_dateline(p)));
    let is_before_text = |at: usize| dateline_at.is_none_or(|dateline| at < dateline);
    if let Some((at, _)) = title.filter(|(at, _)| is_before_text(*at)) {
        return Some(*at);
    }
    if let Some((_, at)) = heading.filter(|(_, at)| is_before_text(*at)) {
        return Some(at);
    }
    if let Some((at, _)) = largest.filter(|(at, _)| is_before_text(*at)) {
        return Some(at);
    }
    if let Some((at, _)) = bold.filter(|(at, _)| is_before_text(*at)) {
        return Some(*at);
    }
    let lines = opening.iter().filter(|(at, p)| {
        let text = p.text();
        p.role == Role::Body
            && is_before_text(*at)
            && text.chars().count() <= 200
            && !text.trim_end().ends_with(['.', ',', ';'])
            && !text.contains("://")
            && contact_lines::find_email(&text).is_none()
    });
    let line = lines.clone().find(|(_, p)| !is_named(p)).or_else(|| lines.clone().next());
    line.map(|(at, _)| *at).filter(|_| blocks.len() > 1)
}

/// A line that is only the name of an organisation, an address or a number.
fn is_house(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_capital =
        |word: &&str| word.starts_with(char::is_uppercase) || word.starts_with("e.") || word.len() <= 3;
    let is_name = words.len() <= 5 && is_organisation(text) && words.iter().all(is_capital);
    is_name || contact_words::is_address(text) || contact_lines::is_number_line(text)
}

fn is_dateline(paragraph: &Paragraph) -> bool {
    let text = paragraph.text();
    dateline::dateline(&text).is_some_and(|found| found.bytes >= text.trim_end().len())
}

fn starts_with_dateline(paragraph: &Paragraph) -> bool {
    paragraph.role == Role::Body && dateline::dateline(&paragraph.text()).is_some()
}

/// Lines above the headline: contacts of a letterhead, and what is told to have been left out.
fn letterhead(above: &[Paragraph], draft: &mut Draft, left_out: &mut Vec<String>) {
    let is_label = |p: &Paragraph| {
        let text = p.text();
        matches!(label(text.trim()), Some((Label::Contact, from)) if from == text.trim().len())
    };
    let lines: Vec<Paragraph> = above.iter().filter(|line| !is_label(line)).cloned().collect();
    let (found, left) = contacts::read(&lines);
    let (reachable, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|contact| !contact.email.is_empty() || !contact.phone.is_empty());
    draft.contacts.extend(reachable);
    left_out.extend(others.into_iter().map(|contact| contact.name));
    left_out.extend(left.into_iter().filter(|line| label(line).is_none()));
}

/// Takes what stands between the headline and the text.
fn sub_headlines(rest: &mut Vec<Block>, headline: &Paragraph, draft: &mut Draft, usual: Option<f32>) {
    let is_text = |block: &Block| match block {
        Block::Paragraph(p) => p.role == Role::Body && p.text().chars().count() > SUB_HEADLINE_CHARS,
        Block::Table(_) => true,
    };
    let dateline_at = rest
        .iter()
        .take(MAX_SUB_HEADLINES)
        .position(|block| matches!(block, Block::Paragraph(p) if starts_with_dateline(p)))
        .filter(|at| !rest[..*at].iter().any(is_text));
    let mut taken = 0;
    let mut has_items = false;
    while let Some(Block::Paragraph(paragraph)) = rest.first() {
        let text = paragraph.text();
        let letters = text.chars().count();
        let is_before_dateline = dateline_at.is_some_and(|at| taken < at);
        let same_level = rest.iter().skip(1).any(|block| match block {
            Block::Paragraph(other) => matches!(other.role, Role::Heading(_)) && other.role == paragraph.role,
            Block::Table(_) => false,
        });
        let is_sub = match paragraph.role {
            Role::Subtitle => true,
            // Only the bullets directly under the headline, and not a text that is all list.
            Role::Item(item) => item.number.is_none() && !item.is_continued,
            Role::Heading(_) => {
                is_before_dateline
                    || (!same_level && dateline_at.is_none() && headline.role != Role::Title && taken == 0)
            }
            Role::Body if is_dateline(paragraph) => false,
            Role::Body if has_items => is_before_dateline && letters <= SUB_HEADLINE_CHARS,
            Role::Body => {
                let is_emphasised = paragraph.is_bold() || is_large(paragraph, usual);
                let is_sentence = text.trim_end().ends_with('.');
                (is_before_dateline && letters <= SUB_HEADLINE_CHARS && label(text.trim()).is_none())
                    || (is_emphasised
                        && letters <= 200
                        && !is_sentence
                        && dateline_at.is_none()
                        && taken < 2
                        && !same_as_next(rest))
            }
            Role::Quote | Role::Title => false,
        };
        if !is_sub || taken >= MAX_SUB_HEADLINES || rest.len() == 1 {
            break;
        }
        has_items |= matches!(paragraph.role, Role::Item(_));
        for line in tidy::lines_of(paragraph) {
            let line = markdown::plain(&line.runs);
            let line = without_mark(&line);
            if !line.is_empty() {
                draft.sub_headlines.push(line.to_owned());
            }
        }
        rest.remove(0);
        taken += 1;
    }
}

/// A line without the bullet or dash in front of it.
fn without_mark(line: &str) -> &str {
    let bare = line.trim_start_matches(['•', '·', '▪', '–', '—', '-', '■', '►', '*', '+']);
    if bare.starts_with([' ', '\u{a0}']) { bare.trim_start() } else { line }
}

/// An emphasised line that heads a short one is an intertitle of a list of facts, not a line under the headline.
fn same_as_next(rest: &[Block]) -> bool {
    let bold = rest
        .iter()
        .filter(|block| matches!(block, Block::Paragraph(p) if p.role == Role::Body && p.is_bold()));
    // Several bold lines between texts: the first may be an intertitle like the others.
    bold.count() > 2
        && matches!(rest.get(1), Some(Block::Paragraph(p)) if !p.is_bold() && p.text().chars().count() > 200)
}

fn put(found: Dateline, draft: &mut Draft) {
    if draft.dateline_place.is_empty() {
        draft.dateline_place = found.place;
    }
    draft.dateline_date = found.date.or(draft.dateline_date);
}

/// Takes the dateline off the first paragraph of the text, or off the lines before it.
fn dateline_of(blocks: &mut Vec<Block>, from: usize, draft: &mut Draft) {
    for at in from..blocks.len().min(from + 3) {
        let Some(Block::Paragraph(paragraph)) = blocks.get_mut(at) else { continue };
        if !matches!(paragraph.role, Role::Body | Role::Subtitle | Role::Heading(_)) {
            continue;
        }
        let text = paragraph.text();
        let Some(found) = dateline::dateline(&text) else { continue };
        let is_alone = found.bytes >= text.trim_end().len();
        if !is_alone && paragraph.role != Role::Body {
            continue;
        }
        tidy::cut_front(&mut paragraph.runs, found.bytes);
        paragraph.runs = tidy::runs(std::mem::take(&mut paragraph.runs));
        put(found, draft);
        if is_alone || paragraph.runs.is_empty() {
            blocks.remove(at);
        }
        return;
    }
}

/// The first paragraph is bold in many documents to look like a lead; the page has its own ways.
fn plain_lead(blocks: &mut [Block]) {
    if let Some(Block::Paragraph(paragraph)) = blocks.first_mut()
        && paragraph.role == Role::Body
        && paragraph.is_bold()
        && paragraph.text().chars().count() > 140
    {
        paragraph.runs.iter_mut().for_each(|run| run.bold = false);
        paragraph.runs = tidy::runs(std::mem::take(&mut paragraph.runs));
    }
}

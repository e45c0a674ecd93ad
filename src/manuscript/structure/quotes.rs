//! Quotations that stand alone, with the line that names who speaks.

use super::contact_words::{is_function, is_organisation};
use crate::manuscript::{Block, Paragraph, Role, Run, tidy};

const OPENING: &[char] = &['„', '“', '"', '«', '»', '‚', '‘'];
const CLOSING: &[char] = &['“', '”', '"', '»', '«', '‘', '’'];
const DASHES: &[char] = &['—', '–', '-', '―'];
const MAX_SPEAKER_CHARS: usize = 140;

/// Makes quotations of paragraphs that are nothing else, and joins them with their speakers.
pub fn found(blocks: Vec<Block>) -> Vec<Block> {
    let mut out: Vec<Block> = Vec::with_capacity(blocks.len());
    let mut blocks = blocks.into_iter().peekable();
    while let Some(block) = blocks.next() {
        let Block::Paragraph(paragraph) = block else {
            out.push(block);
            continue;
        };
        if !matches!(paragraph.role, Role::Body | Role::Quote) {
            out.push(Block::Paragraph(paragraph));
            continue;
        }
        let is_styled = paragraph.role == Role::Quote;
        let (said, own_speaker) = split_speaker(&paragraph, is_styled);
        let text = said.text();
        let is_quote = is_styled || is_quotation(&text);
        let next = match blocks.peek() {
            Some(Block::Paragraph(next)) if matches!(next.role, Role::Body | Role::Quote) => {
                Some(next.text())
            }
            _ => None,
        };
        let speaker = own_speaker.or_else(|| {
            let next = next.filter(|_| is_quote)?;
            let name = speaker(&next).or_else(|| bare_speaker(&next).filter(|_| is_quotation(&text)));
            name.inspect(|_| drop(blocks.next()))
        });
        match speaker {
            Some(name) if is_quote => {
                out.push(Block::Paragraph(quoted(said)));
                let runs = vec![Run::plain(format!("— {name}"))];
                out.push(Block::Paragraph(Paragraph { role: Role::Quote, runs, ..Paragraph::default() }));
            }
            _ if is_styled => out.push(Block::Paragraph(quoted(paragraph))),
            _ => out.push(Block::Paragraph(paragraph)),
        }
    }
    out
}

/// Quotations are set apart by the page; all in italics they need not be.
fn quoted(mut paragraph: Paragraph) -> Paragraph {
    paragraph.role = Role::Quote;
    let is_word = |run: &&Run| run.text.chars().any(char::is_alphanumeric);
    if paragraph.runs.iter().filter(is_word).all(|run| run.italic) {
        paragraph.runs.iter_mut().for_each(|run| run.italic = false);
    }
    if paragraph.runs.iter().filter(is_word).all(|run| run.bold) {
        paragraph.runs.iter_mut().for_each(|run| run.bold = false);
    }
    paragraph.runs = tidy::runs(paragraph.runs);
    paragraph
}

/// Whether a text is one quotation from its first to its last letter.
fn is_quotation(text: &str) -> bool {
    let text = text.trim().trim_end_matches(['.', ',']);
    let Some(inside) = text.strip_prefix(OPENING).and_then(|rest| rest.strip_suffix(CLOSING)) else {
        return false;
    };
    // „Eins“, sagt sie, „und zwei“ begins and ends so, and is a sentence around two quotations.
    let closes = match text.chars().next() {
        Some('„') => {
            inside.contains('“') && !inside.contains('„') || inside.contains("“ ") && inside.contains(" „")
        }
        Some('“') => inside.contains('”'),
        Some('«') => inside.contains('»'),
        Some('»') => inside.contains('«'),
        Some('"') => inside.contains('"'),
        _ => false,
    };
    !closes && inside.split_whitespace().count() >= 3
}

/// The last line, or what follows a dash behind the quotation, when it names somebody.
fn split_speaker(paragraph: &Paragraph, is_styled: bool) -> (Paragraph, Option<String>) {
    let lines = tidy::lines_of(paragraph);
    if let [before @ .., last] = lines.as_slice()
        && !before.is_empty()
        && let Some(name) = speaker(&last.text())
    {
        let mut runs = Vec::new();
        for line in before {
            if !runs.is_empty() {
                runs.push(Run::plain("\n"));
            }
            runs.extend(line.runs.iter().cloned());
        }
        return (Paragraph { runs: tidy::runs(runs), ..paragraph.clone() }, Some(name));
    }
    let text = paragraph.text();
    for dash in [" — ", " – ", " - "] {
        let Some((said, name)) = text.rsplit_once(dash) else { continue };
        let is_whole = is_quotation(said) || (is_styled && said.trim_end().ends_with(CLOSING));
        if is_whole && let Some(name) = name_of(name) {
            let runs = tidy::runs(front(&paragraph.runs, said.len()));
            return (Paragraph { runs, ..paragraph.clone() }, Some(name));
        }
    }
    (paragraph.clone(), None)
}

fn front(runs: &[Run], bytes: usize) -> Vec<Run> {
    let mut left = bytes;
    let mut out = Vec::new();
    for run in runs {
        let cut = left.min(run.text.len());
        if cut > 0 || run.note.is_some() {
            out.push(run.saying(run.text.get(..cut).unwrap_or_default()));
        }
        left -= cut;
        if left == 0 {
            break;
        }
    }
    out
}

/// "— Ada Muster, Vorständin".
fn speaker(line: &str) -> Option<String> {
    name_of(line.trim().strip_prefix(DASHES)?)
}

fn name_of(text: &str) -> Option<String> {
    let name = text.trim().trim_start_matches(DASHES).trim();
    let is_name = name.chars().next().is_some_and(char::is_uppercase)
        && name.chars().count() <= MAX_SPEAKER_CHARS
        && !name.ends_with(['.', '!', '?', ':', ';'])
        && !name.contains(OPENING);
    is_name.then(|| name.to_owned())
}

/// A line without a dash: only a name, a comma and what they are.
fn bare_speaker(line: &str) -> Option<String> {
    let (name, function) = line.trim().split_once([',', '('])?;
    let words: Vec<&str> = name.split_whitespace().collect();
    let is_name = (2..=6).contains(&words.len())
        && words.iter().all(|word| word.chars().next().is_some_and(char::is_uppercase) || word.len() <= 3);
    let is_title = is_function(function) || is_organisation(function);
    if is_name && is_title && !line.trim_end().ends_with(['.', ':']) { name_of(line) } else { None }
}

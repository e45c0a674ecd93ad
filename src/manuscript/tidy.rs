//! What all sources have in common: letters that only move letters, lists made by hand, tables made for their looks.

use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use super::{Block, Item, Manuscript, Paragraph, Role, Run, Table};

/// The manuscript with clean text, without empty paragraphs.
pub fn tidied(mut manuscript: Manuscript) -> Manuscript {
    let mut blocks = Vec::new();
    for block in std::mem::take(&mut manuscript.blocks) {
        match block {
            Block::Paragraph(paragraph) => push(paragraph, &mut blocks),
            Block::Table(table) if is_for_looks(&table) => {
                let cells = table.rows.into_iter().flatten();
                cells.flat_map(|cell| cell.paragraphs).for_each(|paragraph| push(paragraph, &mut blocks));
            }
            Block::Table(table) => blocks.extend(tidied_table(table).map(Block::Table)),
        }
    }
    for note in &mut manuscript.notes {
        *note = runs(std::mem::take(note));
    }
    manuscript.blocks = lists(blocks);
    manuscript
}

fn push(paragraph: Paragraph, blocks: &mut Vec<Block>) {
    let Paragraph { role, runs: all, size_points } = paragraph;
    for (index, part) in split_at_empty_lines(runs(all)).into_iter().enumerate() {
        let role = match role {
            Role::Item(item) => Role::Item(Item { is_continued: item.is_continued || index > 0, ..item }),
            role => role,
        };
        let mut part = Paragraph { role, runs: part, size_points };
        if matches!(role, Role::Heading(_) | Role::Title | Role::Subtitle) {
            part.runs.iter_mut().for_each(|run| (run.bold, run.italic) = (false, false));
            part.runs = runs(std::mem::take(&mut part.runs));
        }
        if !part.runs.is_empty() {
            blocks.push(Block::Paragraph(part));
        }
    }
}

/// Tables of one row or one column, and those whose cells hold whole texts, are there to place things.
fn is_for_looks(table: &Table) -> bool {
    let columns = table.rows.iter().map(|row| row.iter().map(|cell| cell.columns).sum()).max().unwrap_or(0);
    let holds_text = |cell: &super::Cell| {
        let letters: usize = cell.paragraphs.iter().map(|p| p.text().chars().count()).sum();
        letters > 900 || (cell.paragraphs.len() > 3 && letters > 300)
    };
    table.rows.len() == 1 || columns <= 1 || table.rows.iter().flatten().any(holds_text)
}

fn tidied_table(mut table: Table) -> Option<Table> {
    for cell in table.rows.iter_mut().flatten() {
        for paragraph in &mut cell.paragraphs {
            paragraph.runs = runs(std::mem::take(&mut paragraph.runs));
        }
        cell.paragraphs.retain(|paragraph| !paragraph.runs.is_empty());
    }
    table.rows.retain(|row| row.iter().any(|cell| !cell.paragraphs.is_empty() || cell.is_continued));
    (!table.rows.is_empty()).then_some(table)
}

/// Clean text, runs of one look joined, no space at the ends of lines.
pub fn runs(all: Vec<Run>) -> Vec<Run> {
    let mut joined: Vec<Run> = Vec::with_capacity(all.len());
    for mut run in all {
        run.link = run.link.as_deref().and_then(target);
        run.text = letters(&run.text);
        if run.text.is_empty() && run.note.is_none() {
            continue;
        }
        // Space has no look of its own.
        if run.note.is_none()
            && run.text.trim().is_empty()
            && let Some(last) = joined.last().filter(|last| last.note.is_none() && last.link == run.link)
        {
            (run.bold, run.italic, run.struck) = (last.bold, last.italic, last.struck);
        }
        match joined.last_mut() {
            Some(last) if last.looks_like(&run) => last.text.push_str(&run.text),
            _ => joined.push(run),
        }
    }
    spaced(joined)
}

fn letters(text: &str) -> String {
    let kept = text.chars().filter_map(|c| match c {
        '\u{2028}' | '\u{2029}' | '\u{b}' => Some('\n'),
        '\n' | '\t' => Some(c),
        '\r' => None,
        // A hyphen that does not break is a hyphen to every reader and search.
        '\u{2011}' => Some('-'),
        // Soft hyphens, marks without width, places of objects.
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fffc}' | '\u{fffd}' => None,
        // Places of fonts of their own mean nothing elsewhere.
        '\u{e000}'..='\u{f8ff}' => (c == '\u{f0b7}').then_some('•'),
        _ if c.is_control() => None,
        _ => Some(c),
    });
    kept.nfc().collect()
}

/// One space between words, none at the ends of lines. Spaces that keep words together stay where that is their
/// purpose: before or after numbers, after abbreviations, before French punctuation.
fn spaced(mut all: Vec<Run>) -> Vec<Run> {
    let text: Vec<char> = all
        .iter()
        .flat_map(|run| {
            // A note's mark counts as a letter.
            let mark = run.note.map(|_| '\u{1}');
            run.text.chars().chain(mark)
        })
        .collect();
    // What follows each place but space.
    let mut follows = vec!['\n'; text.len() + 1];
    for at in (0..text.len()).rev() {
        follows[at] = if is_blank(text[at]) { follows[at + 1] } else { text[at] };
    }
    let mut at = 0;
    let mut before = '\n';
    for run in &mut all {
        if run.note.is_some() {
            before = '\u{1}';
            at += 1;
            continue;
        }
        let mut out = String::with_capacity(run.text.len());
        for c in run.text.chars() {
            let next = follows[at + 1];
            let is_next_blank = text.get(at + 1).is_some_and(|c| is_blank(*c));
            at += 1;
            if !is_blank(c) {
                out.push(c);
                before = c;
                continue;
            }
            if is_next_blank || is_blank(before) || before == '\n' || next == '\n' {
                // Only the last of several spaces is written, and none at the ends of a line.
                if is_next_blank || before == '\n' || next == '\n' {
                    continue;
                }
            }
            let is_wanted = matches!(c, '\u{a0}' | '\u{202f}')
                && at >= 2
                && text.get(at - 2).is_some_and(|c| !is_blank(*c))
                && (next.is_ascii_digit()
                    || before.is_ascii_digit()
                    || ".§№«„".contains(before)
                    || "»:;!?%€".contains(next));
            let space = if is_wanted { c } else { ' ' };
            out.push(space);
            before = space;
        }
        run.text = out;
    }
    all.retain(|run| !run.text.is_empty() || run.note.is_some());
    // Lines at the ends of a paragraph.
    if let Some(first) = all.first_mut().filter(|run| run.note.is_none()) {
        first.text = first.text.trim_start().to_owned();
    }
    if let Some(last) = all.last_mut().filter(|run| run.note.is_none()) {
        last.text = last.text.trim_end().to_owned();
    }
    all.retain(|run| !run.text.is_empty() || run.note.is_some());
    all
}

fn is_blank(c: char) -> bool {
    c == ' ' || c == '\t' || (c.is_whitespace() && c != '\n')
}

fn split_at_empty_lines(all: Vec<Run>) -> Vec<Vec<Run>> {
    let mut parts = vec![Vec::new()];
    let mut line_ends = 0;
    for run in all {
        if run.note.is_some() {
            line_ends = 0;
            parts.last_mut().into_iter().for_each(|part| part.push(run.clone()));
            continue;
        }
        let mut text = String::new();
        for c in run.text.chars() {
            if c == '\n' {
                line_ends += 1;
                if line_ends == 2 {
                    parts.last_mut().into_iter().for_each(|part| {
                        part.push(run.saying(&std::mem::take(&mut text)));
                    });
                    parts.push(Vec::new());
                }
                if line_ends > 1 {
                    continue;
                }
            } else {
                line_ends = 0;
            }
            text.push(c);
        }
        parts.last_mut().into_iter().for_each(|part| {
            part.push(run.saying(&std::mem::take(&mut text)));
        });
    }
    parts.into_iter().map(spaced).filter(|part| !part.is_empty()).collect()
}

/// Where a link leads, without the detours that mail programs and editors add; none for what leads nowhere outside
/// of the writer's machine.
pub fn target(link: &str) -> Option<String> {
    let link = link.trim();
    let link = if link.starts_with("www.") { format!("https://{link}") } else { link.to_owned() };
    let url = Url::parse(&link).ok()?;
    let host = url.host_str().unwrap_or_default();
    let asked =
        |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let real = match url.path() {
        "/url" if host == "www.google.com" || host == "google.com" => asked("q").or_else(|| asked("url")),
        _ if host.ends_with(".safelinks.protection.outlook.com") => asked("url"),
        _ => None,
    };
    let real = real.filter(|real| Url::parse(real).is_ok()).unwrap_or(link);
    let scheme = real.split(':').next().unwrap_or_default().to_ascii_lowercase();
    let is_safe = matches!(scheme.as_str(), "http" | "https" | "mailto" | "tel") && real.len() < 4_000;
    is_safe.then_some(real)
}

/// Lists that were made by hand: with bullets, or with numbers that go up.
fn lists(blocks: Vec<Block>) -> Vec<Block> {
    let mut lines = Vec::with_capacity(blocks.len());
    for block in blocks {
        match block {
            Block::Paragraph(paragraph) if paragraph.role == Role::Body => match lines_of_list(&paragraph) {
                Some(items) => lines.extend(items.into_iter().map(Block::Paragraph)),
                None => lines.push(Block::Paragraph(paragraph)),
            },
            block => lines.push(block),
        }
    }
    let marks: Vec<Option<Mark>> = lines.iter().map(mark_of).collect();
    for (at, mark) in marks.iter().enumerate() {
        let Some(mark) = mark else { continue };
        let beside = [at.checked_sub(1), Some(at + 1)].into_iter().flatten();
        let is_list = match mark.kind {
            Kind::Bullet => true,
            Kind::Dash => beside.filter_map(|i| marks.get(i)?.as_ref()).any(|other| other.kind == Kind::Dash),
            Kind::Number(n) => {
                let number = |i: usize| match marks.get(i)?.as_ref()?.kind {
                    Kind::Number(n) => Some(n),
                    _ => None,
                };
                number(at + 1) == n.checked_add(1)
                    || at.checked_sub(1).and_then(number) == n.checked_sub(1).filter(|n| *n > 0)
            }
        };
        if let Some(Block::Paragraph(paragraph)) = lines.get_mut(at).filter(|_| is_list) {
            cut_front(&mut paragraph.runs, mark.bytes);
            let number = match mark.kind {
                Kind::Number(n) => Some(n),
                _ => None,
            };
            paragraph.role = Role::Item(Item { level: 0, number, is_continued: false });
        }
    }
    lines
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Bullet,
    Dash,
    Number(u32),
}

struct Mark {
    kind: Kind,
    /// Of the mark and the space behind it.
    bytes: usize,
}

fn mark_of(block: &Block) -> Option<Mark> {
    match block {
        Block::Paragraph(paragraph) if paragraph.role == Role::Body => mark(&paragraph.text()),
        _ => None,
    }
}

fn mark(text: &str) -> Option<Mark> {
    let (word, rest) = text.split_once(|c: char| c.is_whitespace())?;
    if rest.trim().is_empty() {
        return None;
    }
    let bytes = text.len() - rest.trim_start().len();
    let kind = match word {
        "•" | "·" | "▪" | "●" | "■" | "◦" | "‣" | "∙" | "➢" | "➤" | "►" | "▶" | "✓" | "✔" | "❖" | "⁃" => {
            Kind::Bullet
        }
        "-" | "–" | "*" => Kind::Dash,
        _ => {
            let digits = word.strip_suffix(['.', ')'])?;
            Kind::Number(digits.parse().ok().filter(|_| digits.len() <= 3)?)
        }
    };
    // A date at the beginning of a paragraph: "28. Oktober 2020".
    let next = rest.split_whitespace().next().unwrap_or_default();
    let is_date = matches!(kind, Kind::Number(n) if n <= 31) && super::structure::is_month(next);
    (!is_date).then_some(Mark { kind, bytes })
}

/// The items in paragraphs of their own, where lines of a paragraph are items, and the lines around them.
fn lines_of_list(paragraph: &Paragraph) -> Option<Vec<Paragraph>> {
    let is_item =
        |line: &str| mark(line).is_some_and(|mark| mark.kind != Kind::Dash || line.starts_with(['-', '–']));
    let text = paragraph.text();
    if !text.lines().zip(text.lines().skip(1)).any(|(line, next)| is_item(line) && is_item(next)) {
        return None;
    }
    let mut out: Vec<Paragraph> = Vec::new();
    let mut goes_on = false;
    for line in lines_of(paragraph) {
        let is_text = !is_item(&line.text());
        match out.last_mut().filter(|_| is_text && goes_on) {
            Some(last) => {
                last.runs.push(Run::plain("\n"));
                last.runs.extend(line.runs);
            }
            None => out.push(line),
        }
        goes_on = is_text;
    }
    for part in &mut out {
        part.runs = runs(std::mem::take(&mut part.runs));
    }
    Some(out)
}

/// The lines of a paragraph as paragraphs.
pub fn lines_of(paragraph: &Paragraph) -> Vec<Paragraph> {
    let empty = || Paragraph { runs: Vec::new(), role: paragraph.role, size_points: paragraph.size_points };
    let mut lines = vec![empty()];
    for run in &paragraph.runs {
        for (index, part) in run.text.split('\n').enumerate() {
            if index > 0 {
                lines.push(empty());
            }
            if let Some(line) = lines.last_mut().filter(|_| !part.is_empty() || run.note.is_some()) {
                line.runs.push(run.saying(part));
            }
        }
    }
    lines.retain(|line| !line.runs.is_empty());
    lines
}

/// Takes so many bytes off the front.
pub fn cut_front(runs: &mut Vec<Run>, bytes: usize) {
    let mut left = bytes;
    for run in runs.iter_mut() {
        let mut cut = left.min(run.text.len());
        while !run.text.is_char_boundary(cut) {
            cut += 1;
        }
        run.text.drain(..cut);
        left -= cut.min(left);
        if left == 0 {
            break;
        }
    }
    runs.retain(|run| !run.text.is_empty() || run.note.is_some());
}

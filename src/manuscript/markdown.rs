//! Blocks as Markdown that says what they say and nothing else: CommonMark with tables and strikethrough, no HTML.

use pulldown_cmark::{Event, Parser, Tag};

use super::{Block, Cell, Paragraph, Role, Run, Table, tidy};
use crate::text::markdown::OPTIONS;

/// Blocks with an empty line between them. Notes follow at the end, their marks are numbers in brackets.
pub fn of(blocks: &[Block], notes: &[Vec<Run>]) -> String {
    let mut writer = Writer { out: String::new(), numbers: Vec::new(), list: None };
    for (at, block) in blocks.iter().enumerate() {
        if writer.out.len() > MAX_MARKDOWN_BYTES {
            break;
        }
        match block {
            Block::Paragraph(paragraph) => writer.paragraph(paragraph, blocks.get(at + 1)),
            Block::Table(table) => writer.table(table),
        }
    }
    writer.notes(notes);
    writer.out.trim_end().to_owned()
}

/// The text of runs on one line, for fields that are no Markdown. Marks of notes have no place there.
pub fn plain(runs: &[Run]) -> String {
    let text: String = runs.iter().map(|run| run.text.as_str()).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Bold, italic, struck, in the order in which they contain each other.
const MARKS: [&str; 3] = ["**", "*", "~~"];

/// Columns of a table.
const MAX_COLUMNS: usize = 64;
/// What reaches down over rows is repeated up to this length; bytes.
const MAX_REPEATED_BYTES: usize = 200;
/// Merged cells must not make much of little; bytes.
const MAX_MARKDOWN_BYTES: usize = 2_000_000;

struct Writer {
    out: String,
    /// Notes in the order of their marks; a note's number is its place, from 1 on.
    numbers: Vec<usize>,
    list: Option<List>,
}

/// The list at hand.
struct List {
    /// How far the text of each open level is indented, the outermost first.
    indents: Vec<usize>,
    /// The last number of each open level.
    numbers: Vec<Option<u32>>,
    /// Which mark follows a number: another one begins another list.
    has_bracket: bool,
}

impl Writer {
    fn gap(&mut self, line_ends: usize) {
        if !self.out.is_empty() {
            let has = self.out.len() - self.out.trim_end_matches('\n').len();
            self.out.extend(std::iter::repeat_n('\n', line_ends.saturating_sub(has)));
        }
    }

    fn paragraph(&mut self, paragraph: &Paragraph, next: Option<&Block>) {
        if let Role::Item(item) = paragraph.role {
            self.item(paragraph, item);
            return;
        }
        self.list = None;
        match paragraph.role {
            Role::Heading(_) | Role::Title | Role::Subtitle => {
                self.gap(2);
                let level = match paragraph.role {
                    Role::Heading(level) => usize::from(level.clamp(1, 5)) + 1,
                    _ => 2,
                };
                let one_line: Vec<Run> = paragraph
                    .runs
                    .iter()
                    .map(|run| Run { text: run.text.replace('\n', " "), ..run.clone() })
                    .collect();
                let text = self.inline(&one_line, false);
                // Number signs at its end would be taken for a frame.
                let text = match text.strip_suffix('#') {
                    Some(start) if !start.ends_with('\\') => format!("{start}\\#"),
                    _ => text,
                };
                self.out.push_str(&format!("{} {text}", "#".repeat(level.min(6))));
            }
            Role::Quote => {
                // A quotation of several paragraphs, or its speaker, goes on below an empty line of its own.
                if !self.out.ends_with("\n>\n") {
                    self.gap(2);
                }
                let text = self.inline(&paragraph.runs, true);
                for (index, line) in text.lines().enumerate() {
                    self.out.push_str(if index > 0 { "\n> " } else { "> " });
                    self.out.push_str(line);
                }
                let goes_on = matches!(next, Some(Block::Paragraph(Paragraph { role: Role::Quote, .. })));
                if goes_on && !is_speaker(paragraph) {
                    self.out.push_str("\n>\n");
                    return;
                }
            }
            _ => {
                self.gap(2);
                let text = self.inline(&paragraph.runs, true);
                self.out.push_str(&text);
            }
        }
        self.gap(2);
    }

    fn item(&mut self, paragraph: &Paragraph, item: super::Item) {
        let is_new = self.list.is_none();
        let list =
            self.list.get_or_insert(List { indents: Vec::new(), numbers: Vec::new(), has_bracket: false });
        // A level that is skipped in the document cannot be told from the next one.
        let depth = usize::from(item.level).min(list.indents.len());
        if item.is_continued && depth < list.indents.len() {
            let indent = list.indents.get(depth).copied().unwrap_or(0);
            list.indents.truncate(depth + 1);
            list.numbers.truncate(depth + 1);
            let text = self.inline(&paragraph.runs, true);
            self.gap(2);
            self.lines(&text, indent, "");
            self.gap(2);
            return;
        }
        list.indents.truncate(depth);
        let last = list.numbers.get(depth).copied();
        list.numbers.truncate(depth);
        let before: usize = list.indents.last().copied().unwrap_or(0);
        let mark = match item.number {
            Some(number) => {
                let follows = matches!(last, Some(Some(n)) if number == n.saturating_add(1));
                if matches!(last, Some(Some(_))) && !follows {
                    list.has_bracket = !list.has_bracket;
                }
                format!("{}{} ", number.min(999_999_999), if list.has_bracket { ')' } else { '.' })
            }
            None => "- ".to_owned(),
        };
        // Only a list that counts from 1 may follow text without an empty line, and lists of two kinds are two lists.
        let is_apart = match last {
            Some(last) => {
                last.is_some() != item.number.is_some() && (depth == 0 || item.number.is_some_and(|n| n != 1))
            }
            None => item.number.is_some_and(|n| n != 1),
        };
        list.indents.push(before + mark.len());
        list.numbers.push(item.number);
        let text = self.inline(&paragraph.runs, true);
        self.gap(if is_new || is_apart { 2 } else { 1 });
        self.out.push_str(&" ".repeat(before));
        self.lines(&text, before + mark.len(), &mark);
        self.gap(1);
    }

    /// Text whose first line stands behind a mark and whose others are indented.
    fn lines(&mut self, text: &str, indent: usize, mark: &str) {
        for (index, line) in text.lines().enumerate() {
            if index > 0 {
                self.out.push('\n');
            }
            if index > 0 || mark.is_empty() {
                self.out.push_str(&" ".repeat(indent));
            } else {
                self.out.push_str(mark);
            }
            self.out.push_str(line);
        }
    }

    fn table(&mut self, table: &Table) {
        self.list = None;
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut numeric: Vec<(usize, usize)> = Vec::new();
        for (at, row) in table.rows.iter().enumerate() {
            let mut cells: Vec<String> = Vec::new();
            for cell in row {
                // What reaches down stands in each of its rows: they are read one by one.
                let text = if cell.is_continued {
                    let above = rows.last().and_then(|above| above.get(cells.len()));
                    above.filter(|text| text.len() <= MAX_REPEATED_BYTES).cloned().unwrap_or_default()
                } else {
                    self.cell(cell, at == 0)
                };
                if at > 0 && !text.is_empty() {
                    numeric.resize(numeric.len().max(cells.len() + 1), (0, 0));
                    numeric[cells.len()].0 += usize::from(cell.is_right);
                    numeric[cells.len()].1 += 1;
                }
                cells.push(text);
                cells.extend(std::iter::repeat_n(String::new(), cell.columns.saturating_sub(1)));
                cells.truncate(MAX_COLUMNS);
            }
            rows.push(cells);
        }
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        rows.iter_mut().for_each(|row| row.resize(columns, String::new()));
        let used: Vec<bool> = (0..columns).map(|c| rows.iter().any(|row| !row[c].is_empty())).collect();
        // A first row of one cell is the table's title.
        self.gap(2);
        if rows.len() > 2
            && columns > 1
            && rows[0].iter().filter(|cell| !cell.is_empty()).count() == 1
            && !table.has_header
        {
            let title = rows.remove(0).into_iter().find(|cell| !cell.is_empty()).unwrap_or_default();
            self.out.push_str(&format!("**{}**", title.replace("<br>", " ").replace("**", "")));
            self.gap(2);
        }
        for (at, row) in rows.iter().enumerate() {
            let cells: Vec<&str> =
                row.iter().zip(&used).filter(|(_, used)| **used).map(|(cell, _)| cell.as_str()).collect();
            self.out.push_str(&format!("| {} |\n", cells.join(" | ")));
            if at == 0 {
                let lines: Vec<&str> = (0..columns)
                    .filter(|column| used[*column])
                    .map(|column| match numeric.get(column) {
                        Some((right, all)) if *right > 0 && right == all => "---:",
                        _ => "---",
                    })
                    .collect();
                self.out.push_str(&format!("| {} |\n", lines.join(" | ")));
            }
        }
        self.gap(2);
    }

    fn cell(&mut self, cell: &Cell, is_heading: bool) -> String {
        let mut parts: Vec<String> = Vec::new();
        for paragraph in &cell.paragraphs {
            for mut line in tidy::lines_of(paragraph) {
                // Headings of columns are bold by themselves.
                if is_heading {
                    line.runs.iter_mut().for_each(|run| run.bold = false);
                }
                let mark = match paragraph.role {
                    Role::Item(item) => item.number.map_or_else(|| "• ".to_owned(), |n| format!("{n}. ")),
                    _ => String::new(),
                };
                parts.push(mark + &self.inline(&tidy::runs(line.runs), false));
            }
        }
        // The one line end that a cell may have.
        parts.join("<br>").replace('|', "\\|").replace("\\\\|", "\\|")
    }

    fn notes(&mut self, notes: &[Vec<Run>]) {
        let mut at = 0;
        while let Some(number) = self.numbers.get(at).copied() {
            at += 1;
            let Some(note) = notes.get(number) else { continue };
            // A note has no notes.
            let runs: Vec<Run> = note.iter().filter(|run| run.note.is_none()).cloned().collect();
            let text = self.inline(&tidy::runs(runs), true);
            self.gap(2);
            let text = text.lines().map(str::trim).collect::<Vec<_>>().join(" ");
            self.out.push_str(&format!("[{at}] {text}"));
            self.gap(2);
        }
    }

    fn note_number(&mut self, note: usize) -> usize {
        let known = self.numbers.iter().position(|known| *known == note);
        1 + known.unwrap_or_else(|| {
            self.numbers.push(note);
            self.numbers.len() - 1
        })
    }

    /// Runs as one paragraph of Markdown; where emphasis would be misread, without it.
    fn inline(&mut self, runs: &[Run], is_paragraph: bool) -> String {
        let mut numbered: Vec<Run> = Vec::with_capacity(runs.len());
        for run in runs {
            match run.note {
                Some(note) => {
                    let number = self.note_number(note);
                    let ends_with_space = numbered.last().is_none_or(|last| last.text.ends_with([' ', '\n']));
                    let space = if ends_with_space { "" } else { " " };
                    numbered.push(Run::plain(format!("{space}[{number}]")));
                }
                None => numbered.push(run.clone()),
            }
        }
        let wanted = words(&numbered.iter().map(|run| run.text.as_str()).collect::<String>());
        let numbered = hugged(numbered);
        for (emphasis, all) in [(true, false), (false, false), (false, true)] {
            let text = render(&numbered, emphasis, all, is_paragraph);
            if says(&text, &wanted) {
                return text;
            }
        }
        let flat: Vec<Run> = numbered.iter().map(|run| Run::plain(run.text.clone())).collect();
        render(&flat, false, true, is_paragraph)
    }
}

/// Emphasis must not end with a quotation mark inside of a word: **„Zitat“**s. What is in the way is let out.
fn hugged(runs: Vec<Run>) -> Vec<Run> {
    let firsts: Vec<Option<char>> = runs.iter().map(|run| run.text.chars().next()).collect();
    let mut out: Vec<Run> = Vec::with_capacity(runs.len());
    for (at, run) in runs.into_iter().enumerate() {
        let is_sign = |c: char| !c.is_alphanumeric() && !c.is_whitespace();
        let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
        let is_emphasised = run.bold || run.italic || run.struck;
        let before = out.last().and_then(|last| last.text.chars().next_back());
        let start =
            if is_emphasised && is_word(before) { run.text.trim_start_matches(is_sign) } else { &run.text };
        let next = firsts.get(at + 1).copied().flatten();
        let middle = if is_emphasised && is_word(next) { start.trim_end_matches(is_sign) } else { start };
        let lead = &run.text[..run.text.len() - start.len()];
        let tail = &start[middle.len()..];
        let plain = |text: &str| Run { text: text.to_owned(), link: run.link.clone(), ..Run::default() };
        out.extend((!lead.is_empty()).then(|| plain(lead)));
        out.extend((!middle.is_empty()).then(|| Run { text: middle.to_owned(), ..run.clone() }));
        out.extend((!tail.is_empty()).then(|| plain(tail)));
    }
    out
}

fn is_speaker(paragraph: &Paragraph) -> bool {
    paragraph.text().starts_with("— ")
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether Markdown is one paragraph of these words.
fn says(markdown: &str, wanted: &str) -> bool {
    let mut text = String::new();
    for event in Parser::new_ext(markdown, OPTIONS) {
        match event {
            Event::Text(part) => text.push_str(&part),
            Event::SoftBreak | Event::HardBreak => text.push(' '),
            Event::Start(
                Tag::Paragraph | Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. },
            )
            | Event::End(_) => {}
            _ => return false,
        }
    }
    words(&text) == wanted
}

fn render(runs: &[Run], emphasis: bool, escape_all: bool, is_paragraph: bool) -> String {
    let mut out = String::new();
    let mut open = [false; 3];
    let all: String = runs.iter().map(|run| run.text.as_str()).collect();
    let all: Vec<char> = all.chars().collect();
    // One alone strikes nothing out.
    let has_tildes = all.iter().filter(|c| **c == '~').count() > 1;
    let mut at = 0;
    for run in runs {
        let wanted = if emphasis { [run.bold, run.italic, run.struck] } else { [false; 3] };
        let lead = run.text.len() - run.text.trim_start().len();
        let (space, text) = run.text.split_at(lead);
        let body = text.trim_end();
        let tail = &text[body.len()..];
        let length = |part: &str| part.chars().count();
        if body.is_empty() {
            close(&mut out, &mut open, [false; 3]);
            at += length(&run.text);
            out.push_str(&breaks(space));
            continue;
        }
        // Marks hug the words: what ends here ends before the space.
        close(&mut out, &mut open, wanted);
        out.push_str(&breaks(space));
        at += length(space);
        // An exclamation mark before a link would make a picture of it.
        let is_link = run.link.as_ref().is_some_and(|link| !is_bare(link, body));
        if is_link && out.ends_with('!') && open == wanted {
            out.insert(out.len() - 1, '\\');
        }
        for (index, mark) in MARKS.iter().enumerate() {
            if wanted[index] && !open[index] {
                out.push_str(mark);
                open[index] = true;
            }
        }
        let words = escaped(body, &all, at, has_tildes, escape_all);
        match &run.link {
            Some(link) if is_link => {
                out.push_str(&format!("[{}]({})", words.replace('\n', " "), address(link)));
            }
            _ => out.push_str(&breaks(&words)),
        }
        at += length(body);
        if !tail.is_empty() {
            // The next run opens again what goes on.
            close(&mut out, &mut open, [false; 3]);
            out.push_str(&breaks(tail));
            at += length(tail);
        }
    }
    close(&mut out, &mut open, [false; 3]);
    let lines: Vec<String> = out
        .trim_matches([' ', '\n'])
        .lines()
        .map(|line| if is_paragraph { guarded(line.trim_start()) } else { line.to_owned() })
        .collect();
    lines.join("\n")
}

/// Ends the looks that do not go on, the innermost first; those that are only in the way begin again by themselves.
fn close(out: &mut String, open: &mut [bool; 3], wanted: [bool; 3]) {
    let Some(outermost) = (0..3).find(|i| open[*i] && !wanted[*i]) else { return };
    for index in (outermost..3).rev() {
        if std::mem::take(&mut open[index]) {
            out.push_str(MARKS[index]);
        }
    }
}

/// Line breaks as Markdown has them.
fn breaks(text: &str) -> String {
    text.replace('\n', "\\\n")
}

/// Whether the address alone, which the page makes a link of, says the same.
fn is_bare(link: &str, text: &str) -> bool {
    let bare = |url: &str| {
        let url = url.trim_end_matches('/');
        ["https://", "http://", "mailto:"]
            .iter()
            .find_map(|p| url.strip_prefix(p))
            .unwrap_or(url)
            .to_lowercase()
    };
    let is_address = text.contains("://")
        || text.starts_with("www.")
        || (text.contains('@') && link.starts_with("mailto:"));
    is_address && !text.contains(char::is_whitespace) && bare(link) == bare(text)
}

fn address(link: &str) -> String {
    link.chars().fold(String::with_capacity(link.len()), |mut out, c| {
        match c {
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            c if c.is_whitespace() || c.is_control() => out.push_str("%20"),
            c => out.push(c),
        }
        out
    })
}

/// A backslash before what Markdown would take for markup; `all` is the paragraph and `at` the place in it.
fn escaped(text: &str, all: &[char], at: usize, has_tildes: bool, escape_all: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for (index, c) in text.chars().enumerate() {
        let place = at + index;
        let before = place.checked_sub(1).and_then(|i| all.get(i)).copied().unwrap_or(' ');
        let next = all.get(place + 1).copied().unwrap_or(' ');
        let is_markup = match c {
            '\\' => next.is_ascii_punctuation() || next == '\n',
            '`' => true,
            '*' => !(before.is_whitespace() && next.is_whitespace()),
            '_' => !(before.is_alphanumeric() && next.is_alphanumeric()),
            '~' => has_tildes,
            '<' => next.is_alphabetic() || matches!(next, '/' | '!' | '?'),
            '&' => is_entity(&all[place + 1..]),
            ']' => matches!(next, '(' | '[' | ':'),
            _ => escape_all && c.is_ascii_punctuation(),
        };
        if is_markup {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

/// `nbsp;` behind an ampersand.
fn is_entity(rest: &[char]) -> bool {
    let end = rest.iter().take(32).position(|c| *c == ';');
    end.is_some_and(|end| end > 0 && rest[..end].iter().all(|c| c.is_ascii_alphanumeric() || *c == '#'))
}

/// A line that does not begin like a block.
fn guarded(line: &str) -> String {
    let escape_at = |at: usize| format!("{}\\{}", &line[..at], &line[at..]);
    let is_end = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t', '\\']);
    let numbers = line.trim_start_matches('#');
    let hashes = line.len() - numbers.len();
    if (1..=6).contains(&hashes) && is_end(numbers) {
        return escape_at(0);
    }
    if line.starts_with('>') || line.starts_with("~~~") {
        return escape_at(0);
    }
    if let Some(rest) = line.strip_prefix(['-', '+', '*'])
        && is_end(rest)
    {
        return escape_at(0);
    }
    let bare: String = line.chars().filter(|c| !c.is_whitespace()).collect();
    if bare.len() > 1 && ["-", "=", "_"].iter().any(|sign| bare.replace(sign, "").is_empty()) || bare == "=" {
        return escape_at(0);
    }
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    let count = line.len() - digits.len();
    if (1..=9).contains(&count) && digits.strip_prefix(['.', ')']).is_some_and(is_end) {
        return escape_at(count);
    }
    line.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(runs: &[Run]) -> String {
        of(&[Block::Paragraph(Paragraph { runs: runs.to_vec(), ..Paragraph::default() })], &[])
    }

    fn bold(text: &str) -> Run {
        Run { bold: true, ..Run::plain(text) }
    }

    #[test]
    fn what_looks_like_markup_is_none() {
        for (text, expected) in [
            ("28. Oktober 2020", "28\\. Oktober 2020"),
            ("# Raute", "\\# Raute"),
            ("- Strich", "\\- Strich"),
            ("+ plus", "\\+ plus"),
            ("> größer", "\\> größer"),
            ("---", "\\---"),
            ("===", "\\==="),
            ("Kolleg*innen und Bürger*innen", "Kolleg\\*innen und Bürger\\*innen"),
            ("3 * 4 und a_b_c und _so_", "3 * 4 und a_b_c und \\_so\\_"),
            ("<b> & &amp; a < b, R&D", "\\<b> & \\&amp; a < b, R&D"),
            ("[x](y) und [1] und `c`", "[x\\](y) und [1] und \\`c\\`"),
            ("~ca. 5 und ~6", "\\~ca. 5 und \\~6"),
            ("C:\\neu \\* x", "C:\\neu \\\\\\* x"),
            ("https://x.example/a_b_/c*d", "https://x.example/a_b\\_/c\\*d"),
        ] {
            assert_eq!(written(&[Run::plain(text)]), expected);
        }
    }

    #[test]
    fn emphasis_hugs_its_words() {
        let link = |text: &str, link: &str| Run { link: Some(link.to_owned()), ..Run::plain(text) };
        for (runs, expected) in [
            (vec![Run::plain("vor "), bold("fett "), Run::plain("nach")], "vor **fett** nach"),
            (vec![bold("„Zitat“"), Run::plain("s Ende")], "**„Zitat**“s Ende"),
            (vec![bold("a"), Run { italic: true, ..bold("b") }, bold("c")], "**a*b*c**"),
            (vec![Run::plain("Da!"), link("hier", "https://x.example/")], "Da\\![hier](https://x.example/)"),
            (vec![link("x.example", "https://x.example")], "[x.example](https://x.example)"),
            (vec![link("https://x.example/", "https://x.example")], "https://x.example/"),
            (vec![link("a@x.example", "mailto:a@x.example")], "a@x.example"),
            (vec![bold("eins\nzwei")], "**eins\\\nzwei**"),
        ] {
            assert_eq!(written(&runs), expected);
        }
    }
}

//! Markdown into text that can be pasted anywhere: paragraphs, no markup, no soft hyphens, umlauts in one piece (NFC).

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use unicode_normalization::UnicodeNormalization;

use super::{markdown, quote};

/// Whether the address a link leads to stands behind its words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Links<'a> {
    Hidden,
    /// Addresses elsewhere; a path of this site says nothing to a reader.
    Absolute,
    /// Paths of this site too, completed with its public URL.
    Based(&'a str),
}

/// The text form of a body, for files and mail. Paragraphs are single lines with an empty line between them,
/// list items begin with "– " or their number, table columns are aligned, links to elsewhere are followed by
/// their address.
pub fn from_markdown(markdown: &str) -> String {
    render(markdown, Links::Absolute)
}

/// The same for a reader away from the site: links within it are followed by their address too.
/// `base` is the public URL of the site.
pub fn with_base(markdown: &str, base: &str) -> String {
    render(markdown, Links::Based(base.trim_end_matches('/')))
}

/// The same without addresses of links: the words alone, for the search index and for counting.
pub fn for_search(markdown: &str) -> String {
    render(markdown, Links::Hidden)
}

/// Cleans text for desks: no soft hyphens or control characters, ordinary spaces, NFC.
pub fn clean(text: &str) -> String {
    text.nfc()
        .filter(|c| *c != '\u{ad}' && (!c.is_control() || matches!(c, '\n' | '\t')))
        .map(|c| if matches!(c, '\u{a0}' | '\u{202f}' | '\u{2007}') { ' ' } else { c })
        .collect()
}

fn render(markdown: &str, links: Links<'_>) -> String {
    let mut writer = Writer::new(links);
    for block in quote::blocks(Parser::new_ext(markdown, markdown::OPTIONS)) {
        match block {
            quote::Block::Other(event) => writer.event(event),
            quote::Block::Quote { said, speaker } => {
                said.into_iter().for_each(|event| writer.event(event));
                if let Some(speaker) = speaker {
                    writer.pending = 1;
                    writer.text("— ");
                    speaker.into_iter().for_each(|event| writer.event(event));
                }
                writer.block(2);
            }
        }
    }
    writer.finish()
}

/// The plain text of a part of a document.
pub(super) fn of_events<'a>(events: impl Iterator<Item = Event<'a>>, links: Links<'_>) -> String {
    let mut writer = Writer::new(links);
    events.for_each(|event| writer.event(event));
    writer.finish()
}

struct Writer<'l> {
    out: String,
    links: Links<'l>,
    /// Line feeds to write before the next text: 0, 1 or 2.
    pending: usize,
    /// One entry per open list: the next number, or `None` for a list without numbers.
    lists: Vec<Option<u64>>,
    /// Open links: the address, and where in `out` their words begin.
    open_links: Vec<(String, usize)>,
    table: Option<Table>,
    /// The mark of a list item was written and its words have not begun.
    at_mark: bool,
    /// The markup of an open HTML block.
    html: String,
}

#[derive(Default)]
struct Table {
    rows: Vec<Vec<String>>,
    /// What `out` was before the table: cells are collected in an empty one.
    before: String,
    /// The table is the first thing in a list item.
    is_at_mark: bool,
}

impl<'l> Writer<'l> {
    fn new(links: Links<'l>) -> Self {
        Self {
            out: String::new(),
            links,
            pending: 0,
            lists: Vec::new(),
            open_links: Vec::new(),
            table: None,
            at_mark: false,
            html: String::new(),
        }
    }

    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak if self.table.is_none() => self.block(1),
            Event::HardBreak => self.text(" "),
            Event::Rule => self.block(2),
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            Event::Html(raw) => self.html.push_str(&raw),
            Event::InlineHtml(_) if self.table.is_some() => self.text(" "),
            Event::InlineHtml(tag) if tag.get(..3).is_some_and(|t| t.eq_ignore_ascii_case("<br")) => {
                self.block(1);
            }
            _ => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Paragraph if !self.lists.is_empty() && !self.at_mark => {
                self.block(1);
                let indent = "  ".repeat(self.lists.len());
                self.text(&indent);
            }
            Tag::Paragraph | Tag::Heading { .. } | Tag::CodeBlock(_) => self.block(2),
            Tag::List(first) => {
                self.block(if self.lists.is_empty() { 2 } else { 1 });
                self.lists.push(first);
            }
            Tag::Item => {
                self.block(1);
                let indent = "  ".repeat(self.lists.len().saturating_sub(1));
                let mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{indent}{}. ", *number - 1)
                    }
                    _ => format!("{indent}– "),
                };
                self.text(&mark);
                self.at_mark = true;
            }
            Tag::Table(_) => {
                self.block(2);
                let before = std::mem::take(&mut self.out);
                self.table = Some(Table { rows: Vec::new(), before, is_at_mark: self.at_mark });
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(table) = &mut self.table {
                    table.rows.push(Vec::new());
                }
            }
            Tag::Link { dest_url, .. } => self.open_links.push((dest_url.to_string(), self.out.len())),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock if self.lists.is_empty() => {
                self.block(2);
            }
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::CodeBlock => self.block(1),
            TagEnd::Item => {
                self.at_mark = false;
                self.block(1);
            }
            TagEnd::List(_) => {
                self.lists.pop();
                self.block(if self.lists.is_empty() { 2 } else { 1 });
            }
            TagEnd::HtmlBlock => {
                let words = markdown::words_of_html(&std::mem::take(&mut self.html));
                self.block(2);
                self.text(&words);
                self.block(2);
            }
            TagEnd::Link => self.end_link(),
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.out).trim().to_owned();
                if let Some(row) = self.table.as_mut().and_then(|table| table.rows.last_mut()) {
                    row.push(cell);
                }
                self.pending = 0;
            }
            TagEnd::Table => {
                if let Some(table) = self.table.take() {
                    self.out = table.before;
                    self.at_mark = table.is_at_mark;
                    self.block(2);
                    self.text(&aligned(&table.rows));
                    self.block(2);
                }
            }
            _ => {}
        }
    }

    fn end_link(&mut self) {
        let Some((url, start)) = self.open_links.pop() else { return };
        let shown = match self.links {
            Links::Hidden => return,
            Links::Based(base) if url.starts_with('/') => format!("{base}{url}"),
            _ if url.starts_with(['/', '#']) || url.is_empty() => return,
            _ => url.trim_start_matches("mailto:").trim_start_matches("tel:").to_owned(),
        };
        // "www.x.example" already says "https://www.x.example/".
        let words = self.out.get(start..).unwrap_or_default().trim();
        let said =
            words.contains(&shown) || (!words.is_empty() && shown.trim_end_matches('/').ends_with(words));
        if !said {
            self.text(&format!(" ({shown})"));
        }
    }

    fn text(&mut self, text: &str) {
        if self.pending > 0 && !text.is_empty() {
            let feeds = std::mem::take(&mut self.pending);
            while self.out.ends_with([' ', '\n']) {
                self.out.pop();
            }
            if !self.out.is_empty() {
                self.out.push_str(if feeds == 1 { "\n" } else { "\n\n" });
            }
        }
        self.out.push_str(&clean(text));
        self.at_mark = false;
    }

    /// Asks for at least this many line feeds before what comes next.
    fn block(&mut self, feeds: usize) {
        // The mark of a list item and its first paragraph belong on one line.
        if !self.at_mark {
            self.pending = self.pending.max(feeds);
        }
    }

    fn finish(self) -> String {
        self.out.trim().to_owned()
    }
}

/// Columns of equal width, two spaces apart; widths in characters.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| {
        rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut lines = Vec::with_capacity(rows.len());
    for row in rows {
        let cells: Vec<String> =
            row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}", width = *width)).collect();
        lines.push(cells.join("  ").trim_end().to_owned());
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::{for_search, from_markdown, with_base};

    #[test]
    fn paragraphs_lists_and_quotes_read_well() {
        let text = from_markdown(
            "Erster *Absatz*\nmit zwei Zeilen.\n\n## Titel\n\n- eins\n- zwei\n  - innen\n\n1. a\n2. b\n\n\
             > „Zitat“\n> — Ada, Chefin\n\nEnde.",
        );
        assert_eq!(
            text,
            "Erster Absatz mit zwei Zeilen.\n\nTitel\n\n– eins\n– zwei\n  – innen\n\n1. a\n2. b\n\n\
             „Zitat“\n— Ada, Chefin\n\nEnde."
        );
    }

    #[test]
    fn loose_lists_keep_their_marks_on_the_line() {
        assert_eq!(
            from_markdown("- eins\n\n- zwei\n\n  mehr\n\n3. drei\n"),
            "– eins\n– zwei\n  mehr\n\n3. drei"
        );
    }

    #[test]
    fn tables_have_columns() {
        let text = from_markdown(
            "| Jahr | Besucher |\n|---|---|\n| 2019 | **9.000** |\n| 2020 | 10.600 |\n\nDanach",
        );
        assert_eq!(text, "Jahr  Besucher\n2019  9.000\n2020  10.600\n\nDanach");
    }

    #[test]
    fn a_table_begins_a_line_of_its_own() {
        let table = "| Quokkas | 2025 |\n|---|---|\n| Tiere | 12 |";
        for before in ["## Haltung von Zebrafinken", "Davor.", "- Punkt", "> Zitat"] {
            let text = from_markdown(&format!("{before}\n\n{table}\n\nDanach"));
            assert!(text.ends_with("\n\nQuokkas  2025\nTiere    12\n\nDanach"), "{text}");
        }
        let found = for_search(&format!("## Haltung von Zebrafinken\n\n{table}"));
        assert!(found.split_whitespace().any(|word| word == "Quokkas"), "{found}");
        let in_item = from_markdown("- | A | B |\n  |---|---|\n  | 1 | 2 |\n- Ende");
        assert_eq!(in_item, "– A  B\n1  2\n\n– Ende");
        let broken = from_markdown("| A | B |\n|---|---|\n| eins<br>zwei | 2 |");
        assert_eq!(broken, "A          B\neins zwei  2");
    }

    #[test]
    fn links_show_their_address_once() {
        let source = "Fotos [hier](https://x.example/f), <https://y.example>, [a@b.example](mailto:a@b.example), [oben](#q1).";
        assert_eq!(
            from_markdown(source),
            "Fotos hier (https://x.example/f), https://y.example, a@b.example, oben."
        );
        let inside = "Siehe [dort](/releases/x).";
        assert_eq!(from_markdown(inside), "Siehe dort.");
        assert_eq!(with_base(inside, "https://p.example/"), "Siehe dort (https://p.example/releases/x).");
        assert_eq!(for_search(source), "Fotos hier, https://y.example, a@b.example, oben.");
    }

    #[test]
    fn desks_get_no_hidden_characters() {
        assert_eq!(
            from_markdown("Pres\u{ad}se u\u{308}ber 10\u{202f}600 &amp; 5\u{a0}%"),
            "Presse über 10 600 & 5 %"
        );
        assert_eq!(from_markdown("„Text“ <b>fett</b><br>neu\u{7}"), "„Text“ fett\nneu");
        assert_eq!(from_markdown("<div>\nA &amp; B\n<script>x()</script></div>\n\nC"), "A & B\n\nC");
    }
}

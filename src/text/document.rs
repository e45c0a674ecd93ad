//! Markdown as the blocks of a word processor: headings, paragraphs, list items, quotes, tables, each made of
//! runs of text with their marks.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{markdown, plain, quote};

/// A stretch of text that looks the same throughout.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Run {
    /// May hold line feeds.
    pub text: String,
    pub bold: bool,
    pub italic: bool,
    pub struck: bool,
    /// Where it leads to, absolute.
    pub link: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// From 1, the highest in the text.
    Heading(u8, Vec<Run>),
    Paragraph(Vec<Run>),
    /// Depth from 0, the mark ("–", "1."; empty for further paragraphs of the item), the text.
    Item(usize, String, Vec<Run>),
    Quote(Vec<Run>),
    /// Who said the quote before.
    Speaker(Vec<Run>),
    /// Rows of cells; the first row is the head.
    Table(Vec<Vec<Vec<Run>>>),
}

/// The blocks of a text. `base`: the public URL of the site, which completes paths within it.
pub fn blocks(text: &str, base: &str) -> Vec<Block> {
    let mut writer = Writer { base: base.trim_end_matches('/').to_owned(), ..Writer::default() };
    for block in quote::blocks(Parser::new_ext(text, markdown::OPTIONS)) {
        match block {
            quote::Block::Other(event) => writer.event(event),
            quote::Block::Quote { said, speaker } => {
                writer.in_quote = true;
                said.into_iter().for_each(|event| writer.event(event));
                writer.end_block();
                writer.in_quote = false;
                if let Some(speaker) = speaker {
                    speaker.into_iter().for_each(|event| writer.event(event));
                    let runs = std::mem::take(&mut writer.runs);
                    writer.out.push(Block::Speaker(runs));
                }
            }
        }
    }
    writer.end_block();
    writer.out
}

#[derive(Default)]
struct Writer {
    base: String,
    out: Vec<Block>,
    runs: Vec<Run>,
    bold: usize,
    italic: usize,
    struck: usize,
    links: Vec<Option<String>>,
    /// One entry per open list: the next number, or `None` for a list without numbers.
    lists: Vec<Option<u64>>,
    /// The mark of the item whose first paragraph is still to come.
    mark: String,
    in_quote: bool,
    table: Option<Vec<Vec<Vec<Run>>>>,
}

impl Writer {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::SoftBreak => self.text(" "),
            Event::HardBreak => self.text("\n"),
            Event::InlineHtml(tag) if tag.get(..3).is_some_and(|t| t.eq_ignore_ascii_case("<br")) => {
                self.text("\n");
            }
            Event::Html(raw) => {
                let words = markdown::words_of_html(&raw);
                self.text(&words);
            }
            Event::Start(tag) => self.start(tag),
            Event::End(tag) => self.end(tag),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        let text = plain::clean(text);
        if text.is_empty() {
            return;
        }
        self.runs.push(Run {
            text,
            bold: self.bold > 0,
            italic: self.italic > 0,
            struck: self.struck > 0,
            link: self.links.last().cloned().flatten(),
        });
    }

    fn start(&mut self, tag: Tag<'_>) {
        match tag {
            Tag::Strong => self.bold += 1,
            Tag::Emphasis => self.italic += 1,
            Tag::Strikethrough => self.struck += 1,
            Tag::Link { dest_url, .. } => {
                let target = self.target(&dest_url);
                self.links.push(target);
            }
            Tag::List(first) => {
                self.end_block();
                self.lists.push(first);
            }
            Tag::Item => {
                self.end_block();
                self.mark = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}.", *number - 1)
                    }
                    _ => "–".to_owned(),
                };
            }
            Tag::Table(_) => {
                self.end_block();
                self.table = Some(Vec::new());
            }
            Tag::TableHead | Tag::TableRow => {
                if let Some(rows) = &mut self.table {
                    rows.push(Vec::new());
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Strong => self.bold = self.bold.saturating_sub(1),
            TagEnd::Emphasis => self.italic = self.italic.saturating_sub(1),
            TagEnd::Strikethrough => self.struck = self.struck.saturating_sub(1),
            TagEnd::Link => drop(self.links.pop()),
            TagEnd::Heading(level) => {
                let runs = std::mem::take(&mut self.runs);
                self.out.push(Block::Heading(level as u8, runs));
            }
            TagEnd::TableCell => {
                let cell = std::mem::take(&mut self.runs);
                if let Some(row) = self.table.as_mut().and_then(|rows| rows.last_mut()) {
                    row.push(cell);
                }
            }
            TagEnd::Table => self.out.extend(self.table.take().map(Block::Table)),
            TagEnd::List(_) => {
                self.end_block();
                self.lists.pop();
            }
            TagEnd::Paragraph | TagEnd::Item | TagEnd::CodeBlock | TagEnd::HtmlBlock => self.end_block(),
            _ => {}
        }
    }

    /// Makes a block of what was gathered.
    fn end_block(&mut self) {
        if self.runs.is_empty() || self.table.is_some() {
            return;
        }
        let runs = std::mem::take(&mut self.runs);
        self.out.push(if !self.lists.is_empty() {
            Block::Item(self.lists.len() - 1, std::mem::take(&mut self.mark), runs)
        } else if self.in_quote {
            Block::Quote(runs)
        } else {
            Block::Paragraph(runs)
        });
    }

    /// Links that a reader can follow from a file on their own disk.
    fn target(&self, url: &str) -> Option<String> {
        let known = ["http://", "https://", "mailto:", "tel:"].iter().any(|scheme| url.starts_with(scheme));
        if known {
            Some(url.to_owned())
        } else if url.starts_with('/') && !url.starts_with("//") {
            Some(format!("{}{url}", self.base))
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(runs: &[Run]) -> String {
        runs.iter().map(|run| run.text.as_str()).collect()
    }

    #[test]
    fn every_block_finds_its_form() {
        let text = "## Zahlen\n\nEin **fetter** [Weg](/releases/a).\n\n- eins\n- zwei\n  1. innen\n\n\
                    > „Gut.“\n>\n> — Ada Muster, Chefin\n\n| A | B |\n|---|---|\n| 1 | 2 |\n";
        let blocks = blocks(text, "https://p.example/");
        assert!(matches!(&blocks[0], Block::Heading(2, runs) if words(runs) == "Zahlen"));
        let Block::Paragraph(runs) = &blocks[1] else { panic!("{blocks:?}") };
        assert!(runs.iter().any(|run| run.bold && run.text == "fetter"));
        assert!(runs.iter().any(|run| run.link.as_deref() == Some("https://p.example/releases/a")));
        assert!(matches!(&blocks[2], Block::Item(0, mark, runs) if mark == "–" && words(runs) == "eins"));
        assert!(matches!(&blocks[4], Block::Item(1, mark, runs) if mark == "1." && words(runs) == "innen"));
        assert!(matches!(&blocks[5], Block::Quote(runs) if words(runs) == "„Gut.“"));
        assert!(matches!(&blocks[6], Block::Speaker(runs) if words(runs).contains("Ada Muster")));
        let Block::Table(rows) = &blocks[7] else { panic!("{blocks:?}") };
        assert_eq!((rows.len(), words(&rows[1][1])), (2, "2".to_owned()));
    }

    #[test]
    fn links_that_lead_nowhere_are_words() {
        let blocks = blocks("[a](javascript:alert(1)) [b](//evil.example)", "https://p.example");
        let Block::Paragraph(runs) = &blocks[0] else { panic!("{blocks:?}") };
        assert!(runs.iter().all(|run| run.link.is_none()), "{runs:?}");
    }
}

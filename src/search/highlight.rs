//! Shows a reader where a text matches. The original text is cut and folded again as it was for the index, so a
//! mark stands on "München" when the reader typed "muenchen", and on the "messe" in "Fachmesse".

use std::collections::HashSet;
use std::ops::Range;

use compact_str::CompactString;
use foldhash::fast::RandomState;
use tantivy::tokenizer::Token;

use super::Highlighted;
use super::analysis::{parts_with_stems, stem_of};
use super::fold::fold_with_origins;
use super::language::Group;
use super::schema::cut;
use super::tokenizer::{Piece, PieceKind, pieces};

/// Length of a snippet; characters.
const SNIPPET_CHARS: usize = 200;
/// What may stand before the first match; characters.
const LEAD_CHARS: usize = 60;
/// Text searched for matches at a time; bytes. The match that matters comes early in a press text: the next are only
/// searched where nothing matched before.
const SEARCHED_BYTES: usize = 40_000;
const ELLIPSIS: &str = "…";
/// Between what stands beside a text.
const SEPARATOR: &str = " · ";

/// Every word of every text that is shown is looked up in them.
type Terms = HashSet<String, RandomState>;

/// What to mark.
#[derive(Debug, Default)]
pub struct Marks {
    /// Terms of stems, with their language.
    stems: Terms,
    /// Folded words and date terms.
    pub exact: Terms,
    /// Stems of compound parts.
    pub parts: Terms,
    /// Folded words in a row.
    pub phrases: Vec<Vec<String>>,
    /// German stems that count only where nothing else matches: the parts of the reader's own compound.
    pub weak: Terms,
}

/// A place that matched and the term it matched.
#[derive(Debug, Clone)]
struct Match {
    range: Range<usize>,
    term: CompactString,
}

impl Marks {
    pub fn add_stems(&mut self, stems: impl IntoIterator<Item = Token>) {
        self.stems.extend(stems.into_iter().map(|token| token.text));
    }

    pub fn add_terms(&mut self, stems: impl IntoIterator<Item = String>) {
        self.stems.extend(stems);
    }

    /// The title with its matches, and the place in the other texts that shows best why the document matches.
    pub fn highlight(&self, title: &str, texts: [&str; 3], group: Group) -> (Highlighted, Highlighted) {
        let mut texts = texts.map(|text| (text, self.matches(cut(text, SEARCHED_BYTES), group, false)));
        let mut in_title = self.matches(title, group, false);
        let mut nothing = in_title.is_empty() && texts.iter().all(|(_, matches)| matches.is_empty());
        if nothing && texts.iter().any(|(text, _)| text.len() > SEARCHED_BYTES) {
            texts = texts.map(|(text, _)| (text, self.late_matches(text, group)));
            nothing = texts.iter().all(|(_, matches)| matches.is_empty());
        }
        let texts = if nothing && !self.weak.is_empty() {
            in_title = self.matches(title, group, true);
            texts.map(|(text, _)| (text, self.matches(cut(text, SEARCHED_BYTES), group, true)))
        } else {
            texts
        };
        let title =
            Highlighted { text: title.to_owned(), marks: merged(in_title.into_iter().map(|hit| hit.range)) };
        // The body unless another text shows more of the words. What stands beside them is single words in a row,
        // which only show something where neither body nor sub-headlines do.
        let [body, sub, _] = &texts;
        let running = if body.1.is_empty() && sub.1.is_empty() { texts.len() } else { 2 };
        let best = texts
            .iter()
            .take(running)
            .enumerate()
            .max_by_key(|(index, (text, matches))| {
                let distinct: HashSet<&str> = matches.iter().map(|hit| hit.term.as_str()).collect();
                (distinct.len(), !text.is_empty(), usize::MAX - index)
            })
            .map(|(_, (text, matches))| snippet(text, matches))
            .unwrap_or_default();
        (title, best)
    }

    /// Those of the first window behind the beginning that has any.
    fn late_matches(&self, text: &str, group: Group) -> Vec<Match> {
        let mut start = cut(text, SEARCHED_BYTES).len();
        while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
            let window = cut(rest, SEARCHED_BYTES);
            let mut found = self.matches(window, group, false);
            if !found.is_empty() || window.is_empty() {
                for hit in &mut found {
                    hit.range = hit.range.start + start..hit.range.end + start;
                }
                return found;
            }
            start += window.len();
        }
        vec![]
    }

    fn matches(&self, text: &str, group: Group, weak: bool) -> Vec<Match> {
        let stems = if weak { &self.weak } else { &self.stems };
        let parts = if weak { &self.weak } else { &self.parts };
        if text.is_empty() {
            return vec![];
        }
        let pieces = pieces(text);
        let mut out = vec![];
        if !stems.is_empty() {
            // Looking stems up is dear, and a word keeps its first letter in all its forms, but for participles and
            // Arabic articles.
            let mut firsts = [false; 256];
            for first in stems.iter().filter_map(|term| term.as_bytes().get(2)) {
                firsts[usize::from(*first)] = true;
            }
            let may_match = |piece: &&Piece| {
                let folded = piece.folded(group == Group::German);
                group == Group::Arabic
                    || folded.as_bytes().first().is_some_and(|first| firsts[usize::from(*first)])
                    || folded.starts_with("ge")
            };
            out.extend(pieces.iter().filter(may_match).filter_map(|piece| {
                let term = stem_of(group, piece).filter(|term| stems.contains(term.as_str()))?;
                Some(Match { range: piece.range.clone(), term })
            }));
        }
        if !weak {
            out.extend(self.exact_matches(&pieces));
            out.extend(self.phrase_matches(&pieces));
        }
        if group == Group::German && !parts.is_empty() {
            out.extend(pieces.iter().flat_map(|piece| part_matches(text, piece, parts)));
        }
        out.sort_unstable_by_key(|hit| (hit.range.start, hit.range.end));
        out
    }

    fn exact_matches<'p>(&'p self, pieces: &'p [Piece]) -> impl Iterator<Item = Match> + 'p {
        let matching = pieces.iter().filter(|piece| self.exact.contains(piece.text.as_str()));
        matching.map(|piece| Match { range: piece.range.clone(), term: piece.text.clone() })
    }

    fn phrase_matches(&self, pieces: &[Piece]) -> Vec<Match> {
        if self.phrases.is_empty() {
            return vec![];
        }
        let words: Vec<&Piece> =
            pieces.iter().filter(|piece| matches!(piece.kind, PieceKind::Word | PieceKind::Number)).collect();
        let mut out = vec![];
        for phrase in self.phrases.iter().filter(|phrase| !phrase.is_empty()) {
            for window in words.windows(phrase.len()) {
                if window.iter().zip(phrase).all(|(piece, word)| piece.text == *word) {
                    let range = window[0].range.start..window[window.len() - 1].range.end;
                    out.push(Match { range, term: phrase.join(" ").into() });
                }
            }
        }
        out
    }
}

fn part_matches(text: &str, piece: &Piece, parts: &Terms) -> Vec<Match> {
    // Taking a word apart is dear; a word that holds none of the stems need not be.
    if piece.kind != PieceKind::Word || !parts.iter().any(|stem| piece.text.contains(stem.as_str())) {
        return vec![];
    }
    let matching: Vec<(Range<usize>, &str)> =
        parts_with_stems(&piece.text).filter(|(_, stem)| parts.contains(*stem)).collect();
    if matching.is_empty() {
        return vec![];
    }
    let (_, origins) = fold_with_origins(&text[piece.range.clone()], true);
    let place = |at: usize| piece.range.start + origins.get(at).copied().unwrap_or(piece.range.len());
    matching
        .into_iter()
        .map(|(part, stem)| Match { range: place(part.start)..place(part.end), term: stem.into() })
        .collect()
}

/// The stretch of `text` with the most different matches, cut at words.
fn snippet(text: &str, matches: &[Match]) -> Highlighted {
    let window_end = |from: usize| nth_char(text, from, SNIPPET_CHARS);
    let best = matches
        .iter()
        .enumerate()
        .map(|(index, first)| {
            let end = window_end(first.range.start.saturating_sub(LEAD_CHARS / 2));
            let inside = matches[index..].iter().take_while(|hit| hit.range.end <= end);
            let terms: HashSet<&str> = inside.clone().map(|hit| hit.term.as_str()).collect();
            (terms.len() * 8 + inside.count().min(7), index)
        })
        .max_by_key(|(worth, index)| (*worth, usize::MAX - index));
    let start = best.map_or(0, |(_, index)| opening(text, matches[index].range.start));
    let start = text.len() - text[start..].trim_start_matches([' ', '·']).len();
    let mut end = window_end(start);
    if end < text.len() {
        end = text[start..end].rfind(' ').map_or(end, |space| start + space);
        // Not through the middle of a match.
        if let Some(cut) = matches.iter().find(|hit| hit.range.start < end && hit.range.end > end) {
            end = cut.range.end;
        }
        // A separator says that something follows, and nothing does.
        end = start + text[start..end].trim_end_matches([' ', '·']).len();
    }
    let lead = if start > 0 { ELLIPSIS } else { "" };
    let inside = matches.iter().filter(|hit| hit.range.start >= start && hit.range.end <= end);
    let marks = inside.map(|hit| hit.range.start - start + lead.len()..hit.range.end - start + lead.len());
    let tail = if end < text.len() { ELLIPSIS } else { "" };
    Highlighted { text: format!("{lead}{}{tail}", &text[start..end]), marks: merged(marks) }
}

/// Where a snippet begins that shows the match at `at`: with its sentence if that begins near, else a few words
/// before.
fn opening(text: &str, at: usize) -> usize {
    let earliest = at - text[..at].chars().rev().take(LEAD_CHARS).map(char::len_utf8).sum::<usize>();
    if earliest == 0 {
        return 0;
    }
    let before = &text[earliest..at];
    let sentence = [". ", "! ", "? ", "… ", "“ "]
        .iter()
        .filter_map(|end| before.rfind(end).map(|i| i + end.len()))
        .max()
        // Of words in a row, those that are here whole.
        .or_else(|| before.find(SEPARATOR).map(|i| i + SEPARATOR.len()));
    let word = || before.char_indices().nth(LEAD_CHARS / 2).map_or(0, |(half, _)| half).max(1);
    match sentence {
        Some(sentence) => earliest + sentence,
        None => {
            let half = word();
            before[half..].find(' ').map_or(at, |space| earliest + half + space + 1)
        }
    }
}

/// The byte that is `chars` characters after byte `from`, or the end.
fn nth_char(text: &str, from: usize, chars: usize) -> usize {
    let from = text.floor_char_boundary(from);
    text[from..].char_indices().nth(chars).map_or(text.len(), |(at, _)| from + at)
}

/// Ranges in order, touching and overlapping ones as one.
fn merged(ranges: impl Iterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut sorted: Vec<Range<usize>> = ranges.filter(|range| !range.is_empty()).collect();
    sorted.sort_unstable_by_key(|range| (range.start, range.end));
    let mut out: Vec<Range<usize>> = vec![];
    for range in sorted {
        match out.last_mut() {
            Some(last) if range.start <= last.end => last.end = last.end.max(range.end),
            _ => out.push(range),
        }
    }
    out
}

impl Highlighted {
    /// HTML with everything escaped and the matches in `<mark>`.
    pub fn to_html(&self) -> String {
        let mut out = String::with_capacity(self.text.len() + self.marks.len() * 13);
        let mut at = 0;
        for mark in &self.marks {
            let (Some(before), Some(marked)) = (self.text.get(at..mark.start), self.text.get(mark.clone()))
            else {
                continue;
            };
            escape(before, &mut out);
            out.push_str("<mark>");
            escape(marked, &mut out);
            out.push_str("</mark>");
            at = mark.end;
        }
        escape(self.text.get(at..).unwrap_or_default(), &mut out);
        out
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::analysis::stems as stems_of;
    use super::*;

    #[test]
    fn html_is_escaped_inside_and_outside_marks() {
        let highlighted = Highlighted { text: "a <b> & \"ü\" c".into(), marks: vec![2..5, 8..12] };
        assert_eq!(highlighted.to_html(), "a <mark>&lt;b&gt;</mark> &amp; <mark>&quot;ü&quot;</mark> c");
    }

    #[test]
    fn marks_stand_on_what_the_reader_sees() {
        let mut marks = Marks::default();
        marks.add_stems(stems_of(Group::German, "München Messe"));
        marks.parts.insert("mess".into());
        let (title, _) = marks.highlight("Die Großmesse in München", [""; 3], Group::German);
        assert_eq!(title.to_html(), "Die Groß<mark>messe</mark> in <mark>München</mark>");
    }

    #[test]
    fn a_snippet_is_cut_at_words_around_the_match() {
        let text =
            format!("{} Am Ende steht die Messe. {}", "Wort ".repeat(100).trim(), "Rest ".repeat(100).trim());
        let mut marks = Marks::default();
        marks.add_stems(stems_of(Group::German, "Messe"));
        let (_, snippet) = marks.highlight("", [&text, "", ""], Group::German);
        assert!(snippet.text.starts_with('…') && snippet.text.ends_with('…'), "{}", snippet.text);
        assert!(snippet.text.chars().count() <= SNIPPET_CHARS + 2);
        assert_eq!(snippet.marks.len(), 1);
        assert_eq!(&snippet.text[snippet.marks[0].clone()], "Messe");
    }

    #[test]
    fn a_snippet_does_not_end_with_a_separator() {
        let points = ["Die Halle trägt ihr Dach ohne eine einzige Stütze."; 9].join(" · ");
        let mut marks = Marks::default();
        marks.add_stems(stems_of(Group::German, "Halle"));
        // Wherever the cut falls.
        for shift in 0..60 {
            let (_, snippet) =
                marks.highlight("", ["", &format!("{}{points}", "x".repeat(shift)), ""], Group::German);
            let shown = snippet.text.trim_end_matches('…');
            assert!(snippet.text.ends_with('…') && !shown.ends_with([' ', '·']), "{}", snippet.text);
        }
    }

    #[test]
    fn a_snippet_begins_with_a_word_that_is_there_whole() {
        let mut marks = Marks::default();
        marks.add_stems(stems_of(Group::German, "Wasser"));
        let shown = |text: &str| marks.highlight("", ["", "", text], Group::German).1.text;
        let side = "Die Übergabe der Schlüssel vor dem großen Tor der neuen Halle · Ada Muster · Wasser";
        assert_eq!(shown(side), "…Ada Muster · Wasser");
        let ended = "Die Übergabe der Schlüssel vor dem großen Tor der neuen Halle. · Ada Muster · Wasser";
        assert_eq!(shown(ended), "…Ada Muster · Wasser");
    }

    #[test]
    fn what_stands_beside_a_text_is_shown_where_the_text_shows_nothing() {
        let mut marks = Marks::default();
        marks.add_stems(stems_of(Group::German, "Halle Dach"));
        let side = "Elsmünde · Halle 4 mit dem Dach aus Holz";
        let shown = |texts: [&str; 3]| marks.highlight("", texts, Group::German).1.text;
        assert_eq!(shown(["Die Halle ist offen.", "", side]), "Die Halle ist offen.");
        assert_eq!(shown(["Es ist offen.", "Neues Dach", side]), "Neues Dach");
        assert_eq!(shown(["Es ist offen.", "", side]), side);
    }
}

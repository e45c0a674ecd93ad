//! The fields of the index and how a document fills them.

use sha2::{Digest, Sha256};
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{IndexSettings, TantivyDocument};

use super::Document;
use super::analysis::{Analysis, name_terms, tagged};
use super::language::{Group, all_stop_words};
use super::{compound, german, number};
use crate::domain::{Id, Kind, Timestamp};

/// Counts up when the same record would be indexed otherwise, also where other words are taken from it; an index of
/// another format is rebuilt.
const FORMAT: u32 = 6;

/// How hard the stored texts are packed: half the bytes of LZ4, and unpacked as quickly as pages need it.
const STORE_LEVEL: i32 = 3;
/// Longest body kept and indexed; bytes. A press text of this length is a book.
const LONGEST_BODY_BYTES: usize = 400_000;

/// Names of the fields that are read as columns.
pub const KIND: &str = "kind";
pub const LANGUAGE: &str = "language";
pub const TOPICS: &str = "topics";
pub const PERSONS: &str = "persons";
pub const DATE: &str = "date";
pub const YEAR: &str = "year";
pub const PUBLIC_FROM: &str = "public_from";
pub const TIE: &str = "tie";

#[derive(Debug, Clone)]
pub struct Fields {
    pub id: Field,
    pub kind: Field,
    pub language: Field,
    pub topics: Field,
    persons: Field,
    date: Field,
    year: Field,
    public_from: Field,
    /// Days beside the text and their months, as the terms that they are in the text.
    pub days: Field,
    /// Orders documents that are alike in all else, the same way on every node and after every merge.
    tie: Field,
    /// Texts as a reader sees them, for titles and snippets.
    pub stored_title: Field,
    pub stored_sub: Field,
    pub stored_body: Field,
    pub stored_side: Field,
    /// Stems of the title, of sub-headlines, of all running text (title and sub-headlines too: a word of the title
    /// counts in both), and of what stands beside it.
    pub title: Field,
    pub sub: Field,
    pub text: Field,
    pub side: Field,
    pub parts: Field,
    pub exact: Field,
    pub names: Field,
}

fn indexed(analysis: Analysis, record: IndexRecordOption, norms: bool) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(analysis.name())
        .set_index_option(record)
        .set_fieldnorms(norms);
    TextOptions::default().set_indexing_options(indexing)
}

pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let frequencies = IndexRecordOption::WithFreqs;
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        kind: builder.add_u64_field(KIND, FAST | STORED),
        language: builder.add_text_field(LANGUAGE, TextOptions::default().set_fast("raw").set_stored()),
        topics: builder.add_text_field(TOPICS, STRING | FAST),
        persons: builder.add_text_field(PERSONS, TextOptions::default().set_fast("raw")),
        date: builder.add_i64_field(DATE, FAST),
        year: builder.add_i64_field(YEAR, FAST),
        public_from: builder.add_i64_field(PUBLIC_FROM, FAST | INDEXED),
        days: builder.add_text_field("days", STRING),
        tie: builder.add_u64_field(TIE, FAST),
        stored_title: builder.add_text_field("stored_title", STORED),
        stored_sub: builder.add_text_field("stored_sub", STORED),
        stored_body: builder.add_text_field("stored_body", STORED),
        stored_side: builder.add_text_field("stored_side", STORED),
        title: builder.add_text_field("title", indexed(Analysis::Stem, positions, true)),
        sub: builder.add_text_field("sub", indexed(Analysis::Stem, frequencies, true)),
        text: builder.add_text_field("text", indexed(Analysis::Stem, frequencies, true)),
        side: builder.add_text_field("side", indexed(Analysis::Stem, frequencies, true)),
        parts: builder.add_text_field("parts", indexed(Analysis::Parts, frequencies, true)),
        exact: builder.add_text_field("exact", indexed(Analysis::Exact, positions, true)),
        names: builder.add_text_field("names", STRING),
    };
    (builder.build(), fields)
}

/// How an index is stored.
pub fn settings() -> IndexSettings {
    let texts = ZstdCompressor { compression_level: Some(STORE_LEVEL) };
    IndexSettings { docstore_compression: Compressor::Zstd(texts), ..IndexSettings::default() }
}

/// Names the format of an index: same text in, same terms out. Word lists are part of it, since query and
/// document must be cut alike.
pub fn format_name() -> String {
    let mut hash = Sha256::new();
    let lexicon =
        [compound::NOUNS, compound::MODIFIERS, compound::MORE_NOUNS, compound::PLACES, german::NOUN_FORMS];
    for list in all_stop_words().chain(lexicon) {
        hash.update(list);
    }
    for form in german::irregular_forms() {
        hash.update(form);
        hash.update(" ");
    }
    format!("{FORMAT}-{}", hex::encode(&hash.finalize()[..8]))
}

impl Fields {
    pub fn document(&self, source: &Document) -> TantivyDocument {
        let mut out = TantivyDocument::default();
        out.add_text(self.id, source.id.to_string());
        out.add_u64(self.kind, kind_number(source.kind));
        out.add_text(self.language, source.language.to_ascii_lowercase());
        for topic in &source.topics {
            out.add_text(self.topics, topic);
        }
        let mut persons: Vec<&str> = source.persons.iter().map(|name| name.trim()).collect();
        persons.sort_unstable();
        persons.dedup();
        for name in persons.iter().filter(|name| !name.is_empty()) {
            out.add_text(self.persons, name);
        }
        out.add_i64(self.date, source.date.as_second());
        out.add_i64(self.year, year(source.date));
        out.add_i64(self.public_from, source.public_from.as_microsecond());
        let mut days: Vec<String> = source
            .days
            .iter()
            .filter_map(|day| number::Date::of(*day))
            .flat_map(|day| [day.day_term(), day.month_term()])
            .collect();
        days.sort_unstable();
        days.dedup();
        for day in days {
            out.add_text(self.days, day);
        }
        out.add_u64(self.tie, tie(source.id));

        let title = one_line(&source.title);
        let sub = joined(source.sub.iter().map(String::as_str));
        let body = one_line(cut(&source.body, LONGEST_BODY_BYTES));
        let side = joined(source.side.iter().map(String::as_str).chain(persons.iter().copied()));
        // Names are no compounds: who looks for "Essen" does not mean Frau Thießen.
        let is_name = |text: &str| persons.contains(&text.trim());
        let beside = joined(source.side.iter().map(String::as_str).filter(|line| !is_name(line)));
        let titled = if is_name(&source.title) { "" } else { title.as_str() };
        let group = Group::of(&source.language);
        for (own, text, running, with_parts) in [
            (self.title, &title, true, titled),
            (self.sub, &sub, true, &sub),
            (self.text, &body, false, &body),
            (self.side, &side, false, &beside),
        ] {
            if text.is_empty() {
                continue;
            }
            let stems = tagged(group, text);
            if running {
                out.add_text(self.text, &stems);
            }
            out.add_text(own, stems);
            out.add_text(self.exact, text);
            if group == Group::German && !with_parts.is_empty() {
                out.add_text(self.parts, with_parts);
            }
        }
        for name in persons.iter().flat_map(|name| name_terms(name)) {
            out.add_text(self.names, name);
        }
        out.add_text(self.stored_title, title);
        out.add_text(self.stored_sub, sub);
        out.add_text(self.stored_body, body);
        out.add_text(self.stored_side, side);
        out
    }
}

fn joined<'a>(lines: impl Iterator<Item = &'a str>) -> String {
    let lines: Vec<String> = lines.map(one_line).filter(|line| !line.is_empty()).collect();
    lines.join(" · ")
}

/// A number that no other id has but by chance; the random half of the id.
pub fn tie(id: Id) -> u64 {
    let mut random = [0; 8];
    random.copy_from_slice(&id.as_bytes()[8..]);
    u64::from_be_bytes(random)
}

pub fn kind_number(kind: Kind) -> u64 {
    kind as u64
}

pub fn kind_of_number(number: u64) -> Option<Kind> {
    Kind::ALL.into_iter().find(|kind| kind_number(*kind) == number)
}

fn year(date: Timestamp) -> i64 {
    i64::from(date.to_zoned_datetime(jiff::tz::TimeZone::UTC).year())
}

/// Runs of white space become one space, so that offsets in snippets need no second thought.
fn one_line(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// The start of `text`, at most `bytes` long.
pub fn cut(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}

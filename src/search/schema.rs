//! The fields of the index and how a document fills them.

use sha2::{Digest, Sha256};
use tantivy::TantivyDocument;
use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, STORED, STRING, Schema, SchemaBuilder, TextFieldIndexing,
    TextOptions,
};
use tantivy::tokenizer::TokenizerManager;

use super::Document;
use super::analysis::{Analysis, name_terms};
use super::language::{ALL_STOP_WORDS, Group};
use super::{compound, german};
use crate::domain::{Kind, Timestamp};

/// Counts up when the same text would be indexed otherwise; an index of another format is rebuilt.
const FORMAT: u32 = 1;

/// Longest body kept and indexed; bytes. A press text of this length is a book.
const LONGEST_BODY_BYTES: usize = 400_000;

/// Names of the fields that are read as columns.
pub const KIND: &str = "kind";
pub const LANGUAGE: &str = "language";
pub const TOPICS: &str = "topics";
pub const DATE: &str = "date";
pub const YEAR: &str = "year";
pub const PUBLIC_FROM: &str = "public_from";

/// The stemmed fields of one language.
#[derive(Debug, Clone, Copy)]
pub struct GroupFields {
    pub group: Group,
    pub title: Field,
    pub sub: Field,
    pub body: Field,
    pub side: Field,
}

#[derive(Debug, Clone)]
pub struct Fields {
    pub id: Field,
    pub kind: Field,
    pub language: Field,
    pub topics: Field,
    date: Field,
    year: Field,
    public_from: Field,
    /// Texts as a reader sees them, for titles and snippets.
    pub stored_title: Field,
    pub stored_sub: Field,
    pub stored_body: Field,
    pub stored_side: Field,
    pub groups: [GroupFields; 6],
    pub parts: Field,
    pub exact: Field,
    pub surface: Field,
    pub names: Field,
}

fn indexed(analysis: Analysis, record: IndexRecordOption, norms: bool) -> TextOptions {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(&analysis.name())
        .set_index_option(record)
        .set_fieldnorms(norms);
    TextOptions::default().set_indexing_options(indexing)
}

pub fn schema() -> (Schema, Fields) {
    let mut builder = Schema::builder();
    let positions = IndexRecordOption::WithFreqsAndPositions;
    let fields = Fields {
        id: builder.add_text_field("id", STRING | STORED),
        kind: builder.add_u64_field(KIND, FAST | STORED),
        language: builder.add_text_field(LANGUAGE, TextOptions::default().set_fast("raw").set_stored()),
        topics: builder.add_text_field(TOPICS, STRING | FAST),
        date: builder.add_i64_field(DATE, FAST),
        year: builder.add_i64_field(YEAR, FAST),
        public_from: builder.add_i64_field(PUBLIC_FROM, FAST | INDEXED),
        stored_title: builder.add_text_field("stored_title", STORED),
        stored_sub: builder.add_text_field("stored_sub", STORED),
        stored_body: builder.add_text_field("stored_body", STORED),
        stored_side: builder.add_text_field("stored_side", STORED),
        groups: Group::ALL.map(|group| group_fields(&mut builder, group)),
        parts: builder.add_text_field("parts", indexed(Analysis::Parts, IndexRecordOption::WithFreqs, true)),
        exact: builder.add_text_field("exact", indexed(Analysis::Exact, positions, true)),
        surface: builder
            .add_text_field("surface", indexed(Analysis::Surface, IndexRecordOption::Basic, false)),
        names: builder.add_text_field("names", STRING),
    };
    (builder.build(), fields)
}

fn group_fields(builder: &mut SchemaBuilder, group: Group) -> GroupFields {
    let mut add = |name: &str| {
        let options = indexed(Analysis::Stem(group), IndexRecordOption::WithFreqsAndPositions, true);
        builder.add_text_field(&format!("{name}_{}", group.code()), options)
    };
    GroupFields { group, title: add("title"), sub: add("sub"), body: add("body"), side: add("side") }
}

pub fn register_analyzers(manager: &TokenizerManager) {
    for (analysis, name) in Analysis::all() {
        manager.register(&name, analysis.analyzer());
    }
}

/// Names the format of an index: same text in, same terms out. Word lists are part of it, since query and
/// document must be cut alike.
pub fn format_name() -> String {
    let mut hash = Sha256::new();
    for list in ALL_STOP_WORDS.into_iter().chain([compound::NOUNS, compound::MODIFIERS]) {
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
        out.add_i64(self.date, source.date.as_second());
        out.add_i64(self.year, year(source.date));
        out.add_i64(self.public_from, source.public_from.as_microsecond());

        let title = one_line(&source.title);
        let sub: Vec<String> = source.sub.iter().map(|line| one_line(line)).collect();
        let body = one_line(cut(&source.body, LONGEST_BODY_BYTES));
        let side: Vec<String> =
            source.side.iter().chain(&source.persons).map(|line| one_line(line)).collect();
        let group = Group::of(&source.language);
        let own = self.groups[group as usize];
        self.add_text(&mut out, group, own.title, &title);
        for line in &sub {
            self.add_text(&mut out, group, own.sub, line);
        }
        self.add_text(&mut out, group, own.body, &body);
        for line in &side {
            self.add_text(&mut out, group, own.side, line);
        }
        for name in source.persons.iter().flat_map(|name| name_terms(name)) {
            out.add_text(self.names, name);
        }
        out.add_text(self.stored_title, title);
        out.add_text(self.stored_sub, sub.join(" · "));
        out.add_text(self.stored_body, body);
        out.add_text(self.stored_side, side.join(" · "));
        out
    }

    fn add_text(&self, out: &mut TantivyDocument, group: Group, own: Field, text: &str) {
        if text.is_empty() {
            return;
        }
        out.add_text(own, text);
        out.add_text(self.exact, text);
        out.add_text(self.surface, text);
        if group == Group::German {
            out.add_text(self.parts, text);
        }
    }
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

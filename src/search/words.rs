//! One word of a query as index queries: everything in a document that answers it, with what each is worth.
//!
//! A word is a list of alternatives, nearly all of them single terms; their scores add up. That keeps a query flat, so
//! the index can pass over documents that cannot come among the best.

use std::collections::HashSet;

use compact_str::CompactString;
use tantivy::Term;
use tantivy::query::{BooleanQuery, BoostQuery, Occur, Query};
use tantivy::schema::Field;
use tantivy::tokenizer::Token;

use super::analysis::{Analysis, stem_term, stems};
use super::compound::LEXICON;
use super::fold::fold;
use super::german;
use super::highlight::Marks;
use super::input::{Input, MOST_TYPED_WORDS, Place, Wanted};
use super::language::Group;
use super::lists::Listed;
use super::matching::Word;
use super::phrase::{Near, Phrase};
use super::schema::Fields;
use super::short_forms::{long_forms, number_forms};
use super::snapshot::Snapshot;
use super::vocabulary::Vocabulary;
use crate::domain::Timestamp;

/// Gained over the same word in the body, which is worth 1.
const TITLE: f32 = 1.2;
const SUB: f32 = 0.4;
/// Captions, persons, places.
const SIDE: f32 = 0.7;
/// A compound that contains the word.
const PARTS: f32 = 0.7;
/// The parts of the reader's compound, anywhere in the document.
const SCATTERED: f32 = 0.25;
/// A word made from the reader's, or that it was made from: the verb for the noun.
const DERIVED: f32 = 0.3;
/// Two neighbours of the query written as one word, for each of them.
const JOINED: f32 = 0.6;
/// What a short form stands for, and the other way round.
const SHORT_FORM: f32 = 0.6;
/// What compounds and derivations are worth in a question of many words, over their worth in a short query.
const IN_A_QUESTION: f32 = 0.5;
/// Gained by the very form the reader typed.
const EXACT: f32 = 0.3;
const DATE: f32 = 3.0;
/// The day a text was published or an event takes place.
const DAY_BESIDE: f32 = 1.5;
/// Gained by two neighbours of the query that are neighbours in the title, or in the text.
const NEAR_TITLE: f32 = 1.0;
const NEAR_TEXT: f32 = 0.5;
/// A pair of words each in more documents than this is not looked for side by side: it would take too long.
const MOST_NEAR: u64 = 30_000;
/// Unknown words of a query that are looked up in the whole vocabulary.
const MOST_LOOKUPS: usize = 3;
/// Members of a hyphen chain or address that are looked for.
const MOST_MEMBERS: usize = 8;

mod unknown;

type Boxed = Box<dyn Query>;

/// The query for one word.
pub struct Clause {
    pub alternatives: Vec<Boxed>,
    /// What may stand in when nothing answers the query: single parts of an unknown compound.
    pub fallback: Vec<Boxed>,
    /// The word may be missing: it carries no meaning in one of the index's languages.
    pub optional: bool,
    /// What the reader may have meant, if the index does not know the word.
    pub correction: Option<String>,
    /// In how many texts it stands in any of its forms; roughly.
    pub documents: u64,
}

/// Makes the queries of words and collects what they should mark in texts.
pub struct Words<'a> {
    vocabulary: Vocabulary<'a>,
    /// Languages the index has texts in.
    groups: &'a [Group],
    /// The language the query is read in.
    speaker: Group,
    pub marks: Marks,
    lookups: usize,
    /// In how many texts the forms of the word stand that is being looked up.
    documents: u64,
}

impl<'a> Words<'a> {
    pub fn new(snapshot: &'a Snapshot, fields: &'a Fields, reader_language: &str, now: Timestamp) -> Self {
        Self {
            vocabulary: Vocabulary { snapshot, fields, now },
            groups: &snapshot.groups,
            speaker: Group::of(reader_language),
            marks: Marks::default(),
            lookups: MOST_LOOKUPS,
            documents: 0,
        }
    }

    /// Reads the query in the language of most of its small words, if those of the reader's are fewer: who reads a
    /// German site may ask in English.
    pub fn listen(&mut self, input: &Input) {
        let words: Vec<&String> = input
            .wanted
            .iter()
            .filter_map(|wanted| match wanted {
                Wanted::Word(word) => Some(word),
                Wanted::Date { .. } => None,
            })
            .collect();
        let small = |group: Group| {
            words.iter().filter(|word| group.is_stop_word(&fold(word, group == Group::German))).count()
        };
        let own = if self.groups.contains(&self.speaker) { small(self.speaker) } else { 0 };
        let best =
            self.groups.iter().copied().map(|group| (small(group), group)).max_by_key(|(count, _)| *count);
        if let Some((count, group)) = best
            && (count > own + 1 || !self.groups.contains(&self.speaker))
        {
            self.speaker = group;
        }
    }

    /// Up to so many words a query is short and its words must occur; a longer one is a description of which the best
    /// matches are wanted. In German the parts of compounds, which only short queries look for, are worth more.
    pub fn most_short(&self) -> usize {
        if self.speaker == Group::German { 6 } else { 4 }
    }

    /// Whether a long query is a German question that was typed: it has few words with a meaning, and what it asks
    /// for stands in a compound as often as in a short query.
    pub fn is_question(&self, input: &Input) -> bool {
        let words = input.wanted.iter().filter(|wanted| match wanted {
            Wanted::Word(word) => !stems(Group::German, word).is_empty(),
            Wanted::Date { .. } => true,
        });
        self.speaker == Group::German
            && input.wanted.len() <= MOST_TYPED_WORDS
            && words.count() <= self.most_short()
    }

    /// The query for a word of a short query; nothing for a word without meaning in the language of the query.
    /// `short` is the short form of what it is a part of; `beside` stand the words before and after it.
    pub fn word(
        &mut self,
        word: &str,
        short: Option<&str>,
        beside: [Option<&str>; 2],
    ) -> tantivy::Result<Option<Clause>> {
        let stopped: Vec<Group> =
            self.groups.iter().copied().filter(|group| stems(*group, word).is_empty()).collect();
        if stopped.contains(&self.speaker) || stopped.len() == self.groups.len() {
            return Ok(None);
        }
        self.documents = 0;
        let mut alternatives = self.stems(word, 1.0, true);
        alternatives.extend(self.german_parts(word));
        alternatives.extend(self.long_forms(word));
        alternatives.extend(short.into_iter().flat_map(|short| self.stems(short, SHORT_FORM, false)));
        let [before, after] = beside;
        let joined =
            [before.map(|before| format!("{before}{word}")), after.map(|after| format!("{word}{after}"))];
        alternatives.extend(joined.into_iter().flatten().flat_map(|joined| self.joined(&joined)));
        let exact = Analysis::Exact.tokens(word);
        let field = self.vocabulary.fields.exact;
        let exact_known = self.all_known(field, &exact);
        let mut correction = None;
        if alternatives.is_empty() && !exact_known {
            (alternatives, correction) = self.unknown(word, &exact)?;
        }
        let is_chain = word.contains('-');
        let fallback = if exact_known && !is_chain { vec![] } else { self.some_parts(word) };
        if exact_known {
            self.marks.exact.extend(exact.iter().map(|token| token.text.clone()));
            // The form alone would find texts in the language where it means nothing.
            if stopped.is_empty() || alternatives.is_empty() {
                alternatives.extend(sequence(ordered(field), &exact, EXACT));
            }
        }
        let documents = self.documents;
        Ok(Some(Clause { alternatives, fallback, optional: !stopped.is_empty(), correction, documents }))
    }

    /// The query for one word of many: its stems in the running text. Of a query that somebody may have typed, also what
    /// they may have meant, and of a question what a German word is a part of, made from or short for. Nothing for a word
    /// without meaning.
    pub fn plain_word(
        &mut self,
        word: &str,
        short: Option<&str>,
        is_typed: bool,
        is_question: bool,
    ) -> tantivy::Result<Option<(Word, Option<String>)>> {
        self.documents = 0;
        if stems(self.speaker, word).is_empty() {
            return Ok(None);
        }
        let mut alternatives = self.loose_stems(word);
        if is_question {
            let mut others = self.german_parts(word);
            others.extend(self.long_forms(word));
            others.extend(short.into_iter().flat_map(|short| self.stems(short, SHORT_FORM, false)));
            alternatives.extend(others.into_iter().map(|query| boost(query, IN_A_QUESTION)));
        }
        let mut correction = None;
        let exact = Analysis::Exact.tokens(word);
        if is_typed && alternatives.is_empty() && !self.all_known(self.vocabulary.fields.exact, &exact) {
            (alternatives, correction) = self.unknown(word, &exact)?;
        }
        Ok(Some((Word { alternatives, documents: self.documents }, correction)))
    }

    /// The word as it is, for queries that are nothing but words without meaning.
    pub fn literal(&mut self, word: &str) -> Vec<Boxed> {
        let tokens = Analysis::Exact.tokens(word);
        self.marks.exact.extend(tokens.iter().map(|token| token.text.clone()));
        sequence(ordered(self.vocabulary.fields.exact), &tokens, 1.0)
    }

    /// A day or month in any written form, or its words.
    pub fn date(&mut self, text: &str, terms: &[String]) -> Vec<Boxed> {
        let Fields { exact, days, .. } = *self.vocabulary.fields;
        self.marks.exact.extend(terms.iter().cloned());
        let mut alternatives: Vec<Boxed> = terms.iter().map(|date| boost(term(exact, date), DATE)).collect();
        alternatives.extend(terms.iter().map(|date| boost(term(days, date), DAY_BESIDE)));
        let words = Analysis::Exact.tokens(text).into_iter().filter(|token| !terms.contains(&token.text));
        let words: Vec<Boxed> = words.map(|token| term(exact, &token.text)).collect();
        // The year alone is no date.
        if words.len() > 1 {
            alternatives.push(boost(Box::new(BooleanQuery::intersection(words)), SCATTERED));
        }
        alternatives
    }

    /// Words in exactly this order and form.
    pub fn phrase(&mut self, text: &str) -> Option<Boxed> {
        let tokens = Analysis::Exact.tokens(text);
        let members = members(&tokens).0;
        self.marks.phrases.push(members.iter().map(|token| token.text.clone()).collect());
        any_of(sequence(ordered(self.vocabulary.fields.exact), &tokens, 1.0))
    }

    /// What stands where the reader said; `None` for places that are no text.
    pub fn placed(&mut self, place: Place, text: &str) -> tantivy::Result<Option<Boxed>> {
        let fields = self.vocabulary.fields;
        match place {
            Place::Title => {
                let mut alternatives = vec![];
                for &group in self.groups {
                    let tokens = stems(group, text);
                    alternatives.extend(sequence(ordered(fields.title), &tokens, 1.0));
                    self.marks.add_stems(tokens);
                }
                Ok(Some(any_of(alternatives).unwrap_or_else(nothing)))
            }
            Place::Person => {
                let words: Vec<String> =
                    text.split_whitespace().map(|word| fold(word, true).into()).collect();
                let names = self.vocabulary.beginning_with(fields.names, &words.join(" "), 20)?;
                self.marks.exact.extend(words);
                let names = names.iter().map(|(name, _)| term(fields.names, name)).collect();
                Ok(Some(any_of(names).unwrap_or_else(nothing)))
            }
            Place::Topic => {
                let slug = crate::domain::slug::slugify(text);
                let topics = self.vocabulary.beginning_with(fields.topics, &slug, 20)?;
                let topics = topics.iter().map(|(topic, _)| term(fields.topics, topic)).collect();
                Ok(Some(any_of(topics).unwrap_or_else(nothing)))
            }
            Place::Kind | Place::Year | Place::Language => Ok(None),
        }
    }

    /// What rules a document out, in any language.
    pub fn excluded(&self, text: &str) -> Vec<Boxed> {
        let exact = Analysis::Exact.tokens(text);
        let fields = self.vocabulary.fields;
        let mut out = sequence(ordered(fields.exact), &exact, 1.0);
        if exact.len() == 1 {
            for group in self.groups {
                let tokens = stems(*group, text);
                for field in [fields.text, fields.side] {
                    out.extend(sequence(loose(field), &tokens, 1.0));
                }
            }
        }
        out
    }

    /// Two neighbouring words of the query side by side: worth a little more.
    pub fn near(&self, first: &str, second: &str) -> Vec<Boxed> {
        let fields = self.vocabulary.fields;
        let text = format!("{first} {second}");
        let mut out = vec![];
        for group in self.groups {
            let tokens = stems(*group, &text);
            if let [a, b] = members(&tokens).0[..] {
                out.extend(self.pair(fields.title, &a.text, &b.text, NEAR_TITLE));
            }
        }
        let tokens = Analysis::Exact.tokens(&text);
        if let [a, b] = members(&tokens).0[..] {
            out.extend(self.pair(fields.exact, &a.text, &b.text, NEAR_TEXT));
        }
        out
    }

    fn pair(&self, field: Field, a: &str, b: &str, worth: f32) -> Option<Boxed> {
        let rarer = self.vocabulary.frequency(field, a).min(self.vocabulary.frequency(field, b));
        if !(1..=MOST_NEAR).contains(&rarer) {
            return None;
        }
        let terms = [a, b].map(|text| Term::from_field_text(field, text));
        Some(Box::new(Near { terms, worth }))
    }

    /// The forms of the word in the running text and beside it, as far as the index has them; `everywhere` also what
    /// it gains in title and sub-headlines.
    fn stems(&mut self, word: &str, weight: f32, everywhere: bool) -> Vec<Boxed> {
        let fields = self.vocabulary.fields;
        let mut out = vec![];
        for &group in self.groups {
            let tokens = stems(group, word);
            if tokens.is_empty() {
                continue;
            }
            if let [one] = &tokens[..] {
                self.documents += self.vocabulary.frequency(fields.text, &one.text);
            }
            let places = [(loose(fields.text), 1.0), (loose(fields.side), SIDE)];
            for (row, worth) in places {
                if self.all_known(row.field, &tokens) {
                    out.extend(sequence(row, &tokens, worth * weight));
                }
            }
            let gains = [(ordered(fields.title), TITLE), (loose(fields.sub), SUB)];
            for (row, worth) in gains.into_iter().filter(|_| everywhere) {
                if self.all_known(row.field, &tokens) {
                    out.extend(sequence(row, &tokens, worth * weight).into_iter().map(adding));
                }
            }
            self.marks.add_stems(tokens);
        }
        out
    }

    /// The forms of the word and of the members of a chain, each for itself, in the running text and beside it: of a
    /// long query a document need not have all.
    fn loose_stems(&mut self, word: &str) -> Vec<Boxed> {
        let Fields { text, side, .. } = *self.vocabulary.fields;
        let mut out = vec![];
        for &group in self.groups {
            let tokens = stems(group, word);
            if let [one] = &tokens[..] {
                self.documents += self.vocabulary.frequency(text, &one.text);
            }
            for (field, worth) in [(text, 1.0), (side, SIDE)] {
                let known = tokens.iter().filter(|token| self.vocabulary.has(field, &token.text));
                out.extend(known.map(|token| boost(term(field, &token.text), worth)));
            }
            self.marks.add_stems(tokens);
        }
        out
    }

    /// Two words of the query written as one, if the index has that word and does not know its parts anyway.
    fn joined(&mut self, word: &str) -> Vec<Boxed> {
        let text = self.vocabulary.fields.text;
        // Hardly any two neighbours make a word: that it is none must show quickly.
        let knows = |group: &&Group| match &stems(**group, word)[..] {
            [one] => self.vocabulary.has(text, &one.text),
            _ => false,
        };
        let knowing: Vec<Group> = self.groups.iter().filter(knows).copied().collect();
        // German texts are found by the parts anyway; of others the index has none.
        let is_new = |group: &Group| *group != Group::German || leaves(word).len() < 2;
        if knowing.iter().any(is_new) { self.stems(word, JOINED, true) } else { vec![] }
    }

    /// Compounds that contain the word, and the parts of the word if it is a compound itself.
    fn german_parts(&mut self, word: &str) -> Vec<Boxed> {
        if !self.groups.contains(&Group::German) {
            return vec![];
        }
        let Fields { parts, text, side, title, .. } = *self.vocabulary.fields;
        let leaves = leaves(word);
        let folded: String = fold(word, true).chars().filter(|c| *c != '-').collect();
        if !folded.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return vec![];
        }
        let mut out = vec![];
        let stem = german::stem(&folded);
        let derived: HashSet<CompactString> =
            german::derived(&folded).iter().map(|form| stem_term(Group::German, form)).collect();
        for other in derived {
            if other[2..] != *stem && self.vocabulary.has(text, &other) {
                out.push(boost(term(text, &other), DERIVED));
                self.marks.add_terms([other.clone().into()]);
            }
            if other[2..] != *stem && self.vocabulary.has(parts, &other[2..]) {
                out.push(boost(term(parts, &other[2..]), SCATTERED));
                self.marks.parts.insert(other[2..].to_owned());
            }
        }
        if self.vocabulary.has(parts, stem) {
            out.push(boost(term(parts, stem), PARTS));
            self.marks.parts.insert(stem.to_owned());
        }
        let everywhere: Vec<Boxed> = leaves
            .iter()
            .map_while(|leaf| {
                let whole = stem_term(Group::German, leaf);
                let stem = german::stem(leaf);
                let places = [(title, &*whole), (text, &*whole), (side, &*whole), (parts, stem)];
                let known = places.into_iter().filter(|(field, stem)| self.vocabulary.has(*field, stem));
                let mut known: Vec<Boxed> = known.map(|(field, stem)| term(field, stem)).collect();
                // "Brückensperrung": "Die Brücke ist gesperrt".
                let forms = german::derived(leaf);
                let forms = forms.iter().map(|form| stem_term(Group::German, form));
                let forms = forms.filter(|form| *form != whole && self.vocabulary.has(text, form));
                known.extend(forms.map(|form| boost(term(text, &form), DERIVED)));
                any_of(known)
            })
            .collect();
        if leaves.len() > 1 && everywhere.len() == leaves.len() {
            out.push(boost(Box::new(BooleanQuery::intersection(everywhere)), SCATTERED));
            self.marks.weak.extend(
                leaves
                    .iter()
                    .flat_map(|leaf| [german::stem(leaf).to_owned(), stem_term(Group::German, leaf).into()]),
            );
        }
        out
    }

    /// What a short form stands for: all of its words, anywhere in the document.
    fn long_forms(&mut self, word: &str) -> Vec<Boxed> {
        let text = self.vocabulary.fields.text;
        let mut out = vec![];
        for long in long_forms(word).iter().copied().chain(number_forms(word)) {
            for &group in self.groups {
                let tokens = stems(group, long);
                if !tokens.is_empty() && tokens.iter().all(|token| self.vocabulary.has(text, &token.text)) {
                    out.extend(sequence(loose(text), &tokens, SHORT_FORM));
                    self.marks.add_stems(tokens);
                }
            }
        }
        out
    }

    /// Whatever has one of the parts of a compound; the more of them, the better.
    fn some_parts(&mut self, word: &str) -> Vec<Boxed> {
        if !self.groups.contains(&Group::German) {
            return vec![];
        }
        let Fields { parts, text, side, title, .. } = *self.vocabulary.fields;
        let mut out = vec![];
        for leaf in &leaves(word) {
            let whole = stem_term(Group::German, leaf);
            let stem = german::stem(leaf);
            for (field, term_text) in [(text, &*whole), (title, &*whole), (side, &*whole), (parts, stem)] {
                if self.vocabulary.has(field, term_text) {
                    out.push(boost(term(field, term_text), SCATTERED));
                }
            }
            self.marks.weak.extend([stem.to_owned(), whole.into()]);
        }
        out
    }

    fn all_known(&self, field: Field, tokens: &[Token]) -> bool {
        let members = members(tokens);
        !tokens.is_empty()
            && (members.0.iter().all(|token| self.vocabulary.has(field, &token.text))
                || members.1.iter().any(|token| self.vocabulary.has(field, &token.text)))
    }
}

/// The smallest parts of a compound, folded; hyphens are where its writer takes it apart.
fn leaves(word: &str) -> Vec<String> {
    let taken_apart = |member: &str| -> Vec<String> {
        LEXICON.leaves(member).into_iter().map(|leaf| member[leaf].to_owned()).collect()
    };
    let members = word.split('-').map(|member| fold(member, true)).filter(|member| !member.is_empty());
    let members: Vec<_> = members.take(MOST_MEMBERS).collect();
    if let [one] = &members[..] {
        return taken_apart(one);
    }
    let parts = members.iter().flat_map(|member| {
        let parts = taken_apart(member);
        if parts.is_empty() { vec![member.to_string()] } else { parts }
    });
    parts.take(MOST_MEMBERS).collect()
}

/// The tokens of a text one after another, and the joined forms that stand for several of them.
fn members(tokens: &[Token]) -> (Vec<&Token>, Vec<&Token>) {
    let spans_another = |token: &&Token| {
        tokens.iter().any(|other| {
            other.offset_from >= token.offset_from
                && other.offset_to <= token.offset_to
                && other.offset_to - other.offset_from < token.offset_to - token.offset_from
        })
    };
    let (joined, mut plain): (Vec<&Token>, Vec<&Token>) = tokens.iter().partition(spans_another);
    plain.dedup_by_key(|token| token.position);
    plain.truncate(MOST_MEMBERS);
    (plain, joined)
}

/// A field in which tokens are sought in a row; without positions, all of them anywhere.
#[derive(Clone, Copy)]
struct Row {
    field: Field,
    ordered: bool,
}

const fn ordered(field: Field) -> Row {
    Row { field, ordered: true }
}

const fn loose(field: Field) -> Row {
    Row { field, ordered: false }
}

/// The tokens in a row, or one of their joined forms.
fn sequence(place: Row, tokens: &[Token], weight: f32) -> Vec<Boxed> {
    let field = place.field;
    let (plain, joined) = members(tokens);
    let mut alternatives: Vec<Boxed> =
        joined.iter().map(|token| boost(term(field, &token.text), weight)).collect();
    match plain[..] {
        [] => {}
        [one] => alternatives.push(boost(term(field, &one.text), weight)),
        _ => {
            let row: Boxed = if place.ordered {
                let terms =
                    plain.iter().map(|token| (token.position, Term::from_field_text(field, &token.text)));
                Box::new(Phrase { terms: terms.collect(), worth: 1.0 })
            } else {
                Box::new(BooleanQuery::intersection(
                    plain.iter().map(|token| term(field, &token.text)).collect(),
                ))
            };
            alternatives.push(boost(row, weight));
        }
    }
    alternatives
}

/// One query that any of the alternatives answers; nothing if there is none.
pub fn any_of(mut alternatives: Vec<Boxed>) -> Option<Boxed> {
    match alternatives.len() {
        0 | 1 => alternatives.pop(),
        _ => Some(Box::new(BooleanQuery::new(
            alternatives.into_iter().map(|query| (Occur::Should, query)).collect(),
        ))),
    }
}

fn nothing() -> Boxed {
    Box::new(tantivy::query::EmptyQuery)
}

pub fn term(field: Field, text: &str) -> Boxed {
    Box::new(Listed { term: Term::from_field_text(field, text), worth: 1.0, adds_only: false })
}

pub fn boost(mut query: Boxed, weight: f32) -> Boxed {
    if let Some(listed) = query.downcast_mut::<Listed>() {
        listed.worth *= weight;
        return query;
    }
    if weight == 1.0 { query } else { Box::new(BoostQuery::new(query, weight)) }
}

/// The same for what another alternative of the word finds too.
fn adding(mut query: Boxed) -> Boxed {
    if let Some(listed) = query.downcast_mut::<Listed>() {
        listed.adds_only = true;
    }
    query
}

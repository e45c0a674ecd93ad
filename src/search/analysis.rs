//! How text becomes index terms, one way per kind of field.
//!
//! Stems of all languages share their fields; a term says which language it is of by its first two letters, so a
//! word of one language never answers for a word of another that looks the same.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use compact_str::CompactString;
use foldhash::fast::RandomState;
use tantivy::tokenizer::{
    RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

use super::arabic;
use super::compound::LEXICON;
use super::fold::fold;
use super::german;
use super::language::{GROUPS, Group};
use super::tokenizer::{Piece, PieceKind, pieces};

/// Between a folded name and the form it was written in, in terms of names; no word holds it.
pub const WRITTEN_MARK: char = '\u{1f}';

/// Words of which stems and parts are remembered by a thread; about 8 MB.
const REMEMBERED_WORDS: usize = 60_000;
/// Texts of which the pieces are remembered by a thread: those of one document, which fill several fields.
const REMEMBERED_TEXTS: usize = 4;
const LONGEST_REMEMBERED_BYTES: usize = 50_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Analysis {
    /// Stems without stop words: what most queries are answered from. The text begins with its language, see [`tagged`].
    Stem,
    /// Folded words of any language, dates in one form: phrases, corrections, languages without stems.
    Exact,
    /// Stems of the parts of German compounds.
    Parts,
}

impl Analysis {
    const ALL: [Self; 3] = [Self::Stem, Self::Exact, Self::Parts];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Stem => "stem",
            Self::Exact => "exact",
            Self::Parts => "parts",
        }
    }

    pub fn register_all(manager: &TokenizerManager) {
        for analysis in Self::ALL {
            manager.register(analysis.name(), TextAnalyzer::builder(PressTokenizer(analysis)).build());
        }
    }

    /// The terms of a text, with their places in it.
    pub fn tokens(self, text: &str) -> Vec<Token> {
        Terms::of(self, text).collect()
    }
}

/// A text with its language, for fields of [`Analysis::Stem`].
pub fn tagged(group: Group, text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push_str(group.code());
    out.push_str(text);
    out
}

fn untag(text: &str) -> (Group, &str) {
    match text.split_at_checked(2) {
        Some((code, rest)) => (Group::of(code), rest),
        None => (Group::Other, ""),
    }
}

/// The stems of a text in a language, as terms.
pub fn stems(group: Group, text: &str) -> Vec<Token> {
    Terms::new(Kind::Stems(group), text).collect()
}

/// The term of a folded word's stem.
pub fn stem_term(group: Group, folded: &str) -> CompactString {
    STEMS.with_borrow_mut(|known| known.with(group, folded, |stem| stem.term.clone()))
}

/// The term of a piece's stem; nothing for what carries no meaning in the language.
pub fn stem_of(group: Group, piece: &Piece) -> Option<CompactString> {
    with_stem_of(group, piece, |term| term.into())
}

fn with_stem_of<R>(group: Group, piece: &Piece, with: impl FnOnce(&str) -> R) -> Option<R> {
    if piece.kind == PieceKind::Date {
        return None;
    }
    STEMS.with_borrow_mut(|known| {
        known.with(group, piece.folded(group == Group::German), |stem| {
            (piece.kind != PieceKind::Word || !stem.is_stop_word).then(|| with(&stem.term))
        })
    })
}

thread_local! {
    static PIECES: RefCell<Vec<(String, Rc<[Piece]>)>> = const { RefCell::new(vec![]) };
    static STEMS: RefCell<Stems> = RefCell::new(Stems::default());
    static PARTS: RefCell<HashMap<CompactString, Rc<[CompactString]>, RandomState>> = RefCell::default();
}

fn remembered_pieces(text: &str) -> Rc<[Piece]> {
    PIECES.with_borrow_mut(|known| {
        if let Some((_, pieces)) = known.iter().find(|(known, _)| known == text) {
            return Rc::clone(pieces);
        }
        let pieces: Rc<[Piece]> = pieces(text).into();
        if text.len() > LONGEST_REMEMBERED_BYTES {
            return pieces;
        }
        if known.len() >= REMEMBERED_TEXTS {
            known.remove(0);
        }
        known.push((text.to_owned(), Rc::clone(&pieces)));
        pieces
    })
}

struct Stem {
    term: CompactString,
    is_stop_word: bool,
}

#[derive(Default)]
struct Stems {
    known: [HashMap<CompactString, Stem, RandomState>; GROUPS],
    stemmers: [Option<TextAnalyzer>; GROUPS],
}

impl Stems {
    fn with<R>(&mut self, group: Group, folded: &str, with: impl FnOnce(&Stem) -> R) -> R {
        let known = &mut self.known[group as usize];
        if let Some(stem) = known.get(folded) {
            return with(stem);
        }
        if known.len() >= REMEMBERED_WORDS {
            known.clear();
        }
        let stem = Self::make(&mut self.stemmers[group as usize], group, folded);
        with(known.entry(folded.into()).or_insert(stem))
    }

    fn make(stemmer: &mut Option<TextAnalyzer>, group: Group, folded: &str) -> Stem {
        let mut term = CompactString::new(group.code());
        match group.snowball() {
            None if group == Group::German => term.push_str(german::stem(folded)),
            None if group == Group::Arabic => term.push_str(arabic::stem(folded)),
            None => term.push_str(folded),
            Some(language) => {
                let stemmer = stemmer.get_or_insert_with(|| {
                    TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build()
                });
                if let Some(token) = stemmer.token_stream(folded).next() {
                    term.push_str(&token.text);
                }
            }
        }
        Stem { term, is_stop_word: group.is_stop_word(folded) }
    }
}

/// The stems of the parts of a folded word.
fn part_stems(word: &CompactString) -> Rc<[CompactString]> {
    PARTS.with_borrow_mut(|known| {
        if let Some(stems) = known.get(word) {
            return Rc::clone(stems);
        }
        if known.len() >= REMEMBERED_WORDS {
            known.clear();
        }
        let mut stems: Vec<CompactString> =
            LEXICON.split(word).into_iter().map(|part| german::stem(&word[part]).into()).collect();
        stems.sort_unstable();
        stems.dedup();
        let stems: Rc<[CompactString]> = stems.into();
        known.insert(word.clone(), Rc::clone(&stems));
        stems
    })
}

/// The parts of a folded word with their stems.
pub fn parts_with_stems(word: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    LEXICON.split(word).into_iter().map(move |part| (part.clone(), german::stem(&word[part])))
}

/// The term that brings `written` up when a reader types the beginning of `folded`.
fn name_term(folded: &str, written: &str) -> String {
    format!("{folded}{WRITTEN_MARK}{written}")
}

/// The terms of a person's name, one for each word a reader may begin with: "Heiko Maas" under "heiko maas" and
/// under "maas".
pub fn name_terms(name: &str) -> Vec<String> {
    let words: Vec<CompactString> =
        name.split_whitespace().map(|word| fold(word, true)).filter(|word| !word.is_empty()).collect();
    (0..words.len().min(4)).map(|first| name_term(&words[first..].join(" "), name.trim())).collect()
}

#[derive(Clone)]
struct PressTokenizer(Analysis);

impl Tokenizer for PressTokenizer {
    type TokenStream<'a> = Terms;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Terms {
        Terms::of(self.0, text)
    }
}

enum Kind {
    Stems(Group),
    Words,
    Parts,
}

/// The terms of a text one after another, in one buffer: an index is made of billions of them.
pub struct Terms {
    kind: Kind,
    pieces: Rc<[Piece]>,
    next: usize,
    /// What is left of the piece before `next`, last first.
    parts: Rc<[CompactString]>,
    parts_left: usize,
    current: Token,
}

impl Terms {
    fn of(analysis: Analysis, text: &str) -> Self {
        match analysis {
            Analysis::Stem => {
                let (group, text) = untag(text);
                Self::new(Kind::Stems(group), text)
            }
            Analysis::Exact => Self::new(Kind::Words, text),
            Analysis::Parts => Self::new(Kind::Parts, text),
        }
    }

    fn new(kind: Kind, text: &str) -> Self {
        let pieces = remembered_pieces(text);
        Self { kind, pieces, next: 0, parts: Rc::new([]), parts_left: 0, current: Token::default() }
    }

    fn collect(mut self) -> Vec<Token> {
        let mut out = Vec::with_capacity(self.pieces.len());
        while self.advance() {
            out.push(self.current.clone());
        }
        out
    }

    /// Makes the piece the current token if it gives a term at all.
    fn take(&mut self, at: usize) -> bool {
        let piece = &self.pieces[at];
        self.current.offset_from = piece.range.start;
        self.current.offset_to = piece.range.end;
        self.current.position = piece.position;
        match self.kind {
            Kind::Words => {
                self.current.text.clear();
                self.current.text.push_str(&piece.text);
                true
            }
            Kind::Stems(group) => {
                let text = &mut self.current.text;
                let set = |term: &str| {
                    text.clear();
                    text.push_str(term);
                };
                with_stem_of(group, piece, set).is_some()
            }
            Kind::Parts => {
                if piece.kind == PieceKind::Word {
                    self.parts = part_stems(&piece.text);
                    self.parts_left = self.parts.len();
                }
                self.take_part()
            }
        }
    }

    fn take_part(&mut self) -> bool {
        let Some(left) = self.parts_left.checked_sub(1) else { return false };
        self.parts_left = left;
        self.current.text.clear();
        self.current.text.push_str(&self.parts[left]);
        true
    }
}

impl TokenStream for Terms {
    fn advance(&mut self) -> bool {
        if self.take_part() {
            return true;
        }
        while self.next < self.pieces.len() {
            let at = self.next;
            self.next += 1;
            if self.take(at) {
                return true;
            }
        }
        false
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

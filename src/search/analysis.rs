//! How text becomes index terms, one way per kind of field.
//!
//! Stems of all languages share their fields; a term says which language it is of by its first two letters, so a
//! word of one language never answers for a word of another that looks the same.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use tantivy::tokenizer::{
    RawTokenizer, Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer, TokenizerManager,
};

use super::arabic;
use super::compound::LEXICON;
use super::fold::{fold, is_invisible};
use super::german;
use super::language::{GROUPS, Group};
use super::tokenizer::{Piece, PieceKind, pieces};

/// Between a folded word and the form it was written in, in terms of [`Analysis::Surface`]; no word holds it.
pub const SURFACE_MARK: char = '\u{1f}';

/// Shortest words worth suggesting; characters.
const SHORTEST_SURFACE: usize = 3;
/// Words of which stems and parts are remembered by a thread; about 4 MB.
const REMEMBERED_WORDS: usize = 30_000;
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
    /// Folded word, [`SURFACE_MARK`], word as written: what suggestions show.
    Surface,
}

impl Analysis {
    const ALL: [Self; 4] = [Self::Stem, Self::Exact, Self::Parts, Self::Surface];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Stem => "stem",
            Self::Exact => "exact",
            Self::Parts => "parts",
            Self::Surface => "surface",
        }
    }

    pub fn register_all(manager: &TokenizerManager) {
        for analysis in Self::ALL {
            manager.register(analysis.name(), TextAnalyzer::builder(PressTokenizer(analysis)).build());
        }
    }

    /// The terms of a text, with their places in it.
    pub fn tokens(self, text: &str) -> Vec<Token> {
        match self {
            Self::Stem => {
                let (group, text) = untag(text);
                stems(group, text)
            }
            Self::Exact => {
                remembered_pieces(text, true).iter().map(|piece| token(piece.text.clone(), piece)).collect()
            }
            Self::Parts => part_tokens(text),
            Self::Surface => {
                remembered_pieces(text, true).iter().filter_map(|piece| surface(text, piece)).collect()
            }
        }
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
    let pieces = remembered_pieces(text, group == Group::German);
    let mut out = Vec::with_capacity(pieces.len());
    STEMS.with_borrow_mut(|known| {
        for piece in pieces.iter() {
            if piece.kind == PieceKind::Date
                || (piece.kind == PieceKind::Word && group.is_stop_word(&piece.text))
            {
                continue;
            }
            out.push(token(known.term(group, &piece.text), piece));
        }
    });
    out
}

/// The term of a folded word's stem.
pub fn stem_term(group: Group, folded: &str) -> String {
    STEMS.with_borrow_mut(|known| known.term(group, folded))
}

thread_local! {
    static PIECES: RefCell<Vec<KnownText>> = const { RefCell::new(vec![]) };
    static STEMS: RefCell<Stems> = RefCell::new(Stems::default());
    static PARTS: RefCell<HashMap<String, Rc<[String]>>> = RefCell::default();
}

struct KnownText {
    text: String,
    german: bool,
    pieces: Rc<[Piece]>,
}

fn remembered_pieces(text: &str, german: bool) -> Rc<[Piece]> {
    PIECES.with_borrow_mut(|known| {
        if let Some(same) = known.iter().find(|known| known.german == german && known.text == text) {
            return Rc::clone(&same.pieces);
        }
        let pieces: Rc<[Piece]> = pieces(text, german).into();
        if text.len() > LONGEST_REMEMBERED_BYTES {
            return pieces;
        }
        if known.len() >= REMEMBERED_TEXTS * 2 {
            known.drain(..REMEMBERED_TEXTS);
        }
        known.push(KnownText { text: text.to_owned(), german, pieces: Rc::clone(&pieces) });
        pieces
    })
}

#[derive(Default)]
struct Stems {
    known: [HashMap<String, String>; GROUPS],
    stemmers: [Option<TextAnalyzer>; GROUPS],
}

impl Stems {
    fn term(&mut self, group: Group, folded: &str) -> String {
        let known = &mut self.known[group as usize];
        if let Some(term) = known.get(folded) {
            return term.clone();
        }
        let stem = match group.snowball() {
            None if group == Group::German => german::stem(folded).to_owned(),
            None if group == Group::Arabic => arabic::stem(folded).to_owned(),
            None => folded.to_owned(),
            Some(language) => {
                let stemmer = self.stemmers[group as usize].get_or_insert_with(|| {
                    TextAnalyzer::builder(RawTokenizer::default()).filter(Stemmer::new(language)).build()
                });
                let mut stream = stemmer.token_stream(folded);
                stream.next().map_or_else(String::new, |token| token.text.clone())
            }
        };
        let term = format!("{}{stem}", group.code());
        if known.len() >= REMEMBERED_WORDS {
            known.clear();
        }
        known.insert(folded.to_owned(), term.clone());
        term
    }
}

fn part_tokens(text: &str) -> Vec<Token> {
    let pieces = remembered_pieces(text, true);
    let mut out = vec![];
    PARTS.with_borrow_mut(|known| {
        for piece in pieces.iter().filter(|piece| piece.kind == PieceKind::Word) {
            let stems = match known.get(piece.text.as_str()) {
                Some(stems) => Rc::clone(stems),
                None => {
                    if known.len() >= REMEMBERED_WORDS {
                        known.clear();
                    }
                    let stems: Rc<[String]> = part_stems(&piece.text).into();
                    known.insert(piece.text.clone(), Rc::clone(&stems));
                    stems
                }
            };
            out.extend(stems.iter().map(|stem| token(stem.clone(), piece)));
        }
    });
    out
}

/// The stems of the parts of a folded word.
fn part_stems(word: &str) -> Vec<String> {
    let mut stems: Vec<String> =
        LEXICON.split(word).into_iter().map(|part| german::stem(&word[part]).to_owned()).collect();
    stems.sort_unstable();
    stems.dedup();
    stems
}

/// The parts of a folded word with their stems.
pub fn parts_with_stems(word: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    LEXICON.split(word).into_iter().map(move |part| (part.clone(), german::stem(&word[part])))
}

fn surface(text: &str, piece: &Piece) -> Option<Token> {
    if piece.kind != PieceKind::Word
        || piece.text.chars().count() < SHORTEST_SURFACE
        || piece.text.bytes().all(|b| b.is_ascii_digit())
        || Group::German.is_stop_word(&piece.text)
        || Group::English.is_stop_word(&piece.text)
    {
        return None;
    }
    let written = text[piece.range.clone()].replace(is_invisible, "");
    Some(token(surface_term(&piece.text, &written), piece))
}

/// The term that brings `written` up when a reader types the beginning of `folded`.
pub fn surface_term(folded: &str, written: &str) -> String {
    format!("{folded}{SURFACE_MARK}{written}")
}

/// The terms of a person's name, one for each word a reader may begin with: "Heiko Maas" under "heiko maas" and
/// under "maas".
pub fn name_terms(name: &str) -> Vec<String> {
    let words: Vec<String> =
        name.split_whitespace().map(|word| fold(word, true)).filter(|word| !word.is_empty()).collect();
    (0..words.len().min(4)).map(|first| surface_term(&words[first..].join(" "), name.trim())).collect()
}

fn token(text: String, piece: &Piece) -> Token {
    Token {
        offset_from: piece.range.start,
        offset_to: piece.range.end,
        position: piece.position,
        text,
        position_length: 1,
    }
}

#[derive(Clone)]
struct PressTokenizer(Analysis);

impl Tokenizer for PressTokenizer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        Tokens { current: Token::default(), rest: self.0.tokens(text).into_iter() }
    }
}

pub struct Tokens {
    current: Token,
    rest: std::vec::IntoIter<Token>,
}

impl TokenStream for Tokens {
    fn advance(&mut self) -> bool {
        match self.rest.next() {
            Some(token) => {
                self.current = token;
                true
            }
            None => false,
        }
    }

    fn token(&self) -> &Token {
        &self.current
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.current
    }
}

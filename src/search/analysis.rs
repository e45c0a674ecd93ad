//! How text becomes index terms, one way per kind of field.

use std::collections::HashMap;
use std::ops::Range;

use tantivy::tokenizer::{Stemmer, TextAnalyzer, Token, TokenStream, Tokenizer};

use super::compound::LEXICON;
use super::fold::{fold, is_invisible};
use super::german;
use super::language::Group;
use super::tokenizer::{Piece, PieceKind, pieces};

/// Between a folded word and the form it was written in, in terms of [`Analysis::Surface`]; no word holds it.
pub const SURFACE_MARK: char = '\u{1f}';

/// Shortest words worth suggesting; characters.
const SHORTEST_SURFACE: usize = 3;
/// Most split words remembered while indexing; about 2 MB.
const CACHED_SPLITS: usize = 20_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Analysis {
    /// Stems of a language, without stop words: what most queries are answered from.
    Stem(Group),
    /// Folded words of any language, dates in one form: phrases, corrections, languages without stems.
    Exact,
    /// Stems of the parts of German compounds.
    Parts,
    /// Folded word, [`SURFACE_MARK`], word as written: what suggestions show.
    Surface,
}

impl Analysis {
    /// All of them, with the names they are registered under.
    pub fn all() -> impl Iterator<Item = (Self, String)> {
        let stems = Group::ALL.into_iter().map(|group| (Self::Stem(group), format!("stem_{}", group.code())));
        stems.chain([
            (Self::Exact, "exact".to_owned()),
            (Self::Parts, "parts".to_owned()),
            (Self::Surface, "surface".to_owned()),
        ])
    }

    pub fn name(self) -> String {
        Self::all().find(|(analysis, _)| *analysis == self).map(|(_, name)| name).unwrap_or_default()
    }

    pub fn analyzer(self) -> TextAnalyzer {
        let tokenizer = PressTokenizer { analysis: self, splits: HashMap::new() };
        match self {
            Self::Stem(group) if let Some(language) = group.snowball() => {
                TextAnalyzer::builder(tokenizer).filter(Stemmer::new(language)).build()
            }
            _ => TextAnalyzer::builder(tokenizer).build(),
        }
    }

    /// The terms of a short text, with their places in it.
    pub fn tokens(self, text: &str) -> Vec<Token> {
        let mut analyzer = self.analyzer();
        let mut stream = analyzer.token_stream(text);
        let mut tokens = vec![];
        while stream.advance() {
            tokens.push(stream.token().clone());
        }
        tokens
    }
}

struct PressTokenizer {
    analysis: Analysis,
    /// Words already taken apart; texts repeat theirs, and taking apart is the dearest step of indexing.
    splits: HashMap<String, Vec<String>>,
}

impl Clone for PressTokenizer {
    fn clone(&self) -> Self {
        Self { analysis: self.analysis, splits: HashMap::new() }
    }
}

impl PressTokenizer {
    fn tokens(&mut self, text: &str) -> Vec<Token> {
        let german = !matches!(self.analysis, Analysis::Stem(group) if group != Group::German);
        let pieces = pieces(text, german);
        let mut tokens = Vec::with_capacity(pieces.len());
        for piece in pieces {
            match self.analysis {
                Analysis::Exact => tokens.push(token(piece.text.clone(), &piece)),
                Analysis::Stem(group) => {
                    if piece.kind == PieceKind::Date
                        || (piece.kind == PieceKind::Word && group.is_stop_word(&piece.text))
                    {
                        continue;
                    }
                    let stem = match group {
                        Group::German => german::stem(&piece.text).to_owned(),
                        _ => piece.text.clone(),
                    };
                    tokens.push(token(stem, &piece));
                }
                Analysis::Parts => {
                    if piece.kind == PieceKind::Word {
                        tokens.extend(
                            self.part_stems(&piece.text).iter().map(|part| token(part.clone(), &piece)),
                        );
                    }
                }
                Analysis::Surface => tokens.extend(surface(text, &piece)),
            }
        }
        tokens
    }

    fn part_stems(&mut self, word: &str) -> &[String] {
        if !self.splits.contains_key(word) {
            if self.splits.len() >= CACHED_SPLITS {
                self.splits.clear();
            }
            self.splits.insert(word.to_owned(), part_stems(word));
        }
        self.splits.get(word).map_or(&[], Vec::as_slice)
    }
}

/// The stems of the parts of a folded word.
pub fn part_stems(word: &str) -> Vec<String> {
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

impl Tokenizer for PressTokenizer {
    type TokenStream<'a> = Tokens;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Tokens {
        Tokens { current: Token::default(), rest: self.tokens(text).into_iter() }
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

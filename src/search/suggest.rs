//! What a reader may be about to type: names of persons and words of public texts.

use std::collections::HashMap;

use tantivy::query::{BooleanQuery, Query as IndexQuery};

use super::analysis::{Analysis, SURFACE_MARK};
use super::collect::Gather;
use super::fold::{fold, is_word_char};
use super::index::Index;
use super::schema::cut;
use super::vocabulary::Vocabulary;
use super::words::term;
use super::{Query, SearchError, Sort};
use crate::domain::Timestamp;
use crate::domain::clock::{Clock, SystemClock};

const LONGEST_PREFIX_BYTES: usize = 200;
const MOST_SUGGESTIONS: usize = 50;
/// Words of which it is looked up how many public texts have them.
const CANDIDATES: usize = 40;
/// Complete words before the unfinished one that a suggestion must go with.
const CONTEXT_WORDS: usize = 3;

struct Candidate {
    folded: String,
    written: String,
    in_language: usize,
    documents: usize,
}

impl Index {
    /// Completions of what a reader has typed so far: names first, then words by how many public texts in
    /// `language` have them. Complete words before the last are kept and only what goes with them is offered.
    pub fn suggest(&self, prefix: &str, language: &str, limit: usize) -> Result<Vec<String>, SearchError> {
        let limit = limit.min(MOST_SUGGESTIONS);
        let typed = cut(prefix, LONGEST_PREFIX_BYTES).trim_start();
        let start = typed
            .rfind(|c: char| !is_word_char(c))
            .map_or(0, |at| at + typed[at..].chars().next().map_or(0, char::len_utf8));
        let (head, unfinished) = typed.split_at(start);
        let folded = fold(unfinished, true);
        if folded.is_empty() || limit == 0 {
            return Ok(vec![]);
        }
        let searcher = self.searcher();
        let vocabulary = Vocabulary { searcher: &searcher, fields: self.fields(), now: SystemClock.now() };
        let mut out = vec![];
        for name in names(&vocabulary, typed, limit.div_ceil(2))? {
            if !out.contains(&name) {
                out.push(name);
            }
        }
        let mut words = candidates(&vocabulary, &folded, &language.to_ascii_lowercase())?;
        let as_typed = unfinished.to_lowercase();
        if !as_typed.is_ascii() && words.iter().any(|word| word.written.to_lowercase().starts_with(&as_typed))
        {
            // Who types an umlaut means it.
            words.retain(|word| word.written.to_lowercase().starts_with(&as_typed));
        }
        if !head.trim().is_empty() {
            words = self.in_context(words, head, vocabulary.now)?;
        }
        for word in words {
            let suggestion = format!("{head}{}", word.written);
            if out.len() < limit && !out.contains(&suggestion) {
                out.push(suggestion);
            }
        }
        Ok(out)
    }

    /// The candidates that stand in some public text together with the words before.
    fn in_context(
        &self,
        words: Vec<Candidate>,
        head: &str,
        now: Timestamp,
    ) -> Result<Vec<Candidate>, SearchError> {
        let exact = self.fields().exact;
        let context = Analysis::Exact.tokens(head);
        let context: Vec<&str> =
            context.iter().rev().take(CONTEXT_WORDS).map(|token| token.text.as_str()).collect();
        let searcher = self.searcher();
        let everything = Query {
            text: String::new(),
            kinds: vec![],
            topic: None,
            language: None,
            reader_language: String::new(),
            from: None,
            to: None,
            now,
            sort: Sort::Date,
            offset: 0,
            limit: 0,
        };
        let mut out = vec![];
        for word in words.into_iter().take(CANDIDATES / 2) {
            let all = context.iter().copied().chain([word.folded.as_str()]);
            let all: Vec<Box<dyn IndexQuery>> = all.map(|word| term(exact, word)).collect();
            let query = BooleanQuery::intersection(all);
            if searcher.search(&query, &Gather::new(&everything, Sort::Date, 0))?.total > 0 {
                out.push(word);
            }
        }
        Ok(out)
    }
}

/// Names in which a word, or the whole, begins as typed.
fn names(vocabulary: &Vocabulary<'_>, typed: &str, limit: usize) -> tantivy::Result<Vec<String>> {
    let folded: Vec<String> = typed.split_whitespace().map(|word| fold(word, true)).collect();
    let field = vocabulary.fields.names;
    let mut out: Vec<String> = vec![];
    for (name, _) in vocabulary.beginning_with(field, &folded.join(" "), CANDIDATES)? {
        if out.len() == limit {
            break;
        }
        if let Some((_, written)) = name.split_once(SURFACE_MARK)
            && !out.iter().any(|known| known == written)
            && vocabulary.public_documents(field, &name, None)? > 0
        {
            out.push(written.to_owned());
        }
    }
    Ok(out)
}

/// Words that begin with `folded`, each in its most frequent spelling; the reader's language first, then by the
/// number of public texts.
fn candidates(vocabulary: &Vocabulary<'_>, folded: &str, language: &str) -> tantivy::Result<Vec<Candidate>> {
    let field = vocabulary.fields.surface;
    let mut best: HashMap<String, Candidate> = HashMap::new();
    for (surface, _) in vocabulary.beginning_with(field, folded, CANDIDATES)? {
        let Some((folded, written)) = surface.split_once(SURFACE_MARK) else { continue };
        let documents = vocabulary.public_documents(field, &surface, None)?;
        if documents == 0 {
            continue;
        }
        let in_language = vocabulary.public_documents(field, &surface, Some(language))?;
        let known = best.entry(folded.to_owned()).or_insert_with(|| Candidate {
            folded: folded.to_owned(),
            written: written.to_owned(),
            in_language: 0,
            documents: 0,
        });
        // Spellings come most frequent first, so the first one stays.
        known.documents += documents;
        known.in_language += in_language;
    }
    let mut words: Vec<Candidate> = best.into_values().collect();
    words.sort_unstable_by(|a, b| {
        (b.in_language, b.documents).cmp(&(a.in_language, a.documents)).then_with(|| a.folded.cmp(&b.folded))
    });
    Ok(words)
}

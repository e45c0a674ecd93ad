//! What a reader may be about to type: names of persons, words of public texts, headlines, topics.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use compact_str::CompactString;
use tantivy::TantivyDocument;
use tantivy::query::{BooleanQuery, Occur, Query as IndexQuery};
use tantivy::schema::Value;

use super::analysis::{Analysis, WRITTEN_MARK, stem_term};
use super::filter::Filter;
use super::fold::{fold, is_word_char};
use super::index::Index;
use super::language::Group;
use super::rank::Ranking;
use super::schema::{cut, kind_of_number};
use super::snapshot::Snapshot;
use super::vocabulary::Vocabulary;
use super::words::{any_of, term};
use super::{Query, SearchError, Sort};
use crate::domain::{Id, Kind, Timestamp};

/// Characters.
const SHORTEST_WORD: usize = 3;
const LONGEST_PREFIX_BYTES: usize = 200;
const MOST_SUGGESTIONS: usize = 50;
/// Words of which it is looked up how many public texts have them.
const CANDIDATES: usize = 24;
/// Complete words before the unfinished one that a suggestion must go with.
const CONTEXT_WORDS: usize = 3;
/// Words the unfinished one may become in a headline.
const ENDINGS: usize = 8;
const TIME_LIMIT: Duration = Duration::from_millis(50);

/// What to offer a reader.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Suggestions {
    /// What the whole text may become.
    pub words: Vec<String>,
    pub persons: Vec<String>,
    /// Documents that have what was typed in their title.
    pub titles: Vec<(Kind, Id, String)>,
}

struct Candidate {
    folded: String,
    in_language: usize,
    documents: usize,
}

impl Index {
    /// Completions of what a reader has typed so far; words by how many public texts in `language` have them.
    /// Complete words before the last are kept and only what goes with them is offered.
    pub fn suggest(
        &self,
        prefix: &str,
        language: &str,
        now: Timestamp,
        limit: usize,
    ) -> Result<Suggestions, SearchError> {
        let limit = limit.min(MOST_SUGGESTIONS);
        let typed = cut(prefix, LONGEST_PREFIX_BYTES).trim_start();
        let start = typed
            .rfind(|c: char| !is_word_char(c))
            .map_or(0, |at| at + typed[at..].chars().next().map_or(0, char::len_utf8));
        let (head, unfinished) = typed.split_at(start);
        let folded = fold(unfinished, true);
        if folded.is_empty() || limit == 0 {
            return Ok(Suggestions::default());
        }
        let snapshot = self.snapshot();
        let vocabulary = Vocabulary { snapshot: &snapshot, fields: self.fields(), now };
        let group = Group::of(language);
        let mut words = candidates(&vocabulary, &folded, group)?;
        let context = Analysis::Exact.tokens(head);
        let context: Vec<&str> =
            context.iter().rev().take(CONTEXT_WORDS).map(|token| token.text.as_str()).collect();
        if !context.is_empty() {
            words = self.in_context(&snapshot, words, &context, now)?;
        }
        let mut out = Suggestions { persons: names(&vocabulary, typed, limit)?, ..Suggestions::default() };
        let as_typed = unfinished.to_lowercase();
        // Who types an umlaut means it.
        let (mut meant, mut others) = (vec![], vec![]);
        for word in words {
            if meant.len() == limit {
                break;
            }
            let Some(written) = vocabulary.written(&word.folded)? else { continue };
            let fits = as_typed.is_ascii() || written.to_lowercase().starts_with(&as_typed);
            if fits { &mut meant } else { &mut others }.push(format!("{head}{written}"));
        }
        out.words = if meant.is_empty() { others } else { meant };
        out.words.truncate(limit);
        out.titles = self.titles(&vocabulary, &context, &folded, language, limit)?;
        Ok(out)
    }

    /// The candidates that stand in some public text together with the words before.
    fn in_context(
        &self,
        snapshot: &Snapshot,
        words: Vec<Candidate>,
        context: &[&str],
        now: Timestamp,
    ) -> Result<Vec<Candidate>, SearchError> {
        let exact = self.fields().exact;
        let everything = Query::everything(now);
        let mut out = vec![];
        for word in words.into_iter().take(CANDIDATES / 2) {
            let all = context.iter().copied().chain([word.folded.as_str()]);
            let all: Vec<Box<dyn IndexQuery>> = all.map(|word| term(exact, word)).collect();
            if !first(snapshot, &everything, Sort::Relevance, &BooleanQuery::intersection(all), 1)?.is_empty()
            {
                out.push(word);
            }
        }
        Ok(out)
    }

    /// Titles with all words typed so far.
    fn titles(
        &self,
        vocabulary: &Vocabulary<'_>,
        context: &[&str],
        folded: &str,
        language: &str,
        limit: usize,
    ) -> Result<Vec<(Kind, Id, String)>, SearchError> {
        let fields = self.fields();
        let group = Group::of(language);
        if folded.chars().count() + context.len() < 2 {
            return Ok(vec![]);
        }
        let in_title = |word: &str| term(fields.title, &stem_term(group, word));
        let endings = vocabulary.beginning_with(fields.exact, folded, ENDINGS)?;
        let stems: HashSet<CompactString> = endings.iter().map(|(word, _)| stem_term(group, word)).collect();
        let mut stems: Vec<CompactString> = stems.into_iter().collect();
        stems.sort_unstable();
        let last = any_of(stems.iter().map(|stem| term(fields.title, stem)).collect());
        let Some(last) = last else { return Ok(vec![]) };
        let complete = context.iter().filter(|word| !group.is_stop_word(word));
        let mut all: Vec<(Occur, Box<dyn IndexQuery>)> =
            complete.map(|word| (Occur::Must, in_title(word))).collect();
        all.push((Occur::Must, last));
        let mut query = Query::everything(vocabulary.now);
        query.reader_language = language.to_owned();
        let query_words: Box<dyn IndexQuery> =
            if all.len() == 1 { all.remove(0).1 } else { Box::new(BooleanQuery::new(all)) };
        let mut out = vec![];
        for address in first(vocabulary.snapshot, &query, Sort::Relevance, &*query_words, limit)? {
            let stored: TantivyDocument = vocabulary.snapshot.doc(address)?;
            let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
            let kind =
                stored.get_first(fields.kind).and_then(|value| value.as_u64()).and_then(kind_of_number);
            if let (Ok(id), Some(kind)) = (text(fields.id).parse(), kind) {
                out.push((kind, id, text(fields.stored_title).to_owned()));
            }
        }
        Ok(out)
    }

    /// The topics, by slug, of which something public is shown.
    pub fn topics_shown(&self, slugs: &[String], now: Timestamp) -> Result<Vec<String>, SearchError> {
        let snapshot = self.snapshot();
        let vocabulary = Vocabulary { snapshot: &snapshot, fields: self.fields(), now };
        let mut out = vec![];
        for slug in slugs {
            if vocabulary.is_public(self.fields().topics, slug)? {
                out.push(slug.clone());
            }
        }
        Ok(out)
    }
}

fn first(
    snapshot: &Snapshot,
    query: &Query,
    sort: Sort,
    words: &dyn IndexQuery,
    keep: usize,
) -> tantivy::Result<Vec<tantivy::DocAddress>> {
    let filter = Filter::new(query);
    let reader = Group::of(&query.reader_language);
    let taken = HashSet::new();
    let deadline = Instant::now() + TIME_LIMIT;
    let ranking =
        Ranking { snapshot, filter: &filter, sort, reader, now: query.now, deadline, taken: &taken };
    Ok(ranking.best(words, keep, None)?.into_iter().map(|candidate| candidate.address).collect())
}

/// Names in which a word, or the whole, begins as typed.
fn names(vocabulary: &Vocabulary<'_>, typed: &str, limit: usize) -> tantivy::Result<Vec<String>> {
    let folded: Vec<String> = typed.split_whitespace().map(|word| fold(word, true).into()).collect();
    let field = vocabulary.fields.names;
    let mut out: Vec<String> = vec![];
    for (name, _) in vocabulary.beginning_with(field, &folded.join(" "), CANDIDATES)? {
        if out.len() == limit {
            break;
        }
        if let Some((_, written)) = name.split_once(WRITTEN_MARK)
            && !out.iter().any(|known| known == written)
            && vocabulary.is_public(field, &name)?
        {
            out.push(written.to_owned());
        }
    }
    Ok(out)
}

/// Words that begin with `folded`; those of the reader's language first, then by the number of public texts.
fn candidates(vocabulary: &Vocabulary<'_>, folded: &str, group: Group) -> tantivy::Result<Vec<Candidate>> {
    let exact = vocabulary.fields.exact;
    let mut words = vec![];
    for (folded, _) in vocabulary.beginning_with(exact, folded, CANDIDATES * 2)? {
        if words.len() == CANDIDATES {
            break;
        }
        if !is_worth_offering(&folded) {
            continue;
        }
        let documents = vocabulary.public_documents(exact, &folded)?;
        if documents > 0 {
            let in_language = vocabulary.share_in(group, exact, &folded)? * documents / 100;
            words.push(Candidate { folded, in_language, documents });
        }
    }
    words.sort_unstable_by(|a, b| {
        (b.in_language, b.documents).cmp(&(a.in_language, a.documents)).then_with(|| a.folded.cmp(&b.folded))
    });
    Ok(words)
}

fn is_worth_offering(folded: &str) -> bool {
    folded.chars().count() >= SHORTEST_WORD
        && !folded.bytes().any(|b| b.is_ascii_digit())
        && !Group::German.is_stop_word(folded)
        && !Group::English.is_stop_word(folded)
}

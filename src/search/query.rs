//! From what a reader typed to an answer.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use tantivy::collector::DocSetCollector;
use tantivy::query::{AllQuery, EnableScoring, Query as IndexQuery};
use tantivy::schema::Value;
use tantivy::{DocAddress, TantivyDocument};

use super::count::{Count, Counted};
use super::cursor::Cursor;
use super::filter::Filter;
use super::highlight::Marks;
use super::index::Index;
use super::input::{Input, Place as Named};
use super::language::Group;
use super::matching::AllOf;
use super::plan::Plan;
use super::rank::{Candidate, Ranking};
use super::schema::kind_of_number;
use super::snapshot::Snapshot;
use super::words::{Words, term};
use super::{Answer, Explanation, Facets, Hit, Query, SearchError, Sort};
use crate::domain::{Id, Kind, Timestamp};

/// With fewer hits than this, documents with only some of the words follow.
const FEW_HITS: usize = 10;
/// Bounds of a page.
const DEEPEST_OFFSET: usize = 10_000;
const LONGEST_PAGE: usize = 200;
const MOST_PINS: usize = 10;
/// After this time an answer is given with what was found.
const TIME_LIMIT: Duration = Duration::from_millis(150);

impl Index {
    /// Answers a reader's query. Takes milliseconds of CPU time, so call it where blocking is allowed. No text
    /// makes it fail.
    pub fn search(&self, query: &Query) -> Result<Answer, SearchError> {
        let snapshot = self.snapshot();
        let input = Input::read(&query.text);
        let everything = query.text.trim().is_empty();
        if input.is_empty() && !everything {
            return Ok(Answer::default());
        }
        let query = &narrowed(query, &input);
        let words = Words::new(&snapshot, self.fields(), &query.reader_language, query.now);
        let plan = if everything { Plan::all() } else { Plan::new(words, &input, &query.text)? };
        let sort = if everything { Sort::Date } else { query.sort };
        let found = self.find(&snapshot, query, &plan, sort)?;
        let next = found.next.map(|cursor| cursor.to_string());
        Ok(Answer {
            total: found.total,
            hits: self.hits(&snapshot, &plan.marks, &found.page)?,
            facets: found.facets,
            correction: plan.correction,
            next,
            cut_short: found.cut_short,
        })
    }

    /// Why a document stands where it stands in the answer to a query; nothing if it is not in it.
    pub fn explain(&self, query: &Query, id: Id) -> Result<Option<Explanation>, SearchError> {
        let snapshot = self.snapshot();
        let input = Input::read(&query.text);
        let query = &narrowed(query, &input);
        let words = Words::new(&snapshot, self.fields(), &query.reader_language, query.now);
        let plan = Plan::new(words, &input, &query.text)?;
        let filter = Filter::new(query);
        let taken = HashSet::new();
        let ranking = ranking(&snapshot, &filter, Sort::Relevance, query, &taken, query.now);
        let own = term(self.fields().id, &id.to_string());
        let Some(candidate) = ranking.best(&*own, 1, None)?.pop() else { return Ok(None) };
        for (stage, strict) in plan.stages.iter().enumerate() {
            if !has(&snapshot, &**strict, candidate.address)? {
                continue;
            }
            let tree = strict.explain(&snapshot, candidate.address)?;
            let gains = ranking.gains(candidate.address)?;
            return Ok(Some(Explanation {
                stage,
                words: tree.value(),
                recency: gains.recency,
                language: gains.language,
                tree: tree.to_pretty_json(),
            }));
        }
        Ok(None)
    }

    /// Which of these documents have all that a query asks for, without what a search forgives where it finds little.
    pub fn matching(&self, query: &Query, ids: &[Id]) -> Result<Vec<Id>, SearchError> {
        let snapshot = self.snapshot();
        let input = Input::read(&query.text);
        let everything = query.text.trim().is_empty();
        if input.is_empty() && !everything {
            return Ok(vec![]);
        }
        let query = &narrowed(query, &input);
        let words = Words::new(&snapshot, self.fields(), &query.reader_language, query.now);
        let plan = if everything { Plan::all() } else { Plan::new(words, &input, &query.text)? };
        let filter = Filter::new(query);
        let taken = HashSet::new();
        let ranking = ranking(&snapshot, &filter, Sort::Date, query, &taken, query.now);
        let mut found = vec![];
        for id in ids {
            let own = term(self.fields().id, &id.to_string());
            let Some(candidate) = ranking.best(&*own, 1, None)?.pop() else { continue };
            let mut fits = false;
            if let Some(all) = plan.strict.first() {
                fits = has(&snapshot, &**all, candidate.address)?;
            }
            if let Some(excluded) = plan.excluded.as_ref().filter(|_| fits) {
                fits = !has(&snapshot, &**excluded, candidate.address)?;
            }
            if fits {
                found.push(*id);
            }
        }
        Ok(found)
    }

    fn find(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        plan: &Plan,
        sort: Sort,
    ) -> Result<Found, SearchError> {
        let limit = query.limit.min(LONGEST_PAGE);
        let since = query.cursor.map_or(query.now, |cursor| cursor.now.min(query.now));
        // Later pages know nothing that was published after the first: so no hit moves to another page.
        let filter = Filter::new(&Query { now: since, ..query.clone() });
        let by_date = sort == Sort::Date;
        let begun = query.cursor.map_or(0, |cursor| cursor.offset as usize);
        let offset =
            if by_date && query.cursor.is_some() { 0 } else { begun + query.offset }.min(DEEPEST_OFFSET);
        let after = query.cursor.map(|cursor| cursor.place).filter(|_| by_date);
        let mut without = HashSet::new();
        if let Some(excluded) = &plan.excluded {
            without = snapshot.search(&**excluded, &DocSetCollector)?;
        }
        let mut taken = without.clone();
        let mut list = if by_date { vec![] } else { self.pinned(snapshot, query, &filter)? };
        let pins: HashSet<DocAddress> = list.iter().map(|pin| pin.address).collect();
        taken.extend(&pins);

        let wanted = offset + limit;
        // A list by date has no place for weaker matches "below": there they only stand in for none.
        let few = if by_date { 1 } else { FEW_HITS };
        let stages = if by_date { &plan.strict } else { &plan.stages };
        let open_filter = filter.without_choices();
        let mut last = stages.last();
        let mut counted: Option<Counted> = None;
        for strict in stages {
            last = Some(strict);
            let missing = (wanted + 1).saturating_sub(list.len()).max(few);
            let ranking = ranking(snapshot, &filter, sort, query, &taken, since);
            // A flat list need not be looked through for the best of it, the others are.
            let best = if query.count && (by_date || strict.is::<AllOf>()) {
                let mut count = Count::new(&pins, &without);
                let best = ranking.best_and_count(&**strict, missing, after, &mut count)?;
                counted = Some(count.counted());
                best
            } else {
                counted = None;
                ranking.best(&**strict, missing, after)?
            };
            list.extend(&best);
            let answered = match after {
                Some(_) => !ranking.best(&**strict, 1, None)?.is_empty(),
                None if best.len() >= few => true,
                // Who chose among enough hits gets of these, however few they are: as the facets say.
                None if best.is_empty() || !filter.chooses() => false,
                None => {
                    let ranking = Ranking { filter: &open_filter, ..ranking };
                    ranking.best(&**strict, few, None)?.len() >= few
                }
            };
            if answered {
                break;
            }
            taken.extend(best.iter().map(|candidate| candidate.address));
        }
        if list.is_empty()
            && let Some(fallback) = &plan.fallback
        {
            last = Some(fallback);
            counted = None;
            let ranking = ranking(snapshot, &filter, sort, query, &taken, since);
            list.extend(ranking.best(&**fallback, wanted + 1, after)?);
        }
        let counted = match counted {
            Some(counted) => counted,
            None => {
                let mut count = Count::new(&pins, &without);
                if let Some(last) = last.filter(|_| query.count) {
                    count.all(snapshot, &**last, &filter, Instant::now() + TIME_LIMIT)?;
                }
                count.counted()
            }
        };
        let more = list.len() > wanted && wanted < DEEPEST_OFFSET;
        let page: Vec<Candidate> = list.into_iter().skip(offset).take(limit).collect();
        let next = page.last().filter(|_| more).map(|candidate| Cursor {
            now: since,
            offset: u32::try_from(wanted).unwrap_or(u32::MAX),
            place: candidate.place,
        });
        Ok(Found {
            total: counted.total + pins.len() - counted.known.min(pins.len()),
            page,
            facets: counted.facets,
            next,
            cut_short: counted.cut_short,
        })
    }

    /// The documents that stand first whatever the words, as far as the reader may and wants to see them.
    fn pinned(
        &self,
        snapshot: &Snapshot,
        query: &Query,
        filter: &Filter,
    ) -> Result<Vec<Candidate>, SearchError> {
        let none = HashSet::new();
        let ranking = ranking(snapshot, filter, Sort::Date, query, &none, query.now);
        let mut out = vec![];
        for id in query.pinned.iter().take(MOST_PINS) {
            let own = term(self.fields().id, &id.to_string());
            out.extend(ranking.best(&*own, 1, None)?);
        }
        Ok(out)
    }

    fn hits(&self, snapshot: &Snapshot, marks: &Marks, page: &[Candidate]) -> Result<Vec<Hit>, SearchError> {
        let fields = self.fields();
        let mut hits = Vec::with_capacity(page.len());
        for candidate in page {
            let stored: TantivyDocument = snapshot.doc(candidate.address)?;
            let text = |field| stored.get_first(field).and_then(|value| value.as_str()).unwrap_or_default();
            let kind =
                stored.get_first(fields.kind).and_then(|value| value.as_u64()).and_then(kind_of_number);
            let (Ok(id), Some(kind)) = (text(fields.id).parse(), kind) else { continue };
            let group = Group::of(text(fields.language));
            let texts = [text(fields.stored_body), text(fields.stored_sub), text(fields.stored_side)];
            let (title, snippet) = marks.highlight(text(fields.stored_title), texts, group);
            hits.push(Hit { id, kind, score: candidate.place.order as f32, title, snippet });
        }
        Ok(hits)
    }
}

/// Whether a document is among those that match.
fn has(snapshot: &Snapshot, query: &dyn IndexQuery, address: DocAddress) -> tantivy::Result<bool> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(snapshot))?;
    let mut scorer = weight.scorer(snapshot.segment_reader(address.segment_ord), 1.0)?;
    // None may be sent back to a document before the one where it stands.
    let at = scorer.doc();
    Ok((if at < address.doc_id { scorer.seek(address.doc_id) } else { at }) == address.doc_id)
}

struct Found {
    page: Vec<Candidate>,
    total: usize,
    facets: Facets,
    next: Option<Cursor>,
    cut_short: bool,
}

fn ranking<'a>(
    snapshot: &'a Snapshot,
    filter: &'a Filter,
    sort: Sort,
    query: &Query,
    taken: &'a HashSet<DocAddress>,
    now: Timestamp,
) -> Ranking<'a> {
    let reader = Group::of(&query.reader_language);
    Ranking { snapshot, filter, sort, reader, now, deadline: Instant::now() + TIME_LIMIT, taken }
}

impl Plan {
    fn all() -> Self {
        let everything: Box<dyn IndexQuery> = Box::new(AllQuery);
        Self {
            strict: vec![everything.box_clone()],
            stages: vec![everything],
            fallback: None,
            excluded: None,
            marks: Marks::default(),
            correction: None,
        }
    }
}

/// The query with the choices that its text names: `kind:photo year:2025`.
fn narrowed(query: &Query, input: &Input) -> Query {
    let mut query = query.clone();
    for (place, value) in &input.fields {
        match place {
            Named::Kind => query.kinds = kinds_named(value),
            Named::Language => query.language = Some(value.clone()),
            Named::Year => {
                let start = |year: &str| format!("{year}-01-01T00:00:00Z").parse::<Timestamp>().ok();
                let next = value.parse::<u16>().ok().and_then(|year| year.checked_add(1));
                let end = next.and_then(|year| start(&format!("{year:04}")));
                if let (Some(from), Some(end)) = (start(value), end) {
                    query.from = Some(query.from.map_or(from, |other| other.max(from)));
                    let to = Timestamp::from_microsecond(end.as_microsecond() - 1).unwrap_or(end);
                    query.to = Some(query.to.map_or(to, |other| other.min(to)));
                }
            }
            Named::Title | Named::Person | Named::Topic => {}
        }
    }
    query
}

/// The kinds a word stands for; none that exists if it stands for nothing.
fn kinds_named(word: &str) -> Vec<Kind> {
    vec![match word.to_lowercase().as_str() {
        "release" | "meldung" | "mitteilung" | "pressemitteilung" => Kind::Release,
        "photo" | "foto" | "bild" | "asset" => Kind::Asset,
        "contact" | "kontakt" | "ansprechpartner" => Kind::Contact,
        "album" => Kind::Album,
        "event" | "termin" => Kind::Event,
        _ => Kind::Newsroom,
    }]
}

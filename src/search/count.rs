//! How many documents match, and the facets.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::time::Instant;

use foldhash::fast::RandomState;
use tantivy::columnar::StrColumn;
use tantivy::query::{EnableScoring, Query as IndexQuery};
use tantivy::{DocAddress, DocId};

use super::Facets;
use super::filter::{Filter, Fits, SegmentFilter};
use super::rank::ALWAYS_SEEN;
use super::schema::kind_of_number;
use super::snapshot::{Segment, Snapshot};

const KINDS: usize = 16;
/// Persons in a facet: those who occur most often.
const MOST_PERSONS: usize = 20;
/// Persons of a segment whose names are read: who is further behind there comes to nothing in the whole.
const MOST_NAMED_PERSONS: usize = 400;

#[derive(Debug, Default)]
pub struct Counted {
    pub total: usize,
    /// How many of the documents that were asked about are among them.
    pub known: usize,
    pub facets: Facets,
    /// The time was up before all were counted.
    pub cut_short: bool,
}

/// Counts the documents that match `query` and pass `filter`, and how many of `asked` are among them.
pub fn count(
    snapshot: &Snapshot,
    query: &dyn IndexQuery,
    filter: &Filter,
    asked: &HashSet<DocAddress>,
    without: &HashSet<DocAddress>,
    deadline: Instant,
) -> tantivy::Result<Counted> {
    let weight = query.weight(EnableScoring::disabled_from_searcher(snapshot))?;
    let mut all = Tally::default();
    let mut counted = Counted::default();
    for (ordinal, (segment, reader)) in (0..).zip(snapshot.segments()) {
        let filter = SegmentFilter::open(filter, (segment, reader))?;
        let mut tally = SegmentTally::new(&filter);
        let (mut seen, mut late) = (0, false);
        weight.for_each_no_score(reader, &mut |docs| {
            late = late || (seen >= ALWAYS_SEEN && Instant::now() > deadline);
            if late {
                return;
            }
            seen = seen.saturating_add(docs.len() as u32);
            for doc in docs {
                if !filter.exists(*doc)
                    || (!without.is_empty() && without.contains(&DocAddress::new(ordinal, *doc)))
                {
                    continue;
                }
                let fits = filter.fits(*doc);
                tally.add(*doc, fits);
                if !asked.is_empty() && fits.all() {
                    counted.known += usize::from(asked.contains(&DocAddress::new(ordinal, *doc)));
                }
            }
        })?;
        counted.cut_short |= late;
        counted.total += tally.total;
        tally.add_to(segment, &mut all)?;
    }
    counted.facets = all.facets();
    Ok(counted)
}

/// The counts of one segment, by number instead of name.
struct SegmentTally<'a> {
    filter: &'a SegmentFilter<'a>,
    total: usize,
    kinds: [usize; KINDS],
    first_year: i64,
    years: Vec<usize>,
    topics: Vec<usize>,
    languages: Vec<usize>,
    persons: HashMap<u64, usize, RandomState>,
}

impl<'a> SegmentTally<'a> {
    fn new(filter: &'a SegmentFilter<'a>) -> Self {
        let terms =
            |column: &Option<StrColumn>| vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
        let columns = filter.columns;
        let (first, last) = (columns.year.min_value(), columns.year.max_value());
        let span = last.saturating_sub(first).clamp(0, 70_000) as usize + 1;
        Self {
            filter,
            total: 0,
            kinds: [0; KINDS],
            first_year: first,
            years: vec![0; span],
            topics: terms(&columns.topics),
            languages: terms(&columns.language),
            persons: HashMap::default(),
        }
    }

    /// Each facet counts what the choices in the other facets leave.
    fn add(&mut self, doc: DocId, fits: Fits) {
        let columns = self.filter.columns;
        if fits.all() {
            self.total += 1;
        }
        if fits.topic && fits.person && fits.date && fits.language {
            self.kinds[(columns.kind.get_val(doc) as usize).min(KINDS - 1)] += 1;
        }
        if fits.kind
            && fits.person
            && fits.date
            && fits.language
            && let Some(column) = &columns.topics
        {
            for topic in column.term_ords(doc) {
                self.topics[topic as usize] += 1;
            }
        }
        if fits.kind
            && fits.topic
            && fits.date
            && fits.language
            && let Some(column) = &columns.persons
        {
            for person in column.term_ords(doc) {
                *self.persons.entry(person).or_default() += 1;
            }
        }
        if fits.kind && fits.topic && fits.person && fits.language {
            let year = columns.year.get_val(doc).saturating_sub(self.first_year);
            if let Some(count) = usize::try_from(year).ok().and_then(|year| self.years.get_mut(year)) {
                *count += 1;
            }
        }
        if fits.kind
            && fits.topic
            && fits.person
            && fits.date
            && let Some(language) = columns.language.as_ref().and_then(|column| column.ords().first(doc))
        {
            self.languages[language as usize] += 1;
        }
    }

    fn add_to(self, segment: &Segment, all: &mut Tally) -> tantivy::Result<()> {
        let columns = self.filter.columns;
        let listed = |counts: Vec<usize>| (0..).zip(counts).filter(|(_, count)| *count > 0).collect();
        for (topic, count) in segment.topics()?.iter().zip(self.topics).filter(|(_, count)| *count > 0) {
            *all.topics.entry(topic.clone()).or_default() += count;
        }
        add_named(&mut all.languages, columns.language.as_ref(), listed(self.languages))?;
        let mut persons: Vec<(u64, usize)> = self.persons.into_iter().collect();
        if persons.len() > MOST_NAMED_PERSONS {
            persons.sort_unstable_by_key(|(person, count)| (Reverse(*count), *person));
            persons.truncate(MOST_NAMED_PERSONS);
        }
        persons.sort_unstable();
        add_named(&mut all.persons, columns.persons.as_ref(), persons)?;
        for (kind, count) in (0..).zip(self.kinds) {
            *all.kinds.entry(kind).or_default() += count;
        }
        for (year, count) in (self.first_year..).zip(self.years) {
            *all.years.entry(year).or_default() += count;
        }
        Ok(())
    }
}

fn add_named(
    all: &mut HashMap<String, usize>,
    column: Option<&StrColumn>,
    counts: Vec<(u64, usize)>,
) -> tantivy::Result<()> {
    let Some(column) = column else { return Ok(()) };
    let (ordinals, counts): (Vec<u64>, Vec<usize>) = counts.into_iter().unzip();
    let mut counts = counts.into_iter();
    column.dictionary().sorted_ords_to_term_cb(&ordinals, |name| {
        let name = String::from_utf8_lossy(name).into_owned();
        *all.entry(name).or_default() += counts.next().unwrap_or(0);
    })?;
    Ok(())
}

#[derive(Default)]
struct Tally {
    kinds: HashMap<u64, usize>,
    topics: HashMap<String, usize>,
    persons: HashMap<String, usize>,
    years: HashMap<i64, usize>,
    languages: HashMap<String, usize>,
}

impl Tally {
    fn facets(self) -> Facets {
        let kinds = self.kinds.into_iter().filter_map(|(kind, count)| Some((kind_of_number(kind)?, count)));
        let years = self.years.into_iter().filter(|(_, count)| *count > 0);
        let mut years: Vec<(i16, usize)> =
            years.filter_map(|(year, count)| Some((i16::try_from(year).ok()?, count))).collect();
        years.sort_unstable_by(|a, b| b.cmp(a));
        let mut persons = most_frequent_first(self.persons);
        persons.truncate(MOST_PERSONS);
        Facets {
            kinds: most_frequent_first(kinds.filter(|(_, count)| *count > 0)),
            topics: most_frequent_first(self.topics),
            persons,
            years,
            languages: most_frequent_first(self.languages),
        }
    }
}

fn most_frequent_first<K: Ord + Hash>(counts: impl IntoIterator<Item = (K, usize)>) -> Vec<(K, usize)> {
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

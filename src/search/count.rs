//! How many documents match, and the facets.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use std::time::Instant;

use foldhash::fast::RandomState;
use tantivy::columnar::StrColumn;
use tantivy::query::{EnableScoring, Query as IndexQuery};
use tantivy::{DocAddress, DocId, SegmentOrdinal};

use super::Facets;
use super::filter::{Filter, Misses, SegmentFilter};
use super::rank::ALWAYS_SEEN;
use super::rows::Row;
use super::schema::kind_of_number;
use super::snapshot::{Segment, Snapshot};

const KINDS: usize = 16;
/// Of more persons than this in a segment, only those who occur in the answer have a number of their own.
const MOST_LISTED_PERSONS: usize = 200_000;
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

/// Counts documents as they are found.
pub struct Count<'a> {
    /// Of which it is wanted whether they are among those that match.
    asked: &'a HashSet<DocAddress>,
    /// Which are not meant.
    without: &'a HashSet<DocAddress>,
    all: Tally,
    counted: Counted,
}

impl<'a> Count<'a> {
    pub fn new(asked: &'a HashSet<DocAddress>, without: &'a HashSet<DocAddress>) -> Self {
        Self { asked, without, all: Tally::default(), counted: Counted::default() }
    }

    /// Counts the documents that match `query`, without looking how well.
    pub fn all(
        &mut self,
        snapshot: &Snapshot,
        query: &dyn IndexQuery,
        filter: &Filter,
        deadline: Instant,
    ) -> tantivy::Result<()> {
        let weight = query.weight(EnableScoring::disabled_from_searcher(snapshot))?;
        for (ordinal, (segment, reader)) in (0..).zip(snapshot.segments()) {
            let filter = SegmentFilter::open(filter, (segment, reader))?;
            let mut tally = self.segment(ordinal, &filter);
            let (mut seen, mut late) = (0, false);
            weight.for_each_no_score(reader, &mut |docs| {
                late = late || (seen >= ALWAYS_SEEN && Instant::now() > deadline);
                if late {
                    return;
                }
                seen = seen.saturating_add(docs.len() as u32);
                for docs in docs.chunks(64) {
                    let rows = segment.rows.gather(docs);
                    for (doc, row) in docs.iter().zip(&rows).filter(|(doc, _)| filter.exists(**doc)) {
                        tally.see(*doc, row, filter.misses(*doc, row));
                    }
                }
            })?;
            self.end(tally, late)?;
        }
        Ok(())
    }

    pub fn segment<'s>(&self, ordinal: SegmentOrdinal, filter: &'s SegmentFilter<'s>) -> SegmentTally<'s>
    where
        'a: 's,
    {
        SegmentTally::new(ordinal, filter, (self.asked, self.without))
    }

    pub fn end(&mut self, tally: SegmentTally<'_>, cut_short: bool) -> tantivy::Result<()> {
        self.counted.cut_short |= cut_short;
        self.counted.total += tally.total;
        self.counted.known += tally.known;
        tally.add_to(&mut self.all)
    }

    pub fn counted(self) -> Counted {
        Counted { facets: self.all.facets(), ..self.counted }
    }
}

/// The counts of one segment, by number instead of name.
pub struct SegmentTally<'a> {
    ordinal: SegmentOrdinal,
    segment: &'a Segment,
    asked: &'a HashSet<DocAddress>,
    without: &'a HashSet<DocAddress>,
    total: usize,
    known: usize,
    kinds: [usize; KINDS],
    years: Vec<usize>,
    topics: Vec<usize>,
    languages: Vec<usize>,
    persons: Persons,
}

/// By ordinal.
enum Persons {
    Few(Vec<u32>),
    Many(HashMap<u32, u32, RandomState>),
}

impl Persons {
    fn new(count: usize) -> Self {
        if count <= MOST_LISTED_PERSONS { Self::Few(vec![0; count]) } else { Self::Many(HashMap::default()) }
    }

    fn add(&mut self, person: u32) {
        match self {
            Self::Few(counts) => counts[person as usize] += 1,
            Self::Many(counts) => *counts.entry(person).or_default() += 1,
        }
    }

    fn counts(self) -> Vec<(u64, usize)> {
        let counted = |(person, count): (u32, u32)| (u64::from(person), count as usize);
        match self {
            Self::Few(counts) => (0..).zip(counts).filter(|(_, count)| *count > 0).map(counted).collect(),
            Self::Many(counts) => counts.into_iter().map(counted).collect(),
        }
    }
}

impl<'a> SegmentTally<'a> {
    fn new(
        ordinal: SegmentOrdinal,
        filter: &'a SegmentFilter<'a>,
        (asked, without): (&'a HashSet<DocAddress>, &'a HashSet<DocAddress>),
    ) -> Self {
        let terms =
            |column: &Option<StrColumn>| vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
        let segment = filter.segment;
        let columns = &segment.columns;
        Self {
            ordinal,
            segment,
            asked,
            without,
            total: 0,
            known: 0,
            kinds: [0; KINDS],
            years: vec![0; segment.years],
            topics: terms(&columns.topics),
            languages: terms(&columns.language),
            persons: Persons::new(columns.persons.as_ref().map_or(0, |column| column.num_terms())),
        }
    }

    /// Counts a document that the reader may see.
    pub fn see(&mut self, doc: DocId, row: &Row, misses: Misses) {
        if self.without.is_empty() || !self.without.contains(&DocAddress::new(self.ordinal, doc)) {
            self.add(row, misses);
            if misses == Misses::NONE && !self.asked.is_empty() {
                self.known += usize::from(self.asked.contains(&DocAddress::new(self.ordinal, doc)));
            }
        }
    }

    /// Each facet counts what the choices in the other facets leave.
    fn add(&mut self, row: &Row, misses: Misses) {
        match misses {
            Misses::NONE => {
                self.total += 1;
                self.add_kind(row);
                self.add_year(row);
                self.add_language(row);
                let Self { topics, persons, .. } = self;
                self.segment.rows.lists(
                    row,
                    |topic| topics[topic as usize] += 1,
                    |person| persons.add(person),
                );
            }
            Misses::KIND => self.add_kind(row),
            Misses::TOPIC => self.segment.rows.lists(row, |topic| self.topics[topic as usize] += 1, |_| {}),
            Misses::PERSON => self.segment.rows.lists(row, |_| {}, |person| self.persons.add(person)),
            Misses::DATE => self.add_year(row),
            Misses::LANGUAGE => self.add_language(row),
            // What misses two choices is in no facet.
            _ => {}
        }
    }

    fn add_kind(&mut self, row: &Row) {
        self.kinds[usize::from(row.kind())] += 1;
    }

    fn add_year(&mut self, row: &Row) {
        self.years[usize::from(row.year)] += 1;
    }

    fn add_language(&mut self, row: &Row) {
        if let Some(language) = row.language() {
            self.languages[language] += 1;
        }
    }

    fn add_to(self, all: &mut Tally) -> tantivy::Result<()> {
        let segment = self.segment;
        let columns = &segment.columns;
        for (topic, count) in segment.topics()?.iter().zip(self.topics) {
            add(&mut all.topics, topic, count);
        }
        for (tag, count) in segment.language_tags.iter().zip(self.languages) {
            add(&mut all.languages, tag, count);
        }
        let mut persons = self.persons.counts();
        if persons.len() > MOST_NAMED_PERSONS {
            persons
                .select_nth_unstable_by_key(MOST_NAMED_PERSONS, |(person, count)| (Reverse(*count), *person));
            persons.truncate(MOST_NAMED_PERSONS);
        }
        if let Some(names) = segment.persons()? {
            for (person, count) in persons {
                add(&mut all.persons, &names[person as usize], count);
            }
        } else {
            persons.sort_unstable();
            add_named(&mut all.persons, columns.persons.as_ref(), persons)?;
        }
        for (kind, count) in (0..).zip(self.kinds) {
            *all.kinds.entry(kind).or_default() += count;
        }
        for (year, count) in (segment.rows.first_year..).zip(self.years) {
            *all.years.entry(year).or_default() += count;
        }
        Ok(())
    }
}

fn add(all: &mut HashMap<String, usize>, name: &str, count: usize) {
    match all.get_mut(name) {
        Some(sum) => *sum += count,
        None if count > 0 => drop(all.insert(name.to_owned(), count)),
        None => {}
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

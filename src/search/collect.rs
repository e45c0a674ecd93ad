//! One pass over the documents that match: the best of them, how many there are, and the facets.
//!
//! The filters of a query are applied here and not in the index query, because a facet counts what the other
//! filters leave: who chose "photos" still sees how many releases there are.

use std::cmp::Ordering;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::hash::Hash;
use std::sync::Arc;

use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{ColumnValues, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader};

use super::language::Group;
use super::schema::{DATE, KIND, LANGUAGE, PUBLIC_FROM, TOPICS, YEAR, kind_number, kind_of_number};
use super::{Facets, Query, Sort};

/// How much a release of today gains over an old one, and the days in which that fades to a third.
const RECENCY_GAIN: f64 = 0.5;
const RECENCY_DAYS: f64 = 365.0;
/// What a text in another language than the reader's is worth to them.
const OTHER_LANGUAGE: f64 = 0.7;
/// Lifts documents that fulfil the strict query above all that fulfil only the relaxed one.
const STRICT_LIFT: f64 = 1e6;

#[derive(Debug, Clone)]
pub struct Gather {
    /// Numbers of the kinds wanted; empty means all.
    kinds: Vec<u64>,
    topic: Option<String>,
    language: Option<String>,
    /// Seconds.
    from: i64,
    to: i64,
    now: i64,
    /// Microseconds: an embargo may end within a second.
    now_micros: i64,
    sort: Sort,
    /// How many of the best to keep.
    keep: usize,
    reader: Group,
    /// Documents that stand above all others.
    above: Arc<HashSet<DocAddress>>,
    /// Documents that do not count. Not a clause of the index query: phrases among the clauses that must not
    /// match are sought backwards by tantivy 0.27, which its own debug assertion forbids.
    without: Arc<HashSet<DocAddress>>,
}

impl Gather {
    pub fn new(query: &Query, sort: Sort, keep: usize) -> Self {
        Self {
            kinds: query.kinds.iter().map(|kind| kind_number(*kind)).collect(),
            topic: query.topic.clone(),
            language: query.language.as_ref().map(|language| language.to_ascii_lowercase()),
            from: query.from.map_or(i64::MIN, |from| from.as_second()),
            to: query.to.map_or(i64::MAX, |to| to.as_second()),
            now: query.now.as_second(),
            now_micros: query.now.as_microsecond(),
            sort,
            keep,
            reader: Group::of(&query.reader_language),
            above: Arc::default(),
            without: Arc::default(),
        }
    }

    /// The same, without these documents.
    pub fn without(self, without: HashSet<DocAddress>) -> Self {
        Self { without: Arc::new(without), ..self }
    }

    /// The same, with these documents above all others.
    pub fn with_above(self, above: impl Iterator<Item = DocAddress>) -> Self {
        Self { above: Arc::new(above.collect()), ..self }
    }
}

#[derive(Debug, Default)]
pub struct Gathered {
    pub total: usize,
    /// Best first.
    pub best: Vec<Candidate>,
    pub facets: Facets,
}

#[derive(Debug, Clone, Copy)]
pub struct Candidate {
    order: f64,
    pub score: f32,
    pub address: DocAddress,
}

/// The greatest candidate is the one to show last, so that a heap gives up the worst first.
impl Ord for Candidate {
    fn cmp(&self, other: &Self) -> Ordering {
        other.order.total_cmp(&self.order).then_with(|| self.address.cmp(&other.address))
    }
}

impl PartialOrd for Candidate {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Candidate {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Candidate {}

pub struct SegmentGather {
    segment: SegmentOrdinal,
    gather: Gather,
    columns: Columns,
    /// The ordinals of the topic and language wanted; `Some(None)` if no document of the segment has it.
    topic: Option<Option<u64>>,
    language: Option<Option<u64>>,
    /// By ordinal: whether it is the reader's language.
    readers: Vec<bool>,
    best: BinaryHeap<Candidate>,
    total: usize,
    kinds: [usize; 16],
    years: HashMap<i64, usize>,
    topics: Vec<usize>,
    languages: Vec<usize>,
}

struct Columns {
    kind: Arc<dyn ColumnValues<u64>>,
    date: Arc<dyn ColumnValues<i64>>,
    year: Arc<dyn ColumnValues<i64>>,
    public_from: Arc<dyn ColumnValues<i64>>,
    topics: Option<StrColumn>,
    language: Option<StrColumn>,
}

impl Columns {
    fn open(segment: &SegmentReader) -> tantivy::Result<Self> {
        let columns = segment.fast_fields();
        Ok(Self {
            kind: columns.column_first_or_default(KIND)?,
            date: columns.column_first_or_default(DATE)?,
            year: columns.column_first_or_default(YEAR)?,
            public_from: columns.column_first_or_default(PUBLIC_FROM)?,
            topics: columns.str(TOPICS)?,
            language: columns.str(LANGUAGE)?,
        })
    }
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = SegmentGather;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentGather> {
        let columns = Columns::open(reader)?;
        let ordinal =
            |column: &Option<StrColumn>, wanted: &Option<String>| -> tantivy::Result<Option<Option<u64>>> {
                let Some(wanted) = wanted else { return Ok(None) };
                Ok(Some(match column {
                    Some(column) => column.dictionary().term_ord(wanted.as_bytes())?,
                    None => None,
                }))
            };
        let terms =
            |column: &Option<StrColumn>| vec![0; column.as_ref().map_or(0, |column| column.num_terms())];
        let mut readers = vec![];
        if let Some(column) = &columns.language {
            for ordinal in 0..column.num_terms() as u64 {
                let mut tag = String::new();
                column.ord_to_str(ordinal, &mut tag)?;
                readers.push(Group::of(&tag) == self.reader);
            }
        }
        Ok(SegmentGather {
            segment,
            readers,
            topic: ordinal(&columns.topics, &self.topic)?,
            language: ordinal(&columns.language, &self.language)?,
            topics: terms(&columns.topics),
            languages: terms(&columns.language),
            columns,
            gather: self.clone(),
            best: BinaryHeap::new(),
            total: 0,
            kinds: [0; 16],
            years: HashMap::new(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance
    }

    fn merge_fruits(&self, segments: Vec<tantivy::Result<SegmentFruit>>) -> tantivy::Result<Gathered> {
        let mut all = SegmentFruit::default();
        for segment in segments {
            let segment = segment?;
            all.total += segment.total;
            all.best.extend(segment.best);
            add(&mut all.kinds, segment.kinds);
            add(&mut all.topics, segment.topics);
            add(&mut all.years, segment.years);
            add(&mut all.languages, segment.languages);
        }
        all.best.sort_unstable();
        all.best.truncate(self.keep);
        let kinds = all.kinds.into_iter().filter_map(|(kind, count)| Some((kind_of_number(kind)?, count)));
        let years =
            all.years.into_iter().filter_map(|(year, count)| Some((i16::try_from(year).ok()?, count)));
        let mut years: Vec<(i16, usize)> = years.collect();
        years.sort_unstable_by(|a, b| b.cmp(a));
        Ok(Gathered {
            total: all.total,
            best: all.best,
            facets: Facets {
                kinds: most_frequent_first(kinds),
                topics: most_frequent_first(all.topics),
                years,
                languages: most_frequent_first(all.languages),
            },
        })
    }
}

fn add<K: Hash + Eq>(to: &mut HashMap<K, usize>, from: HashMap<K, usize>) {
    for (key, count) in from {
        *to.entry(key).or_default() += count;
    }
}

fn most_frequent_first<K: Ord>(counts: impl IntoIterator<Item = (K, usize)>) -> Vec<(K, usize)> {
    let mut counts: Vec<(K, usize)> = counts.into_iter().collect();
    counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

#[derive(Default)]
pub struct SegmentFruit {
    total: usize,
    best: Vec<Candidate>,
    kinds: HashMap<u64, usize>,
    topics: HashMap<String, usize>,
    years: HashMap<i64, usize>,
    languages: HashMap<String, usize>,
}

impl SegmentCollector for SegmentGather {
    type Fruit = tantivy::Result<SegmentFruit>;

    fn collect(&mut self, doc: DocId, score: Score) {
        // The second lock: what is not public yet influences nothing.
        if self.columns.public_from.get_val(doc) > self.gather.now_micros {
            return;
        }
        let address = DocAddress::new(self.segment, doc);
        if self.gather.without.contains(&address) {
            return;
        }
        let kind = self.columns.kind.get_val(doc);
        let date = self.columns.date.get_val(doc);
        let language = self.columns.language.as_ref().and_then(|column| column.ords().first(doc));
        let kind_fits = self.gather.kinds.is_empty() || self.gather.kinds.contains(&kind);
        let date_fits = (self.gather.from..=self.gather.to).contains(&date);
        let language_fits = self.language.is_none_or(|wanted| wanted.is_some() && wanted == language);
        let topic_fits = match (&self.columns.topics, self.topic) {
            (_, None) => true,
            (Some(column), Some(Some(wanted))) => column.term_ords(doc).any(|topic| topic == wanted),
            _ => false,
        };
        if topic_fits && date_fits && language_fits {
            self.kinds[(kind as usize).min(15)] += 1;
        }
        if kind_fits
            && date_fits
            && language_fits
            && let Some(column) = &self.columns.topics
        {
            for topic in column.term_ords(doc) {
                self.topics[topic as usize] += 1;
            }
        }
        if kind_fits && topic_fits && language_fits {
            *self.years.entry(self.columns.year.get_val(doc)).or_default() += 1;
        }
        if kind_fits
            && topic_fits
            && date_fits
            && let Some(language) = language
        {
            self.languages[language as usize] += 1;
        }
        if kind_fits && topic_fits && date_fits && language_fits {
            self.total += 1;
            self.offer(address, score, date, language);
        }
    }

    fn harvest(self) -> Self::Fruit {
        let named =
            |column: &Option<StrColumn>, counts: Vec<usize>| -> tantivy::Result<HashMap<String, usize>> {
                let mut out = HashMap::new();
                if let Some(column) = column {
                    for (ordinal, count) in counts.into_iter().enumerate().filter(|(_, count)| *count > 0) {
                        let mut name = String::new();
                        column.ord_to_str(ordinal as u64, &mut name)?;
                        out.insert(name, count);
                    }
                }
                Ok(out)
            };
        Ok(SegmentFruit {
            total: self.total,
            best: self.best.into_vec(),
            kinds: (0..).zip(self.kinds).filter(|(_, count)| *count > 0).collect(),
            topics: named(&self.columns.topics, self.topics)?,
            years: self.years,
            languages: named(&self.columns.language, self.languages)?,
        })
    }
}

impl SegmentGather {
    fn offer(&mut self, address: DocAddress, score: Score, date: i64, language: Option<u64>) {
        let (order, score) = match self.gather.sort {
            Sort::Date => (date as f64, score),
            Sort::Relevance => {
                let age_days = (self.gather.now - date).max(0) as f64 / 86_400.0;
                let own = language.is_some_and(|language| self.readers[language as usize]);
                let worth = if own { 1.0 } else { OTHER_LANGUAGE };
                let score =
                    f64::from(score) * worth * (1.0 + RECENCY_GAIN * (-age_days / RECENCY_DAYS).exp());
                let lift = if self.gather.above.contains(&address) { STRICT_LIFT } else { 0.0 };
                (score + lift, score as f32)
            }
        };
        let candidate = Candidate { order, score, address };
        if self.best.len() < self.gather.keep {
            self.best.push(candidate);
        } else if let Some(mut worst) = self.best.peek_mut()
            && candidate < *worst
        {
            *worst = candidate;
        }
    }
}

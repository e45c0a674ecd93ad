//! Documents of a segment as a row of bits: the quickest way to bring long lists together.

use tantivy::{DocId, TERMINATED};

#[derive(Debug, Clone)]
pub struct Bits(Vec<u64>);

impl Bits {
    /// None of so many documents.
    pub fn none(documents: DocId) -> Self {
        Self(vec![0; documents as usize / 64 + 1])
    }

    /// All of so many documents.
    pub fn all(documents: DocId) -> Self {
        let mut bits = Self(vec![u64::MAX; documents as usize / 64 + 1]);
        if let Some(last) = bits.0.last_mut() {
            *last = (1 << (documents % 64)) - 1;
        }
        bits
    }

    pub fn insert(&mut self, doc: DocId) {
        self.0[doc as usize / 64] |= 1 << (doc % 64);
    }

    pub fn insert_all(&mut self, docs: &[DocId]) {
        for doc in docs {
            self.insert(*doc);
        }
    }

    pub fn and(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own &= other;
        }
    }

    pub fn or(&mut self, other: &Self) {
        for (own, other) in self.0.iter_mut().zip(&other.0) {
            *own |= other;
        }
    }

    pub fn count(&self) -> u64 {
        self.0.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    /// The first of them from `target` on.
    pub fn seek(&self, target: DocId) -> DocId {
        let mut at = target as usize / 64;
        let Some(first) = self.0.get(at) else { return TERMINATED };
        let mut word = first & (u64::MAX << (target % 64));
        while word == 0 {
            at += 1;
            match self.0.get(at) {
                Some(next) => word = *next,
                None => return TERMINATED,
            }
        }
        at as DocId * 64 + word.trailing_zeros()
    }

    /// Keeps those that pass, asked in their order.
    pub fn retain(&mut self, mut passes: impl FnMut(DocId) -> bool) {
        for (at, word) in self.0.iter_mut().enumerate() {
            let mut left = *word;
            while left != 0 {
                let bit = left.trailing_zeros();
                left &= left - 1;
                if !passes(at as DocId * 64 + bit) {
                    *word &= !(1 << bit);
                }
            }
        }
    }

    /// All of them in order, up to 64 at a time.
    pub fn for_each(&self, see: impl FnMut(&[DocId])) {
        Run { words: &self.0, first: 0 }.for_each(see);
    }

    /// At most so many runs of documents, one after another and about equally long.
    pub fn runs(&self, most: usize) -> Vec<Run<'_>> {
        let length = self.0.len().div_ceil(most.max(1));
        let firsts = (0..).step_by(length * 64);
        self.0.chunks(length).zip(firsts).map(|(words, first)| Run { words, first }).collect()
    }
}

/// Some of the documents of a segment that stand one after another.
#[derive(Debug, Clone, Copy)]
pub struct Run<'a> {
    words: &'a [u64],
    first: DocId,
}

impl Run<'_> {
    /// Those of them that are set, in order, up to 64 at a time.
    pub fn for_each(self, mut see: impl FnMut(&[DocId])) {
        let mut docs = [0; 64];
        let mut count = 0;
        for (first, word) in (self.first..).step_by(64).zip(self.words) {
            let mut left = *word;
            while left != 0 {
                docs[count] = first + left.trailing_zeros();
                count += 1;
                left &= left - 1;
                if count == docs.len() {
                    see(&docs);
                    count = 0;
                }
            }
        }
        if count > 0 {
            see(&docs[..count]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_come_in_order() {
        let mut bits = Bits::none(200);
        bits.insert_all(&[0, 63, 64, 130, 199]);
        assert_eq!([bits.seek(0), bits.seek(1), bits.seek(65), bits.seek(131)], [0, 63, 130, 199]);
        assert_eq!((bits.seek(200), bits.seek(100_000)), (TERMINATED, TERMINATED));
        let mut seen = vec![];
        bits.for_each(|docs| seen.extend_from_slice(docs));
        assert_eq!(seen, [0, 63, 64, 130, 199]);
        for most in [1, 2, 3, 9] {
            let runs = bits.runs(most);
            assert!(runs.len() <= most);
            let mut again = vec![];
            runs.into_iter().for_each(|run| run.for_each(|docs| again.extend_from_slice(docs)));
            assert_eq!(again, seen);
        }
        bits.retain(|doc| doc % 2 == 0);
        assert_eq!((bits.count(), bits.seek(1), bits.seek(65)), (3, 64, 130));
        assert_eq!((Bits::all(64).count(), Bits::all(130).count(), Bits::all(0).count()), (64, 130, 0));
    }
}

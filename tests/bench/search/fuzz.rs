//! Answers random and naughty texts and says what the slowest took. None may fail.

use std::time::{Duration, Instant};

use pressroom::search::Index;

use super::corpus::{Asked, Written, document, lines, now, query};

/// Texts that trouble parsers, among the words of the documents.
const NAUGHTY: &[&str] = &[
    "\"",
    "„",
    "“",
    "-",
    "--",
    "+",
    "(",
    ")",
    "[",
    "]",
    "*",
    "?",
    "~",
    "^",
    ":",
    "\\",
    "AND",
    "OR",
    "NOT",
    "title:",
    "person:\"",
    "kind:",
    "year:99999",
    "10.600",
    "1.2.3.4.5",
    "2025-11-07",
    "31/12/",
    "ß",
    "İ",
    "\u{308}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "\0",
    "\n",
    "🦀",
    "👩‍👩‍👧",
    "漢字",
    "العربية",
    "한국어",
    "ﾃﾞ",
    "ﬁ",
    "½",
    "²",
    "’",
    "@",
    "...",
    "https://",
    "<script>",
    "%00",
    "\u{1f}",
    "a-b-c-d-e-f-g-h-i",
    "und",
    "the",
    "' OR 1=1",
    "{{",
    "${",
    "{% %}",
];

/// The same numbers in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

pub fn run(documents: &str, count: usize) {
    let index = Index::in_memory().unwrap();
    let mut words: Vec<String> = vec![];
    for written in lines::<Written>(documents) {
        words.extend(written.body.split_whitespace().map(str::to_owned));
        index.put(&document(written)).unwrap();
    }
    index.commit(1).unwrap();
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut slowest = (Duration::ZERO, String::new());
    for _ in 0..count {
        let mut text = String::new();
        for _ in 0..random.below(14) {
            match random.below(3) {
                0 => text.push_str(&words[random.below(words.len())]),
                1 => text.push_str(NAUGHTY[random.below(NAUGHTY.len())]),
                _ => text.extend(char::from_u32(random.below(0x1_1000) as u32)),
            }
            if random.below(3) > 0 {
                text.push(' ');
            }
        }
        let began = Instant::now();
        let mut question = query(&Asked { id: String::new(), lang: "de".to_owned(), text: text.clone() });
        question.count = true;
        index.search(&question).unwrap();
        index.suggest(&text, "de", now(), 8).unwrap();
        let took = began.elapsed();
        if took > slowest.0 {
            slowest = (took, text);
        }
    }
    println!(
        "{count} texts over {} documents: the slowest took {:?}: {:?}",
        index.document_count(),
        slowest.0,
        slowest.1
    );
}

//! Nothing a reader types makes a search fail or take long.

use std::time::{Duration, Instant};

use super::*;

/// A small generator of the same numbers in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound as u64) as usize
    }
}

const SNIPPETS: &[&str] = &[
    "messe",
    "Muenchen",
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
    "{",
    "}",
    "*",
    "?",
    "~",
    "^",
    ":",
    "/",
    "\\",
    "AND",
    "OR",
    "NOT",
    "title:",
    "a:b",
    "10.600",
    "3,5",
    "1.2.3.4.5",
    "2025-11-07",
    "7. November 2025",
    "ß",
    "ẞ",
    "İ",
    "\u{308}",
    "\u{ad}",
    "\u{200b}",
    "\u{202e}",
    "\u{feff}",
    "\0",
    "\n",
    "\t",
    "🦀",
    "👩‍👩‍👧",
    "漢字",
    "العربية",
    "ﬁ",
    "½",
    "²",
    "''",
    "’",
    "l’",
    "innen",
    ":innen",
    "@",
    ".",
    "..",
    "...",
    "https://",
    "www.",
    "<script>",
    "&amp;",
    "%00",
    "\u{1f}",
    "a-b-c-d-e-f-g-h-i",
    "Wasserstofftankstellenwärterin",
    "d20251107",
    "und",
    "die",
    "the",
    "-messe",
    "-\"x y\"",
    " ",
];

#[test]
fn thousands_of_odd_texts_are_answered() {
    let index = index(&[
        document(
            "de",
            "Fachmesse in München",
            "Am 7. November 2025 kamen 10.600 Gäste. Die Wasserstofftankstelle öffnet.",
        ),
        document("en", "Trade fair", "The fair opens. Don't panic – it's A&B's l’entreprise."),
    ]);
    let mut random = Random(0x9E37_79B9_7F4A_7C15);
    let mut slowest = Duration::ZERO;
    for round in 0..5_000 {
        let mut text = String::new();
        for _ in 0..random.below(12) {
            if random.below(3) == 0 {
                text.extend(char::from_u32(random.below(0x3000) as u32));
            } else {
                text.push_str(SNIPPETS[random.below(SNIPPETS.len())]);
            }
            if random.below(2) == 0 {
                text.push(' ');
            }
        }
        let started = Instant::now();
        let answer = index.search(&query(&text)).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
        for hit in &answer.hits {
            for highlighted in [&hit.title, &hit.snippet] {
                for mark in &highlighted.marks {
                    assert!(highlighted.text.get(mark.clone()).is_some(), "{text:?}");
                }
            }
        }
        if round % 5 == 0 {
            index.suggest(&text, "de", now(), 8).unwrap_or_else(|error| panic!("{text:?}: {error:?}"));
        }
        slowest = slowest.max(started.elapsed());
    }
    assert!(slowest < Duration::from_secs(1), "the slowest took {slowest:?}");
}

#[test]
fn texts_of_any_content_are_indexed() {
    let mut random = Random(0x1234_5678_9ABC_DEF1);
    let index = Index::in_memory().unwrap();
    for _ in 0..500 {
        let mut text = String::new();
        for _ in 0..random.below(60) {
            text.push_str(SNIPPETS[random.below(SNIPPETS.len())]);
        }
        index.put(&document("de", &text, &text)).unwrap();
    }
    index.put(&document("", "", "")).unwrap();
    index.put(&document("de", &"x".repeat(100_000), &"Wort-".repeat(50_000))).unwrap();
    index.commit(1).unwrap();
    assert_eq!(index.document_count(), 502);
    assert!(index.search(&query("messe")).unwrap().total > 0);
}

#[test]
fn huge_queries_are_bounded() {
    let index = index(&[document("de", "Messe", "Messe")]);
    let started = Instant::now();
    for text in [
        "wort ".repeat(20_000),
        "x".repeat(200_000),
        "\"a\" ".repeat(10_000),
        "-a ".repeat(10_000),
        "a-".repeat(50_000),
    ] {
        index.search(&query(&text)).unwrap();
        index.suggest(&text, "de", now(), 8).unwrap();
    }
    assert!(started.elapsed() < Duration::from_secs(2));
}

//! Indexes a corpus on disk, and answers queries by class: what each takes on the wall and on the processor.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use pressroom::search::{Index, Query};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::corpus::{Asked, Written, document, lines, now, query};

/// The follower of the change log commits after so many documents when it rebuilds, then after twice as many each time.
const FIRST_COMMIT: usize = 5_000;

/// A query with the class it is measured in.
#[derive(Deserialize)]
struct Timed {
    class: String,
    #[serde(flatten)]
    asked: Asked,
}

#[derive(Serialize)]
struct Figures {
    class: String,
    mode: &'static str,
    p50_ms: f64,
    p99_ms: f64,
    max_ms: f64,
    cpu_ms: f64,
    hits: f64,
}

pub fn index(folder: &str, documents: &str) {
    let index = Index::open(Path::new(folder)).unwrap();
    let (began, cpu) = (Instant::now(), cpu_seconds());
    let mut count = 0;
    let mut next_commit = FIRST_COMMIT;
    for written in lines::<Written>(documents) {
        index.put(&document(written)).unwrap();
        count += 1;
        if count == next_commit {
            next_commit *= 2;
            index.commit(1).unwrap();
        }
    }
    index.commit(count as i64).unwrap();
    let resident = memory("VmHWM:");
    while !index.rest().unwrap() {
        std::thread::sleep(Duration::from_millis(50));
    }
    let (wall, cpu) = (began.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    let bytes: u64 =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().metadata().unwrap().len()).sum();
    println!(
        "{}",
        json!({ "documents": count, "wall_s": wall, "cpu_s": cpu, "bytes": bytes, "peak_resident_mb": resident })
    );
}

pub fn ask(folder: &str, queries: &str) {
    let index = Index::open(Path::new(folder)).unwrap();
    let timed: Vec<Timed> = lines(queries).collect();
    let mut classes: Vec<&str> = timed.iter().map(|one| one.class.as_str()).collect();
    classes.dedup();
    let out = &mut std::io::stdout().lock();
    let mut print = |figures: &Figures| writeln!(out, "{}", json!(figures)).unwrap();
    for class in classes {
        let asked: Vec<&Asked> =
            timed.iter().filter(|one| one.class == class).map(|one| &one.asked).collect();
        match class {
            "autocomplete" => print(&measure(class, "suggest", &asked, |one| {
                let offered = index.suggest(&one.text, &one.lang, now(), 8).unwrap();
                offered.words.len() + offered.titles.len()
            })),
            "misspelt" => print(&measure(class, "correction", &asked, |one| {
                usize::from(index.search(&query(one)).unwrap().correction.is_some())
            })),
            _ => {
                print(&measure(class, "ten", &asked, |one| index.search(&query(one)).unwrap().hits.len()));
                print(&measure(class, "page", &asked, |one| {
                    index.search(&whole_page(one)).unwrap().hits.len()
                }));
            }
        }
    }
    println!("{}", json!({ "resident_mb": memory("VmRSS:"), "anonymous_mb": memory("RssAnon:") }));
}

/// With filters, count and facets.
fn whole_page(asked: &Asked) -> Query {
    Query { count: true, from: Some("2017-01-01T00:00:00Z".parse().unwrap()), ..query(asked) }
}

fn measure(class: &str, mode: &'static str, asked: &[&Asked], answer: impl Fn(&Asked) -> usize) -> Figures {
    for one in asked {
        answer(one);
    }
    let cpu = cpu_seconds();
    let mut found = 0;
    let mut took: Vec<f64> = asked
        .iter()
        .map(|one| {
            let began = Instant::now();
            found += answer(one);
            began.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    let cpu_ms = (cpu_seconds() - cpu) * 1e3 / asked.len() as f64;
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share).round() as usize];
    let hits = found as f64 / asked.len() as f64;
    Figures {
        class: class.to_owned(),
        mode,
        p50_ms: at(0.5),
        p99_ms: at(0.99),
        max_ms: at(1.0),
        cpu_ms,
        hits,
    }
}

/// Of all threads so far, ended ones included; in steps of ten milliseconds.
fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = text.rsplit_once(')').unwrap().1.split_whitespace().collect();
    (fields[11].parse::<f64>().unwrap() + fields[12].parse::<f64>().unwrap()) / 100.0
}

/// A line of the process's status, in megabytes.
fn memory(name: &str) -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix(name)).unwrap();
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0
}

//! The search engine as a command, for the scripts beside this file.
//!
//!     rank DOCUMENTS QUERIES          indexes in memory, answers each query, prints the hits
//!     fuzz DOCUMENTS COUNT            answers random and naughty texts and says what the slowest took
//!     index FOLDER DOCUMENTS          indexes on disk and says what it took
//!     ask FOLDER QUERIES              answers queries by class and says what they took
//!
//! Documents and queries are JSON, one a line.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod corpus;
mod fuzz;
mod rank;
mod speed;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["rank", documents, queries] => rank::run(documents, queries),
        ["fuzz", documents, count] => fuzz::run(documents, count.parse().expect("a number")),
        ["index", folder, documents] => speed::index(folder, documents),
        ["ask", folder, queries] => speed::ask(folder, queries),
        _ => println!(
            "rank DOCUMENTS QUERIES | fuzz DOCUMENTS COUNT | index FOLDER DOCUMENTS | ask FOLDER QUERIES"
        ),
    }
}

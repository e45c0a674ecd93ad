//! Black-box tests: they start the built binary and speak to it as a script, a journalist or an administrator
//! would. `tests/run` gives them the database, the S3 endpoint and the tools they need.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

#[macro_use]
mod harness;

mod accounts;
mod alerts;
mod approval;
mod architecture;
mod bundle;
mod calendar;
mod cli;
mod closed;
mod conditions;
mod contention;
mod contract;
mod crops;
mod delivery;
mod desk;
mod double;
mod embargo;
mod failures;
mod feeds;
mod gallery;
mod history;
mod hostile;
mod journey;
mod kept;
mod large;
mod leaks;
mod load;
mod mail;
mod metadata;
mod nearest;
mod nodes;
mod oidc;
mod passkeys;
mod plans;
mod preview;
mod public;
mod replace;
mod resume;
mod roles;
mod search;
mod standby;
mod statistics;
mod table;
mod taken;
mod texts;
mod uploads;
mod writing;

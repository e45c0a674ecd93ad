//! pressroom: the newsroom of one organisation on one binary.
//!
//! Data flows one way; an arrow means "may use":
//!
//! ```text
//! web, jobs, cli, site, bundle, backup, demo ─► newsroom ─► store, blob, media, kit, search, feed, manuscript, text, i18n ─► domain
//! app ─► everything (only `app` and `main` build things)
//! ```
//!
//! `web` may read from `store` directly; every write goes through `newsroom`.

pub mod app;
pub mod backup;
pub mod blob;
pub mod bundle;
pub mod cli;
pub mod config;
pub mod demo;
pub mod domain;
pub mod feed;
#[cfg(test)]
mod fuzz_tests;
pub mod i18n;
pub mod jobs;
pub mod kit;
pub mod manuscript;
pub mod media;
pub mod newsroom;
pub mod search;
pub mod site;
pub mod store;
pub mod text;
pub mod web;

//! web

pub mod theme;
pub mod view;

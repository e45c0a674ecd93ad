//! Error pages.

use crate::web::error::Problem;
use crate::web::page::{Page, Policy};

pub fn page(problem: &Problem) -> Page {
    Page::new("text/plain; charset=utf-8", problem.detail.clone(), Policy::NoStore)
        .status(problem.status_code())
}

//! Legal and other standing pages.

use super::shell::Shell;
use askama::Template;

#[derive(Template)]
#[template(path = "public/standing.html")]
pub struct StandingPageView {
    pub shell: Shell,
    pub title: String,
    /// Sanitised.
    pub html: String,
}

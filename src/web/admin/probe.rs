//! The leak probe at the desk: what an outsider sees of a release, asked through the public address.

use super::desk::{Desk, DeskResult, Section, Shell, parse_id};
use crate::domain::release::Release;
use crate::newsroom::content;
use crate::web::extract::UrlPath;
use crate::web::probe::{self, Report, Seen};

struct Row {
    path: String,
    answer: String,
    seen: String,
    /// "Should be closed"; empty when it is as it should be.
    trouble: String,
}

#[derive(askama::Template)]
#[template(path = "admin/probe.html")]
struct ProbePage {
    shell: Shell,
    back: String,
    state: String,
    is_good: bool,
    verdict: String,
    base: String,
    rows: Vec<Row>,
}

pub async fn show(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    let id = parse_id(&id)?;
    let release: Release = content::get(desk.ctx(), id).await?;
    let report =
        probe::run(desk.ctx(), &desk.state.config, &release).await.map_err(crate::web::Error::Internal)?;
    desk.page(&page(&desk, &release, &report))
}

fn page(desk: &Desk, release: &Release, report: &Report) -> ProbePage {
    let lang = desk.lang;
    let wrong = report.wrong();
    let mut rows: Vec<Row> = report
        .findings
        .iter()
        .map(|finding| Row {
            path: finding.question.path.clone(),
            answer: finding.answer.clone(),
            seen: lang.t(match finding.seen {
                Seen::Open => "desk-probe-open",
                Seen::Closed => "desk-probe-closed",
                Seen::Unclear => "desk-probe-unclear",
            }),
            trouble: match finding {
                right if right.is_right() => String::new(),
                leak if leak.is_leak() => lang.t("desk-probe-leak"),
                _ => lang.t("desk-probe-missing"),
            },
        })
        .collect();
    rows.sort_by_key(|row| row.trouble.is_empty());
    ProbePage {
        shell: desk.shell(release.headline.clone(), Section::Releases),
        back: format!("/admin/releases/{}", release.id),
        state: super::release_edit::state_name(desk, report.state),
        is_good: wrong == 0,
        verdict: if wrong == 0 {
            lang.count("desk-probe-good", report.findings.len())
        } else {
            lang.count("desk-probe-bad", wrong)
        },
        base: report.base.clone(),
        rows,
    }
}

//! The first page: what is due, what failed, what is being written, what went out.

use serde::Deserialize;

use super::calendar::Calendar;
use super::desk::{Desk, DeskResult, Section, Shell, parse_id, see_other};
use super::picker::Tile;
use super::releases::ReleaseRow;
use super::when;
use crate::domain::account::Role;
use crate::domain::asset::Asset;
use crate::domain::contact::Contact;
use crate::domain::{Id, Timestamp};
use crate::newsroom;
use crate::store::desk::{self, AssetFilter};
use crate::store::list::{self, ListFilter, Order, ReleaseFilter};
use crate::store::{jobs, mail};
use crate::web::extract::{UrlPath, UrlQuery};

const ROWS: usize = 8;

/// A release that goes online by itself.
pub struct Due {
    pub row: ReleaseRow,
    pub when: String,
    /// "in 3 hours"
    pub left: String,
}

/// A mail that could not be sent yet.
struct TroubledMail {
    id: Id,
    recipient: String,
    subject: String,
    error: String,
    when: String,
    /// Nothing more happens by itself.
    is_given_up: bool,
    is_too_late: bool,
}

#[derive(askama::Template)]
#[template(path = "admin/overview.html")]
struct OverviewPage {
    shell: Shell,
    greeting: String,
    /// What a newsroom needs before anybody can work with it, and where that is done.
    begin: Vec<(String, &'static str)>,
    due: Vec<Due>,
    calendar: Calendar,
    failed: Vec<Tile>,
    /// For somebody's approval.
    waiting: Vec<ReleaseRow>,
    /// Told to those who can mend it.
    mails: Vec<TroubledMail>,
    processing: usize,
    /// Messages that nobody has read.
    unread: usize,
    drafts: Vec<ReleaseRow>,
    published: Vec<ReleaseRow>,
}

#[derive(Deserialize)]
pub struct OverviewQuery {
    /// Of the calendar, such as `2026-12`.
    month: Option<String>,
}

pub async fn show(desk: Desk, UrlQuery(query): UrlQuery<OverviewQuery>) -> DeskResult {
    let db = &desk.ctx().db;
    let now = desk.now();
    let due = desk::due_releases(db, now, ROWS).await?;
    let waiting =
        if desk.newsroom.require_approval { desk::waiting_releases(db, ROWS).await? } else { Vec::new() };
    let failed = AssetFilter { state: Some("failed".to_owned()), ..AssetFilter::default() };
    let failed: Vec<Asset> = desk::assets(db, &failed, ROWS, 0).await?;
    let drafts = ReleaseFilter { state: Some("draft".to_owned()), ..ReleaseFilter::default() };
    let drafts = list::releases(db, &drafts, ROWS, 0).await?;
    let published = list::releases(db, &ReleaseFilter::public(now), ROWS, 0).await?;
    let unread = if desk.is(Role::Editor) { crate::store::message::counts(db).await?.1 } else { 0 };
    let backlog = jobs::backlog(db).await?;
    let mails = if desk.is(Role::Admin) { mail::troubled(db, ROWS).await? } else { Vec::new() };
    let mails = mails.into_iter().map(|mail| TroubledMail {
        id: mail.id,
        recipient: mail.recipient,
        subject: mail.subject,
        error: mail.error,
        when: when::short(desk.lang, mail.created_at, desk.zone()),
        is_given_up: mail.failed_at.is_some(),
        is_too_late: mail.expires_at.is_some_and(|end| now >= end),
    });
    desk.page(&OverviewPage {
        shell: desk.shell(desk.lang.t("desk-overview-title"), Section::Overview),
        calendar: Calendar::of(&desk, query.month.as_deref()).await?,
        begin: begin(&desk).await?,
        greeting: when::long(desk.lang, now, desk.zone()),
        due: due
            .iter()
            .zip(ReleaseRow::all(&desk, &due).await?)
            .map(|(release, row)| {
                let planned = release.publish_at.as_ref().or(release.embargo_until.as_ref());
                Due {
                    row,
                    when: planned.map_or_else(String::new, |at| when::planned(desk.lang, at)),
                    left: planned.map_or_else(String::new, |at| left(&desk, at.utc)),
                }
            })
            .collect(),
        mails: mails.collect(),
        failed: failed.iter().map(|asset| Tile::new(desk.lang, asset)).collect(),
        processing: usize::try_from(backlog.waiting + backlog.running).unwrap_or(0),
        unread,
        drafts: ReleaseRow::all(&desk, &drafts).await?,
        published: ReleaseRow::all(&desk, &published).await?,
        waiting: ReleaseRow::all(&desk, &waiting).await?,
    })
}

/// What is still missing in a newsroom that has just been set up, for whoever may add it.
async fn begin(desk: &Desk) -> DeskResult<Vec<(String, &'static str)>> {
    let mut steps = Vec::new();
    let newsroom = &desk.newsroom;
    if desk.is(Role::Admin) && newsroom.organisation.trim().is_empty() {
        steps.push((desk.lang.t("desk-begin-name"), "/admin/settings"));
    }
    if desk.is(Role::Editor)
        && list::count::<Contact>(&desk.ctx().db, &ListFilter::all(Order::Rising)).await? == 0
    {
        steps.push((desk.lang.t("desk-begin-contact"), "/admin/contacts/new"));
    }
    if desk.is(Role::Admin) && newsroom.pages.is_empty() {
        steps.push((desk.lang.t("desk-begin-imprint"), "/admin/settings#h-pages"));
    }
    Ok(steps)
}

/// Sends a mail again that was given up.
pub async fn retry_mail(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    newsroom::mail::retry(desk.ctx(), &desk.actor, parse_id(&id)?).await?;
    Ok(see_other("/admin?done=mail-retried"))
}

pub async fn discard_mail(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    newsroom::mail::discard(desk.ctx(), &desk.actor, parse_id(&id)?).await?;
    Ok(see_other("/admin?done=deleted"))
}

/// The time that is left, in the largest unit that says enough.
fn left(desk: &Desk, at: Timestamp) -> String {
    let secs = at.as_second() - desk.now().as_second();
    let minutes = usize::try_from((secs + 59) / 60).unwrap_or(0);
    match minutes {
        0..=119 => desk.lang.count("desk-in-minutes", minutes),
        120..=2879 => desk.lang.count("desk-in-hours", minutes / 60),
        _ => desk.lang.count("desk-in-days", when::days_between(desk.now(), at, desk.zone())),
    }
}

//! What readers have written to the contacts.

use std::collections::HashMap;

use super::desk::{Desk, DeskResult, Section, Shell, parse_id, see_other};
use super::form::Values;
use super::when;
use crate::domain::Id;
use crate::domain::account::Role;
use crate::domain::contact::Contact;
use crate::newsroom::messages;
use crate::store;
use crate::web::Error;
use crate::web::extract::{DeskForm, UrlPath, UrlQuery};

const PER_PAGE: usize = 50;

struct Row {
    id: String,
    sender: String,
    outlet: String,
    email: String,
    /// An answer, begun.
    reply_url: String,
    contact: String,
    when: String,
    body: String,
    language: String,
    is_read: bool,
}

#[derive(askama::Template)]
#[template(path = "admin/messages.html")]
struct MessagesPage {
    shell: Shell,
    rows: Vec<Row>,
    unread: usize,
    keeps: String,
    previous: Option<String>,
    next: Option<String>,
}

#[derive(serde::Deserialize)]
pub struct Place {
    #[serde(default)]
    page: String,
}

pub async fn list(desk: Desk, UrlQuery(place): UrlQuery<Place>) -> DeskResult {
    desk.require(Role::Editor)?;
    let db = &desk.ctx().db;
    let (total, unread) = store::message::counts(db).await?;
    let pages = total.div_ceil(PER_PAGE).max(1);
    let page = place.page.parse::<usize>().unwrap_or(1).clamp(1, pages);
    let found = store::message::list(db, PER_PAGE, (page - 1) * PER_PAGE).await?;
    let ids: Vec<Id> = found.iter().map(|message| message.contact).collect();
    let contacts: Vec<Contact> = store::record::find_all(db, &ids).await?;
    let names: HashMap<Id, &str> =
        contacts.iter().map(|contact| (contact.id, contact.name.as_str())).collect();
    let address = |page: usize| format!("/admin/messages?page={page}");
    let days = desk.lang.count("count-days", usize::from(desk.newsroom.message_days));
    let page = MessagesPage {
        shell: desk.shell(desk.lang.t("desk-messages-title"), Section::Messages),
        rows: found
            .iter()
            .map(|message| Row {
                id: message.id.to_string(),
                sender: message.sender.clone(),
                outlet: message.outlet.clone(),
                reply_url: format!("mailto:{}", message.email),
                email: message.email.clone(),
                contact: names.get(&message.contact).map_or_else(String::new, |name| (*name).to_owned()),
                when: when::short(desk.lang, message.created_at, desk.zone()),
                body: message.body.clone(),
                language: message.language.clone(),
                is_read: message.read_at.is_some(),
            })
            .collect(),
        unread,
        keeps: desk.lang.t_args("desk-messages-keeps", &[("days", days.into())]),
        previous: (page > 1).then(|| address(page - 1)),
        next: (page < pages).then(|| address(page + 1)),
    };
    desk.page(&page)
}

/// `read`, `unread` or `delete`.
pub async fn take(
    desk: Desk,
    UrlPath((id, step)): UrlPath<(String, String)>,
    DeskForm(_): DeskForm<Values>,
) -> DeskResult {
    desk.require(Role::Editor)?;
    let id = parse_id(&id)?;
    let done = match step.as_str() {
        "read" | "unread" => {
            messages::mark(desk.ctx(), &desk.actor, id, step == "read").await?;
            ""
        }
        "delete" => {
            messages::delete(desk.ctx(), &desk.actor, id).await?;
            "?done=deleted"
        }
        _ => return Err(Error::NotFound.into()),
    };
    Ok(see_other(&format!("/admin/messages{done}")))
}

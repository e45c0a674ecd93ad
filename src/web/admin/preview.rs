//! The page of a release as the public will see it, stored or only typed.

use axum::response::{IntoResponse, Response};

use super::desk::{Desk, DeskResult, parse_id};
use super::form::Values;
use super::release_form::fill;
use crate::domain::release::Release;
use crate::domain::visibility::Viewer;
use crate::newsroom::content;
use crate::newsroom::fields::{Fields as _, ReleaseFields};
use crate::web::extract::{DeskForm, UrlPath};
use crate::web::public;

pub async fn saved(desk: Desk, UrlPath(id): UrlPath<String>) -> DeskResult {
    let release: Release = content::get(desk.ctx(), parse_id(&id)?).await?;
    page(&desk, &release).await
}

/// What stands typed in the form, without storing it.
pub async fn typed(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    let mut release = match values.line("id").parse() {
        Ok(id) => content::get(desk.ctx(), id).await?,
        Err(_) => Release::draft(desk.ctx().new_id(), &desk.newsroom.default_language, "", desk.now()),
    };
    let mut fields = ReleaseFields::of(&release);
    fill(&desk, &values, &mut fields);
    fields.apply(&mut release, desk.setting())?;
    page(&desk, &release).await
}

async fn page(desk: &Desk, release: &Release) -> DeskResult<Response> {
    let viewer = Viewer::Staff(desk.actor.role);
    let page = public::release::preview(&desk.state, desk.newsroom.clone(), release, viewer).await?;
    Ok(page.into_response())
}

//! The demo: a fictional organisation's newsroom, for looking around.

use std::path::PathBuf;

use crate::bundle;
use crate::config::Config;
use crate::domain::account::{Actor, Role};
use crate::newsroom::{Context, accounts};
use crate::store;

const EMAIL: &str = "desk@demo.example";

/// Fills an empty newsroom and opens a sign-in with a password made for this start. Returns what to tell
/// the person who started it.
pub async fn prepare(ctx: &Context, config: &Config) -> anyhow::Result<Vec<String>> {
    let mut lines = Vec::new();
    if store::change::head(&ctx.db).await? == 0 {
        let folder = find(config)?;
        let report = bundle::import(ctx, &folder).await?;
        lines.push(report.to_string());
        let password = accounts::random_password()?;
        accounts::add_account(ctx, &Actor::system("demo"), EMAIL, "Demo", Role::Admin, &password).await?;
        lines.push(format!("Newsroom:  {}/", config.public_url.value));
        lines.push(format!("Desk:      {}/admin", config.public_url.value));
        lines.push(format!("Sign in:   {EMAIL}   password: {password}"));
    } else {
        lines.push("The newsroom is not empty: the demo was left out".to_owned());
    }
    Ok(lines)
}

fn find(config: &Config) -> anyhow::Result<PathBuf> {
    let beside_data = config.data.join("demo");
    let beside_program = PathBuf::from("press-data/demo");
    [beside_data, beside_program]
        .into_iter()
        .find(|folder| folder.join("newsroom.toml").is_file())
        .ok_or_else(|| {
            anyhow::anyhow!(
                "The demo was not found: start where press-data/demo is, or copy it into the data folder"
            )
        })
}

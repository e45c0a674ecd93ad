//! Links by which somebody sets a password. Of their secrets only SHA-256 hashes are kept.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::account::{AccountLink, LinkPurpose, Role};
use crate::domain::{Id, Timestamp};

type Row = (String, String, String, String, String, String, i64, i64);

fn link((id, purpose, email, name, role, by, made, expires): Row) -> Option<AccountLink> {
    Some(AccountLink {
        id: id.parse().ok()?,
        purpose: LinkPurpose::parse(&purpose)?,
        email,
        name,
        role: Role::parse(&role)?,
        created_by: by,
        created_at: instant(made),
        expires_at: instant(expires),
    })
}

const COLUMNS: &str = "id, purpose, email, name, role, created_by, created_at, expires_at";

/// The link with this secret's hash, if it is alive.
pub async fn live_by_hash(db: &Db, hash: String, now: Timestamp) -> Result<Option<AccountLink>> {
    let query = q(format!("SELECT {COLUMNS} FROM account_link WHERE secret_hash = $1 AND expires_at > $2"));
    let row: Option<Row> = db.first(query.bind(hash).bind(micros(now))).await?;
    Ok(row.and_then(link))
}

/// Invitations that nobody has followed yet, the latest first.
pub async fn invitations(db: &Db) -> Result<Vec<AccountLink>> {
    let query =
        q(format!("SELECT {COLUMNS} FROM account_link WHERE purpose = $1 ORDER BY id DESC LIMIT 200"));
    let rows: Vec<Row> = db.all(query.bind(LinkPurpose::Invitation.as_str())).await?;
    Ok(rows.into_iter().filter_map(link).collect())
}

impl Tx {
    pub async fn insert_account_link(&mut self, link: &AccountLink, secret_hash: String) -> Result<()> {
        self.execute(
            q("INSERT INTO account_link (id, purpose, email, name, role, secret_hash, created_by, created_at, \
               expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)")
            .bind(link.id.to_string())
            .bind(link.purpose.as_str())
            .bind(link.email.clone())
            .bind(link.name.clone())
            .bind(link.role.as_str())
            .bind(secret_hash)
            .bind(link.created_by.clone())
            .bind(micros(link.created_at))
            .bind(micros(link.expires_at)),
        )
        .await?;
        Ok(())
    }

    /// Takes a living link away and gives it: of two who follow it at once, one gets it.
    pub async fn take_account_link(&mut self, hash: String, now: Timestamp) -> Result<Option<AccountLink>> {
        let delete = q(format!(
            "DELETE FROM account_link WHERE secret_hash = $1 AND expires_at > $2 RETURNING {COLUMNS}"
        ));
        let row: Option<Row> = self.first(delete.bind(hash).bind(micros(now))).await?;
        Ok(row.and_then(link))
    }

    /// Takes an invitation back and gives it, if it is still there.
    pub async fn delete_invitation(&mut self, id: Id) -> Result<Option<AccountLink>> {
        let delete =
            q(format!("DELETE FROM account_link WHERE id = $1 AND purpose = $2 RETURNING {COLUMNS}"));
        let delete = delete.bind(id.to_string()).bind(LinkPurpose::Invitation.as_str());
        let row: Option<Row> = self.first(delete).await?;
        Ok(row.and_then(link))
    }

    /// Takes the living invitation of an address away and gives it.
    pub async fn take_invitation(&mut self, email: &str, now: Timestamp) -> Result<Option<AccountLink>> {
        let delete = q(format!(
            "DELETE FROM account_link WHERE email = $1 AND purpose = $2 AND expires_at > $3 RETURNING {COLUMNS}"
        ));
        let delete = delete.bind(email.to_lowercase()).bind(LinkPurpose::Invitation.as_str());
        let row: Option<Row> = self.first(delete.bind(micros(now))).await?;
        Ok(row.and_then(link))
    }

    /// Takes away every link of this purpose for an address.
    pub async fn delete_account_links(&mut self, email: &str, purpose: LinkPurpose) -> Result<()> {
        let delete = q("DELETE FROM account_link WHERE email = $1 AND purpose = $2");
        self.execute(delete.bind(email.to_lowercase()).bind(purpose.as_str())).await?;
        Ok(())
    }

    pub async fn delete_account_links_ended_before(&mut self, time: Timestamp) -> Result<u64> {
        self.execute(q("DELETE FROM account_link WHERE expires_at < $1").bind(micros(time))).await
    }
}

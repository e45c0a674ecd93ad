//! Which account belongs to whom at an identity provider, and who shall get none there any more.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::account::Account;
use crate::domain::{Id, Timestamp};

/// Somebody whose account was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removed {
    /// The account's id.
    pub account: Id,
    pub email: String,
    pub name: String,
    /// As the audit log names them.
    pub removed_by: String,
    pub removed_at: Timestamp,
}

type RemovedRow = (String, String, String, String, i64);

const REMOVED: &str = "SELECT account_id, email, name, removed_by, removed_at FROM removed_account";

fn removed((account, email, name, removed_by, removed_at): RemovedRow) -> Option<Removed> {
    let account = account.parse().ok()?;
    Some(Removed { account, email, name, removed_by, removed_at: instant(removed_at) })
}

/// All who were removed and not let in again, the last one first.
pub async fn removed_accounts(db: &Db) -> Result<Vec<Removed>> {
    let rows: Vec<RemovedRow> = db.all(q(format!("{REMOVED} ORDER BY removed_at DESC, email"))).await?;
    Ok(rows.into_iter().filter_map(removed).collect())
}

/// Who was removed under this id of an account.
pub async fn removed_account(on: impl Source, account: Id) -> Result<Option<Removed>> {
    let row: Option<RemovedRow> =
        on.first(q(format!("{REMOVED} WHERE account_id = $1")).bind(account.to_string())).await?;
    Ok(row.and_then(removed))
}

/// The account of somebody there: `None` is a stranger, `Some(None)` somebody whose account was removed before the
/// newsroom kept whose it was.
pub async fn account_of(on: impl Source, issuer: &str, subject: &str) -> Result<Option<Option<Id>>> {
    let query = q("SELECT account_id FROM account_identity WHERE issuer = $1 AND subject = $2");
    let row: Option<(Option<String>,)> =
        on.first(query.bind(issuer.to_owned()).bind(subject.to_owned())).await?;
    Ok(row.map(|(account,)| account.and_then(|id| id.parse().ok())))
}

impl Tx {
    /// Whether an account belongs to somebody at this provider already.
    pub async fn has_identity(&mut self, account: Id, issuer: &str) -> Result<bool> {
        let query = q("SELECT COUNT(*) FROM account_identity WHERE account_id = $1 AND issuer = $2");
        let row: Option<(i64,)> = self.first(query.bind(account.to_string()).bind(issuer.to_owned())).await?;
        Ok(row.is_some_and(|(count,)| count > 0))
    }

    /// `false` when somebody else was quicker.
    pub async fn link_identity(
        &mut self,
        account: Id,
        issuer: &str,
        subject: &str,
        now: Timestamp,
    ) -> Result<bool> {
        let insert = q("INSERT INTO account_identity (issuer, subject, account_id, linked_at) \
                        VALUES ($1, $2, $3, $4) ON CONFLICT (issuer, subject) DO UPDATE \
                        SET account_id = excluded.account_id, linked_at = excluded.linked_at \
                        WHERE account_identity.account_id IS NULL OR account_identity.account_id NOT IN \
                        (SELECT id FROM account)");
        let insert = insert.bind(issuer.to_owned()).bind(subject.to_owned());
        Ok(self.execute(insert.bind(account.to_string()).bind(micros(now))).await? > 0)
    }

    /// Forgets who an account is elsewhere; whether there was anything to forget.
    pub async fn unlink_identities(&mut self, account: Id) -> Result<bool> {
        let delete = q("DELETE FROM account_identity WHERE account_id = $1").bind(account.to_string());
        Ok(self.execute(delete).await? > 0)
    }

    /// Remembers that an account was here; its identities go on naming it.
    pub async fn remember_removed(&mut self, account: &Account, by: &str, now: Timestamp) -> Result<()> {
        let insert = q("INSERT INTO removed_account (account_id, email, name, removed_by, removed_at) \
                        VALUES ($1, $2, $3, $4, $5)");
        let insert = insert.bind(account.id.to_string()).bind(account.email.clone());
        self.execute(insert.bind(account.name.clone()).bind(by.to_owned()).bind(micros(now))).await?;
        Ok(())
    }

    /// Whether an account with this e-mail was removed.
    pub async fn was_removed(&mut self, email: &str) -> Result<bool> {
        let query = q("SELECT COUNT(*) FROM removed_account WHERE email = $1").bind(email.to_lowercase());
        let row: Option<(i64,)> = self.first(query).await?;
        Ok(row.is_some_and(|(count,)| count > 0))
    }

    /// Forgets who was removed under this e-mail, and who they were elsewhere.
    pub async fn forget_removed(&mut self, email: &str) -> Result<()> {
        let gone = "(SELECT account_id FROM removed_account WHERE email = $1)";
        let identities = q(format!("DELETE FROM account_identity WHERE account_id IN {gone}"));
        self.execute(identities.bind(email.to_lowercase())).await?;
        self.execute(q("DELETE FROM removed_account WHERE email = $1").bind(email.to_lowercase())).await?;
        Ok(())
    }
}

//! Which account belongs to whom at an identity provider.

use super::db::{Source, Tx, q};
use super::error::Result;
use super::micros;
use crate::domain::{Id, Timestamp};

/// The account of somebody there: `None` is a stranger, `Some(None)` somebody whose account was removed.
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
                        WHERE account_identity.account_id IS NULL");
        let insert = insert.bind(issuer.to_owned()).bind(subject.to_owned());
        Ok(self.execute(insert.bind(account.to_string()).bind(micros(now))).await? > 0)
    }

    /// Forgets who an account is elsewhere; whether there was anything to forget.
    pub async fn unlink_identities(&mut self, account: Id) -> Result<bool> {
        let delete = q("DELETE FROM account_identity WHERE account_id = $1").bind(account.to_string());
        Ok(self.execute(delete).await? > 0)
    }

    /// The account goes; that it was here is remembered.
    pub async fn orphan_identities(&mut self, account: Id) -> Result<()> {
        let update = q("UPDATE account_identity SET account_id = NULL WHERE account_id = $1");
        self.execute(update.bind(account.to_string())).await?;
        Ok(())
    }
}

//! The second factor of an account, its recovery codes, and sign-ins that wait for a code.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::micros;
use crate::domain::account::SecondFactor;
use crate::domain::{Id, Timestamp};

pub async fn of_account(on: impl Source, account: Id) -> Result<Option<SecondFactor>> {
    type Row = (String, Option<i64>, i64);
    let query = q("SELECT secret, confirmed_at, last_step FROM second_factor WHERE account_id = $1");
    let row: Option<Row> = on.first(query.bind(account.to_string())).await?;
    Ok(row.map(|(secret, confirmed, last_step)| SecondFactor {
        secret,
        is_confirmed: confirmed.is_some(),
        last_step,
    }))
}

/// Recovery codes that were not used yet.
pub async fn codes_left(db: &Db, account: Id) -> Result<usize> {
    let query = q("SELECT COUNT(*) FROM recovery_code WHERE account_id = $1 AND used_at IS NULL");
    let row: Option<(i64,)> = db.first(query.bind(account.to_string())).await?;
    Ok(row.map_or(0, |(n,)| usize::try_from(n).unwrap_or(0)))
}

/// The account of a sign-in that waits for its code and was begun after `since`.
pub async fn ticket_account(db: &Db, hash: String, since: Timestamp) -> Result<Option<String>> {
    let query = q("SELECT a.email FROM sign_in_ticket t JOIN account a ON a.id = t.account_id \
                   WHERE t.secret_hash = $1 AND t.created_at > $2");
    let row: Option<(String,)> = db.first(query.bind(hash).bind(micros(since))).await?;
    Ok(row.map(|(email,)| email))
}

impl Tx {
    /// Puts a secret in place that is still to be confirmed; `false` when there is a confirmed one.
    pub async fn begin_second_factor(&mut self, account: Id, secret: String) -> Result<bool> {
        let insert = q("INSERT INTO second_factor (account_id, secret, confirmed_at, last_step) \
                        VALUES ($1, $2, NULL, 0) ON CONFLICT (account_id) DO UPDATE SET secret = excluded.secret, \
                        last_step = 0 WHERE second_factor.confirmed_at IS NULL");
        Ok(self.execute(insert.bind(account.to_string()).bind(secret)).await? > 0)
    }

    pub async fn confirm_second_factor(&mut self, account: Id, now: Timestamp) -> Result<bool> {
        let update =
            q("UPDATE second_factor SET confirmed_at = $1 WHERE account_id = $2 AND confirmed_at IS NULL");
        Ok(self.execute(update.bind(micros(now)).bind(account.to_string())).await? > 0)
    }

    /// Writes down that the code of this step was taken; `false` when it or a later one was taken before.
    pub async fn use_step(&mut self, account: Id, step: i64) -> Result<bool> {
        let update = q("UPDATE second_factor SET last_step = $1 WHERE account_id = $2 AND last_step < $1");
        Ok(self.execute(update.bind(step).bind(account.to_string())).await? > 0)
    }

    /// Takes factor and recovery codes away.
    pub async fn delete_second_factor(&mut self, account: Id) -> Result<bool> {
        let id = account.to_string();
        self.execute(q("DELETE FROM recovery_code WHERE account_id = $1").bind(id.clone())).await?;
        Ok(self.execute(q("DELETE FROM second_factor WHERE account_id = $1").bind(id)).await? > 0)
    }

    pub async fn replace_recovery_codes(&mut self, account: Id, hashes: Vec<String>) -> Result<()> {
        let id = account.to_string();
        self.execute(q("DELETE FROM recovery_code WHERE account_id = $1").bind(id.clone())).await?;
        for hash in hashes {
            let insert = q("INSERT INTO recovery_code (account_id, code_hash) VALUES ($1, $2)");
            self.execute(insert.bind(id.clone()).bind(hash)).await?;
        }
        Ok(())
    }

    /// Uses up a recovery code; `false` when there is none such.
    pub async fn use_recovery_code(&mut self, account: Id, hash: String, now: Timestamp) -> Result<bool> {
        let update = q("UPDATE recovery_code SET used_at = $1 WHERE account_id = $2 AND code_hash = $3 \
                        AND used_at IS NULL");
        let update = update.bind(micros(now)).bind(account.to_string()).bind(hash);
        Ok(self.execute(update).await? > 0)
    }

    pub async fn insert_ticket(&mut self, hash: String, account: Id, now: Timestamp) -> Result<()> {
        let insert = q(
            "INSERT INTO sign_in_ticket (secret_hash, account_id, created_at, misses) VALUES ($1, $2, $3, 0)",
        );
        self.execute(insert.bind(hash).bind(account.to_string()).bind(micros(now))).await?;
        Ok(())
    }

    /// Counts a wrong code; after so many the password is asked for again.
    pub async fn miss_ticket(&mut self, hash: &str, misses_allowed: i64) -> Result<()> {
        let update = q("UPDATE sign_in_ticket SET misses = misses + 1 WHERE secret_hash = $1");
        self.execute(update.bind(hash.to_owned())).await?;
        let delete = q("DELETE FROM sign_in_ticket WHERE secret_hash = $1 AND misses >= $2");
        self.execute(delete.bind(hash.to_owned()).bind(misses_allowed)).await?;
        Ok(())
    }

    /// `false` when it was used or has ended meanwhile.
    pub async fn use_ticket(&mut self, hash: &str) -> Result<bool> {
        let delete = q("DELETE FROM sign_in_ticket WHERE secret_hash = $1").bind(hash.to_owned());
        Ok(self.execute(delete).await? > 0)
    }

    pub async fn delete_tickets_of(&mut self, account: Id) -> Result<()> {
        let delete = q("DELETE FROM sign_in_ticket WHERE account_id = $1").bind(account.to_string());
        self.execute(delete).await?;
        Ok(())
    }

    pub async fn delete_tickets_before(&mut self, time: Timestamp) -> Result<u64> {
        self.execute(q("DELETE FROM sign_in_ticket WHERE created_at < $1").bind(micros(time))).await
    }
}

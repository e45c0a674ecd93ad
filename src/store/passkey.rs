//! Passkeys of accounts, and challenges that were answered.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::account::Passkey;
use crate::domain::{Id, Timestamp};

type Row = (String, String, String, String, String, i64, i64, i64, Option<i64>);

const SELECT: &str = "SELECT id, account_id, name, credential_id, public_key, algorithm, counter, created_at, \
                      last_used_at FROM passkey";

fn passkey(
    (id, account, name, credential_id, public_key, algorithm, counter, created, used): Row,
) -> Option<Passkey> {
    Some(Passkey {
        id: id.parse().ok()?,
        account: account.parse().ok()?,
        name,
        credential_id,
        public_key,
        algorithm,
        counter: counter.try_into().ok()?,
        created_at: instant(created),
        last_used_at: used.map(instant),
    })
}

/// All passkeys, in the order in which they were added.
pub async fn all(db: &Db) -> Result<Vec<Passkey>> {
    let rows: Vec<Row> = db.all(q(format!("{SELECT} ORDER BY id"))).await?;
    Ok(rows.into_iter().filter_map(passkey).collect())
}

pub async fn of_account(on: impl Source, account: Id) -> Result<Vec<Passkey>> {
    let query = q(format!("{SELECT} WHERE account_id = $1 ORDER BY id")).bind(account.to_string());
    let rows: Vec<Row> = on.all(query).await?;
    Ok(rows.into_iter().filter_map(passkey).collect())
}

pub async fn by_credential(on: impl Source, credential_id: String) -> Result<Option<Passkey>> {
    let query = q(format!("{SELECT} WHERE credential_id = $1")).bind(credential_id);
    let row: Option<Row> = on.first(query).await?;
    Ok(row.and_then(passkey))
}

pub async fn by_id(on: impl Source, id: Id) -> Result<Option<Passkey>> {
    let row: Option<Row> = on.first(q(format!("{SELECT} WHERE id = $1")).bind(id.to_string())).await?;
    Ok(row.and_then(passkey))
}

impl Tx {
    /// Fails with [`StoreError::Taken`](super::StoreError::Taken) when the device's name for it is known already.
    pub async fn insert_passkey(&mut self, passkey: &Passkey) -> Result<()> {
        let insert =
            q("INSERT INTO passkey (id, account_id, name, credential_id, public_key, algorithm, counter, \
                        created_at, last_used_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, NULL)")
            .bind(passkey.id.to_string())
            .bind(passkey.account.to_string())
            .bind(passkey.name.clone())
            .bind(passkey.credential_id.clone())
            .bind(passkey.public_key.clone())
            .bind(passkey.algorithm)
            .bind(i64::from(passkey.counter))
            .bind(micros(passkey.created_at));
        self.execute(insert).await?;
        Ok(())
    }

    /// Writes down what a sign-in has changed; `false` when the passkey was removed or its counter moved meanwhile.
    pub async fn touch_passkey(&mut self, was: &Passkey, counter: u32, now: Timestamp) -> Result<bool> {
        let update = q("UPDATE passkey SET counter = $1, last_used_at = $2 WHERE id = $3 AND counter = $4");
        let update = update.bind(i64::from(counter)).bind(micros(now));
        let update = update.bind(was.id.to_string()).bind(i64::from(was.counter));
        Ok(self.execute(update).await? > 0)
    }

    pub async fn delete_passkey(&mut self, id: Id) -> Result<bool> {
        Ok(self.execute(q("DELETE FROM passkey WHERE id = $1").bind(id.to_string())).await? > 0)
    }

    pub async fn delete_passkeys_of(&mut self, account: Id) -> Result<u64> {
        self.execute(q("DELETE FROM passkey WHERE account_id = $1").bind(account.to_string())).await
    }

    /// `false` when it was answered before. What was answered before `limit` is forgotten.
    pub async fn use_passkey_challenge(
        &mut self,
        challenge_hash: String,
        now: Timestamp,
        limit: Timestamp,
    ) -> Result<bool> {
        let old = q("DELETE FROM passkey_challenge WHERE used_at < $1").bind(micros(limit));
        self.execute(old).await?;
        let insert = q("INSERT INTO passkey_challenge (challenge_hash, used_at) VALUES ($1, $2) \
                        ON CONFLICT (challenge_hash) DO NOTHING");
        Ok(self.execute(insert.bind(challenge_hash).bind(micros(now))).await? > 0)
    }
}

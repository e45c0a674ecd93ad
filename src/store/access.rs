//! Accounts, API tokens and sessions. Of secrets only SHA-256 hashes are kept.

use super::db::{Db, Source, Tx, q};
use super::error::Result;
use super::{instant, micros};
use crate::domain::account::{Account, ApiToken, Role};
use crate::domain::{Id, Timestamp};

type AccountRow = (String, String, String, String, String, i64, i64, i64);

fn account(
    (id, email, name, role, password_hash, created_at, factors, passkeys): AccountRow,
) -> Option<Account> {
    Some(Account {
        id: id.parse().ok()?,
        email,
        name,
        role: Role::parse(&role)?,
        password_hash,
        created_at: instant(created_at),
        has_second_factor: factors > 0,
        passkeys: usize::try_from(passkeys).unwrap_or(0),
    })
}

const COLUMNS: &str = "a.id, a.email, a.name, a.role, a.password_hash, a.created_at, (SELECT COUNT(*) FROM \
                       second_factor f WHERE f.account_id = a.id AND f.confirmed_at IS NOT NULL), (SELECT COUNT(*) \
                       FROM passkey p WHERE p.account_id = a.id)";

pub async fn account_by_email(on: impl Source, email: &str) -> Result<Option<Account>> {
    let row: Option<AccountRow> = on
        .first(q(format!("SELECT {COLUMNS} FROM account a WHERE a.email = $1")).bind(email.to_lowercase()))
        .await?;
    Ok(row.and_then(account))
}

pub async fn account_by_id(on: impl Source, id: Id) -> Result<Option<Account>> {
    let row: Option<AccountRow> =
        on.first(q(format!("SELECT {COLUMNS} FROM account a WHERE a.id = $1")).bind(id.to_string())).await?;
    Ok(row.and_then(account))
}

pub async fn accounts(db: &Db) -> Result<Vec<Account>> {
    let rows: Vec<AccountRow> =
        db.all(q(format!("SELECT {COLUMNS} FROM account a ORDER BY a.email"))).await?;
    Ok(rows.into_iter().filter_map(account).collect())
}

type TokenRow = (String, String, String, i64, Option<i64>, Option<i64>);

fn token((id, name, role, created_at, last_used_at, revoked_at): TokenRow) -> Option<ApiToken> {
    Some(ApiToken {
        id: id.parse().ok()?,
        name,
        role: Role::parse(&role)?,
        created_at: instant(created_at),
        last_used_at: last_used_at.map(instant),
        revoked_at: revoked_at.map(instant),
    })
}

const TOKEN: &str = "SELECT id, name, role, created_at, last_used_at, revoked_at FROM api_token";

/// The token with this secret's hash, unless it was revoked.
pub async fn token_by_hash(db: &Db, hash: &str) -> Result<Option<ApiToken>> {
    let row: Option<TokenRow> = db
        .first(q(format!("{TOKEN} WHERE secret_hash = $1 AND revoked_at IS NULL")).bind(hash.to_owned()))
        .await?;
    Ok(row.and_then(token))
}

pub async fn tokens(db: &Db) -> Result<Vec<ApiToken>> {
    let rows: Vec<TokenRow> = db.all(q(format!("{TOKEN} ORDER BY id"))).await?;
    Ok(rows.into_iter().filter_map(token).collect())
}

/// The account of a living session, when it was last used, and whether an identity provider let them in: seen after
/// `idle_since` and made after `begun_since`.
pub async fn session_account(
    db: &Db,
    hash: &str,
    idle_since: Timestamp,
    begun_since: Timestamp,
) -> Result<Option<(Account, Timestamp, bool)>> {
    type Row = (String, String, String, String, String, i64, i64, i64, i64, i64);
    let row: Option<Row> = db
        .first(
            q(format!(
                "SELECT {COLUMNS}, s.seen_at, s.by_provider FROM session s JOIN account a ON a.id = s.account_id \
                 WHERE s.secret_hash = $1 AND s.seen_at > $2 AND s.created_at > $3"
            ))
            .bind(hash.to_owned())
            .bind(micros(idle_since))
            .bind(micros(begun_since)),
        )
        .await?;
    Ok(row.and_then(|(id, email, name, role, hash, created, factors, passkeys, seen, by_provider)| {
        let account = account((id, email, name, role, hash, created, factors, passkeys))?;
        Some((account, instant(seen), by_provider != 0))
    }))
}

/// A session that is alive, as its owner sees it.
#[derive(Debug, Clone)]
pub struct OpenSession {
    pub secret_hash: String,
    pub created_at: Timestamp,
    pub seen_at: Timestamp,
    pub user_agent: String,
}

/// The living sessions of an account, the one used last first.
pub async fn sessions_of(
    db: &Db,
    account: Id,
    idle_since: Timestamp,
    begun_since: Timestamp,
) -> Result<Vec<OpenSession>> {
    let rows: Vec<(String, i64, i64, String)> = db
        .all(
            q("SELECT secret_hash, created_at, seen_at, user_agent FROM session \
               WHERE account_id = $1 AND seen_at > $2 AND created_at > $3 ORDER BY seen_at DESC LIMIT 100")
            .bind(account.to_string())
            .bind(micros(idle_since))
            .bind(micros(begun_since)),
        )
        .await?;
    let session = |(secret_hash, created, seen, user_agent)| OpenSession {
        secret_hash,
        created_at: instant(created),
        seen_at: instant(seen),
        user_agent,
    };
    Ok(rows.into_iter().map(session).collect())
}

impl Tx {
    pub async fn insert_account(&mut self, account: &Account) -> Result<()> {
        self.execute(
            q("INSERT INTO account (id, email, name, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)")
                .bind(account.id.to_string())
                .bind(account.email.to_lowercase())
                .bind(account.name.clone())
                .bind(account.role.as_str())
                .bind(account.password_hash.clone())
                .bind(micros(account.created_at)),
        )
        .await?;
        Ok(())
    }

    pub async fn set_role(&mut self, account: Id, role: Role) -> Result<()> {
        let update = q("UPDATE account SET role = $1 WHERE id = $2");
        self.execute(update.bind(role.as_str()).bind(account.to_string())).await?;
        Ok(())
    }

    /// Takes an account away with its sessions, its second factor, its passkeys and what was begun with it.
    pub async fn delete_account(&mut self, account: Id) -> Result<()> {
        self.delete_second_factor(account).await?;
        self.delete_passkeys_of(account).await?;
        self.delete_tickets_of(account).await?;
        self.execute(q("DELETE FROM session WHERE account_id = $1").bind(account.to_string())).await?;
        self.execute(q("DELETE FROM account WHERE id = $1").bind(account.to_string())).await?;
        Ok(())
    }

    /// Whether somebody else is an administrator; nobody can change that until this transaction has ended.
    pub async fn has_other_admin(&mut self, account: Id) -> Result<bool> {
        // Takes the lock of every administrator's row, so that two cannot remove each other at once.
        self.execute(q("UPDATE account SET role = role WHERE role = 'admin'")).await?;
        let others = q("SELECT COUNT(*) FROM account WHERE role = 'admin' AND id <> $1");
        let row: Option<(i64,)> = self.first(others.bind(account.to_string())).await?;
        Ok(row.is_some_and(|(count,)| count > 0))
    }

    /// Changes a password and ends every session of the account and every sign-in that was begun.
    pub async fn set_password(&mut self, account: Id, password_hash: String) -> Result<()> {
        self.delete_tickets_of(account).await?;
        self.execute(
            q("UPDATE account SET password_hash = $1 WHERE id = $2")
                .bind(password_hash)
                .bind(account.to_string()),
        )
        .await?;
        self.execute(q("DELETE FROM session WHERE account_id = $1").bind(account.to_string())).await?;
        Ok(())
    }

    pub async fn insert_token(&mut self, token: &ApiToken, secret_hash: String) -> Result<()> {
        self.execute(
            q("INSERT INTO api_token (id, name, role, secret_hash, created_at) VALUES ($1, $2, $3, $4, $5)")
                .bind(token.id.to_string())
                .bind(token.name.clone())
                .bind(token.role.as_str())
                .bind(secret_hash)
                .bind(micros(token.created_at)),
        )
        .await?;
        Ok(())
    }

    /// Whether there was such a token.
    pub async fn revoke_token(&mut self, id: Id, now: Timestamp) -> Result<bool> {
        let rows = self
            .execute(
                q("UPDATE api_token SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL")
                    .bind(micros(now))
                    .bind(id.to_string()),
            )
            .await?;
        Ok(rows > 0)
    }

    pub async fn insert_session(
        &mut self,
        secret_hash: String,
        account: Id,
        user_agent: String,
        by_provider: bool,
        now: Timestamp,
    ) -> Result<()> {
        self.execute(
            q("INSERT INTO session (secret_hash, account_id, created_at, seen_at, user_agent, by_provider) \
               VALUES ($1, $2, $3, $3, $4, $5)")
            .bind(secret_hash)
            .bind(account.to_string())
            .bind(micros(now))
            .bind(user_agent)
            .bind(i64::from(by_provider)),
        )
        .await?;
        Ok(())
    }

    pub async fn touch_session(&mut self, secret_hash: &str, now: Timestamp) -> Result<()> {
        self.execute(
            q("UPDATE session SET seen_at = $1 WHERE secret_hash = $2")
                .bind(micros(now))
                .bind(secret_hash.to_owned()),
        )
        .await?;
        Ok(())
    }

    pub async fn delete_session(&mut self, secret_hash: &str) -> Result<()> {
        self.execute(q("DELETE FROM session WHERE secret_hash = $1").bind(secret_hash.to_owned())).await?;
        Ok(())
    }

    /// Ends every session of an account but one.
    pub async fn delete_other_sessions(&mut self, account: Id, secret_hash: &str) -> Result<u64> {
        let delete = q("DELETE FROM session WHERE account_id = $1 AND secret_hash <> $2");
        self.execute(delete.bind(account.to_string()).bind(secret_hash.to_owned())).await
    }

    pub async fn delete_sessions_idle_since(&mut self, idle_since: Timestamp) -> Result<u64> {
        self.execute(q("DELETE FROM session WHERE seen_at <= $1").bind(micros(idle_since))).await
    }
}

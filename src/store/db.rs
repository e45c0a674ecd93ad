//! One query builder over two drivers: the SQL text, its values and its rows are written once.
//!
//! Both databases take `$1` placeholders. A value is kept as a closure until it is known which
//! driver's argument list it goes into; rows are read by `#[derive(FromRow)]`, which is generic.

use std::borrow::Cow;
use std::future::Future;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::time::Duration;

use futures_util::TryStreamExt as _;
use sqlx::postgres::{PgArguments, PgPool, PgPoolOptions, PgRow};
use sqlx::sqlite::{
    SqliteArguments, SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteRow,
    SqliteSynchronous,
};
use sqlx::{Arguments as _, AssertSqlSafe, Encode, FromRow, Postgres, Sqlite, Type};

use super::error::{Result, StoreError};

/// A value that both drivers can send.
pub trait Bindable:
    Send + for<'q> Encode<'q, Sqlite> + Type<Sqlite> + for<'q> Encode<'q, Postgres> + Type<Postgres> + 'static
{
}
impl<T> Bindable for T where
    T: Send
        + for<'q> Encode<'q, Sqlite>
        + Type<Sqlite>
        + for<'q> Encode<'q, Postgres>
        + Type<Postgres>
        + 'static
{
}

/// A row that both drivers can read.
pub trait FromDb: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}
impl<T> FromDb for T where T: Send + Unpin + for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> {}

enum Arguments {
    Lite(SqliteArguments),
    Pg(PgArguments),
}

type Bind = Box<dyn FnOnce(&mut Arguments) -> std::result::Result<(), sqlx::error::BoxDynError> + Send>;

/// A statement with its values.
pub struct Query {
    sql: Cow<'static, str>,
    binds: Vec<Bind>,
}

/// Begins a statement. Text made at run time may hold placeholders and column names only, never values.
pub fn q(sql: impl Into<Cow<'static, str>>) -> Query {
    Query { sql: sql.into(), binds: Vec::new() }
}

impl Query {
    pub fn bind<T: Bindable>(mut self, value: T) -> Self {
        self.binds.push(Box::new(move |arguments| match arguments {
            Arguments::Lite(a) => a.add(value),
            Arguments::Pg(a) => a.add(value),
        }));
        self
    }

    fn lite(self) -> sqlx::Result<(AssertSqlSafe<String>, SqliteArguments)> {
        let mut arguments = Arguments::Lite(SqliteArguments::default());
        for bind in self.binds {
            bind(&mut arguments).map_err(sqlx::Error::Encode)?;
        }
        match arguments {
            Arguments::Lite(a) => Ok((AssertSqlSafe(self.sql.into_owned()), a)),
            Arguments::Pg(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }

    fn pg(self) -> sqlx::Result<(AssertSqlSafe<String>, PgArguments)> {
        let mut arguments = Arguments::Pg(PgArguments::default());
        for bind in self.binds {
            bind(&mut arguments).map_err(sqlx::Error::Encode)?;
        }
        match arguments {
            Arguments::Pg(a) => Ok((AssertSqlSafe(self.sql.into_owned()), a)),
            Arguments::Lite(_) => Err(sqlx::Error::WorkerCrashed),
        }
    }
}

/// `$2, $3, $4`: placeholders for an IN list.
pub fn marks(from: usize, count: usize) -> String {
    (from..from + count).map(|i| format!("${i}")).collect::<Vec<_>>().join(", ")
}

/// Samples the tables that have grown much since the last time.
const STATISTICS: &str = "PRAGMA analysis_limit = 1000; PRAGMA optimize = 0x10002;";

#[derive(Clone, Debug)]
pub enum Db {
    /// WAL mode: many readers beside the one writer that SQLite allows.
    Lite {
        read: SqlitePool,
        write: SqlitePool,
    },
    Pg(PgPool),
}

/// A write in progress; dropped without [`Tx::commit`] it never happened.
pub enum Tx {
    Lite(sqlx::Transaction<'static, Sqlite>),
    Pg(sqlx::Transaction<'static, Postgres>, Turn),
}

/// Whether a transaction on PostgreSQL is the one that writes records; on SQLite every one that writes is.
#[derive(Debug, Default, Clone, Copy)]
pub struct Turn {
    is_held: bool,
    was_held_at_savepoint: bool,
}

/// Where a query can run: outside a transaction (reads only) or inside one.
pub trait Source: Send {
    fn all<T: FromDb>(self, query: Query) -> impl Future<Output = Result<Vec<T>>> + Send;

    fn first<T: FromDb>(self, query: Query) -> impl Future<Output = Result<Option<T>>> + Send
    where
        Self: Sized,
    {
        async move { Ok(self.all(query).await?.into_iter().next()) }
    }
}

impl Source for &Db {
    async fn all<T: FromDb>(self, query: Query) -> Result<Vec<T>> {
        Ok(match self {
            Db::Lite { read, .. } => {
                let (sql, arguments) = query.lite()?;
                sqlx::query_as_with::<Sqlite, T, _>(sql, arguments).fetch_all(read).await?
            }
            Db::Pg(pool) => {
                let (sql, arguments) = query.pg()?;
                sqlx::query_as_with::<Postgres, T, _>(sql, arguments).fetch_all(pool).await?
            }
        })
    }
}

impl Source for &mut Tx {
    async fn all<T: FromDb>(self, query: Query) -> Result<Vec<T>> {
        Ok(match self {
            Tx::Lite(tx) => {
                let (sql, arguments) = query.lite()?;
                sqlx::query_as_with::<Sqlite, T, _>(sql, arguments).fetch_all(&mut **tx).await?
            }
            Tx::Pg(tx, _) => {
                let (sql, arguments) = query.pg()?;
                sqlx::query_as_with::<Postgres, T, _>(sql, arguments).fetch_all(&mut **tx).await?
            }
        })
    }
}

/// Makes the database's file, if it is missing, so that only its owner can read it; the files beside it follow. What
/// stands in the way is told when the file is opened.
fn make_private_file(path: &Path) {
    drop(std::fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(path));
}

impl Db {
    /// Opens a SQLite file, made when it is missing.
    pub async fn open_sqlite(path: &Path) -> Result<Self> {
        make_private_file(path);
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .foreign_keys(true)
            .journal_mode(SqliteJournalMode::Wal)
            // An answer says "safe" only after fsync; NORMAL would lose the last writes on power loss.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(Duration::from_secs(5))
            .pragma("cache_size", "-2000")
            .statement_cache_capacity(128);
        let write = SqlitePoolOptions::new()
            .max_connections(1)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.clone())
            .await?;
        // Before anybody reads: a connection knows of the statistics that were there when it was opened.
        sqlx::raw_sql(STATISTICS).execute(&write).await?;
        let read = SqlitePoolOptions::new()
            .max_connections(4)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options.read_only(true))
            .await?;
        Ok(Self::Lite { read, write })
    }

    /// Connects to PostgreSQL by URL.
    pub async fn open_postgres(url: &str) -> Result<Self> {
        let pool = PgPoolOptions::new()
            .max_connections(12)
            .acquire_timeout(Duration::from_secs(5))
            .connect(url)
            .await?;
        Ok(Self::Pg(pool))
    }

    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Pg(_))
    }

    pub async fn begin(&self) -> Result<Tx> {
        Ok(match self {
            // IMMEDIATE: a transaction that begins by reading could otherwise fail when it wants to write.
            Self::Lite { write, .. } => Tx::Lite(write.begin_with("BEGIN IMMEDIATE").await?),
            Self::Pg(pool) => Tx::Pg(pool.begin().await?, Turn::default()),
        })
    }

    /// A read-only transaction that sees the database as it is at its first read, however long it takes;
    /// nobody waits for it.
    pub async fn snapshot(&self) -> Result<Tx> {
        Ok(match self {
            Self::Lite { read, .. } => Tx::Lite(read.begin().await?),
            Self::Pg(pool) => {
                let tx = pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
                Tx::Pg(tx, Turn::default())
            }
        })
    }

    /// Runs one statement in a transaction of its own.
    pub async fn execute(&self, query: Query) -> Result<u64> {
        let mut tx = self.begin().await?;
        let rows = tx.execute(query).await?;
        tx.commit().await?;
        Ok(rows)
    }

    pub async fn ping(&self) -> Result<()> {
        let _: Vec<(i64,)> = self.all(q("SELECT CAST(1 AS BIGINT)")).await?;
        Ok(())
    }

    /// Looks how much there is of what, for better plans; PostgreSQL does so by itself.
    pub async fn gather_statistics(&self) -> Result<()> {
        if let Self::Lite { write, .. } = self {
            sqlx::raw_sql(STATISTICS).execute(write).await?;
        }
        Ok(())
    }

    pub async fn close(&self) {
        match self {
            Self::Lite { read, write } => {
                read.close().await;
                write.close().await;
            }
            Self::Pg(pool) => pool.close().await,
        }
    }
}

impl Tx {
    pub const fn is_postgres(&self) -> bool {
        matches!(self, Self::Pg(..))
    }

    /// Rows that the statement changed.
    pub async fn execute(&mut self, query: Query) -> Result<u64> {
        Ok(match self {
            Self::Lite(tx) => {
                let (sql, arguments) = query.lite()?;
                sqlx::query_with(sql, arguments).execute(&mut **tx).await?.rows_affected()
            }
            Self::Pg(tx, _) => {
                let (sql, arguments) = query.pg()?;
                sqlx::query_with(sql, arguments).execute(&mut **tx).await?.rows_affected()
            }
        })
    }

    /// Hands over the rows one by one, however many there are.
    pub async fn each<T: FromDb, E: From<StoreError>>(
        &mut self,
        query: Query,
        mut take: impl FnMut(T) -> std::result::Result<(), E> + Send,
    ) -> std::result::Result<(), E> {
        match self {
            Self::Lite(tx) => {
                let (sql, arguments) = query.lite().map_err(StoreError::from)?;
                let mut rows = sqlx::query_as_with::<Sqlite, T, _>(sql, arguments).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    take(row)?;
                }
            }
            Self::Pg(tx, _) => {
                let (sql, arguments) = query.pg().map_err(StoreError::from)?;
                let mut rows = sqlx::query_as_with::<Postgres, T, _>(sql, arguments).fetch(&mut **tx);
                while let Some(row) = rows.try_next().await.map_err(StoreError::from)? {
                    take(row)?;
                }
            }
        }
        Ok(())
    }

    /// Runs several statements without values.
    pub(super) async fn script(&mut self, sql: String) -> Result<()> {
        match self {
            Self::Lite(tx) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **tx).await?;
            }
            Self::Pg(tx, _) => {
                sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut **tx).await?;
            }
        }
        Ok(())
    }

    /// Waits until no other transaction writes records, and lets none write until this one ends. To be called before
    /// anything is read that the write relies on, and before any other row is locked: all writers line up here, so
    /// none can hold what another one needs.
    pub async fn take_turn(&mut self) -> Result<()> {
        if !matches!(self, Self::Pg(_, turn) if !turn.is_held) {
            return Ok(());
        }
        let _: Option<(i64,)> =
            self.first(q("SELECT value FROM sequence WHERE name = 'change_log' FOR UPDATE")).await?;
        if let Self::Pg(_, turn) = self {
            turn.is_held = true;
        }
        Ok(())
    }

    /// Marks a point to which [`Tx::undo`] can go back without giving up the transaction.
    pub async fn savepoint(&mut self) -> Result<()> {
        if let Self::Pg(_, turn) = self {
            turn.was_held_at_savepoint = turn.is_held;
        }
        self.script("SAVEPOINT point".to_owned()).await
    }

    /// Lets go of the last savepoint; what was done since stays.
    pub async fn keep(&mut self) -> Result<()> {
        self.script("RELEASE SAVEPOINT point".to_owned()).await
    }

    /// Undoes what was done since the last savepoint.
    pub async fn undo(&mut self) -> Result<()> {
        // Locks that were taken since are given back with the rest.
        if let Self::Pg(_, turn) = self {
            turn.is_held = turn.was_held_at_savepoint;
        }
        self.script("ROLLBACK TO SAVEPOINT point; RELEASE SAVEPOINT point".to_owned()).await
    }

    pub async fn commit(self) -> Result<()> {
        match self {
            Self::Lite(tx) => tx.commit().await?,
            Self::Pg(tx, _) => tx.commit().await?,
        }
        Ok(())
    }
}

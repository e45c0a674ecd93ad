//! What every black-box test needs: a newsroom of its own on either engine, servers that start and die, a
//! client, pictures, and patience with a limit.

mod client;
mod engine;
mod identity_provider;
pub mod images;
mod mail_server;
mod multipart;
mod postgres;
mod server;
mod tools;

use std::sync::LazyLock;

pub use client::{Answer, Client, id_of, percent};
pub use engine::{Engine, Newsroom};
pub use identity_provider::{CLIENT, Fault, IdentityProvider, SECRET};
pub use mail_server::MailServer;
pub use multipart::{Filling, Part};
pub use postgres::OwnPostgres;
pub use server::{Server, parent_of};
pub use tools::{
    eventually, files_under, now, public_url_of_photo, run, run_ok, sleep_ms, soon, temp_dir, test_variable,
    unhurried, unzip_all, zip_names,
};

/// How a test is set up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setup {
    /// Beside others.
    Shared,
    /// Alone on the machine, because it measures time or memory.
    Alone,
    /// Beside others, on storage that no binary has touched yet.
    Bare,
}

static MACHINE: LazyLock<tokio::sync::RwLock<()>> = LazyLock::new(|| tokio::sync::RwLock::new(()));

/// Runs a test body on a fresh newsroom.
pub async fn on<F>(engine: Engine, setup: Setup, body: F)
where
    F: AsyncFnOnce(&Newsroom),
{
    let _others = if setup == Setup::Alone { None } else { Some(MACHINE.read().await) };
    let _nobody = if setup == Setup::Alone { Some(MACHINE.write().await) } else { None };
    let room = match setup {
        Setup::Bare => Newsroom::bare(engine).await,
        Setup::Shared | Setup::Alone => Newsroom::fresh(engine).await,
    };
    body(&room).await;
}

/// Writes each named `async fn(room: &Newsroom)` once and makes two tests of it: on SQLite with a folder and on
/// PostgreSQL with S3. A [`Setup`] other than `Shared` stands in front, followed by a colon.
macro_rules! on_both_engines {
    ($setup:ident: $($name:ident),+ $(,)?) => { $( on_both_engines!(@one $setup, $name); )+ };
    ($($name:ident),+ $(,)?) => { $( on_both_engines!(@one Shared, $name); )+ };
    (@one $setup:ident, $name:ident) => {
        mod $name {
            use $crate::harness::{Engine, Setup, on};

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_disk() {
                on(Engine::SqliteDisk, Setup::$setup, super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_s3() {
                on(Engine::PostgresS3, Setup::$setup, super::$name).await;
            }
        }
    };
}

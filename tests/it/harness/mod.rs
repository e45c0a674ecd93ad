//! What every black-box test needs: a newsroom of its own on either engine, servers that start and die, a
//! client, pictures, and patience with a limit.

mod client;
mod engine;
pub mod images;
mod multipart;
mod postgres;
mod server;
mod tools;

use std::sync::LazyLock;

pub use client::{Client, id_of, percent};
pub use engine::{Engine, Newsroom};
pub use multipart::{Filling, Part};
pub use postgres::OwnPostgres;
pub use server::Server;
pub use tools::{
    eventually, files_under, now, public_url_of_photo, run, run_ok, sleep_ms, test_variable, unzip_all,
    zip_names,
};

/// Tests run side by side; one that measures time or memory has the machine for itself.
static MACHINE: LazyLock<tokio::sync::RwLock<()>> = LazyLock::new(|| tokio::sync::RwLock::new(()));

/// Runs a test body on a fresh newsroom.
pub async fn on<F>(engine: Engine, alone: bool, body: F)
where
    F: AsyncFnOnce(&Newsroom),
{
    let _others = if alone { None } else { Some(MACHINE.read().await) };
    let _nobody = if alone { Some(MACHINE.write().await) } else { None };
    let room = Newsroom::fresh(engine).await;
    body(&room).await;
}

/// Writes each named `async fn(room: &Newsroom)` once and makes two tests of it: on SQLite with a folder and on
/// PostgreSQL with S3. With `alone:` in front, nothing else runs meanwhile.
macro_rules! on_both_engines {
    (alone: $($name:ident),+ $(,)?) => { $( on_both_engines!(@one true, $name); )+ };
    ($($name:ident),+ $(,)?) => { $( on_both_engines!(@one false, $name); )+ };
    (@one $alone:literal, $name:ident) => {
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite_disk() {
                $crate::harness::on($crate::harness::Engine::SqliteDisk, $alone, super::$name).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres_s3() {
                $crate::harness::on($crate::harness::Engine::PostgresS3, $alone, super::$name).await;
            }
        }
    };
}

//! A newsroom's place: the database and blobs that outlive any server on it.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use sqlx::{Connection, PgConnection};
use tempfile::TempDir;

use super::server::Server;
use super::tools::{Output, name_the_crypto_provider, temp_dir, test_variable};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    SqliteDisk,
    PostgresS3,
}

/// One newsroom: its engine, its folder, its database and blobs, and an administrator's token.
pub struct Newsroom {
    pub engine: Engine,
    dir: TempDir,
    /// The data folder of the first node.
    data: PathBuf,
    variables: Vec<(String, String)>,
    token: String,
}

impl Newsroom {
    /// An empty newsroom: a fresh folder, or a fresh database and a fresh prefix in the bucket.
    pub async fn fresh(engine: Engine) -> Self {
        Self::bare(engine).await.with_token()
    }

    /// Storage without anything in it: not even a schema.
    pub async fn bare(engine: Engine) -> Self {
        name_the_crypto_provider();
        let variables = match engine {
            Engine::SqliteDisk => Vec::new(),
            Engine::PostgresS3 => {
                let name = unique_name();
                vec![
                    ("PRESSROOM_DATABASE_URL".to_owned(), fresh_database(&name).await),
                    ("PRESSROOM_BLOB_URL".to_owned(), fresh_bucket_prefix(&name)),
                ]
            }
        };
        let dir = temp_dir();
        let data = dir.path().join("data");
        std::fs::create_dir(&data).unwrap();
        Self { engine, data, dir, variables, token: String::new() }
    }

    /// On a PostgreSQL of the test's own, with blobs in a folder.
    pub fn on_database(url: &str) -> Self {
        let variables = vec![("PRESSROOM_DATABASE_URL".to_owned(), url.to_owned())];
        let dir = temp_dir();
        let data = dir.path().join("data");
        Self { engine: Engine::PostgresS3, dir, data, variables, token: String::new() }.with_token()
    }

    /// With its data in a folder that the test prepared (a small disk, say).
    pub fn in_folder(data: &Path) -> Self {
        let data = data.to_owned();
        Self {
            engine: Engine::SqliteDisk,
            dir: temp_dir(),
            data,
            variables: Vec::new(),
            token: String::new(),
        }
        .with_token()
    }

    fn with_token(self) -> Self {
        let token = self.token_for("admin");
        Self { token, ..self }
    }

    /// An empty newsroom on the same engine, for what was exported or backed up from this one.
    pub async fn another(&self) -> Self {
        Self::fresh(self.engine).await
    }

    pub fn token(&self) -> &str {
        &self.token
    }

    /// A folder for the test's own files, beside the data.
    pub fn folder(&self) -> &Path {
        self.dir.path()
    }

    /// Adds a line to the first node's `pressroom.toml`, and the storage with the first of them, so that the library
    /// finds what the binary is told by its environment.
    pub fn configure(&self, name: &str, value: &str) {
        let file = self.data.join("pressroom.toml");
        let mut text = std::fs::read_to_string(&file).unwrap_or_else(|_| {
            let name = |variable: &str| variable.trim_start_matches("PRESSROOM_").to_lowercase();
            self.variables.iter().map(|(key, value)| format!("{} = {value:?}\n", name(key))).collect()
        });
        text.push_str(&format!("{name} = {value:?}\n"));
        std::fs::write(file, text).unwrap();
    }

    /// The data folder of the first node.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The address of the PostgreSQL database, on that engine.
    pub fn database_url(&self) -> Option<&str> {
        self.variables.iter().find(|(name, _)| name == "PRESSROOM_DATABASE_URL").map(|(_, url)| url.as_str())
    }

    /// Where the blobs are, on S3.
    pub fn blob_url(&self) -> Option<&str> {
        self.variables.iter().find(|(name, _)| name == "PRESSROOM_BLOB_URL").map(|(_, url)| url.as_str())
    }

    /// Starts the first node.
    pub async fn start(&self) -> Server {
        self.start_node(self.data()).await
    }

    /// Starts a node with a data folder of its own; on PostgreSQL and S3 it joins the same newsroom.
    pub async fn start_second(&self) -> Server {
        self.start_node(&self.dir.path().join("second")).await
    }

    async fn start_node(&self, data: &Path) -> Server {
        Server::start(self.command(), data, &self.dir.path().join("log"), &self.token).await
    }

    /// The built binary with this newsroom's settings; arguments are still to be added.
    pub fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_pressroom"));
        for (name, _) in std::env::vars() {
            if name.starts_with("PRESSROOM_") || name.to_ascii_lowercase().ends_with("_proxy") {
                command.env_remove(name);
            }
        }
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command.stdin(Stdio::null()).current_dir(self.dir.path());
        command
    }

    /// Runs a command of the binary, `--data` included.
    pub fn cli<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Output {
        let output = self.command().args(arguments).arg("--data").arg(self.data()).output().unwrap();
        Output {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }

    /// As [`Newsroom::cli`], for what must succeed; gives its standard output.
    #[track_caller]
    pub fn cli_ok<S: AsRef<OsStr>>(&self, arguments: &[S]) -> String {
        let output = self.cli(arguments);
        assert_eq!(output.code, 0, "{}\n{}", output.stdout, output.stderr);
        output.stdout
    }

    /// A new token of a role, made on the command line.
    pub fn token_for(&self, role: &str) -> String {
        let printed = self.cli_ok(&["token", "create", "--name", "test", "--role", role]);
        let token = printed.trim_end_matches('\n');
        assert!(!token.is_empty() && !token.contains(char::is_whitespace), "Not a token alone: {printed:?}");
        token.to_owned()
    }
}

fn unique_name() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    format!("t{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed))
}

async fn fresh_database(name: &str) -> String {
    let server = test_variable("PRESSROOM_TEST_POSTGRES_URL");
    let mut connection = PgConnection::connect(&server).await.expect("the PostgreSQL of tests/run answers");
    sqlx::raw_sql(sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}")))
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let mut url = url::Url::parse(&server).unwrap();
    url.set_path(name);
    url.to_string()
}

fn fresh_bucket_prefix(name: &str) -> String {
    let _endpoint = test_variable("PRESSROOM_TEST_S3_ENDPOINT");
    format!("s3://{}/{name}", test_variable("PRESSROOM_TEST_S3_BUCKET"))
}

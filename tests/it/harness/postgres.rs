//! A PostgreSQL of a test's own, to be taken away and given back.

use std::net::TcpListener;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::tools::{run_ok, temp_dir};

pub struct OwnPostgres {
    dir: TempDir,
    port: u16,
}

impl OwnPostgres {
    pub fn start() -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let own = Self { dir: temp_dir(), port };
        // The server's own user has to pass through.
        std::fs::set_permissions(own.dir.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755))
            .unwrap();
        own.give_back();
        own
    }

    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }

    pub fn take_away(&self) {
        run_ok(&control(), &["stop", &self.folder()]);
    }

    pub fn give_back(&self) {
        run_ok(&control(), &["start", &self.folder(), &self.port.to_string()]);
    }

    fn folder(&self) -> String {
        self.dir.path().join("pg").to_string_lossy().into_owned()
    }
}

impl Drop for OwnPostgres {
    fn drop(&mut self) {
        let _ = std::process::Command::new(control()).args(["stop", &self.folder()]).status();
    }
}

fn control() -> String {
    let path: PathBuf = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/postgres");
    path.to_string_lossy().into_owned()
}

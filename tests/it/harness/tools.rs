//! Other people's programs, waiting, and where things lie.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};

use pressroom::domain::clock::{Clock, SystemClock};
use serde_json::Value;

/// A variable that `tests/run` sets. Its absence fails the test: what is skipped is not known to work.
pub fn test_variable(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: start the tests with tests/run, or one with tests/run with cargo test --test it NAME")
    })
}

/// A fresh folder that goes with its guard. Its path is short enough for a socket.
pub fn temp_dir() -> tempfile::TempDir {
    tempfile::Builder::new()
        .prefix("t")
        .rand_bytes(5)
        .tempdir_in(test_variable("PRESSROOM_TEST_TMP"))
        .unwrap()
}

/// The build has one crypto provider and no default: whoever makes an HTTP client in this process must name it,
/// even for plain HTTP.
pub fn name_the_crypto_provider() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

pub fn now() -> jiff::Timestamp {
    SystemClock.now()
}

/// So many seconds, or more where others keep the machine busy: what has to happen before a moment comes, happens.
pub fn unhurried(secs: i64) -> i64 {
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let waiting: f64 = load.split(' ').next().and_then(|figure| figure.parse().ok()).unwrap_or(0.0);
    let cores = std::thread::available_parallelism().map_or(1.0, |count| count.get() as f64);
    (secs as f64 * (waiting / cores).clamp(1.0, 4.0)).ceil() as i64
}

/// A moment in so many [`unhurried`] seconds.
pub fn soon(secs: i64) -> jiff::Timestamp {
    now() + jiff::SignedDuration::from_secs(unhurried(secs))
}

pub async fn sleep_ms(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

/// Asks until there is an answer; panics with `what` once `limit_secs` have passed. Seconds of a machine that others keep
/// busy are as long as so many questions take there.
pub async fn eventually<T, F, Fut>(limit_secs: f64, what: &str, mut ask: F) -> T
where
    F: FnMut() -> Fut,
    Fut: Future<Output = Option<T>>,
{
    const ASKED_PER_SECOND: f64 = 20.0;
    let limit = Duration::from_secs_f64(limit_secs);
    let at_least = (limit_secs * ASKED_PER_SECOND) as u32;
    let began = Instant::now();
    let mut asked = 0;
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        asked += 1;
        assert!(began.elapsed() < limit || asked < at_least, "Waited {limit_secs} s in vain: {what}");
        sleep_ms(25).await;
    }
}

pub struct Output {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

/// Runs a program to its end; both of its streams come back as text.
pub fn run<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Output {
    let output = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .output()
        .unwrap_or_else(|error| panic!("{program} could not be started: {error}"));
    Output {
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Like [`run`], for what must succeed; gives its standard output.
pub fn run_ok<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> String {
    let output = run(program, arguments);
    assert_eq!(output.code, 0, "{program} failed\n{}\n{}", output.stdout, output.stderr);
    output.stdout
}

/// The names in an archive, in its order, as Info-ZIP reads them.
pub fn zip_names(archive: &Path) -> Vec<String> {
    run_ok("unzip", &[OsStr::new("-Z1"), archive.as_os_str()]).lines().map(str::to_owned).collect()
}

/// Tests and unpacks an archive with Info-ZIP and gives every file's bytes by its name.
pub fn unzip_all(archive: &[u8]) -> BTreeMap<String, Vec<u8>> {
    let dir = temp_dir();
    let file = dir.path().join("archive.zip");
    std::fs::write(&file, archive).unwrap();
    run_ok("unzip", &[OsStr::new("-tq"), file.as_os_str()]);
    let out = dir.path().join("out");
    run_ok("unzip", &[OsStr::new("-q"), file.as_os_str(), OsStr::new("-d"), out.as_os_str()]);
    files_under(&out)
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&out).unwrap().to_string_lossy().into_owned();
            (name, std::fs::read(path).unwrap())
        })
        .collect()
}

/// Every regular file under a folder.
pub fn files_under(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// The photo page of an asset, taken from the address of one of its renditions: `/photos/{slug}`.
pub fn public_url_of_photo(asset: &Value) -> String {
    let rendition = asset["renditions"][0]["url"].as_str().expect("an asset with renditions");
    rendition.rsplit_once('/').expect("a path").0.to_owned()
}

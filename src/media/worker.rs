//! Decoding in a process of its own: what a hostile file breaks there, it breaks alone.
//!
//! The parent starts this same program with a hidden subcommand, writes the request as JSON to its input and
//! reads one line of JSON from its output. The child limits itself before it looks at the request.

pub use niceness::Niceness;

use guard::Guard;

use super::{MediaError, RenderReport, RenderRequest, Watch, render_watched};
use crate::domain::asset::is_film;
use rustix::process::{Resource, Rlimit, setrlimit};
use serde::{Deserialize, Serialize};
use std::any::Any;
use std::io::{Read, Write};
use std::os::unix::process::ExitStatusExt;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::process::{ExitCode, ExitStatus, Stdio};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};

/// The hidden subcommand that the command line hands to [`child_main`].
pub const SUBCOMMAND: &str = "render-worker";

/// The program that is running, also after an update has put another one in its place.
const OWN_PROGRAM: &str = "/proc/self/exe";

/// A report is a few kilobytes, a long description included.
const MAX_ANSWER_BYTES: u64 = 4 * 1024 * 1024;
const MAX_COMPLAINT_BYTES: u64 = 16 * 1024;
const MAX_REQUEST_BYTES: u64 = 4 * 1024 * 1024;
const OPEN_FILES: u64 = 64;

const BACKGROUND_PATIENCE: u32 = 5;

/// What a render process may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkerLimits {
    /// Address space, which covers code, stacks and all pixels.
    pub memory_bytes: u64,
    /// Processor time over all threads.
    pub cpu_secs: u64,
    /// Largest file that may be written.
    pub file_bytes: u64,
    /// Time on the clock, after which the process is killed; in the background, where it may get little of the
    /// processors, [`BACKGROUND_PATIENCE`] times as long.
    pub wall_time: Duration,
    /// The program to start; by default the one that is running.
    pub executable: Option<PathBuf>,
}

impl Default for WorkerLimits {
    fn default() -> Self {
        Self {
            memory_bytes: 2 * 1024 * 1024 * 1024,
            cpu_secs: 120,
            file_bytes: 1024 * 1024 * 1024,
            wall_time: Duration::from_secs(180),
            executable: None,
        }
    }
}

impl WorkerLimits {
    /// What a file of this kind may use until its picture is there.
    fn for_kind(&self, media_type: &str) -> Seeing {
        // Half a gigabyte beside program and stacks: a layer is up to 25 times as large as the picture.
        const DRAWING_MEMORY_BYTES: u64 = 704 * 1024 * 1024;
        let (memory_bytes, secs, secs_per_100_mp, straight_secs) = match media_type {
            // A drawing is a program: nothing in its head tells what it will cost, and honest ones cost little.
            "image/svg+xml" | "application/pdf" => (DRAWING_MEMORY_BYTES, 4, 0, None),
            // So is this, nearly: a pixel may ask for a walk through a tree. Twice what photos take.
            "image/jxl" => (u64::MAX, 3, 30, Some(4)),
            _ => (u64::MAX, self.cpu_secs, 0, None),
        };
        Seeing {
            memory_bytes: self.memory_bytes.min(memory_bytes),
            secs: self.cpu_secs.min(secs),
            secs_per_100_mp,
            straight_secs,
        }
    }
}

/// What a render process may use until the picture is there; then the limits of all of its work hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Seeing {
    memory_bytes: u64,
    /// Processor time, and what is added for every hundred megapixels once the file has said how many it has.
    secs: u64,
    secs_per_100_mp: u64,
    /// Processor time of the main thread and the busiest other one, see [`Guard::begin`].
    straight_secs: Option<u64>,
}

impl Seeing {
    /// Seconds of processor time for a picture of this size.
    fn secs_of(&self, width: u32, height: u32) -> u64 {
        let pixels = u64::from(width) * u64::from(height);
        self.secs + (self.secs_per_100_mp * pixels).div_ceil(100_000_000)
    }
}

/// The limits that the child sets on itself, and its task.
#[derive(Debug, Serialize, Deserialize)]
struct Task {
    seeing: Seeing,
    cpu_secs: u64,
    file_bytes: u64,
    niceness: Niceness,
    request: RenderRequest,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Done(Box<RenderReport>),
    Failed(MediaError),
}

/// Renders a picture in a process of its own. Dropping the future kills that process.
///
/// # Errors
/// What [`render`] says, and [`MediaError::OutOfMemory`], [`MediaError::TimedOut`], [`MediaError::Crashed`] or
/// [`MediaError::Worker`] for a process that did not come to an end of its own.
pub async fn render_in_child(
    request: &RenderRequest,
    limits: &WorkerLimits,
    niceness: Niceness,
) -> Result<RenderReport, MediaError> {
    let worker = |detail: String| MediaError::Worker { detail };
    // A copy of a film is as long as the film.
    let film_bytes = match is_film(&request.media_type) {
        true => tokio::fs::metadata(&request.input).await.map_or(0, |facts| facts.len()),
        false => 0,
    };
    let file_bytes = limits.file_bytes.max(film_bytes);
    let task = Task {
        seeing: limits.for_kind(&request.media_type),
        cpu_secs: limits.cpu_secs,
        file_bytes,
        niceness,
        request: request.clone(),
    };
    let task = serde_json::to_vec(&task).map_err(|error| worker(error.to_string()))?;
    let executable = limits.executable.clone().unwrap_or_else(|| PathBuf::from(OWN_PROGRAM));
    let mut child = tokio::process::Command::new(executable)
        .arg(SUBCOMMAND)
        // Secrets of the server have no business in the process that reads strangers' files.
        .env_clear()
        // Pictures are a few large blocks: in large pages they cost a tenth less time. Other C libraries do not listen.
        .env("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| worker(format!("cannot start: {error}")))?;
    let (Some(mut input), Some(output), Some(complaints)) =
        (child.stdin.take(), child.stdout.take(), child.stderr.take())
    else {
        return Err(worker("no pipes".to_owned()));
    };

    let conversation = async {
        let write = async {
            // A child that died before reading shows in its status; a broken pipe here adds nothing.
            let _ = input.write_all(&task).await;
            drop(input);
        };
        let ((), answer, complaint) = tokio::join!(
            write,
            beginning(output, MAX_ANSWER_BYTES),
            beginning(complaints, MAX_COMPLAINT_BYTES)
        );
        Ok::<_, std::io::Error>((child.wait().await?, answer?, complaint?))
    };
    let patience = match niceness {
        Niceness::Work => limits.wall_time,
        Niceness::Background => limits.wall_time * BACKGROUND_PATIENCE,
    };
    match tokio::time::timeout(patience, conversation).await {
        Err(_) => Err(MediaError::TimedOut),
        Ok(Err(error)) => Err(worker(error.to_string())),
        Ok(Ok((status, answer, complaint))) => judge(status, &answer, &String::from_utf8_lossy(&complaint)),
    }
}

/// The first bytes of what a process says. The rest is heard out, or the process would wait for a listener.
async fn beginning(mut from: impl AsyncRead + Unpin, max_bytes: u64) -> std::io::Result<Vec<u8>> {
    let mut kept = Vec::new();
    (&mut from).take(max_bytes).read_to_end(&mut kept).await?;
    tokio::io::copy(&mut from, &mut tokio::io::sink()).await?;
    Ok(kept)
}

/// What a finished process said, or how it died.
fn judge(status: ExitStatus, answer: &[u8], complaint: &str) -> Result<RenderReport, MediaError> {
    const SIGXCPU: i32 = 24;
    if let Ok(answer) = serde_json::from_slice(answer) {
        return match answer {
            Answer::Done(report) if status.success() => Ok(*report),
            Answer::Done(_) => Err(MediaError::Crashed { detail: format!("{status} after its answer") }),
            Answer::Failed(error) => Err(error),
        };
    }
    if status.signal() == Some(SIGXCPU) {
        return Err(MediaError::TooComplex { detail: "processor time used up".to_owned() });
    }
    // The words of the Rust runtime for an allocation that was refused.
    if complaint.contains("memory allocation of") {
        return Err(MediaError::OutOfMemory);
    }
    let last_words: String = complaint.trim().chars().take(500).collect();
    let detail = format!("{status}: {last_words}");
    Err(if status.success() { MediaError::Worker { detail } } else { MediaError::Crashed { detail } })
}

/// The hidden subcommand: reads a task from standard input, answers on standard output. It must run before
/// any thread is started, so that the limits hold for all of the process.
pub fn child_main() -> ExitCode {
    let answer = match read_task() {
        Ok(task) => run(&task),
        Err(error) => Answer::Failed(error),
    };
    let done = matches!(answer, Answer::Done(_));
    let written = serde_json::to_vec(&answer)
        .map_err(std::io::Error::other)
        .and_then(|bytes| std::io::stdout().write_all(&bytes));
    if written.is_ok() && done { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn read_task() -> Result<Task, MediaError> {
    let worker = |detail: String| MediaError::Worker { detail };
    let mut text = Vec::new();
    std::io::stdin().take(MAX_REQUEST_BYTES).read_to_end(&mut text)?;
    let task: Task = serde_json::from_slice(&text).map_err(|error| worker(error.to_string()))?;
    for (resource, value, maximum) in [
        (Resource::As, task.seeing.memory_bytes, task.seeing.memory_bytes),
        (Resource::Cpu, task.seeing.secs, last_secs(&task)),
        (Resource::Fsize, task.file_bytes, task.file_bytes),
        (Resource::Nofile, OPEN_FILES, OPEN_FILES),
        (Resource::Core, 0, 0),
    ] {
        let limit = Rlimit { current: Some(value), maximum: Some(maximum) };
        setrlimit(resource, limit).map_err(|error| worker(format!("{resource:?}: {error}")))?;
    }
    task.niceness.apply();
    Ok(task)
}

/// The work with the limits that it has come to.
struct Watched<'a> {
    task: &'a Task,
    guard: Guard,
}

impl Watch for Watched<'_> {
    fn is_sized(&self, width: u32, height: u32) {
        self.task.may_take(self.task.seeing.secs_of(width, height).min(self.task.cpu_secs));
    }

    fn is_seen(&self) {
        self.guard.picture_is_there();
        self.task.may_take(self.task.cpu_secs);
    }
}

impl Task {
    fn may_take(&self, cpu_secs: u64) {
        let limit = Rlimit { current: Some(cpu_secs), maximum: Some(last_secs(self)) };
        // Without it the narrower limit stays.
        let _ = setrlimit(Resource::Cpu, limit);
    }
}

/// The signal that comes at the lower limit tells the parent what happened; at this one it is KILL.
const fn last_secs(task: &Task) -> u64 {
    task.cpu_secs + 5
}

/// Renders, and turns a panic of a decoder into what it means: a file nobody wrote by accident.
fn run(task: &Task) -> Answer {
    let guard = match Guard::begin(task.seeing.straight_secs) {
        Ok(guard) => guard,
        Err(error) => return Answer::Failed(MediaError::Worker { detail: error.to_string() }),
    };
    let watched = Watched { task, guard };
    let work = AssertUnwindSafe(|| render_watched(&task.request, &watched));
    match std::panic::catch_unwind(work) {
        Ok(Ok(report)) => Answer::Done(Box::new(report)),
        Ok(Err(error)) => Answer::Failed(error),
        Err(payload) => Answer::Failed(MediaError::damaged(panic_message(payload.as_ref()))),
    }
}

fn panic_message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("panic").chars().take(500).collect()
}

mod guard;
mod niceness;
#[cfg(test)]
mod tests;

//! A running node: started, asked, killed or stopped, and gone with its test.

use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::client::Client;
use super::tools::{eventually, sleep_ms};

pub struct Server {
    child: Child,
    base: String,
    log: PathBuf,
    token: String,
    started_in: Duration,
}

impl Server {
    /// Starts `serve` on a free port and waits until it is ready. The node writes the address that it got to
    /// `serve.addr` in its data folder.
    pub async fn start(mut command: Command, data: &Path, log: &Path, token: &str) -> Self {
        let address_file = data.join("serve.addr");
        let _ = std::fs::remove_file(&address_file);
        let output = OpenOptions::new().create(true).append(true).open(log).unwrap();
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(data);
        command.stdout(output.try_clone().unwrap()).stderr(output);
        let began = Instant::now();
        let child = command.spawn().unwrap();
        let mut server = Self {
            child,
            base: String::new(),
            log: log.to_owned(),
            token: token.to_owned(),
            started_in: Duration::ZERO,
        };
        loop {
            if let Ok(address) = std::fs::read_to_string(&address_file)
                && !address.trim().is_empty()
            {
                server.base = format!("http://{}", address.trim());
                break;
            }
            if let Some(status) = server.child.try_wait().unwrap() {
                panic!("The server ended at its start: {status}\n{}", server.log_tail());
            }
            assert!(began.elapsed() < Duration::from_secs(60), "No serve.addr\n{}", server.log_tail());
            sleep_ms(5).await;
        }
        let client = server.public();
        eventually(60.0, "/readyz answers 200", async || {
            (client.get("/readyz").await.status == 200).then_some(())
        })
        .await;
        server.started_in = began.elapsed();
        server
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// From the start of the process to its first 200 from /readyz.
    pub fn started_in(&self) -> Duration {
        self.started_in
    }

    /// A client without any token: the public.
    pub fn public(&self) -> Client {
        Client::new(&self.base, None)
    }

    /// A client with the administrator's token.
    pub fn desk(&self) -> Client {
        Client::new(&self.base, Some(&self.token))
    }

    /// Resident memory of the process in bytes, without pages of files that are only mapped.
    pub fn memory_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("RssAnon:")).expect("a line RssAnon");
        line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
    }

    /// The processes that it has started and that have not ended.
    pub fn children(&self) -> Vec<u32> {
        let names = std::fs::read_dir("/proc")
            .unwrap()
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let all = names.filter_map(|name| name.parse().ok());
        all.filter(|pid| parent_of(*pid) == Some(self.child.id())).collect()
    }

    /// As a power cut would: no goodbye.
    pub fn kill_9(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As a service manager does: SIGTERM, and it ends by itself with 0.
    pub async fn stop(mut self) -> ExitStatus {
        kill_process(Pid::from_child(&self.child), Signal::TERM).unwrap();
        let began = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(began.elapsed() < Duration::from_secs(30), "It does not stop\n{}", self.log_tail());
            sleep_ms(20).await;
        }
    }

    pub fn log(&self) -> String {
        std::fs::read(&self.log)
            .map_or_else(|_| String::new(), |log| String::from_utf8_lossy(&log).into_owned())
    }

    fn log_tail(&self) -> String {
        let log = self.log();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(60)..].join("\n")
    }
}

/// The parent of a process that has not ended.
pub fn parent_of(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // The name may have blanks and brackets in it; the state and the parent follow.
    let (state, rest) = stat.rsplit_once(") ")?.1.split_once(' ')?;
    if state == "Z" { None } else { rest.split(' ').next()?.parse().ok() }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.child.try_wait().is_ok_and(|ended| ended.is_none()) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
        if std::thread::panicking() {
            eprintln!("---------------- the server's log\n{}\n----------------", self.log_tail());
        } else if let Ok(log) = File::open(&self.log) {
            drop(log);
            assert!(!self.log().contains("panicked at"), "A handler or a job panicked\n{}", self.log_tail());
        }
    }
}

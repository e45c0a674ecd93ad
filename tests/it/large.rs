//! Large files and a full disk: memory stays flat, what does not fit is refused, nothing half is left.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use bytes::Bytes;
use serde_json::json;

use crate::harness::{
    Client, Engine, Filling, Newsroom, Part, Server, Setup, files_under, id_of, images, on, run, sleep_ms,
};

on_both_engines!(Alone: a_file_of_500_mb_streams_through);

const MB: u64 = 1_000_000;

/// A PDF to whoever looks at its first bytes: nothing is rendered from it, so all of the cost is the transport.
fn document(size_bytes: u64) -> Part {
    Part::file(
        "gross.pdf",
        Filling::zeros_after(Bytes::from_static(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"), size_bytes),
    )
}

/// The most memory a server had while something went on, sampled.
async fn peak_during<T>(server: &Server, work: impl Future<Output = T>) -> (T, u64) {
    let (peak, done) = (AtomicU64::new(0), AtomicBool::new(false));
    let sampling = async {
        while !done.load(Ordering::Relaxed) {
            peak.fetch_max(server.memory_bytes(), Ordering::Relaxed);
            sleep_ms(10).await;
        }
    };
    let working = async {
        let result = work.await;
        done.store(true, Ordering::Relaxed);
        result
    };
    let (result, ()) = tokio::join!(working, sampling);
    (result, peak.into_inner())
}

async fn a_file_of_500_mb_streams_through(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    // The first upload pays for what stays: pools, connections, the allocator's arenas.
    desk.upload_parts(vec![document(20 * MB)]).await.expect(201);
    sleep_ms(1000).await;

    let before = server.memory_bytes();
    let (answer, peak) = peak_during(&server, desk.upload_parts(vec![document(300 * MB)])).await;
    let asset = answer.expect(201).json();
    assert_eq!(asset["size_bytes"], 300 * MB);
    let grown = peak.saturating_sub(before);
    assert!(grown < 40 * MB, "300 MB in raised memory by {} MB", grown / MB);

    let (answer, peak) = peak_during(&server, desk.upload_parts(vec![document(500 * MB)])).await;
    let grown = peak.saturating_sub(before);
    assert!(grown < 40 * MB, "500 MB in raised memory by {} MB", grown / MB);
    match answer.status {
        201 => {
            let asset = desk.wait_processed(id_of(&answer.json())).await;
            let url = asset["original"]["url"].as_str().unwrap().to_owned();
            let (size_bytes, peak) = peak_during(&server, download(&desk, &url)).await;
            assert_eq!(size_bytes, 500 * MB);
            let grown = peak.saturating_sub(before);
            assert!(grown < 40 * MB, "500 MB out raised memory by {} MB", grown / MB);
        }
        // A limit is a good answer too, if it is said in words.
        status => {
            answer.problem(413, answer.json()["code"].as_str().unwrap_or_default());
            assert_eq!(status, 413);
        }
    }
}

async fn download(client: &Client, url: &str) -> u64 {
    use futures_util::StreamExt;
    let response = client.request(reqwest::Method::GET, url).send().await.unwrap();
    let mut size_bytes = 0;
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        size_bytes += chunk.unwrap().len() as u64;
    }
    size_bytes
}

/// A file system of a few megabytes, unmounted with its guard.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mounted(at: PathBuf, megabytes: u32) -> Self {
        std::fs::create_dir_all(&at).unwrap();
        let size = format!("size={megabytes}m");
        let mounted = run("mount", &["-t", "tmpfs", "-o", &size, "none", at.to_str().unwrap()]);
        assert_eq!(
            mounted.code, 0,
            "This test needs a small disk, so the right to mount one: run it as root, or inside `unshare -rm`\n{}",
            mounted.stderr
        );
        Self(at)
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_refuses_uploads_and_keeps_what_is_there() {
    on(Engine::SqliteDisk, Setup::Shared, async |room: &Newsroom| {
        let disk = SmallDisk::mounted(room.folder().join("disk"), 40);
        let small = Newsroom::in_folder(&disk.0.join("data"));
        let server = small.start().await;
        let desk = server.desk();
        let kept = desk.upload_ready("passt.jpg", images::jpeg(900, 600, 1), json!({})).await;
        let files = files_under(small.data()).len();

        let answer = desk.upload_parts(vec![document(60 * MB)]).await;
        answer.problem(507, "storage_full");
        let left = files_under(small.data()).len();
        assert!(left <= files + 2, "{} files were left behind", left - files);
        // Reading goes on, and so does writing once there is room.
        server.public().get("/").await.expect(200);
        desk.get(kept["original"]["url"].as_str().unwrap()).await.expect(200);
        desk.upload_ready("passt auch.jpg", images::jpeg(900, 600, 2), json!({})).await;
        assert_eq!(small.cli(&["check"]).code, 0);
        drop(server);
    })
    .await;
}

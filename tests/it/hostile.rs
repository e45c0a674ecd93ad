//! Files that nobody wrote by accident: each is refused or handled soon and within bounds, and the server that
//! takes them goes on as if nothing had been.

use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use futures_util::StreamExt as _;
use futures_util::stream;
use pressroom::domain::asset::FocalPoint;
use serde_json::json;

use pressroom::domain::rendition::{LADDER, Pass};
use pressroom::media::{Niceness, Order};

use crate::harness::{Engine, Newsroom, Setup, eventually, files_under, id_of, images, on, run_ok, temp_dir};

/// What a render process may take at its peak, the program itself included.
const MAX_MEMORY_BYTES: u64 = 512 << 20;
/// Processor time of a program that is built to be used …
const MAX_CPU_SECS: f64 = 5.0;
/// … and the factor by which our own loops are slower in the build of the tests, which leaves them as written.
const WITHOUT_OPTIMISATION: f64 = if cfg!(debug_assertions) { 20.0 } else { 1.0 };

/// The system's signal to a process that has used up its processor time.
const SIGXCPU: i32 = 24;

/// The corpus, made by a script around honest pictures.
fn corpus(folder: &Path) -> Vec<PathBuf> {
    let good = folder.join("good");
    std::fs::create_dir(&good).unwrap();
    for (format, extension) in
        [("jpeg", "jpg"), ("png", "png"), ("webp", "webp"), ("gif", "gif"), ("tiff", "tif")]
    {
        std::fs::write(good.join(format!("good.{extension}")), images::picture(format, 300, 200, 5)).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools/hostile.py");
    let out = folder.join("hostile");
    run_ok("python3", &[script.as_os_str(), good.as_os_str(), out.as_os_str()]);
    let files = files_under(&out);
    assert!(files.len() > 150, "{} files", files.len());
    files
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

/// Alone: what costs minutes of processor time would make the waits of other tests too short.
#[tokio::test(flavor = "multi_thread")]
async fn the_server_takes_no_harm() {
    on(Engine::SqliteDisk, Setup::Alone, take_them_all).await;
}

async fn take_them_all(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let dir = temp_dir();
    let before = server.memory_bytes();
    // The largest pictures are put to the render process below; here they would only keep the others waiting.
    let files = corpus(dir.path()).into_iter().filter(|path| !name(path).contains("-megapixels"));
    let outcomes: Vec<(String, String, String)> = stream::iter(files)
        .map(|path| {
            let desk = desk.clone();
            async move {
                let name = name(&path);
                let answer = desk.upload(&name, std::fs::read(&path).unwrap()).await;
                if answer.status != 201 {
                    // Refused at once, in words.
                    let problem = answer.json();
                    assert!(matches!(answer.status, 400 | 415 | 422), "{name}: {problem:#}");
                    let detail = problem["detail"].as_str().unwrap_or_default().len()
                        + problem["fields"].to_string().len();
                    assert!(detail > 20, "{name}: {problem:#}");
                    return (name, "refused".to_owned(), String::new());
                }
                let id = id_of(&answer.json()).to_owned();
                let asset = eventually(120.0, &format!("{name} is processed"), async || {
                    let asset = desk.get(&format!("/api/v1/assets/{id}")).await.expect(200).json();
                    (asset["state"] != "processing").then_some(asset)
                })
                .await;
                let code = asset["error"]["code"].as_str().unwrap_or_default().to_owned();
                assert!(code.is_empty() || !asset["error"]["detail"].as_str().unwrap().is_empty(), "{name}");
                (name, asset["state"].as_str().unwrap().to_owned(), code)
            }
        })
        .buffer_unordered(4)
        .collect()
        .await;
    for (name, state, code) in &outcomes {
        assert!(!(name.starts_with("no-") && state == "ready"), "{name} became a picture");
        // Found out by the limits of the render process only, not by looking.
        assert!(!matches!(&**code, "crashed" | "timed_out" | "gave_up" | "worker_failed"), "{name}: {code}");
    }
    let count = |wanted: &str| outcomes.iter().filter(|(_, state, _)| state == wanted).count();
    eprintln!("{} refused, {} failed, {} ready", count("refused"), count("failed"), count("ready"));

    desk.get("/healthz").await.expect(200);
    let grown = server.memory_bytes().saturating_sub(before);
    assert!(grown < 200 << 20, "the server grew by {} MB", grown >> 20);
    let asset = desk.upload_ready("gut.jpg", images::jpeg(400, 300, 8), json!({})).await;
    assert_eq!(asset["width"], 400);
}

/// The render process alone, so that what it takes can be told file by file.
#[tokio::test(flavor = "multi_thread")]
async fn a_render_process_stays_small_and_ends_soon() {
    on(Engine::SqliteDisk, Setup::Alone, async |room: &Newsroom| {
        let files = corpus(room.folder());
        let worst: Vec<String> = stream::iter(files.iter().enumerate())
            .map(|(number, path)| immoderate(path, room.folder().join(format!("render-{number}"))))
            .buffer_unordered(2)
            .filter_map(std::future::ready)
            .collect()
            .await;
        assert!(worst.is_empty(), "\n{}", worst.join("\n"));
    })
    .await;
}

/// What a render process took for this file, if that was too much.
async fn immoderate(path: &Path, work: PathBuf) -> Option<String> {
    let head = std::fs::read(path).unwrap();
    let media_type = pressroom::media::sniff(&head[..head.len().min(64 << 10)])?;
    if !media_type.starts_with("image/") {
        return None;
    }
    std::fs::create_dir(&work).unwrap();
    let (figures, wrapper) = (work.join("figures"), work.join("measured"));
    let program = env!("CARGO_BIN_EXE_pressroom");
    let script =
        format!("#!/bin/sh\nexec /usr/bin/time -f '%M %U %S' -o {} {program} \"$@\"\n", figures.display());
    std::fs::write(&wrapper, script).unwrap();
    std::fs::set_permissions(&wrapper, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let limits = pressroom::media::WorkerLimits { executable: Some(wrapper), ..Default::default() };
    let request = pressroom::media::RenderRequest {
        input: path.to_owned(),
        media_type: media_type.to_owned(),
        focal_point: FocalPoint::default(),
        crops: Default::default(),
        description: None,
        make: first_pass(),
        describe: Vec::new(),
        describe_original: true,
        keep_camera_data: false,
        out_dir: work.clone(),
    };
    let outcome = pressroom::media::render_in_child(&request, &limits, Niceness::Work).await;
    let told = std::fs::read_to_string(&figures).unwrap();
    let figures: Vec<f64> =
        told.lines().last().unwrap_or_default().split(' ').map(|figure| figure.parse().unwrap()).collect();
    let (memory_bytes, cpu_secs) = (figures[0] as u64 * 1024, figures[1] + figures[2]);
    std::fs::remove_dir_all(work).unwrap();
    (memory_bytes > MAX_MEMORY_BYTES || cpu_secs > MAX_CPU_SECS * WITHOUT_OPTIMISATION).then(|| {
        format!("{}: {} MB, {cpu_secs:.1} s, {:?}", name(path), memory_bytes >> 20, outcome.map(drop))
    })
}

/// However many threads share the work: how long it takes by the clock is limited too, until the picture is there.
#[test]
fn a_picture_that_does_not_come_is_given_up() {
    let dir = temp_dir();
    let (plain, coded) = (dir.path().join("plain.png"), dir.path().join("coded.jxl"));
    let noise = ["-size", "2400x1600", "xc:gray", "+noise", "Random"].map(std::ffi::OsStr::new);
    run_ok("convert", &[&noise[..], &[plain.as_os_str()]].concat());
    let lossless = ["-d", "0", "-e", "3"].map(std::ffi::OsStr::new);
    run_ok("cjxl", &[&[plain.as_os_str(), coded.as_os_str()], &lossless[..]].concat());
    let end = |straight_secs: Option<u64>| {
        let request = json!({
            "input": coded, "media_type": "image/jxl", "focal_point": {"x": 0.5, "y": 0.5}, "description": null,
            "make": first_pass(), "describe": [], "describe_original": false, "keep_camera_data": false,
            "out_dir": dir.path(),
        });
        let seeing = json!({
            "memory_bytes": 2_u64 << 30, "secs": 100, "secs_per_100_mp": 0, "straight_secs": straight_secs,
        });
        let task = json!({
            "seeing": seeing, "cpu_secs": 100, "file_bytes": 1 << 30, "niceness": "work", "request": request,
        });
        let mut child = Command::new(env!("CARGO_BIN_EXE_pressroom"))
            .arg("render-worker")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(task.to_string().as_bytes()).unwrap();
        let answer = child.wait_with_output().unwrap();
        (answer.status, String::from_utf8_lossy(&answer.stdout).into_owned())
    };
    let (status, answer) = end(None);
    assert!(status.success() && answer.contains("\"width\":2400"), "{status} {answer}");
    let (status, answer) = end(Some(0));
    assert_eq!((status.signal(), &*answer), (Some(SIGXCPU), ""), "the signal of a limit of the system");
}

/// Everything that an asset needs to be ready.
fn first_pass() -> Vec<Order> {
    let recipes = LADDER.iter().flat_map(|preset| preset.recipes.iter().map(move |recipe| (preset, recipe)));
    recipes
        .filter(|(_, recipe)| recipe.pass == Pass::First)
        .map(|(preset, recipe)| Order { name: preset.name.to_owned(), recipe: recipe.name.to_owned() })
        .collect()
}

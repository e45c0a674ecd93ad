use super::{Niceness, WorkerLimits, render_in_child};
use crate::media::testing::Studio;
use crate::media::{MediaError, RenderReport};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, Instant};

/// Lets a shell script play the render process.
async fn with_script(script: &str) -> Result<RenderReport, MediaError> {
    let studio = Studio::new();
    let program = studio.write("program", format!("#!/bin/sh\n{script}\n").as_bytes());
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let request = studio.request(&studio.write("a.jpg", b"x"), "image/jpeg");
    let limits = WorkerLimits {
        wall_time: Duration::from_secs(2),
        executable: Some(program),
        ..WorkerLimits::default()
    };
    render_in_child(&request, &limits, Niceness::Work).await
}

async fn code(script: &str) -> &'static str {
    with_script(script).await.unwrap_err().code()
}

#[tokio::test]
async fn every_way_to_die_becomes_an_error() {
    assert_eq!(code("cat >/dev/null; kill -SEGV $$").await, "crashed");
    assert_eq!(code("kill -KILL $$").await, "crashed");
    assert_eq!(code("kill -XCPU $$").await, "too_complex");
    assert_eq!(code("echo 'memory allocation of 9 bytes failed' >&2; kill -ABRT $$").await, "out_of_memory");
    assert_eq!(code("exit 3").await, "crashed");
    assert_eq!(code("echo hello").await, "worker_failed");
    assert_eq!(code("head -c 9000000 /dev/zero; head -c 200000 /dev/zero >&2").await, "worker_failed");
}

#[tokio::test]
async fn an_error_of_the_child_arrives_as_it_was() {
    let error = with_script(r#"echo '{"failed":{"too_many_pixels":{"width":5,"height":6}}}'; exit 1"#).await;
    assert_eq!(error, Err(MediaError::TooManyPixels { width: 5, height: 6 }));
}

#[tokio::test]
async fn a_process_that_does_not_end_is_killed() {
    let started = Instant::now();
    assert_eq!(code("exec sleep 60").await, "timed_out");
    assert!(started.elapsed() < Duration::from_secs(10));
}

#[tokio::test]
async fn the_child_gets_its_task_and_nothing_of_our_environment() {
    let answer = with_script("env >&2; cat >&2; exit 1").await.unwrap_err();
    let MediaError::Crashed { detail } = answer else { panic!("{answer:?}") };
    assert!(detail.contains("\"media_type\":\"image/jpeg\"") && !detail.contains("HOME="), "{detail}");
}

#[tokio::test]
async fn a_program_that_is_not_there_is_not_the_fault_of_the_file() {
    let studio = Studio::new();
    let request = studio.request(&studio.write("a.jpg", b"x"), "image/jpeg");
    let limits = WorkerLimits { executable: Some("/nonexistent".into()), ..WorkerLimits::default() };
    let error = render_in_child(&request, &limits, Niceness::Work).await.unwrap_err();
    assert_eq!((error.code(), error.is_final()), ("worker_failed", false));
}

#[test]
fn a_drawing_gets_little_time() {
    let limits = WorkerLimits::default();
    let (photo, drawing) = (limits.for_kind("image/jpeg"), limits.for_kind("image/svg+xml"));
    assert_eq!((photo.memory_bytes, photo.secs_of(10_000, 10_000)), (limits.memory_bytes, limits.cpu_secs));
    assert!(drawing.memory_bytes <= limits.memory_bytes, "{drawing:?}");
    assert!(drawing.secs_of(10_000, 10_000) < 5, "{drawing:?}");
    assert_eq!(limits.for_kind("application/pdf"), drawing);
    let tight = WorkerLimits { memory_bytes: 1, cpu_secs: 2, ..limits };
    let tight = tight.for_kind("image/svg+xml");
    assert_eq!((tight.memory_bytes, tight.secs), (1, 2));
}

#[test]
fn a_jpeg_xl_gets_time_by_its_size() {
    let limits = WorkerLimits::default().for_kind("image/jxl");
    let secs = [(1, 1), (1_000, 1_000), (6_000, 4_000), (8_192, 5_464)].map(|(w, h)| limits.secs_of(w, h));
    assert_eq!(secs, [4, 4, 11, 17]);
    // The same by the clock, where two threads share the work.
    assert_eq!(limits.straight_secs, Some(4));
}

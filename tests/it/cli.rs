//! The command line as an administrator uses it.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::harness::{Client, Newsroom, files_under, images};
use serde_json::json;

on_both_engines!(
    tokens_and_accounts_are_made,
    settings_are_checked_and_shown_without_secrets,
    wrong_commands_say_what_is_wrong,
    it_stops_when_told_and_starts_again,
    missing_renditions_are_made_again,
    only_the_owner_reads_what_is_kept,
);

fn mode_of(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

async fn only_the_owner_reads_what_is_kept(room: &Newsroom) {
    let run = |data: &Path, arguments: &[&str]| {
        let done = room.command().args(arguments).arg("--data").arg(data).output().unwrap();
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    };
    let mine = room.folder().join("place/mine");
    run(&mine, &["token", "list"]);
    assert_eq!(mode_of(&mine), 0o700);
    for part in ["blobs", "pressroom.db"].map(|name| mine.join(name)) {
        // On PostgreSQL and S3 there is none.
        assert!(!part.exists() || mode_of(&part) & 0o077 == 0, "{}", part.display());
    }
    // Who has made the folder has chosen its mode, and so has who changed it.
    let theirs = room.folder().join("theirs");
    std::fs::create_dir(&theirs).unwrap();
    for (data, mode) in [(&theirs, 0o750), (&mine, 0o710)] {
        std::fs::set_permissions(data, std::fs::Permissions::from_mode(mode)).unwrap();
        run(data, &["token", "list"]);
        assert_eq!(mode_of(data), mode);
    }

    let server = room.start().await;
    server.desk().upload_ready("bild.jpg", images::jpeg(300, 200, 4), json!({})).await;
    let (folder, file) = (room.folder().join("out"), room.folder().join("out.zip"));
    for target in [&folder, &file] {
        room.cli_ok(&["export", target.to_str().unwrap()]);
    }
    assert_eq!((mode_of(&folder), mode_of(&folder.join("photos")), mode_of(&file)), (0o700, 0o700, 0o600));
    let files = files_under(&folder);
    assert!(files.len() >= 3 && files.iter().all(|file| mode_of(file) == 0o600), "{files:?}");
}

async fn tokens_and_accounts_are_made(room: &Newsroom) {
    let (first, second) = (room.token_for("author"), room.token_for("author"));
    assert_ne!(first, second);
    assert!(first.len() >= 32, "a token that can be guessed: {first}");
    let refused = room.cli(&["token", "create", "--name", "t", "--role", "king"]);
    assert_ne!(refused.code, 0);
    assert!(refused.stderr.contains("king") && refused.stdout.is_empty(), "{}", refused.stderr);

    // With the server running: a token works from that moment on.
    let server = room.start().await;
    let client = server.public().with_token(&room.token_for("admin"));
    client.post("/api/v1/releases", Client::plain_release("Neu")).await.expect(201);

    // And from the moment on in which it is revoked, it does not.
    let token = room.cli_ok(&["token", "create", "--name", "Abgang", "--role", "editor"]);
    let leaver = server.public().with_token(token.trim());
    leaver.get("/api/v1/changes?since=0").await.expect(200);
    let list = room.cli_ok(&["token", "list"]);
    let line = list.lines().find(|line| line.ends_with("Abgang")).expect("the token is listed");
    assert!(!list.contains(token.trim()), "a list must not tell secrets");
    room.cli_ok(&["token", "revoke", line.split_whitespace().next().unwrap()]);
    for path in ["/api/v1/changes?since=0", "/api/v1/releases", "/"] {
        let status = leaver.get(path).await.status;
        assert!(status == 401 || (path == "/" && status == 200), "{path}: {status}");
    }
}

async fn settings_are_checked_and_shown_without_secrets(room: &Newsroom) {
    std::fs::create_dir_all(room.data()).unwrap();
    assert_eq!(room.cli(&["config", "check"]).code, 0);
    let shown = room.cli_ok(&["config", "show"]);
    assert!(shown.contains("127.0.0.1:8080"), "{shown}");
    std::fs::write(room.data().join("pressroom.toml"), "listen = \"127.0.0.1:9999\"\n").unwrap();
    assert!(room.cli_ok(&["config", "show"]).contains("127.0.0.1:9999"));
    let shown = room
        .command()
        .env("PRESSROOM_LISTEN", "127.0.0.1:7777")
        .env("PRESSROOM_SMTP_URL", "smtp://user:geheimes-wort@mail.example")
        .args(["config", "show", "--data"])
        .arg(room.data())
        .output()
        .unwrap();
    let shown = String::from_utf8_lossy(&shown.stdout).into_owned();
    assert!(shown.contains("127.0.0.1:7777"), "a variable comes before the file: {shown}");
    assert!(!shown.contains("geheimes-wort"), "{shown}");

    std::fs::write(room.data().join("pressroom.toml"), "[x]\nlistn = \"127.0.0.1:9999\"\n").unwrap();
    let refused = room.cli(&["config", "check"]);
    assert_ne!(refused.code, 0);
    let said = format!("{}{}", refused.stdout, refused.stderr);
    assert!(said.contains("pressroom.toml"), "{said}");
    std::fs::write(room.data().join("pressroom.toml"), "listen = \"nonsense\"\n").unwrap();
    assert_ne!(room.cli(&["config", "check"]).code, 0);
}

async fn wrong_commands_say_what_is_wrong(room: &Newsroom) {
    for arguments in
        [&["nonsense"][..], &["import", "/gibt/es/nicht"], &["restore", "/gibt/es/nicht"], &["token"]]
    {
        let output = room.cli(arguments);
        assert_ne!(output.code, 0, "{arguments:?}");
        assert!(!output.stderr.trim().is_empty(), "{arguments:?} says nothing");
        assert!(!output.stderr.contains("panicked"), "{arguments:?}: {}", output.stderr);
    }
    let help = room.command().arg("--help").output().unwrap();
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    for word in
        ["serve", "import", "export", "site", "account", "token", "index", "check", "backup", "restore"]
    {
        assert!(help.contains(word), "--help lacks {word}:\n{help}");
    }
}

async fn it_stops_when_told_and_starts_again(room: &Newsroom) {
    let server = room.start().await;
    let release = server.desk().published(Client::plain_release("Bleibt")).await;
    let status = server.stop().await;
    assert!(status.success(), "SIGTERM is no failure: {status}");
    let server = room.start().await;
    server.public().get(release["url"].as_str().unwrap()).await.expect(200);
    assert!(server.started_in().as_secs() < 10, "{:?}", server.started_in());
    let metrics = server.public().get("/metrics").await.expect(200).text();
    assert!(metrics.contains("# TYPE"), "{metrics}");
    assert!(server.log().lines().count() > 0);
}

async fn missing_renditions_are_made_again(room: &Newsroom) {
    let server = room.start().await;
    let asset = server.desk().upload_ready("bild.jpg", images::jpeg(900, 600, 15), json!({})).await;
    let count = asset["renditions"].as_array().unwrap().len();
    room.cli_ok(&["renditions", "rebuild", "--missing"]);
    let id = crate::harness::id_of(&asset);
    let again = server.desk().wait_ready(id).await;
    assert_eq!(again["renditions"].as_array().unwrap().len(), count);
    room.cli_ok(&["renditions", "rebuild"]);
    let again = server.desk().wait_ready(id).await;
    assert_eq!(again["renditions"].as_array().unwrap().len(), count);
    for rendition in again["renditions"].as_array().unwrap() {
        server.desk().get(rendition["url"].as_str().unwrap()).await.expect(200);
    }
    let said = room.cli(&["check"]);
    assert_eq!(said.code, 0, "{}{}", said.stdout, said.stderr);
}

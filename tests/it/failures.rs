//! What breaks under a running newsroom: a blob goes missing, the database goes away, the schema is from the future.

use std::time::Duration;

use serde_json::{Value, json};
use sqlx::Connection;

use crate::harness::{
    Client, Engine, Newsroom, OwnPostgres, Server, Setup, eventually, files_under, id_of, images, on,
    parent_of, public_url_of_photo,
};

on_both_engines!(check_names_a_missing_blob_and_the_page_stays_up, kill_9_while_renditions_are_made);

async fn release_with_photo(desk: &Client) -> (Value, Value) {
    let asset = desk.upload_ready("bild.jpg", images::jpeg(1400, 900, 21), json!({ "title": "Bild" })).await;
    let mut release = Client::plain_release("Mit Bild");
    release["assets"] = json!([id_of(&asset)]);
    (desk.published(release).await, asset)
}

async fn check_names_a_missing_blob_and_the_page_stays_up(room: &Newsroom) {
    let server = room.start().await;
    let (release, asset) = release_with_photo(&server.desk()).await;
    assert_eq!(room.cli(&["check"]).code, 0);

    let sha256 = asset["sha256"].as_str().unwrap();
    remove_blob(room, sha256, asset["size_bytes"].as_u64().unwrap()).await;
    let found = room.cli(&["check"]);
    assert_eq!(found.code, 1, "{}\n{}", found.stdout, found.stderr);
    let said = format!("{}{}", found.stdout, found.stderr);
    assert!(said.contains(sha256), "check does not name {sha256}:\n{said}");
    assert!(
        said.contains(id_of(&asset)) || said.contains("bild.jpg"),
        "check does not name whose it is:\n{said}"
    );

    let public = server.public();
    let page = public.get(release["url"].as_str().unwrap()).await.expect(200).text();
    assert!(page.contains("Mit Bild"));
    public.get(&public_url_of_photo(&asset)).await.expect(200);
    // The missing bytes are told as missing: no empty 200, no panic, no internals.
    let original =
        public.try_send(public.request(reqwest::Method::GET, asset["original"]["url"].as_str().unwrap()));
    if let Ok(answer) = original.await {
        // The file that is offered may be a copy with metadata, which is still there; else it is told.
        let whole = answer.body.len() as u64 == asset["original"]["size_bytes"].as_u64().unwrap();
        let told = answer.status == 404 || answer.status >= 500;
        assert!(told || (answer.status == 200 && whole), "{}", answer.status);
        assert!(!answer.text().contains(room.folder().to_str().unwrap()), "{}", answer.text());
    }
    public.get("/readyz").await.expect(200);
}

/// Takes the blob away behind the server's back: the file that holds it, or the object.
async fn remove_blob(room: &Newsroom, sha256: &str, size_bytes: u64) {
    match room.blob_url() {
        None => {
            let of_size =
                |path: &std::path::PathBuf| std::fs::metadata(path).is_ok_and(|m| m.len() == size_bytes);
            let blobs: Vec<_> = files_under(room.data())
                .into_iter()
                .filter(of_size)
                .filter(|path| path.to_string_lossy().replace('/', "").contains(&sha256[4..]))
                .collect();
            assert_eq!(blobs.len(), 1, "the original is one file named after its hash: {blobs:?}");
            std::fs::remove_file(&blobs[0]).unwrap();
        }
        Some(blob_url) => {
            use futures_util::TryStreamExt;
            use object_store::aws::AmazonS3Builder;
            use object_store::{ObjectStore, ObjectStoreExt, path::Path};
            let url = url::Url::parse(blob_url).unwrap();
            let store = AmazonS3Builder::from_env()
                .with_allow_http(true)
                .with_bucket_name(url.host_str().unwrap())
                .build()
                .unwrap();
            let prefix = Path::from(url.path());
            let objects: Vec<_> = store.list(Some(&prefix)).try_collect().await.unwrap();
            let ours = objects.iter().find(|o| o.location.as_ref().replace('/', "").contains(&sha256[4..]));
            store
                .delete(&ours.expect("the original is an object named after its hash").location)
                .await
                .unwrap();
        }
    }
}

async fn kill_9_while_renditions_are_made(room: &Newsroom) {
    let mut server = room.start().await;
    let desk = server.desk();
    let mut ids = Vec::new();
    for name in ["a.jpg", "b.jpg"] {
        let mut photo = images::print_photo().to_vec();
        photo.extend(name.bytes());
        ids.push(id_of(&desk.upload(name, photo).await.expect(201).json()).to_owned());
    }
    let renders = eventually(20.0, "a render process", || async {
        Some(server.children()).filter(|found| !found.is_empty())
    });
    let renders = renders.await;
    server.kill_9();
    // Nobody is left who would want what they make, nor could their files be told from those of the next server.
    eventually(2.0, "the render processes end with their server", || async {
        renders.iter().all(|pid| parent_of(*pid).is_none()).then_some(())
    })
    .await;
    drop(server);
    let server = room.start().await;
    for id in &ids {
        let asset = server.desk().wait_ready(id).await;
        let mut names: Vec<_> = asset["renditions"]
            .as_array()
            .unwrap()
            .iter()
            .map(|each| format!("{} {}", each["name"], each["format"]))
            .collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count, "a rendition was made twice: {asset:#}");
    }
    assert_eq!(room.cli(&["check"]).code, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_database_goes_and_comes_back() {
    let postgres = OwnPostgres::start();
    let room = Newsroom::on_database(&postgres.url());
    let server = room.start().await;
    let desk = server.desk();
    let (release, _) = release_with_photo(&desk).await;
    let url = release["url"].as_str().unwrap();
    server.public().get(url).await.expect(200);

    postgres.take_away();
    not_ready(&server).await;
    // Writes are refused in words, soon, and nothing of the inside is told.
    let refused = tokio::time::timeout(
        Duration::from_secs(30),
        desk.post("/api/v1/releases", Client::plain_release("x")),
    );
    let refused = refused.await.expect("an answer, not a hanging request");
    assert!(matches!(refused.status, 500 | 503), "{}", refused.status);
    assert_eq!(refused.header("content-type"), "application/problem+json");
    for inside in ["postgres", "sqlx", "os error", "127.0.0.1"] {
        assert!(!refused.text().contains(inside), "{}", refused.text());
    }
    let page =
        tokio::time::timeout(Duration::from_secs(30), server.public().get(url)).await.expect("an answer");
    assert!(matches!(page.status, 200 | 500 | 503), "{}", page.status);
    server.public().get("/healthz").await.expect(200);

    postgres.give_back();
    eventually(20.0, "it is ready again", async || {
        (server.public().get("/readyz").await.status == 200).then_some(())
    })
    .await;
    server.public().get(url).await.expect(200);
    let later = desk.published(Client::plain_release("Nach dem Ausfall")).await;
    eventually(10.0, "followers go on where they stopped", async || {
        server.public().found("Ausfall").await.contains_key("release").then_some(())
    })
    .await;
    server.public().get(later["url"].as_str().unwrap()).await.expect(200);
    desk.upload_ready("danach.jpg", images::jpeg(400, 300, 22), json!({})).await;
}

async fn not_ready(server: &Server) {
    eventually(20.0, "/readyz says that the database is away", async || {
        (server.public().get("/readyz").await.status == 503).then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_schema_from_the_future_is_refused() {
    on(Engine::PostgresS3, Setup::Shared, async |room: &Newsroom| {
        drop(room.start().await);
        let mut connection = sqlx::PgConnection::connect(room.database_url().unwrap()).await.unwrap();
        // The newest step once more, as one that no binary of today knows.
        sqlx::raw_sql(
            "INSERT INTO schema_migration (id, checksum) SELECT id + 1000, checksum FROM schema_migration LIMIT 1",
        )
        .execute(&mut connection)
        .await
        .unwrap();

        let refused = room.cli(&["check"]);
        assert_ne!(refused.code, 0);
        let said = format!("{}{}", refused.stdout, refused.stderr).to_lowercase();
        assert!(said.contains("newer"), "it says why: {said}");
        assert!(!said.contains("panicked"), "{said}");
    })
    .await;
}

//! Several at once: who writes waits for whom, and nothing that was read goes stale before it is used.

use serde_json::{Value, json};
use sqlx::{Connection, PgConnection};

use pressroom::store::{Db, q};

use crate::harness::{Answer, Client, Engine, Newsroom, Setup, id_of, images, on, sleep_ms};

on_both_engines!(
    what_is_deleted_and_linked_at_once_is_one_or_the_other,
    a_release_that_names_what_is_gone_can_be_changed_and_taken_back,
);

/// The row at which all writers line up, in the hands of somebody else, so that those who come meanwhile go on together.
async fn hold_the_row(room: &Newsroom) -> Option<PgConnection> {
    let url = room.database_url()?;
    let mut other = PgConnection::connect(url).await.unwrap();
    run(&mut other, "BEGIN").await;
    run(&mut other, "UPDATE sequence SET value = value WHERE name = 'change_log'").await;
    Some(other)
}

async fn run(connection: &mut PgConnection, sql: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql.to_owned())).execute(connection).await.unwrap();
}

async fn let_go(other: Option<PgConnection>) {
    if let Some(mut other) = other {
        sleep_ms(400).await;
        run(&mut other, "ROLLBACK").await;
        other.close().await.unwrap();
    }
}

async fn what_is_deleted_and_linked_at_once_is_one_or_the_other(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let release = desk.published(Client::plain_release("Mit und ohne")).await;
    let release = format!("/api/v1/releases/{}", id_of(&release));
    for round in 0..6 {
        let photo = desk.upload_ready("p.jpg", images::jpeg(300, 200, round), json!({})).await;
        let topic = desk.post("/api/v1/topics", json!({ "name": format!("Thema {round}") })).await;
        let topic = topic.expect(201).json();
        let (target, link) = if round % 2 == 0 {
            (format!("/api/v1/assets/{}", id_of(&photo)), json!({ "assets": [id_of(&photo)] }))
        } else {
            (format!("/api/v1/topics/{}", id_of(&topic)), json!({ "topics": [topic["slug"]] }))
        };
        let other = hold_the_row(room).await;
        let (deleted, linked, ()) =
            tokio::join!(desk.delete(&target), desk.patch(&release, link), let_go(other));
        match (deleted.status, linked.status) {
            (204, 422) => desk.get(&target).await.expect(404),
            (409, 200) => desk.get(&target).await.expect(200),
            both => panic!("round {round}: {both:?} {} {}", deleted.text(), linked.text()),
        };
        desk.patch(&release, json!({ "assets": [], "topics": [] })).await.expect(200);
    }
    desk.post(&format!("{release}/withdraw"), json!({ "reason": "Falsch" })).await.expect(200);
}

async fn a_release_that_names_what_is_gone_can_be_changed_and_taken_back(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let gone = desk.upload_ready("weg.jpg", images::jpeg(300, 200, 1), json!({})).await;
    let mut named = Client::plain_release("Mit einem Bild, das es nicht mehr gibt");
    named["assets"] = json!([id_of(&gone)]);
    let public = desk.published(named.clone()).await;
    let draft: Value = desk.post("/api/v1/releases", named).await.expect(201).json();
    let (public, draft) =
        (format!("/api/v1/releases/{}", id_of(&public)), format!("/api/v1/releases/{}", id_of(&draft)));
    // As a race of an earlier version left it.
    let db = match room.database_url() {
        Some(url) => Db::open_postgres(url).await.unwrap(),
        None => Db::open_sqlite(&room.data().join("pressroom.db")).await.unwrap(),
    };
    db.execute(q("DELETE FROM record WHERE id = $1").bind(id_of(&gone).to_owned())).await.unwrap();
    db.close().await;

    desk.patch(&public, json!({ "headline": "Neue Zeile" })).await.expect(200);
    let other = "0190a000-0000-7000-8000-000000000000";
    desk.patch(&public, json!({ "assets": [id_of(&gone), other] }))
        .await
        .blames("assets", "unknown_reference");
    desk.post_empty(&format!("{draft}/publish")).await.expect(200);
    desk.post(&format!("{public}/withdraw"), json!({ "reason": "Falsch" })).await.expect(200);
    desk.patch(&draft, json!({ "assets": [] })).await.expect(200);
}

/// An answer while somebody else does something in the database.
async fn meanwhile(answer: impl Future<Output = Answer>, other: &mut PgConnection, steps: &[&str]) -> Answer {
    let elsewhere = async {
        for step in steps {
            sleep_ms(300).await;
            run(other, step).await;
        }
    };
    tokio::join!(answer, elsewhere).0
}

const LINE_UP: &str = "UPDATE sequence SET value = value WHERE name = 'change_log'";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_long_transaction_and_a_save_get_past_each_other() {
    on(Engine::PostgresS3, Setup::Shared, async |room: &Newsroom| {
        let server = room.start().await;
        let desk = server.desk();
        let release = desk.published(Client::plain_release("Wird eingelesen")).await;
        let id = id_of(&release).to_owned();
        let mut other = PgConnection::connect(room.database_url().unwrap()).await.unwrap();
        // As an import does that has written one record and comes to the next.
        run(&mut other, "BEGIN").await;
        run(&mut other, LINE_UP).await;
        let take = format!("SELECT 1 FROM record WHERE id = '{id}' FOR UPDATE");
        let path = format!("/api/v1/releases/{id}");
        let saved = desk.patch(&path, json!({ "dateline_place": "Köln" }));
        meanwhile(saved, &mut other, &[&take, "COMMIT"]).await.expect(200);
    })
    .await;
}

/// Somebody who does not line up first, with all their patience: it is the server that the database undoes.
async fn who_does_not_line_up(room: &Newsroom) -> PgConnection {
    let mut other = PgConnection::connect(room.database_url().unwrap()).await.unwrap();
    let database: String =
        sqlx::query_scalar("SELECT current_database()").fetch_one(&mut other).await.unwrap();
    run(&mut other, "SET deadlock_timeout = '60s'").await;
    // For those who come from now on. Whoever is undone has waited that long.
    run(&mut other, &format!("ALTER DATABASE \"{database}\" SET deadlock_timeout = '3s'")).await;
    other
}

/// An answer of a server that waits for `other`, while `other` lines up behind it.
async fn undone(answer: impl Future<Output = Answer>, other: &mut PgConnection) -> Answer {
    const IS_WAITED_FOR: &str = "SELECT EXISTS (SELECT 1 FROM pg_locks \
        WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))";
    let elsewhere = async {
        while !sqlx::query_scalar::<_, bool>(IS_WAITED_FOR).fetch_one(&mut *other).await.unwrap() {
            sleep_ms(10).await;
        }
        run(other, LINE_UP).await;
        // The first one was undone, or this one would still stand in line.
        run(other, "ROLLBACK").await;
    };
    tokio::join!(answer, elsewhere).0
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_save_that_the_database_undid_is_made_again() {
    on(Engine::PostgresS3, Setup::Shared, async |room: &Newsroom| {
        let mut other = who_does_not_line_up(room).await;
        let server = room.start().await;
        let desk = server.desk();
        let release = desk.published(Client::plain_release("Gesperrt")).await;
        let id = id_of(&release).to_owned();
        run(&mut other, "BEGIN").await;
        run(&mut other, &format!("SELECT 1 FROM record WHERE id = '{id}' FOR UPDATE")).await;
        let path = format!("/api/v1/releases/{id}");
        let saved = desk.patch(&path, json!({ "dateline_place": "Köln" }));
        let saved = undone(saved, &mut other).await.expect(200).json();
        assert_eq!(saved["dateline_place"], "Köln");
        assert_eq!(saved["version"], json!(release["version"].as_i64().unwrap() + 1));

        // What is no change of a record is not made again by itself: the caller is told to.
        run(&mut other, "BEGIN").await;
        let taken = format!("INSERT INTO slug (kind, slug, record_id) VALUES ('release', 'im-weg', '{id}')");
        run(&mut other, &taken).await;
        let made = desk.post("/api/v1/releases", Client::plain_release("Im Weg"));
        let made = undone(made, &mut other).await;
        made.problem(503, "contended");
        assert!(made.header("retry-after").parse::<u32>().is_ok());
        let made = desk.post("/api/v1/releases", Client::plain_release("Im Weg")).await.expect(201).json();
        assert_eq!(made["slug"], "im-weg");
    })
    .await;
}

//! Two processes on one PostgreSQL and one S3 endpoint are one newsroom.

use std::time::Instant;

use serde_json::json;

use crate::harness::{
    Client, Engine, Newsroom, Setup, eventually, id_of, images, on, percent, public_url_of_photo, sleep_ms,
};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_does_b_shows_within_two_seconds() {
    on(Engine::PostgresS3, Setup::Shared, async |room: &Newsroom| {
        let (a, b) = (room.start().await, room.start_second().await);
        let asset = a
            .desk()
            .upload_ready("bild.jpg", images::jpeg(1200, 800, 61), json!({ "title": "Kranich" }))
            .await;
        let mut release = Client::plain_release("Zwei Knoten, ein Presseraum");
        release["assets"] = json!([id_of(&asset)]);
        let release = a.desk().published(release).await;
        let url = release["url"].as_str().unwrap();
        let began = Instant::now();

        b.public().get(url).await.expect(200);
        b.public().get(&format!("{url}/photos.zip")).await.expect(200);
        b.public().get(&public_url_of_photo(&asset)).await.expect(200);
        for query in ["Presseraum", "Kranich"] {
            eventually(4.0, &format!("B finds {query}"), async || {
                let total =
                    b.public().get(&format!("/api/v1/search?q={}", percent(query))).await.json()["total"]
                        .clone();
                (total.as_i64() > Some(0)).then_some(())
            })
            .await;
        }
        for path in ["/", "/feed.atom", "/releases", "/sitemap.xml"] {
            eventually(4.0, &format!("B's {path} leads to it"), async || {
                b.public().get(path).await.text().contains(url).then_some(())
            })
            .await;
        }
        assert!(began.elapsed().as_secs_f64() < 2.0, "B needed {:?}", began.elapsed());

        // A page that B has in its cache changes there too.
        let path = format!("/api/v1/releases/{}", id_of(&release));
        b.public().get(url).await.expect(200);
        a.desk().patch(&path, json!({ "headline": "Ein anderer Titel" })).await.expect(200);
        eventually(2.0, "B shows the correction", async || {
            b.public().get(url).await.text().contains("Ein anderer Titel").then_some(())
        })
        .await;
        a.desk().post(&format!("{path}/withdraw"), json!({ "reason": "Irrtum" })).await.expect(200);
        eventually(2.0, "B shows that it is gone", async || {
            (b.public().get(url).await.status == 410).then_some(())
        })
        .await;
        assert_eq!(b.public().get(asset["original"]["url"].as_str().unwrap()).await.status, 404);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn b_finishes_what_a_was_killed_over() {
    on(Engine::PostgresS3, Setup::Shared, async |room: &Newsroom| {
        let mut a = room.start().await;
        let mut ids = Vec::new();
        for mark in ["eins", "zwei", "drei"] {
            let mut photo = images::print_photo().to_vec();
            photo.extend(mark.bytes());
            let asset = a.desk().upload(&format!("{mark}.jpg"), photo).await.expect(201).json();
            ids.push(id_of(&asset).to_owned());
        }
        sleep_ms(300).await;
        a.kill_9();
        let b = room.start_second().await;
        for id in &ids {
            let asset = b.desk().wait_ready(id).await;
            for rendition in asset["renditions"].as_array().unwrap() {
                let bytes = b.desk().get(rendition["url"].as_str().unwrap()).await.expect(200).body;
                assert_eq!(bytes.len() as u64, rendition["size_bytes"].as_u64().unwrap());
            }
        }
        drop(b);
        assert_eq!(room.cli(&["check"]).code, 0);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_write_and_the_log_has_no_gap() {
    on(Engine::PostgresS3, Setup::Shared, async |room: &Newsroom| {
        let (a, b) = (room.start().await, room.start_second().await);
        let (left, right) = (a.desk(), b.desk());
        let write = async |desk: &Client, name: &str| {
            for number in 0..15 {
                desk.published(Client::plain_release(&format!("{name} {number}"))).await;
            }
        };
        tokio::join!(write(&left, "Links"), write(&right, "Rechts"));
        for node in [&a, &b] {
            eventually(5.0, "each node finds all of both", async || {
                let count = async |word: &str| {
                    node.public().get(&format!("/api/v1/search?q={word}&kind=release")).await.json()["total"]
                        .as_i64()
                };
                (count("Links").await == Some(15) && count("Rechts").await == Some(15)).then_some(())
            })
            .await;
        }
        let (mut seen, mut since) = (Vec::new(), 0);
        loop {
            let page = left.get(&format!("/api/v1/changes?since={since}")).await.expect(200).json();
            let numbers: Vec<i64> = page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|change| change["seq"].as_i64().unwrap())
                .collect();
            match numbers.last() {
                Some(last) if *last > since => since = *last,
                _ => break,
            }
            seen.extend(numbers);
        }
        let expected: Vec<i64> = (seen[0]..seen[0] + seen.len() as i64).collect();
        assert_eq!(seen, expected);
    })
    .await;
}

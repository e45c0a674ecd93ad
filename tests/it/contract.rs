//! What the store and the blob store promise, held to it on every engine through their own interfaces.

use bytes::Bytes;
use futures_util::TryStreamExt;
use jiff::SignedDuration;
use pressroom::blob::{Area, BlobError, BlobKey, BlobStore};
use pressroom::domain::Id;
use pressroom::domain::clock::SystemClock;
use pressroom::domain::release::Release;
use pressroom::domain::upload::{Piece, Upload};
use pressroom::store::jobs::Lane;
use pressroom::store::{self, Db, StoreError, jobs, upload as uploads};

use crate::harness::{Engine, Newsroom, now};

/// As the workers that people wait for take jobs.
const LANE: Lane = Lane::AllBut(&["render-later"]);

on_both_engines!(Bare:
    blobs_are_kept_under_their_hash,
    an_unfinished_blob_is_never_seen,
    blobs_are_read_in_any_range,
    a_record_comes_back_as_it_was,
    a_stale_record_is_not_written,
    a_dropped_transaction_never_happened,
    slugs_are_given_once,
    a_job_is_leased_to_one_at_a_time,
    an_upload_is_leased_by_the_clock_that_all_share,
    a_lost_lease_stores_nothing,
    equal_jobs_wait_once,
    the_log_counts_without_a_gap,
);

fn blobs(room: &Newsroom) -> BlobStore {
    match room.blob_url() {
        Some(url) => BlobStore::open_s3(url).unwrap(),
        None => BlobStore::open_folder(&room.data().join("blobs")).unwrap(),
    }
}

async fn database(room: &Newsroom) -> Db {
    let db = match room.database_url() {
        Some(url) => Db::open_postgres(url).await.unwrap(),
        None => Db::open_sqlite(&room.data().join("pressroom.db")).await.unwrap(),
    };
    db.migrate().await.unwrap();
    db
}

fn id() -> Id {
    Id::new(&SystemClock)
}

async fn put(store: &BlobStore, bytes: &[u8]) -> BlobKey {
    let mut incoming = store.receive(id());
    for chunk in bytes.chunks(100_000) {
        incoming.push(Bytes::copy_from_slice(chunk)).await.unwrap();
    }
    let stored = incoming.finish(Area::Original).await.unwrap();
    assert_eq!(stored.size_bytes, bytes.len() as u64);
    assert_eq!(stored.crc32, crc32fast::hash(bytes));
    BlobKey::new(Area::Original, &stored.sha256, "image/jpeg")
}

async fn get(store: &BlobStore, key: &BlobKey, range: std::ops::Range<u64>) -> Vec<u8> {
    let chunks: Vec<Bytes> = store.read(key, range).await.unwrap().try_collect().await.unwrap();
    chunks.concat()
}

async fn keys(store: &BlobStore) -> Vec<(String, u64)> {
    let mut found: Vec<_> = store.list(Area::Original).try_collect().await.unwrap();
    found.sort();
    found
}

/// Bytes that do not repeat, so that a wrong range shows.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 1u64;
    (0..len)
        .map(|_| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 56) as u8
        })
        .collect()
}

async fn blobs_are_kept_under_their_hash(room: &Newsroom) {
    let store = blobs(room);
    let empty = put(&store, b"").await;
    assert_eq!(empty.sha256(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    let abc = put(&store, b"abc").await;
    assert_eq!(abc.sha256(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_eq!(put(&store, b"abc").await, abc);
    // Larger than a part of an upload in parts.
    let large = noise(20_000_000);
    let key = put(&store, &large).await;
    assert_eq!(put(&store, &large).await, key);
    assert!(get(&store, &key, 0..20_000_000).await == large);
    let mut expected = vec![
        (empty.sha256().to_owned(), 0),
        (abc.sha256().to_owned(), 3),
        (key.sha256().to_owned(), 20_000_000),
    ];
    expected.sort();
    assert_eq!(keys(&store).await, expected);
    assert_eq!(store.size(&abc).await.unwrap(), Some(3));
    store.delete(&abc).await.unwrap();
    store.delete(&abc).await.unwrap();
    assert_eq!(store.size(&abc).await.unwrap(), None);
    assert!(matches!(store.read(&abc, 0..3).await.err(), Some(BlobError::Missing(_))));
    let scratch = room.folder().join("scratch");
    std::fs::create_dir_all(&scratch).unwrap();
    let local = store.local(&key, &scratch).await.unwrap();
    assert!(std::fs::read(local.path()).unwrap() == large);
    drop(local);
    assert_eq!(std::fs::read_dir(&scratch).unwrap().count(), 0, "a copy goes with its guard");
}

async fn an_unfinished_blob_is_never_seen(room: &Newsroom) {
    let store = blobs(room);
    let bytes = noise(18_000_000);
    let mut incoming = store.receive(id());
    incoming.push(Bytes::copy_from_slice(&bytes)).await.unwrap();
    assert!(keys(&store).await.is_empty());
    drop(incoming);
    let mut incoming = store.receive(id());
    incoming.push(Bytes::copy_from_slice(&bytes)).await.unwrap();
    incoming.abort().await;
    assert!(keys(&store).await.is_empty());
    // And it can still come in whole.
    let key = put(&store, &bytes).await;
    assert_eq!(keys(&store).await, [(key.sha256().to_owned(), 18_000_000)]);
}

async fn blobs_are_read_in_any_range(room: &Newsroom) {
    let store = blobs(room);
    let bytes = noise(1_000_003);
    let key = put(&store, &bytes).await;
    for range in
        [0..0, 0..1, 0..1_000_003, 999_999..1_000_003, 262_143..262_145, 500_000..500_000, 17..700_001]
    {
        let got = get(&store, &key, range.clone()).await;
        assert!(got == bytes[range.start as usize..range.end as usize], "{range:?}");
    }
}

async fn insert(db: &Db, headline: &str, wish: &str) -> Release {
    let mut release = Release::draft(id(), "de", headline, now());
    release.body = "„Größe“ — 👩‍🚀 \\ ' \" ; --".to_owned();
    let mut tx = db.begin().await.unwrap();
    tx.insert(&mut release, wish, now()).await.unwrap();
    tx.commit().await.unwrap();
    release
}

async fn find(db: &Db, id: Id) -> Option<Release> {
    store::record::find(db, id).await.unwrap()
}

async fn a_record_comes_back_as_it_was(room: &Newsroom) {
    let db = database(room).await;
    let release = insert(&db, "Straße; DROP TABLE record", "strasse").await;
    assert_eq!((release.version, release.slug.as_str()), (1, "strasse"));
    assert_eq!(find(&db, release.id).await.unwrap(), release);
    let by_slug: Option<Release> = store::record::find_by_slug(&db, "strasse").await.unwrap();
    assert_eq!(by_slug.unwrap(), release);
    let mut tx = db.begin().await.unwrap();
    assert!(tx.delete::<Release>(release.id, now()).await.unwrap());
    assert!(!tx.delete::<Release>(release.id, now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(find(&db, release.id).await, None);
    // Migrating again finds nothing to do.
    db.migrate().await.unwrap();
}

async fn a_stale_record_is_not_written(room: &Newsroom) {
    let db = database(room).await;
    let mut mine = insert(&db, "Eins", "eins").await;
    let mut theirs = mine.clone();
    let mut tx = db.begin().await.unwrap();
    tx.update(&mut theirs, now()).await.unwrap();
    tx.commit().await.unwrap();
    mine.headline = "Zu spät".to_owned();
    let mut tx = db.begin().await.unwrap();
    let refused = tx.update(&mut mine, now()).await.unwrap_err();
    assert!(matches!(refused, StoreError::Stale { expected: 1, current: 2 }), "{refused:?}");
    drop(tx);
    assert_eq!(mine.version, 1, "the caller's copy tells the version that it was read with");
    assert_eq!(find(&db, mine.id).await.unwrap().headline, "Eins");
}

async fn a_dropped_transaction_never_happened(room: &Newsroom) {
    let db = database(room).await;
    let before = store::change::head(&db).await.unwrap();
    let mut release = Release::draft(id(), "de", "Nie", now());
    let mut tx = db.begin().await.unwrap();
    tx.insert(&mut release, "nie", now()).await.unwrap();
    drop(tx);
    assert_eq!(find(&db, release.id).await, None);
    assert_eq!(store::change::head(&db).await.unwrap(), before);
    assert_eq!(insert(&db, "Doch", "nie").await.slug, "nie", "its slug was not taken either");
}

async fn slugs_are_given_once(room: &Newsroom) {
    let db = database(room).await;
    let inserts = (0..6).map(|i| {
        let db = db.clone();
        tokio::spawn(async move { insert(&db, &format!("Gleich {i}"), "gleich").await.slug })
    });
    let mut slugs: Vec<_> =
        futures_util::future::join_all(inserts).await.into_iter().map(Result::unwrap).collect();
    slugs.sort();
    assert_eq!(slugs, ["gleich", "gleich-2", "gleich-3", "gleich-4", "gleich-5", "gleich-6"]);
}

async fn enqueue(db: &Db, key: Option<&str>) {
    let mut tx = db.begin().await.unwrap();
    tx.enqueue(id(), "render", "{}".to_owned(), key.map(str::to_owned), 0, now()).await.unwrap();
    tx.commit().await.unwrap();
}

const SECOND: pressroom::store::Lease = 1_000_000;

fn in_secs(secs: i64) -> jiff::Timestamp {
    now() + SignedDuration::from_secs(secs)
}

async fn a_job_is_leased_to_one_at_a_time(room: &Newsroom) {
    let db = database(room).await;
    for _ in 0..5 {
        enqueue(&db, None).await;
    }
    let claims = (0..12).map(|i| {
        let db = db.clone();
        tokio::spawn(async move {
            jobs::claim(&db, LANE, &format!("node {i}"), now(), 60 * SECOND).await.unwrap()
        })
    });
    let claimed: Vec<_> =
        futures_util::future::join_all(claims).await.into_iter().filter_map(Result::unwrap).collect();
    let mut ids: Vec<_> = claimed.iter().map(|job| job.id.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!((claimed.len(), ids.len()), (5, 5));
    assert!(jobs::claim(&db, LANE, "late", now(), 60 * SECOND).await.unwrap().is_none());
    assert!(!jobs::is_any_due(&db, LANE, now()).await.unwrap());
    // Nodes have clocks of their own, where there is more than one: what others have in hand is not told by them.
    if room.engine == Engine::PostgresS3 {
        assert!(!jobs::is_any_due(&db, LANE, in_secs(3600)).await.unwrap());
        assert!(jobs::claim(&db, LANE, "ahead", in_secs(3600), 60 * SECOND).await.unwrap().is_none());
        enqueue(&db, None).await;
        let behind = jobs::claim(&db, LANE, "node 99", in_secs(30), -SECOND).await.unwrap().unwrap();
        assert!(jobs::heartbeat(&db, &behind, "node 99", in_secs(-3600), 60 * SECOND).await.unwrap());
        assert!(jobs::claim(&db, LANE, "late", now(), 60 * SECOND).await.unwrap().is_none());
    }
    // Once a lease has run out, another node takes the job over.
    let silent = &claimed[0];
    let owner = (0..12).map(|i| format!("node {i}"));
    for owner in owner {
        jobs::heartbeat(&db, silent, &owner, now(), -SECOND).await.unwrap();
    }
    assert!(jobs::is_any_due(&db, LANE, now()).await.unwrap());
    let taken = jobs::claim(&db, LANE, "heir", now(), 60 * SECOND).await.unwrap().unwrap();
    assert_eq!((taken.id.as_str(), taken.attempt), (silent.id.as_str(), 2));
    if room.engine == Engine::SqliteDisk {
        assert!(jobs::claim(&db, LANE, "heir", in_secs(61), 60 * SECOND).await.unwrap().is_some());
    }
}

async fn an_upload_is_leased_by_the_clock_that_all_share(room: &Newsroom) {
    let db = database(room).await;
    let (first, second) = (id(), id());
    let mut known = upload(id());
    let mut tx = db.begin().await.unwrap();
    tx.insert_upload(&known).await.unwrap();
    tx.commit().await.unwrap();
    let find = async |id, at| uploads::find(&db, id, at).await.unwrap().unwrap();
    assert!(!find(known.id, now()).await.is_busy);
    assert!(uploads::lease(&db, &known, first, now(), 60 * SECOND).await.unwrap());
    assert!(find(known.id, now()).await.is_busy);
    assert!(!uploads::lease(&db, &known, second, now(), 60 * SECOND).await.unwrap());
    // A node's own clock may be an hour wrong, either way.
    if room.engine == Engine::PostgresS3 {
        for wrong in [in_secs(-3600), in_secs(3600)] {
            assert!(find(known.id, wrong).await.is_busy);
            assert!(!uploads::lease(&db, &known, second, wrong, 60 * SECOND).await.unwrap());
            assert!(uploads::renew(&db, known.id, first, wrong, 60 * SECOND).await.unwrap());
            assert!(find(known.id, now()).await.is_busy);
            let piece =
                Piece { upload: known.id, first_byte: known.received_bytes, size_bytes: 10, writer: first };
            let mut tx = db.begin().await.unwrap();
            assert!(tx.take_piece(&piece, wrong, 60 * SECOND, known.expires_at).await.unwrap());
            tx.commit().await.unwrap();
            known.received_bytes += 10;
            assert!(!uploads::lease(&db, &known, second, now(), 60 * SECOND).await.unwrap());
        }
    }
    // Once it has run out, the next request goes on, and the first one can do no more.
    assert!(uploads::renew(&db, known.id, first, now(), -SECOND).await.unwrap());
    assert!(!find(known.id, now()).await.is_busy);
    assert!(uploads::lease(&db, &known, second, now(), 60 * SECOND).await.unwrap());
    assert!(!uploads::renew(&db, known.id, first, now(), 60 * SECOND).await.unwrap());
}

fn upload(id: Id) -> Upload {
    Upload {
        id,
        owner: "Ada".to_owned(),
        file_name: "kran.jpg".to_owned(),
        size_bytes: 1000,
        received_bytes: 0,
        digest: None,
        fields: "{}".to_owned(),
        metadata: String::new(),
        replaces: None,
        asset: None,
        is_busy: false,
        created_at: now(),
        expires_at: in_secs(86_400),
    }
}

async fn a_lost_lease_stores_nothing(room: &Newsroom) {
    let db = database(room).await;
    enqueue(&db, None).await;
    let first = jobs::claim(&db, LANE, "first", now(), 60 * SECOND).await.unwrap().unwrap();
    assert!(jobs::heartbeat(&db, &first, "first", now(), -SECOND).await.unwrap());
    let second = jobs::claim(&db, LANE, "second", now(), 60 * SECOND).await.unwrap().unwrap();
    assert_eq!(first.id, second.id);
    assert!(!jobs::heartbeat(&db, &first, "first", now(), 60 * SECOND).await.unwrap());
    let mut tx = db.begin().await.unwrap();
    assert!(!tx.finish_job(&first, "first", now()).await.unwrap());
    assert!(!tx.fail_job(&first, "first", "too late", None, now()).await.unwrap());
    assert!(tx.finish_job(&second, "second", now()).await.unwrap());
    tx.commit().await.unwrap();
    let backlog = jobs::backlog(&db).await.unwrap();
    assert_eq!((backlog.waiting, backlog.running, backlog.failed), (0, 0, 0));
}

async fn equal_jobs_wait_once(room: &Newsroom) {
    let db = database(room).await;
    for _ in 0..3 {
        enqueue(&db, Some("render a")).await;
    }
    assert_eq!(jobs::backlog(&db).await.unwrap().waiting, 1);
    let running = jobs::claim(&db, LANE, "node", now(), 60 * SECOND).await.unwrap().unwrap();
    // What a running job has read may be old: one more may wait behind it.
    enqueue(&db, Some("render a")).await;
    assert_eq!(jobs::backlog(&db).await.unwrap().waiting, 1);
    let mut tx = db.begin().await.unwrap();
    assert!(tx.fail_job(&running, "node", "later", Some(in_secs(30)), now()).await.unwrap());
    tx.commit().await.unwrap();
    assert_eq!(jobs::backlog(&db).await.unwrap().waiting, 2);
}

async fn the_log_counts_without_a_gap(room: &Newsroom) {
    let db = database(room).await;
    let start = store::change::head(&db).await.unwrap();
    let writers = (0..4).map(|writer| {
        let db = db.clone();
        tokio::spawn(async move {
            for number in 0..8 {
                insert(&db, "Viele", &format!("viele-{writer}-{number}")).await;
            }
        })
    });
    // A follower that reads meanwhile never sees a number before a smaller one.
    let follower = async {
        let (mut seen, mut last) = (Vec::new(), start);
        while seen.len() < 32 {
            for change in store::change::since(&db, last, 100).await.unwrap() {
                last = change.seq;
                seen.push(change.seq);
            }
        }
        seen
    };
    let (written, seen) = tokio::join!(futures_util::future::join_all(writers), follower);
    written.into_iter().for_each(Result::unwrap);
    assert_eq!(seen, (start + 1..=start + 32).collect::<Vec<_>>());
}

//! Under load and over TLS: who asks too much is told so, a proxy is believed only when it is trusted, downloads
//! outlive the order to stop.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::harness::{Client, Engine, Newsroom, Server, Setup, id_of, images, now, on, run_ok, sleep_ms};

/// A node with settings of its own.
async fn start_with(room: &Newsroom, variables: &[(&str, &str)]) -> Server {
    let mut command = room.command();
    command.envs(variables.iter().copied());
    Server::start(command, room.data(), &room.folder().join("log"), room.token()).await
}

async fn on_sqlite(body: impl AsyncFnOnce(&Newsroom)) {
    on(Engine::SqliteDisk, Setup::Shared, body).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn searches_are_limited_by_address_and_only_a_trusted_proxy_names_one() {
    on_sqlite(async |room: &Newsroom| {
        let limits = [("PRESSROOM_SEARCHES_PER_MINUTE", "20"), ("PRESSROOM_TRUSTED_PROXIES", "127.0.0.1")];
        let server = start_with(room, &limits).await;
        let public = server.public();
        let mut refused = None;
        for n in 0..10 {
            let path = format!("/search?q=wort{n}");
            let answer = public.get_with(&path, &[("x-forwarded-for", "203.0.113.7")]).await;
            if answer.status == 429 {
                refused = Some(answer);
                break;
            }
        }
        let refused = refused.expect("the same address was never refused");
        assert!(refused.header("retry-after").parse::<u32>().is_ok_and(|secs| secs > 0));
        let other = [("x-forwarded-for", "203.0.113.8")];
        public.get_with("/search?q=anders", &other).await.expect(200);
        public
            .get_with("/api/v1/search?q=x", &[("x-forwarded-for", "203.0.113.7")])
            .await
            .problem(429, "too_many_requests");
        public.get_with("/releases", &[("x-forwarded-for", "203.0.113.7")]).await.expect(200);
        drop(server);

        // Without a trusted proxy the header is what anybody may write.
        let server = start_with(room, &limits[..1]).await;
        for n in 0..30 {
            let path = format!("/search?q=wort{n}");
            server.public().get_with(&path, &[("x-forwarded-for", "203.0.113.7")]).await.expect(200);
        }
    })
    .await;
}

/// How many of so many questions with these addresses in front are answered; the rest is refused for coming too often.
async fn answered(server: &Server, path: &str, from: impl Fn(usize) -> String) -> usize {
    let mut count = 0;
    for n in 0..40 {
        let path = path.replace("{n}", &n.to_string());
        let answer = server.public().get_with(&path, &[("x-forwarded-for", &from(n))]).await;
        assert!(matches!(answer.status, 200 | 429), "{path}: {}", answer.status);
        count += usize::from(answer.status == 200);
    }
    count
}

on_both_engines!(limits_hold_however_a_proxy_writes_addresses);

async fn limits_hold_however_a_proxy_writes_addresses(room: &Newsroom) {
    let proxied = [("PRESSROOM_TRUST_PROXY", "true"), ("PRESSROOM_TRUSTED_PROXIES", "127.0.0.1")];
    for proxy in proxied {
        let server = start_with(room, &[("PRESSROOM_SEARCHES_PER_MINUTE", "20"), proxy]).await;
        let search = "/search?q=wort{n}";
        let written: [fn(usize) -> String; 6] = [
            |n| format!("203.0.113.7:{}", 50_000 + n),
            |n| format!("[2001:db8::{n:x}]:443"),
            |n| format!("[2001:db8:0:1::{n:x}]"),
            |n| format!("2001:db8:0:2::{n:x}"),
            |n| format!("6.6.6.{n}, ::ffff:203.0.113.9"),
            |_| "unknown".to_owned(),
        ];
        for from in written {
            assert!(answered(&server, search, from).await < 30, "{} {}", proxy.0, from(1));
        }
        let visitors = |n| format!("198.51.100.{n}:4711");
        assert_eq!(answered(&server, search, visitors).await, 40, "others are not hindered");
        // The photos of a person are searched for; the gallery is not.
        let person = |_| "203.0.113.20".to_owned();
        assert!(answered(&server, "/photos?person=Ada{n}", person).await < 30);
        assert_eq!(answered(&server, "/photos?stands=portrait&person=&n={n}", person).await, 40);
        drop(server);
    }
}

/// The sign-in page's answer to a wrong password from an address.
async fn guess(public: Client, n: usize, from: String) -> u16 {
    let request = public
        .request(reqwest::Method::POST, "/admin/sign-in")
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", from)
        .body(format!("email=nobody{n}%40messe.example&password=falsches-Passwort"));
    public.send(request).await.status
}

on_both_engines!(guesses_from_one_network_are_counted_together);

async fn guesses_from_one_network_are_counted_together(room: &Newsroom) {
    let server = start_with(room, &[("PRESSROOM_TRUSTED_PROXIES", "127.0.0.1")]).await;
    let mut refused = 0;
    for n in 0..30 {
        let status = guess(server.public(), n, format!("2001:db8::{n:x}:1")).await;
        assert!(matches!(status, 422 | 429), "{status}");
        refused += usize::from(status == 429);
    }
    assert!(refused > 0, "every address of the network had guesses of its own");
    assert_eq!(guess(server.public(), 99, "2001:db8:0:1::1".to_owned()).await, 422, "another network");
}

on_both_engines!(Alone: a_crowd_at_the_door_does_not_take_the_memory);

async fn a_crowd_at_the_door_does_not_take_the_memory(room: &Newsroom) {
    const CROWD: usize = 100;
    let server = start_with(room, &[("PRESSROOM_TRUSTED_PROXIES", "127.0.0.1")]).await;
    guess(server.public(), 0, "198.51.100.1".to_owned()).await;
    let before = server.memory_bytes();
    let guesses: Vec<_> =
        (0..CROWD).map(|n| tokio::spawn(guess(server.public(), n, format!("203.0.113.{n}")))).collect();
    let mut most = before;
    while !guesses.iter().all(tokio::task::JoinHandle::is_finished) {
        most = most.max(server.memory_bytes());
        sleep_ms(5).await;
    }
    for guess in guesses {
        assert_eq!(guess.await.unwrap(), 422, "everybody gets an answer");
    }
    let taken_mib = (most - before) >> 20;
    eprintln!("{CROWD} passwords at once took {taken_mib} MiB");
    assert!(taken_mib < 160, "{taken_mib} MiB for {CROWD} passwords");
}

fn certificate(folder: &Path) -> (String, String) {
    let place = |name: &str| folder.join(name).to_string_lossy().into_owned();
    let (certificate, key) = (place("cert.pem"), place("key.pem"));
    let arguments =
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost";
    let mut arguments: Vec<&str> = arguments.split(' ').collect();
    arguments.extend(["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", &key, "-out", &certificate]);
    run_ok("openssl", &arguments);
    (certificate, key)
}

/// A node with TLS of its own, and its address.
async fn start_tls(room: &Newsroom, certificate: &str, key: &str) -> (std::process::Child, String) {
    let mut command = room.command();
    command.env("PRESSROOM_TLS_CERTIFICATE", certificate).env("PRESSROOM_TLS_KEY", key);
    command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(room.data());
    let child = command.stderr(std::process::Stdio::null()).spawn().unwrap();
    let address_file = room.data().join("serve.addr");
    let address = crate::harness::eventually(30.0, "serve.addr", async || {
        std::fs::read_to_string(&address_file).ok().filter(|text| !text.trim().is_empty())
    })
    .await;
    (child, address.trim().to_owned())
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn over_tls_a_long_page_comes_whole_however_it_is_asked_for_and_taken() {
    on_sqlite(async |room: &Newsroom| {
        let server = room.start().await;
        let mut release = Client::plain_release("Langer Text");
        release["body"] = json!("Die Messe zählt ihre Gäste, einen nach dem anderen.\n\n".repeat(6_000));
        let release = server.desk().published(release).await;
        let path = release["url"].as_str().unwrap().to_owned();
        assert!(server.stop().await.success());

        let (certificate, key) = certificate(room.folder());
        let (mut child, address) = start_tls(room, &certificate, &key).await;
        let port = address.rsplit(':').next().unwrap();
        let script = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/readers/tls_reader.py");
        let told: Value =
            serde_json::from_str(&run_ok("python3", &[script, port, &certificate, &path])).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let page = &told["made"];
        assert!(page[0] == 200 && page[1].as_u64().unwrap() > 300_000, "{told:#}");
        for taken in ["slow", "in pieces", "after it", "goodbye"] {
            assert_eq!(&told[taken], page, "{taken}");
        }
        assert_eq!(told["at once"], json!([page, page, page]));
        assert_eq!((&told["known"], &told["something else"]), (&json!(304), &json!(200)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tls_of_our_own_speaks_both_versions_of_http() {
    on_sqlite(async |room: &Newsroom| {
        let (certificate, key) = certificate(room.folder());
        let (mut child, address) = start_tls(room, &certificate, &key).await;
        let url = format!("https://{address}/");
        for (version, told) in [("--http1.1", "1.1"), ("--http2", "2")] {
            let arguments = [
                "-sS",
                "--cacert",
                &certificate,
                version,
                "-o",
                "/dev/null",
                "-w",
                "%{http_version} %{http_code}",
            ];
            let said = run_ok("curl", &[&arguments[..], &[&url]].concat());
            assert_eq!(said, format!("{told} 200"));
        }
        let long = format!("https://{address}/api/openapi.json");
        let [whole, in_frames] = ["--http1.1", "--http2"]
            .map(|version| run_ok("curl", &["-sS", "--cacert", &certificate, version, &long]));
        assert!(whole.len() > 50_000 && whole == in_frames, "{} and {} bytes", whole.len(), in_frames.len());
        // Short keys whoever asks for long ones first; what needs no AES for a processor that has none.
        let (aes_128, aes_256) = ("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384");
        let chacha = "TLS_CHACHA20_POLY1305_SHA256";
        for (order, agreed) in [
            ([aes_256, chacha, aes_128], aes_128),
            ([chacha, aes_128, aes_256], chacha),
            ([aes_256; 3], aes_256),
        ] {
            let order = order.join(":");
            let said = run_ok("openssl", &["s_client", "-connect", &address, "-ciphersuites", &order]);
            assert!(said.contains(&format!("Cipher is {agreed}")), "{order}: {said}");
        }
        child.kill().unwrap();
        child.wait().unwrap();
        // Half a pair is a mistake that is said at the start.
        let mut half = room.command();
        half.env("PRESSROOM_TLS_KEY", &key).args(["config", "show", "--data"]).arg(room.data());
        let output = half.output().unwrap();
        assert!(!output.status.success());
        assert!(String::from_utf8_lossy(&output.stderr).contains("tls_certificate"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_download_outlives_the_order_to_stop() {
    on_sqlite(async |room: &Newsroom| {
        let server = room.start().await;
        let desk = server.desk();
        let bytes = [b"%PDF-1.7\n".as_slice(), &vec![7; 30_000_000]].concat();
        let asset = desk.upload("gross.pdf", bytes.clone()).await.expect(201).json();
        let asset = desk.wait_processed(id_of(&asset)).await;
        let mut release = Client::plain_release("Groß");
        release["assets"] = json!([id_of(&asset)]);
        desk.published(release).await;
        let address = server.base().trim_start_matches("http://").to_owned();
        let mut slow = tokio::net::TcpStream::connect(&address).await.unwrap();
        let path = asset["original"]["url"].as_str().unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
        slow.write_all(request.as_bytes()).await.unwrap();
        let mut first = vec![0; 100_000];
        slow.read_exact(&mut first).await.unwrap();
        let stopping = tokio::spawn(server.stop());
        sleep_ms(500).await;
        assert!(tokio::net::TcpStream::connect(&address).await.is_err(), "nobody new is let in");
        let mut rest = Vec::new();
        slow.read_to_end(&mut rest).await.unwrap();
        let head = first.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
        let body = [&first[head..], &rest].concat();
        assert!(body == bytes, "{} of {} bytes came", body.len(), bytes.len());
        assert!(stopping.await.unwrap().success());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_without_headers_is_let_go_and_others_do_not_notice() {
    on_sqlite(async |room: &Newsroom| {
        let server = room.start().await;
        let address = server.base().trim_start_matches("http://").to_owned();
        let mut idle = Vec::new();
        for _ in 0..300 {
            let mut stream = tokio::net::TcpStream::connect(&address).await.unwrap();
            stream.write_all(b"GET / HTTP/1.1\r\nx-slow: ").await.unwrap();
            idle.push(stream);
        }
        server.public().get("/").await.expect(200);
        let mut answer = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(30), idle[0].read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "a client that sends no headers is kept for ever");
    })
    .await;
}

/// One answer as it stands on the line; `has_body` as the method says.
async fn read_answer(stream: &mut tokio::net::TcpStream, has_body: bool) -> (Vec<String>, Vec<u8>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.unwrap());
    }
    let lines: Vec<String> = String::from_utf8(head).unwrap().trim_end().lines().map(str::to_owned).collect();
    let length = lines.iter().find_map(|line| line.strip_prefix("content-length: ")).map_or("0", |text| text);
    let mut body = vec![0; if has_body { length.parse().unwrap() } else { 0 }];
    stream.read_exact(&mut body).await.unwrap();
    (lines, body)
}

/// However a request arrives, whole, in pieces, with others, after others: the answer is the same, and the connection
/// goes on.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_answers_the_same_however_it_is_asked() {
    on_sqlite(async |room: &Newsroom| {
        let server = room.start().await;
        server.public().get("/").await.expect(200);
        let address = server.base().trim_start_matches("http://").to_owned();
        let whole = "GET / HTTP/1.1\r\nhost: x\r\naccept-encoding: gzip\r\n\r\n";

        let mut quick = tokio::net::TcpStream::connect(&address).await.unwrap();
        quick.write_all(whole.as_bytes()).await.unwrap();
        let (lines, body) = read_answer(&mut quick, true).await;
        assert_eq!(lines[0], "HTTP/1.1 200 OK");
        assert!(lines.iter().any(|line| line == "content-encoding: gzip"), "{lines:#?}");
        let dates = lines.iter().filter_map(|line| line.strip_prefix("date: "));
        let dates: Vec<i64> =
            dates.map(|date| jiff::fmt::rfc2822::parse(date).unwrap().timestamp().as_second()).collect();
        assert!(dates.len() == 1 && (dates[0] - now().as_second()).abs() < 30, "{lines:#?}");
        let tag = lines.iter().find_map(|line| line.strip_prefix("etag: ")).unwrap();
        let without_date = |lines: &[String]| {
            let mut lines = lines.to_vec();
            lines.retain(|line| !line.starts_with("date: "));
            lines.sort();
            lines
        };

        // A known page, a head, and on the same connection something that never lies ready.
        let known = whole.replace("host: x", &format!("host: x\r\nif-none-match: {tag}"));
        quick.write_all(known.as_bytes()).await.unwrap();
        let (told, _) = read_answer(&mut quick, false).await;
        assert_eq!(told[0], "HTTP/1.1 304 Not Modified");
        assert!(told.contains(&format!("etag: {tag}")));
        quick.write_all(whole.replace("GET", "HEAD").as_bytes()).await.unwrap();
        let (told, _) = read_answer(&mut quick, false).await;
        assert_eq!(without_date(&told), without_date(&lines));
        quick.write_all(whole.replace("GET /", "GET /api/v1/releases").as_bytes()).await.unwrap();
        let (told, listed) = read_answer(&mut quick, true).await;
        assert_eq!(told[0], "HTTP/1.1 200 OK");
        assert!(!listed.is_empty());
        quick.write_all(whole.as_bytes()).await.unwrap();
        let (told, again) = read_answer(&mut quick, true).await;
        assert_eq!((without_date(&told), again), (without_date(&lines), body.clone()));

        // In pieces, as slow lines and fast writers send.
        let mut pieces = tokio::net::TcpStream::connect(&address).await.unwrap();
        pieces.set_nodelay(true).unwrap();
        for piece in [&whole[..9], &whole[9..30], &whole[30..]] {
            pieces.write_all(piece.as_bytes()).await.unwrap();
            sleep_ms(50).await;
        }
        let (told, told_body) = read_answer(&mut pieces, true).await;
        assert_eq!((without_date(&told), told_body), (without_date(&lines), body.clone()));

        // Three at once, the last of which ends the connection.
        let mut many = tokio::net::TcpStream::connect(&address).await.unwrap();
        let last = whole.replace("host: x", "host: x\r\nconnection: close");
        many.write_all(format!("{whole}{whole}{last}").as_bytes()).await.unwrap();
        for _ in 0..3 {
            let (told, told_body) = read_answer(&mut many, true).await;
            assert_eq!((told[0].as_str(), told_body), ("HTTP/1.1 200 OK", body.clone()));
        }
        let mut rest = Vec::new();
        many.read_to_end(&mut rest).await.unwrap();
        assert!(rest.is_empty());
    })
    .await;
}

/// A stop must not wait for somebody who only keeps a connection, nor for somebody who never stops asking.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn open_connections_do_not_delay_a_stop() {
    on_sqlite(async |room: &Newsroom| {
        let server = room.start().await;
        server.public().get("/").await.expect(200);
        let address = server.base().trim_start_matches("http://").to_owned();
        let ask = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
        let mut idle = tokio::net::TcpStream::connect(&address).await.unwrap();
        idle.write_all(ask.as_bytes()).await.unwrap();
        read_answer(&mut idle, true).await;
        let mut busy = tokio::net::TcpStream::connect(&address).await.unwrap();
        let asking = tokio::spawn(async move {
            let mut taken = vec![0; 1 << 16];
            while busy.write_all(ask.as_bytes()).await.is_ok() {
                if matches!(busy.read(&mut taken).await, Ok(0) | Err(_)) {
                    break;
                }
            }
        });
        let began = std::time::Instant::now();
        assert!(server.stop().await.success());
        // Jobs get five seconds; open connections none.
        assert!(began.elapsed() < Duration::from_secs(20), "{:?}", began.elapsed());
        asking.await.unwrap();
        let mut rest = Vec::new();
        idle.read_to_end(&mut rest).await.unwrap();
        assert!(rest.is_empty());
    })
    .await;
}

on_both_engines!(downloads_are_counted_once_and_without_names, bytes_can_be_sent_by_somebody_else);

/// A proxy that reads the same folder, or the S3 store itself; who may have them is decided here all the same.
async fn bytes_can_be_sent_by_somebody_else(room: &Newsroom) {
    let setting = match room.engine {
        Engine::SqliteDisk => ("PRESSROOM_ACCEL_REDIRECT", "/blobs/"),
        Engine::PostgresS3 => ("PRESSROOM_S3_REDIRECT", "true"),
    };
    let server = start_with(room, &[setting]).await;
    let (desk, public) = (server.desk(), server.public());
    let bytes = images::jpeg(1800, 1200, 3);
    let asset = desk.upload_ready("Größe.jpg", bytes, json!({ "title": "Bild" })).await;
    let original = asset["original"]["url"].as_str().unwrap();
    let closed = public.get(original).await.expect(404);
    assert_eq!(closed.header("x-accel-redirect"), "");
    let mut release = Client::plain_release("Mit Bild");
    release["assets"] = json!([id_of(&asset)]);
    desk.published(release).await;
    let sha256 = asset["sha256"].as_str().unwrap();
    match room.engine {
        Engine::SqliteDisk => {
            let answer = public.get(original).await.expect(200);
            assert!(answer.body.is_empty(), "the proxy sends the bytes");
            let place = answer.header("x-accel-redirect").strip_prefix("/blobs/").unwrap().to_owned();
            let blob = room.data().join("blobs").join(&place);
            assert!(blob.is_file(), "{}", blob.display());
            assert!(answer.header("content-disposition").contains("filename*=UTF-8''"));
        }
        Engine::PostgresS3 => {
            let answer = public.get(original).await.expect(307);
            assert!(answer.header("cache-control").contains("no-store"));
            let elsewhere = reqwest::get(answer.header("location")).await.unwrap();
            assert_eq!(elsewhere.status(), 200);
            let name = elsewhere.headers()["content-disposition"].to_str().unwrap().to_owned();
            assert!(name.contains("filename*=UTF-8''"), "{name}");
            assert_eq!(elsewhere.headers()["content-type"], "image/jpeg");
            let size = asset["original"]["size_bytes"].as_u64().unwrap();
            assert_eq!(elsewhere.bytes().await.unwrap().len() as u64, size, "{sha256}");
        }
    }
    let tag = public.head(original).await.expect(200).header("etag").to_owned();
    assert_eq!(desk.get("/api/v1/downloads").await.expect(200).json()["items"], json!([]), "no reader yet");

    // One download, resumed by the range, felt for, and looked at again: by the sender's tags, which are not known here,
    // and by those of this house.
    let firefox = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    let handed = if room.engine == Engine::SqliteDisk { 200 } else { 307 };
    public.get_with(original, &[firefox]).await.expect(handed);
    for range in ["bytes=5000-", "bytes=0-0", "bytes=-7"] {
        public.get_with(original, &[firefox, ("range", range)]).await.expect(handed);
    }
    public.get_with(original, &[firefox, ("if-none-match", "\"of-the-sender\"")]).await.expect(handed);
    public.get_with(original, &[firefox, ("if-none-match", &tag)]).await.expect(304);
    let resumed = [firefox, ("range", "bytes=5-9"), ("if-range", tag.as_str())];
    let resumed = public.get_with(original, &resumed).await.expect(206);
    assert_eq!(resumed.body.len(), 5, "who knows the tag of this house is answered by it");
    let counts = desk.get("/api/v1/downloads").await.expect(200).json();
    let forms = counts["items"].as_array().unwrap().iter().map(|item| (&item["form"], &item["count"]));
    assert_eq!(forms.collect::<Vec<_>>(), [(&json!("original.jpg"), &json!(1))], "{counts:#}");
}

async fn downloads_are_counted_once_and_without_names(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let asset = desk.upload_ready("bild.jpg", images::jpeg(1800, 1200, 3), json!({ "title": "Bild" })).await;
    let mut release = Client::plain_release("Mit Bild");
    release["assets"] = json!([id_of(&asset)]);
    let release = desk.published(release).await;
    let original = asset["original"]["url"].as_str().unwrap();
    let kit = format!("{}/photos.zip", release["url"].as_str().unwrap());
    let firefox = ("user-agent", "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0");
    let size = asset["original"]["size_bytes"].as_u64().unwrap();

    // One download that broke off once, one feeler, one robot, one member of staff, one head.
    public.get_with(original, &[firefox]).await.expect(200);
    public.get_with(original, &[firefox, ("range", &format!("bytes={}-", size / 2))]).await.expect(206);
    public.get_with(original, &[firefox, ("range", "bytes=0-0")]).await.expect(206);
    public.get_with(original, &[("user-agent", "Googlebot/2.1")]).await.expect(200);
    public.head(original).await.expect(200);
    public.get_with(&kit, &[firefox]).await.expect(200);
    public.get_with(&format!("{kit}?size=web"), &[firefox]).await.expect(200);

    let counts = desk.get("/api/v1/downloads").await.expect(200).json();
    let count = |id: &str, form: &str| {
        let items = counts["items"].as_array().unwrap();
        items.iter().find(|item| item["id"] == id && item["form"] == form).map(|item| item["count"].clone())
    };
    assert_eq!(count(id_of(&asset), "original.jpg"), Some(json!(1)), "{counts:#}");
    assert_eq!(count(id_of(&release), "kit-print"), Some(json!(1)), "{counts:#}");
    assert_eq!(count(id_of(&release), "kit-web"), Some(json!(1)), "{counts:#}");
    assert_eq!(count(id_of(&asset), "in-kit"), Some(json!(2)), "{counts:#}");
    let today = now().strftime("%Y-%m-%d").to_string();
    assert!(counts["items"].as_array().unwrap().iter().all(|item| item["day"] == today));
    public.get("/api/v1/downloads").await.problem(401, "unauthorized");
    desk.get("/api/v1/downloads?from=gestern").await.problem(400, "invalid_day");
}

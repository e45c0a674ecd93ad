//! A search is followed by mail: nobody is written to who has not confirmed, and everything is told once.

use jiff::ToSpan as _;
use pressroom::app;
use pressroom::config::{Config, Flags};
use pressroom::store::alert;
use reqwest::Method;
use serde_json::json;

use crate::desk::{Browser, put};
use crate::harness::{Client, MailServer, Newsroom, Server, eventually, id_of, now, sleep_ms, soon};

on_both_engines!(a_search_is_followed_by_mail);

/// The path of the link in a mail; in tests the host is another.
fn path_of(link: &str) -> &str {
    &link[link.find("/alerts/").unwrap_or_else(|| panic!("no link: {link}"))..]
}

/// What the form would send.
async fn filled(reader: &mut Browser, path: &str, email: &str) -> Vec<(String, String)> {
    let mut form = reader.get(path).await.expect(200).form(".message-form");
    put(&mut form, "email", email);
    form
}

async fn release(desk: &Client, headline: &str) -> String {
    let mut release = Client::plain_release(headline);
    release["dateline_place"] = json!("Musterstadt");
    release["dateline_date"] = json!("2026-11-29");
    id_of(&desk.post("/api/v1/releases", release).await.expect(201).json()).to_owned()
}

async fn publish(server: &Server, headline: &str) -> String {
    let id = release(&server.desk(), headline).await;
    server.desk().post_empty(&format!("/api/v1/releases/{id}/publish")).await.expect(200);
    eventually(5.0, "it is found", async || {
        server.public().found(headline).await.values().flatten().any(|found| found == headline).then_some(())
    })
    .await;
    id
}

async fn a_search_is_followed_by_mail(room: &Newsroom) {
    let post = MailServer::start().await;
    let server = room.start().await;
    let page = server.public().get("/search?q=Leuchtturm").await.expect(200).text();
    assert!(!page.contains("/search/alert"), "without mail nothing is offered");
    server.public().get("/search/alert?q=Leuchtturm").await.expect(303);
    server.stop().await;
    room.configure("smtp_url", &post.url());
    let server = room.start().await;
    // Where nodes share a database, all of them look.
    let other = if room.database_url().is_some() { Some(room.start_second().await) } else { None };
    let ctx = app::open(&Config::load(room.data(), &Flags::default()).unwrap()).await.unwrap();

    let page = server.public().get("/search?q=Leuchtturm&from=2020-01-01").await.expect(200).text();
    assert!(page.contains("href=\"/search/alert?q=Leuchtturm\""), "{page}");
    let mut reader = Browser::new(&server);
    let form = filled(&mut reader, "/search/alert?q=Leuchtturm", " Rita@Zeitung.example").await;
    let mut english = filled(&mut reader, "/en/search/alert?q=Hafen+-Fest", "ben@paper.example").await;
    assert!(reader.post_form("/search/alert", &form).await.expect(422).text.contains("sehr schnell"));
    sleep_ms(3200).await;
    put(&mut english, "email", "ben");
    let again = reader.post_form("/en/search/alert", &english).await.expect(422);
    assert!(again.text.contains("check the e-mail address"));
    put(&mut english, "email", "ben@paper.example");
    let sent = "/search/alert?q=Leuchtturm&sent=1";
    // Sent twice, it is asked once.
    for _ in 0..2 {
        assert_eq!(reader.post_form("/search/alert", &form).await.expect(303).location, sent);
    }
    assert!(reader.get(sent).await.expect(200).text.contains("zur Bestätigung unterwegs"));
    let request = post.mail(0).await;
    assert_eq!(request.recipient, "rita@zeitung.example");
    assert!(request.part("subject").contains("Bitte bestätigen"));
    assert!(!request.part("body").contains("Leuchtturm"), "nobody advertises by our mails");

    // Nothing before somebody has said yes, and following the link says nothing.
    let link = request.link("/alerts/");
    publish(&server, "Leuchtturm wird saniert").await;
    assert!(reader.get(path_of(&link)).await.expect(200).text.contains("name=\"confirm\""));
    sleep_ms(2500).await;
    assert_eq!(post.count(), 1);
    assert_eq!(alert::count_confirmed(&ctx.db).await.unwrap(), 0);
    let page = reader.post(path_of(&link), &[("confirm", "1")]).await.expect(200);
    assert!(page.text.contains("Bestätigt"));

    publish(&server, "Hafen wird vertieft").await;
    let id = publish(&server, "Der Leuchtturm leuchtet wieder").await;
    let news = post.mail(1).await;
    assert_eq!(news.recipient, "rita@zeitung.example");
    assert_eq!(news.part("subject"), "Presseraum: Der Leuchtturm leuchtet wieder");
    let body = news.part("body");
    assert!(
        body.contains("Neu zu Ihrer Suche: Leuchtturm") && body.contains("Musterstadt, 29. November 2026")
    );
    assert!(!body.contains("Hafen") && !body.contains("saniert"), "{body}");
    let told = news.link("/releases/");
    server.public().get(&told[told.find("/releases/").unwrap()..]).await.expect(200);
    assert_eq!(news.part("list-unsubscribe"), format!("<{}>", news.link("/alerts/")));
    assert_eq!(news.part("list-unsubscribe-post"), "List-Unsubscribe=One-Click");

    // What waits for its time is told then, in the reader's language, and not before.
    assert_eq!(reader.post_form("/en/search/alert", &english).await.expect(303).status, 303);
    let link = post.mail(2).await.link("/alerts/");
    let page = reader.post(path_of(&link), &[("confirm", "1")]).await.expect(200);
    assert!(page.text.contains("Confirmed"), "{}", page.text);
    let feast = release(&server.desk(), "Fest am Hafen").await;
    let depth = release(&server.desk(), "Der Hafen ist tief genug").await;
    let lifts_at = soon(5);
    let embargo = json!({ "embargo_until": lifts_at.to_string() });
    for id in [&feast, &depth] {
        let path = format!("/api/v1/releases/{id}/publish");
        server.desk().post(&path, embargo.clone()).await.expect(200);
    }
    // Corrected, withdrawn and published again, it is not news.
    let path = format!("/api/v1/releases/{id}");
    let note = json!({ "kind": "update", "note": "Auch bei Nebel" });
    server.desk().post(&format!("{path}/correct"), note).await.expect(200);
    server.desk().post(&format!("{path}/withdraw"), json!({ "reason": "Irrtum" })).await.expect(200);
    server.desk().post_empty(&format!("{path}/publish")).await.expect(200);
    assert!(now() < lifts_at, "the machine was too slow to see the closed state");
    loop {
        let count = post.count();
        if now() >= lifts_at {
            break;
        }
        assert_eq!(count, 3);
        sleep_ms(20).await;
    }
    let news = post.mail(3).await;
    assert_eq!(news.recipient, "ben@paper.example");
    let body = news.part("body");
    assert!(body.contains("New for your search: Hafen -Fest") && body.contains("Der Hafen ist tief genug"));
    assert!(!body.contains("Fest am Hafen"), "{body}");
    sleep_ms(2500).await;
    assert_eq!(post.count(), 4);
    assert!(alert::due(&ctx.db, now() + 2.hours(), 10).await.unwrap().is_empty(), "nothing waits to be told");

    // One click in the mail program ends it, sent as one or the other kind of form.
    let ended = path_of(&link);
    assert!(reader.get(ended).await.expect(200).text.contains("name=\"end\""));
    let (kind, body) = (
        "multipart/form-data; boundary=x",
        "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n",
    );
    let public = server.public();
    let click = public.request(Method::POST, ended).header("content-type", kind).body(body);
    public.send(click).await.expect(200);
    assert!(reader.get(ended).await.expect(200).text.contains("die Adresse ist gelöscht"));
    assert!(alert::of_address(&ctx.db, "ben@paper.example").await.unwrap().is_empty());
    reader.post(ended, &[("confirm", "1")]).await.expect(200);
    assert_eq!(alert::count_confirmed(&ctx.db).await.unwrap(), 1);
    let mut forged = ended.to_owned();
    forged.pop();
    assert!(reader.get(&forged).await.expect(200).text.contains("die Adresse ist gelöscht"));
    let desk = Browser::signed_in(room, &server, "author").await.get("/admin/statistics").await.expect(200);
    assert!(desk.text.contains("Eine Suche wird per E-Mail verfolgt"));

    // Who follows it already is not told apart from who does not.
    let form = filled(&mut reader, "/search/alert?q=Leuchtturm", "rita@zeitung.example").await;
    sleep_ms(3200).await;
    assert_eq!(reader.post_form("/search/alert", &form).await.expect(303).location, sent);
    sleep_ms(1500).await;
    assert_eq!(post.count(), 4);
    assert!(reader.cookie.is_none());
    ctx.db.close().await;
    drop(other);
}

//! Mail leaves the house once, whole, and what cannot leave is told at the desk.

use pressroom::app;
use pressroom::config::{Config, Flags};
use pressroom::newsroom::Context;
use pressroom::newsroom::mail::{Mail, queue};
use serde_json::Value;

use crate::desk::{Browser, Shown};
use crate::harness::{MailServer, Newsroom, sleep_ms};

on_both_engines!(mails_arrive_once_or_the_desk_says_why_not);

/// What the library does beside the running server, on the same newsroom.
async fn context(room: &Newsroom) -> Context {
    app::open(&Config::load(room.data(), &Flags::default()).unwrap()).await.unwrap()
}

async fn send(ctx: &Context, mail: Mail) {
    let mut tx = ctx.db.begin().await.unwrap();
    assert!(queue(ctx, &mut tx, mail).await.unwrap());
    tx.commit().await.unwrap();
}

/// The overview, as soon as it shows this.
async fn overview_with(admin: &mut Browser, selector: &str) -> Shown {
    for _ in 0..100 {
        let page = admin.get("/admin").await.expect(200);
        if page.has(selector) {
            return page;
        }
        sleep_ms(200).await;
    }
    panic!("The overview never shows {selector}");
}

fn to_ada() -> Mail {
    Mail {
        to: "Ada Müster <ada@messe.example>".to_owned(),
        subject: "Grüße aus dem Presseraum: die Eröffnung der Messe und was danach noch alles kommen wird\r\nBcc: eve@evil.example".to_owned(),
        text: "Guten Tag,\n\n.der Link: https://messe.example/x?a=1\n\nüß€ 漢字\n".to_owned(),
        ..Mail::default()
    }
}

async fn mails_arrive_once_or_the_desk_says_why_not(room: &Newsroom) {
    let post = MailServer::start().await;
    room.configure("smtp_url", &post.url());
    room.configure("public_url", "https://presse.messe.example");
    let shown = room.cli_ok(&["config", "show"]);
    assert!(shown.contains("press@presse.messe.example") && !shown.contains("p%40ss"), "{shown}");
    assert!(room.cli_ok(&["config", "check"]).contains("mail server"));
    assert_eq!(post.credentials()[0], "AGRlc2sAcEBzcw==");
    let server = room.start().await;
    let ctx = context(room).await;

    // Nothing of a transaction that was given up.
    let mut tx = ctx.db.begin().await.unwrap();
    queue(&ctx, &mut tx, to_ada()).await.unwrap();
    drop(tx);
    let reply_to = Some("rita@messe.example".to_owned());
    let unsubscribe = Some("https://presse.messe.example/alerts/abc?x=ü".to_owned());
    send(&ctx, Mail { reply_to, unsubscribe, ..to_ada() }).await;
    let mail = post.mail(0).await;
    assert_eq!(mail.recipient, "ada@messe.example");
    assert_eq!(mail.part("to"), "Ada Müster <ada@messe.example>");
    assert_eq!(mail.part("from"), "Presseraum <press@presse.messe.example>");
    assert_eq!(
        mail.part("subject"),
        "Grüße aus dem Presseraum: die Eröffnung der Messe und was danach noch alles kommen wird Bcc: eve@evil.example"
    );
    assert_eq!(mail.parts["bcc"], Value::Null);
    assert_eq!(mail.part("reply-to"), "rita@messe.example");
    assert_eq!(mail.part("list-unsubscribe"), "<https://presse.messe.example/alerts/abc?x=%C3%BC>");
    assert_eq!(mail.part("list-unsubscribe-post"), "List-Unsubscribe=One-Click");
    assert_eq!(mail.part("content-type"), "text/plain; charset=\"utf-8\"");
    assert_eq!(mail.part("body").trim_end(), to_ada().text.trim_end());
    assert!(mail.part("message-id").ends_with("@presse.messe.example>"));

    let mut tx = ctx.db.begin().await.unwrap();
    let wrong = Mail { to: "ada@messe.example>\r\nRCPT TO:<eve@evil.example".to_owned(), ..to_ada() };
    assert!(queue(&ctx, &mut tx, wrong).await.is_err());
    drop(tx);

    // Busy for now: it is tried again by itself.
    post.refuse("451 Come back later");
    send(&ctx, to_ada()).await;
    let mut admin = Browser::signed_in(room, &server, "admin").await;
    let page = overview_with(&mut admin, "#h-mails").await;
    assert!(
        page.text.contains("Come back later") && page.text.contains("Wird von selbst noch einmal versucht")
    );
    // Nobody there: somebody has to decide.
    post.refuse("550 No such user here");
    send(&ctx, to_ada()).await;
    let given_up = "form[action$=retry]";
    let page = overview_with(&mut admin, given_up).await;
    assert!(page.text.contains("No such user here"));
    assert!(!Browser::signed_in(room, &server, "editor").await.get("/admin").await.text.contains("ada@"));
    assert_eq!(post.count(), 1);
    post.refuse("");
    let retry = page.text.split("/admin/mails/").nth(1).unwrap().split('"').next().unwrap();
    for _ in 0..2 {
        assert_eq!(
            admin.post(&format!("/admin/mails/{retry}"), &[]).await.expect(303).location,
            "/admin?done=mail-retried"
        );
    }
    post.mail(1).await;
    assert!(!admin.get("/admin").await.expect(200).has(given_up));
    sleep_ms(1500).await;
    // The other one waits for half a minute.
    assert_eq!(post.count(), 2);
    ctx.db.close().await;
}

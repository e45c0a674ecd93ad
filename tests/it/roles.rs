//! Who may do what: each role at each route. The routes are read from the router that serves; one without a row here
//! fails the test, and so does a row without a route.

use std::collections::{BTreeMap, BTreeSet};

use pressroom::app;
use pressroom::config::{Config, Flags};
use pressroom::domain::message::Message;
use pressroom::search::Index;
use pressroom::web::{self, AppState};
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Browser, add_account, put};
use crate::harness::{
    Answer, Client, Engine, Newsroom, Server, Setup, eventually, id_of, images, on, temp_dir,
};
use Rule::{Api, Desk, Everyone, Staff};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// Whoever asks.
    Everyone,
    /// As if it did not exist for the public; signed in or with a token of any role it is there.
    Staff,
    /// Signed in with at least this role. A token opens no desk.
    Desk(Role),
    /// With a token of at least this role. A session is no token.
    Api(Role),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role {
    Author,
    Editor,
    Admin,
}

const AUTHOR: Role = Role::Author;
const EDITOR: Role = Role::Editor;
const ADMIN: Role = Role::Admin;

/// Method, route, what stands in its places, rule, body: JSON for the API, a form elsewhere. A word in braces is put in
/// from [`World`]. The rows are asked in their order; what takes something away comes after what needs it.
type Row = (&'static str, &'static str, &'static [&'static str], Rule, &'static str);

#[rustfmt::skip]
const TABLE: &[Row] = &[
    // ---- the public site, in each language
    ("GET", "/", &[], Everyone, ""),
    ("GET", "/{lang}", &["en"], Everyone, ""),
    ("GET", "/releases", &[], Everyone, ""),
    ("GET", "/releases/{slug}", &["{public}"], Everyone, ""),
    ("GET", "/releases/{slug}", &["{draft}"], Staff, ""),
    ("GET", "/releases/{slug}", &["{draft}.txt"], Staff, ""),
    ("GET", "/releases/{slug}/photos.zip", &["{public}"], Everyone, ""),
    ("GET", "/releases/{slug}/photos.zip", &["{draft}"], Staff, ""),
    ("GET", "/releases/{slug}/social.png", &["{public}"], Everyone, ""),
    ("GET", "/releases/{slug}/social.png", &["{draft}"], Staff, ""),
    ("GET", "/social/{slug}", &["home.png"], Everyone, ""),
    ("GET", "/oembed?url={base}/releases/{public}", &[], Everyone, ""),
    ("GET", "/photos", &[], Everyone, ""),
    ("GET", "/photos/{slug}", &["{photo}"], Everyone, ""),
    ("GET", "/photos/{slug}", &["{secret-photo}"], Staff, ""),
    ("GET", "/photos/{slug}/{file}", &["{photo}", "original.jpg"], Everyone, ""),
    ("GET", "/photos/{slug}/{file}", &["{secret-photo}", "original.jpg"], Staff, ""),
    ("GET", "/photos.zip?person=Ada+Muster", &[], Everyone, ""),
    ("GET", "/albums/{slug}", &["{album}"], Everyone, ""),
    ("GET", "/albums/{slug}", &["{draft-album}"], Staff, ""),
    ("GET", "/albums/{slug}", &["{draft-album}.zip"], Staff, ""),
    ("GET", "/contacts", &[], Everyone, ""),
    ("GET", "/contacts/{slug}", &["{contact}"], Everyone, ""),
    ("GET", "/contacts/{slug}/message", &["{contact}"], Everyone, ""),
    ("POST", "/contacts/{slug}/message", &["{contact}"], Everyone, "name=Ada&message=Guten+Tag"),
    ("GET", "/events", &[], Everyone, ""),
    ("GET", "/events/{slug}", &["{event}.ics"], Everyone, ""),
    ("GET", "/events.ics", &[], Everyone, ""),
    ("GET", "/pages/{slug}", &["impressum"], Everyone, ""),
    ("GET", "/selection", &[], Everyone, ""),
    ("GET", "/selection.zip?photos={photo-id}", &[], Everyone, ""),
    ("GET", "/selection.zip?photos={secret-photo-id}", &[], Staff, ""),
    ("GET", "/search?q=kran", &[], Everyone, ""),
    ("GET", "/search/alert?q=kran", &[], Everyone, ""),
    ("POST", "/search/alert", &[], Everyone, "q=kran&email=ada%40zeitung.example"),
    ("GET", "/alerts/{token}", &["01900000-0000-7000-8000-000000000000.00"], Everyone, ""),
    ("POST", "/alerts/{token}", &["01900000-0000-7000-8000-000000000000.00"], Everyone, "List-Unsubscribe=One-Click"),
    ("GET", "/search.zip?q=muster", &[], Everyone, ""),
    ("GET", "/search.atom?q=kran", &[], Everyone, ""),
    ("GET", "/search.rss?q=kran", &[], Everyone, ""),
    ("GET", "/search.json?q=kran", &[], Everyone, ""),
    ("GET", "/feed.atom", &[], Everyone, ""),
    ("GET", "/feed.rss", &[], Everyone, ""),
    ("GET", "/feed.json", &[], Everyone, ""),
    ("GET", "/sitemap.xml", &[], Everyone, ""),
    ("GET", "/sitemap-1.xml", &[], Everyone, ""),
    ("GET", "/news-sitemap.xml", &[], Everyone, ""),
    ("GET", "/robots.txt", &[], Everyone, ""),
    ("GET", "/.well-known/tdmrep.json", &[], Everyone, ""),
    ("GET", "/healthz", &[], Everyone, ""),
    ("GET", "/readyz", &[], Everyone, ""),
    ("GET", "/metrics", &[], Everyone, ""),
    ("GET", "/favicon.ico", &[], Everyone, ""),
    ("GET", "/theme.css", &[], Everyone, ""),
    ("GET", "/site.css", &[], Everyone, ""),
    ("GET", "/static/{hash}/{*name}", &["any", "app.css"], Everyone, ""),
    // ---- for whoever holds the secret
    ("GET", "/preview/{secret}", &["{key}"], Everyone, ""),
    ("GET", "/preview/{secret}/{file}", &["{key}", "photos.zip"], Everyone, ""),
    ("GET", "/preview/{secret}/photos/{slug}", &["{key}", "{secret-photo}"], Everyone, ""),
    ("GET", "/preview/{secret}/photos/{slug}/{file}", &["{key}", "{secret-photo}", "original.jpg"], Everyone, ""),
    // ---- the API, reading
    ("GET", "/api/openapi.json", &[], Everyone, ""),
    ("GET", "/api/v1/releases", &[], Everyone, ""),
    ("GET", "/api/v1/releases/{id}", &["{public-id}"], Everyone, ""),
    ("GET", "/api/v1/releases/{id}", &["{draft-id}"], Staff, ""),
    ("GET", "/api/v1/assets", &[], Everyone, ""),
    ("GET", "/api/v1/assets/{id}", &["{photo-id}"], Everyone, ""),
    ("GET", "/api/v1/assets/{id}", &["{secret-photo-id}"], Staff, ""),
    ("GET", "/api/v1/contacts", &[], Everyone, ""),
    ("GET", "/api/v1/contacts/{id}", &["{contact-id}"], Everyone, ""),
    ("GET", "/api/v1/albums", &[], Everyone, ""),
    ("GET", "/api/v1/albums/{id}", &["{album-id}"], Everyone, ""),
    ("GET", "/api/v1/albums/{id}", &["{draft-album-id}"], Staff, ""),
    ("GET", "/api/v1/topics", &[], Everyone, ""),
    ("GET", "/api/v1/topics/{id}", &["{topic-id}"], Everyone, ""),
    ("GET", "/api/v1/events", &[], Everyone, ""),
    ("GET", "/api/v1/events/{id}", &["{event-id}"], Everyone, ""),
    ("GET", "/api/v1/search?q=kran", &[], Everyone, ""),
    ("GET", "/api/v1/suggest?q=kr", &[], Everyone, ""),
    ("GET", "/api/v1/changes", &[], Api(AUTHOR), ""),
    ("GET", "/api/v1/downloads", &[], Api(AUTHOR), ""),
    // ---- the API, writing
    ("POST", "/api/v1/releases", &[], Api(AUTHOR), r#"{"language":"de","headline":"Neu","body":"Text"}"#),
    ("PATCH", "/api/v1/releases/{id}", &["{draft-id}"], Api(AUTHOR), r#"{"body":"Anders"}"#),
    ("PATCH", "/api/v1/releases/{id}", &["{public-id}"], Api(EDITOR), r#"{"body":"Anders"}"#),
    ("PATCH", "/api/v1/releases/{id}", &["{embargoed-id}"], Api(EDITOR), r#"{"body":"Anders"}"#),
    ("POST", "/api/v1/releases/{id}/publish", &["{public-id}"], Api(EDITOR), ""),
    ("POST", "/api/v1/releases/{id}/correct", &["{public-id}"], Api(EDITOR), r#"{"kind":"update","note":"Mehr"}"#),
    ("POST", "/api/v1/releases/{id}/schedule", &["{planned-id}"], Api(EDITOR), r#"{"publish_at":"2099-01-01T00:00:00Z"}"#),
    ("POST", "/api/v1/releases/{id}/withdraw", &["{withdrawn-id}"], Api(EDITOR), r#"{"reason":"Ein Irrtum"}"#),
    ("DELETE", "/api/v1/releases/{id}", &["{planned-id}"], Api(EDITOR), ""),
    ("DELETE", "/api/v1/releases/{id}", &["{spare-id}"], Api(AUTHOR), ""),
    ("POST", "/api/v1/assets", &[], Api(AUTHOR), ""),
    ("OPTIONS", "/api/v1/uploads", &[], Api(AUTHOR), ""),
    ("POST", "/api/v1/uploads", &[], Api(AUTHOR), ""),
    ("GET", "/api/v1/uploads/{id}", &["{token-upload-id}"], Api(AUTHOR), ""),
    ("PATCH", "/api/v1/uploads/{id}", &["{token-upload-id}"], Api(AUTHOR), ""),
    ("POST", "/api/v1/uploads/{id}", &["{token-upload-id}"], Api(AUTHOR), ""),
    ("DELETE", "/api/v1/uploads/{id}", &["{token-upload-id}"], Api(AUTHOR), ""),
    ("PATCH", "/api/v1/assets/{id}", &["{spare-photo-id}"], Api(AUTHOR), r#"{"title":"Anders"}"#),
    ("PUT", "/api/v1/assets/{id}/file", &["{spare-photo-id}"], Api(AUTHOR), ""),
    ("DELETE", "/api/v1/assets/{id}", &["{spare-photo-id}"], Api(AUTHOR), ""),
    ("POST", "/api/v1/contacts", &[], Api(EDITOR), r#"{"name":"Ada Muster"}"#),
    ("PATCH", "/api/v1/contacts/{id}", &["{contact-id}"], Api(EDITOR), r#"{"organisation":"Messe"}"#),
    ("DELETE", "/api/v1/contacts/{id}", &["{spare-contact-id}"], Api(EDITOR), ""),
    ("POST", "/api/v1/albums", &[], Api(EDITOR), r#"{"title":"Logos"}"#),
    ("PATCH", "/api/v1/albums/{id}", &["{album-id}"], Api(EDITOR), r#"{"title":"Alles"}"#),
    ("POST", "/api/v1/albums/{id}/publish", &["{spare-album-id}"], Api(EDITOR), ""),
    ("DELETE", "/api/v1/albums/{id}", &["{spare-album-id}"], Api(EDITOR), ""),
    ("POST", "/api/v1/topics", &[], Api(EDITOR), r#"{"name":"Neues"}"#),
    ("PATCH", "/api/v1/topics/{id}", &["{topic-id}"], Api(EDITOR), r#"{"name":"Anderes"}"#),
    ("DELETE", "/api/v1/topics/{id}", &["{spare-topic-id}"], Api(EDITOR), ""),
    ("POST", "/api/v1/events", &[], Api(EDITOR), r#"{"title":"Messe","starts_at":"2099-01-01T10:00:00Z"}"#),
    ("PATCH", "/api/v1/events/{id}", &["{event-id}"], Api(EDITOR), r#"{"venue":"Halle 4"}"#),
    ("POST", "/api/v1/events/{id}/publish", &["{spare-event-id}"], Api(EDITOR), ""),
    ("DELETE", "/api/v1/events/{id}", &["{spare-event-id}"], Api(EDITOR), ""),
    // ---- the desk
    ("GET", "/admin/sign-in", &[], Everyone, ""),
    ("POST", "/admin/sign-in", &[], Everyone, "email=nobody%40messe.example&password=x"),
    ("GET", "/admin/sign-in/code", &[], Everyone, ""),
    ("POST", "/admin/sign-in/code", &[], Everyone, "ticket=x&code=123456"),
    ("GET", "/admin/oidc", &[], Everyone, ""),
    ("GET", "/admin/oidc/callback", &[], Everyone, ""),
    ("GET", "/admin/sign-in/passkey", &[], Everyone, ""),
    ("POST", "/admin/sign-in/passkey", &[], Everyone, "answer=%7B%7D"),
    ("POST", "/admin/sign-in/passkey/challenge", &[], Everyone, ""),
    ("GET", "/admin/forgotten", &[], Everyone, ""),
    ("POST", "/admin/forgotten", &[], Everyone, "email=nobody%40messe.example"),
    ("GET", "/admin/link/{secret}", &["{account-key}"], Everyone, ""),
    ("POST", "/admin/link/{secret}", &["{account-key}"], Everyone, "password=x&repeat=x"),
    ("GET", "/admin", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/mails/{id}/retry", &["01900000-0000-7000-8000-000000000000"], Desk(ADMIN), ""),
    ("POST", "/admin/mails/{id}/discard", &["01900000-0000-7000-8000-000000000000"], Desk(ADMIN), ""),
    ("GET", "/admin/releases", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/releases/new", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/releases/new", &[], Desk(AUTHOR), "headline=Neu&body=Text&language=de"),
    ("POST", "/admin/releases/preview", &[], Desk(AUTHOR), "headline=Neu&body=Text&language=de"),
    ("GET", "/admin/releases/from-document", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/releases/from-document", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/releases/from-clipboard", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/releases/{id}", &["{draft-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/releases/{id}", &["{draft-id}"], Desk(AUTHOR), "version=0&headline=Neu&language=de"),
    ("POST", "/admin/releases/{id}", &["{public-id}"], Desk(EDITOR), "version=0&headline=Neu&language=de"),
    ("GET", "/admin/releases/{id}/preview", &["{draft-id}"], Desk(AUTHOR), ""),
    ("GET", "/admin/releases/{id}/preview-links", &["{draft-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/releases/{id}/preview-links", &["{embargoed-id}"], Desk(AUTHOR), "link-days=7"),
    ("GET", "/admin/releases/{id}/preview-links/{link}", &["{draft-id}", "{link-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/releases/{id}/preview-links/{link}", &["{draft-id}", "{link-id}"], Desk(AUTHOR), ""),
    ("GET", "/admin/releases/{id}/history", &["{draft-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/releases/{id}/presence", &["{draft-id}"], Desk(AUTHOR), ""),
    ("GET", "/admin/releases/{id}/probe", &["{draft-id}"], Desk(AUTHOR), ""),
    ("GET", "/admin/releases/{id}/photos", &["{draft-id}"], Desk(AUTHOR), ""),
    ("GET", "/admin/releases/{id}/{step}", &["{draft-id}", "publish"], Desk(AUTHOR), ""),
    ("POST", "/admin/releases/{id}/{step}", &["{draft-id}", "submit"], Desk(AUTHOR), "version=0"),
    ("POST", "/admin/releases/{id}/{step}", &["{draft-id}", "approve"], Desk(EDITOR), "version=0"),
    ("POST", "/admin/releases/{id}/{step}", &["{draft-id}", "return"], Desk(EDITOR), "version=0&review-note=Kürzer"),
    ("POST", "/admin/releases/{id}/{step}", &["{draft-id}", "publish"], Desk(EDITOR), "version=0"),
    ("POST", "/admin/releases/{id}/{step}", &["{draft-id}", "schedule"], Desk(EDITOR), "version=0&publish_at=2099-01-01T10:00"),
    ("POST", "/admin/releases/{id}/{step}", &["{draft-id}", "embargo"], Desk(EDITOR), "version=0&embargo_until=2099-01-01T10:00"),
    ("POST", "/admin/releases/{id}/{step}", &["{public-id}", "correct"], Desk(EDITOR), "version=0&note=Mehr"),
    ("POST", "/admin/releases/{id}/{step}", &["{public-id}", "withdraw"], Desk(EDITOR), "version=0"),
    ("POST", "/admin/releases/{id}/{step}", &["{embargoed-id}", "delete"], Desk(EDITOR), "version=0"),
    ("POST", "/admin/releases/{id}/{step}", &["{draft-id}", "delete"], Desk(AUTHOR), "version=0"),
    ("GET", "/admin/photos", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/photos", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/uploads", &[], Desk(AUTHOR), ""),
    ("OPTIONS", "/admin/uploads", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/uploads", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/uploads/{id}", &["{upload-id}"], Desk(AUTHOR), ""),
    ("PATCH", "/admin/uploads/{id}", &["{upload-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/uploads/{id}", &["{upload-id}"], Desk(AUTHOR), ""),
    ("DELETE", "/admin/uploads/{id}", &["{upload-id}"], Desk(AUTHOR), ""),
    ("GET", "/admin/photos/sheet?ids={photo-id}", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/photos/sheet", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/photos/table.csv", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/photos/table.xlsx", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/photos/table", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/photos/table", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/photos/states?ids={photo-id}", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/photos/{id}", &["{photo-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/photos/{id}", &["{photo-id}"], Desk(AUTHOR), "version=0"),
    ("GET", "/admin/photos/{id}/history", &["{photo-id}"], Desk(AUTHOR), ""),
    ("GET", "/admin/photos/{id}/file", &["{photo-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/photos/{id}/file", &["{photo-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/photos/{id}/delete", &["{photo-id}"], Desk(AUTHOR), "version=0"),
    ("GET", "/admin/contacts", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/contacts/new", &[], Desk(EDITOR), ""),
    ("POST", "/admin/contacts/new", &[], Desk(EDITOR), "name=Ada+Muster"),
    ("GET", "/admin/contacts/{id}", &["{contact-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/contacts/{id}", &["{contact-id}"], Desk(EDITOR), "version=0&name=Ada"),
    ("POST", "/admin/contacts/{id}/delete", &["{contact-id}"], Desk(EDITOR), "version=0"),
    ("GET", "/admin/messages", &[], Desk(EDITOR), ""),
    ("POST", "/admin/messages/{id}/{step}", &["{message-id}", "read"], Desk(EDITOR), ""),
    ("GET", "/admin/albums", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/albums/new", &[], Desk(EDITOR), ""),
    ("POST", "/admin/albums/new", &[], Desk(EDITOR), "title.de=Logos"),
    ("GET", "/admin/albums/{id}", &["{album-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/albums/{id}", &["{album-id}"], Desk(EDITOR), "version=0&title.de=Logos"),
    ("POST", "/admin/albums/{id}/delete", &["{album-id}"], Desk(EDITOR), "version=0"),
    ("GET", "/admin/events", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/events/new", &[], Desk(EDITOR), ""),
    ("POST", "/admin/events/new", &[], Desk(EDITOR), "title.de=Messe&starts_at=2099-01-01T10:00"),
    ("GET", "/admin/events/{id}", &["{event-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/events/{id}", &["{event-id}"], Desk(EDITOR), "version=0&title.de=Messe&starts_at=2099-01-01T10:00"),
    ("POST", "/admin/events/{id}/delete", &["{event-id}"], Desk(EDITOR), "version=0"),
    ("GET", "/admin/topics", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/topics/new", &[], Desk(EDITOR), ""),
    ("POST", "/admin/topics/new", &[], Desk(EDITOR), "name.de=Neuestes"),
    ("GET", "/admin/topics/{id}", &["{topic-id}"], Desk(AUTHOR), ""),
    ("POST", "/admin/topics/{id}", &["{topic-id}"], Desk(EDITOR), "version=0&name.de=Anderes"),
    ("POST", "/admin/topics/{id}/delete", &["{topic-id}"], Desk(EDITOR), "version=0"),
    ("GET", "/admin/statistics", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/statistics/{file}", &["photos.csv"], Desk(AUTHOR), ""),
    ("GET", "/admin/account", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/account", &[], Desk(AUTHOR), "current=x&password=y&repeat=z"),
    ("POST", "/admin/account/sessions", &[], Desk(AUTHOR), ""),
    ("GET", "/admin/settings/look", &[], Desk(ADMIN), ""),
    ("POST", "/admin/settings/look", &[], Desk(ADMIN), ""),
    ("GET", "/admin/settings/look/page", &[], Desk(ADMIN), ""),
    ("GET", "/admin/settings/look/sheet.css", &[], Desk(ADMIN), ""),
    ("GET", "/admin/settings/look/notes", &[], Desk(ADMIN), ""),
    ("GET", "/admin/settings", &[], Desk(ADMIN), ""),
    ("GET", "/admin/account/second-factor", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/account/second-factor", &[], Desk(AUTHOR), "step=begin&current=x"),
    ("GET", "/admin/account/passkeys", &[], Desk(AUTHOR), ""),
    ("POST", "/admin/account/passkeys", &[], Desk(AUTHOR), "step=add&name=x&answer=x"),
    ("POST", "/admin/account/passkeys/challenge", &[], Desk(AUTHOR), "current=x"),
    ("GET", "/admin/accounts", &[], Desk(ADMIN), ""),
    ("GET", "/admin/tokens", &[], Desk(ADMIN), ""),
    ("POST", "/admin/accounts", &[], Desk(ADMIN), "email=x&name=x&role=author"),
    ("POST", "/admin/accounts/recovery", &[], Desk(ADMIN), "email=somebody%40messe.example"),
    ("POST", "/admin/accounts/second-factor", &[], Desk(ADMIN), "email=somebody%40messe.example"),
    ("POST", "/admin/accounts/passkeys/remove", &[], Desk(ADMIN), "id=01900000-0000-7000-8000-000000000000"),
    ("POST", "/admin/accounts/invitations/{id}/revoke", &["01900000-0000-7000-8000-000000000000"], Desk(ADMIN), ""),
    ("POST", "/admin/accounts/role", &[], Desk(ADMIN), "email=somebody%40messe.example&role=editor"),
    ("POST", "/admin/accounts/removed/{id}/readmit", &["01900000-0000-7000-8000-000000000000"], Desk(ADMIN), ""),
    ("POST", "/admin/accounts/remove", &[], Desk(ADMIN), "email=somebody%40messe.example"),
    ("POST", "/admin/tokens", &[], Desk(ADMIN), "name=Neu&role=author"),
    ("POST", "/admin/tokens/{id}/revoke", &["{token-id}"], Desk(ADMIN), ""),
    ("POST", "/admin/settings", &[], Desk(ADMIN), "version=0"),
    ("POST", "/admin/sign-out", &[], Everyone, ""),
];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_role_at_each_route() {
    on(Engine::SqliteDisk, Setup::Shared, matrix).await;
}

async fn matrix(room: &Newsroom) {
    let routes = routes(room).await;
    let rows: BTreeSet<(&str, &str)> = TABLE.iter().map(|row| (row.0, path_of(row.1))).collect();
    // The public site has each of its pages under the other languages too.
    let plain = |path: &str| match path.strip_prefix("/{lang}") {
        Some(rest) if !rest.is_empty() => rest.to_owned(),
        _ => path.to_owned(),
    };
    let missing: Vec<_> = routes
        .iter()
        .filter(|(method, path)| {
            !rows.contains(&(method, path)) && !rows.contains(&(method, plain(path).as_str()))
        })
        .collect();
    assert!(missing.is_empty(), "routes without a row: {missing:#?}");
    let known: BTreeSet<(&str, &str)> = routes.iter().map(|(m, p)| (m.as_str(), p.as_str())).collect();
    let dead: Vec<_> = rows.iter().filter(|row| !known.contains(*row)).collect();
    assert!(dead.is_empty(), "rows without a route: {dead:#?}");

    // Without a reservation there is nothing to tell of it.
    let bundle = temp_dir();
    std::fs::write(bundle.path().join("newsroom.toml"), "reserve_mining = true\n").unwrap();
    room.cli_ok(&["import", bundle.path().to_str().unwrap()]);
    let server = room.start().await;
    let world = World::make(room, &server).await;
    let mut wrong = Vec::new();
    for row in TABLE {
        let languages: &[&str] =
            match routes.contains(&(row.0.to_owned(), format!("/{{lang}}{}", path_of(row.1)))) {
                true if row.1 != "/" => &["", "/en"],
                _ => &[""],
            };
        for language in languages {
            wrong.extend(world.ask(row, language).await);
        }
    }
    assert!(wrong.is_empty(), "{} answers are wrong:\n{}", wrong.len(), wrong.join("\n"));
}

fn path_of(route: &str) -> &str {
    route.split('?').next().unwrap()
}

/// Every method and path that the router serves, as the router itself describes them: HEAD comes with GET.
async fn routes(room: &Newsroom) -> BTreeSet<(String, String)> {
    let config = Config::load(room.data(), &Flags::default()).unwrap();
    let ctx = app::open(&config).await.unwrap();
    let state = AppState::new(ctx, config, Index::in_memory().unwrap(), None);
    let told = format!("{:?}", web::router(state));
    let paths = told.split("Node { paths: {").nth(1).and_then(|rest| rest.split("} }").next());
    let paths =
        paths.unwrap_or_else(|| panic!("The router describes itself in another way now: {told:.400}"));
    let path_of: BTreeMap<&str, &str> = paths
        .split("RouteId(")
        .filter_map(|part| part.split_once("): \""))
        .map(|(id, rest)| (id, rest.split('"').next().unwrap()))
        .collect();
    let mut routes = BTreeSet::new();
    let endpoints = told.split("Node { paths: {").next().unwrap();
    for part in endpoints.split("RouteId(").skip(1) {
        let (id, rest) = part.split_once(')').unwrap();
        let methods = rest.split("allow_header: Bytes(b\"").nth(1).and_then(|rest| rest.split('"').next());
        let methods =
            methods.unwrap_or_else(|| panic!("{} has methods that cannot be read: {rest}", path_of[id]));
        for method in methods.split(',').filter(|method| *method != "HEAD") {
            routes.insert((method.to_owned(), path_of[id].to_owned()));
        }
    }
    let named: BTreeSet<&str> = routes.iter().map(|(_, path)| path.as_str()).collect();
    assert_eq!(named.len(), path_of.values().collect::<BTreeSet<_>>().len(), "every path has a method");
    // The parts of a sitemap are one route but for their numbers.
    routes.retain(|(_, path)| path.strip_prefix("/sitemap-").is_none_or(|rest| rest == "1.xml"));
    assert!(routes.len() > 150, "only {} routes were read", routes.len());
    routes
}

/// Somebody who asks: nobody in particular, a session, or a script with a token.
struct Asker {
    name: String,
    session: Option<Role>,
    token: Option<Role>,
    cookie: String,
    client: Client,
}

struct World {
    /// What the words in braces stand for.
    words: BTreeMap<String, String>,
    askers: Vec<Asker>,
}

impl World {
    async fn make(room: &Newsroom, server: &Server) -> Self {
        let mut world = Self { words: BTreeMap::new(), askers: Vec::new() };
        world.words.insert("base".to_owned(), "http://127.0.0.1:0".to_owned());
        world.fill(&server.desk()).await;
        world.leave_message(room).await;
        add_account(room, "somebody@messe.example", "author");
        let asker = |name: String| Asker {
            name,
            session: None,
            token: None,
            cookie: String::new(),
            client: server.public(),
        };
        world.askers.push(asker("nobody".to_owned()));
        for (role, name) in [(AUTHOR, "author"), (EDITOR, "editor"), (ADMIN, "admin")] {
            let mut browser = Browser::signed_in(room, server, name).await;
            if role == ADMIN {
                world.prepare(&mut browser).await;
            }
            let cookie = browser.cookie.clone().unwrap();
            let session = cookie.clone();
            world.askers.push(Asker { session: Some(role), cookie, ..asker(format!("session of {name}")) });
            let client = server.public().with_token(&room.token_for(name));
            if role == AUTHOR {
                world.begin_uploads(&client, &server.public(), &session).await;
            }
            world.askers.push(Asker { token: Some(role), client, ..asker(format!("token of {name}")) });
        }
        world
    }

    fn note(&mut self, name: &str, record: &Value, slug: &str) {
        self.words.insert(format!("{name}-id"), id_of(record).to_owned());
        self.words.insert(name.to_owned(), slug.to_owned());
    }

    /// An upload belongs to who began it: one by the author's token, one in the author's session.
    async fn begin_uploads(&mut self, token: &Client, public: &Client, cookie: &str) {
        let begin = |client: &Client, path: &str| {
            client
                .request(Method::POST, path)
                .header("tus-resumable", "1.0.0")
                .header("upload-length", "9")
                .header("sec-fetch-site", "same-origin")
        };
        let by_token = token.send(begin(token, "/api/v1/uploads")).await.expect(201);
        let by_session = begin(public, "/admin/uploads").header("cookie", cookie);
        let by_session = public.send(by_session).await.expect(201);
        for (name, begun) in [("token-upload-id", by_token), ("upload-id", by_session)] {
            let id = begun.header("location").rsplit('/').next().unwrap().to_owned();
            self.words.insert(name.to_owned(), id);
        }
    }

    /// What a reader has written, without the time that the form takes.
    async fn leave_message(&mut self, room: &Newsroom) {
        let ctx = app::open(&Config::load(room.data(), &Flags::default()).unwrap()).await.unwrap();
        let message = Message {
            id: ctx.new_id(),
            contact: self.words["contact-id"].parse().unwrap(),
            sender: "Rita Reporter".to_owned(),
            email: "rita@zeitung.example".to_owned(),
            outlet: String::new(),
            body: "Guten Tag".to_owned(),
            language: "de".to_owned(),
            created_at: ctx.now(),
            read_at: None,
        };
        let mut tx = ctx.db.begin().await.unwrap();
        assert!(tx.insert_message(&message, "form".to_owned()).await.unwrap());
        tx.commit().await.unwrap();
        self.words.insert("message-id".to_owned(), message.id.to_string());
    }

    /// Records of every kind, in every state that the rules tell apart.
    async fn fill(&mut self, desk: &Client) {
        let mut photos = Vec::new();
        for (seed, name) in [(1, "photo"), (2, "secret-photo"), (3, "spare-photo")] {
            let words = json!({ "title": name, "persons": ["Ada Muster"] });
            let asset = desk.upload_ready("bild.jpg", images::jpeg(400, 300, seed), words).await;
            self.note(name, &asset, name);
            photos.push(id_of(&asset).to_owned());
        }
        let (photo, secret) = (&photos[..1], &photos[1..2]);
        let later = "2099-01-01T00:00:00Z";
        for (name, assets, step, body) in [
            ("public", photo, "publish", json!({})),
            ("draft", secret, "", json!({})),
            ("planned", &[], "schedule", json!({ "publish_at": later })),
            ("embargoed", &[], "publish", json!({ "embargo_until": later })),
            ("withdrawn", &[], "publish", json!({})),
            ("spare", &[], "", json!({})),
        ] {
            let mut release = Client::plain_release(&format!("Kran {name}"));
            release["assets"] = json!(assets);
            let release = desk.post("/api/v1/releases", release).await.expect(201).json();
            if !step.is_empty() {
                desk.post(&format!("/api/v1/releases/{}/{step}", id_of(&release)), body).await.expect(200);
            }
            self.note(name, &release, release["slug"].as_str().unwrap());
        }
        for (name, folder, body) in [
            ("contact", "contacts", json!({ "name": "Ada Muster" })),
            ("spare-contact", "contacts", json!({ "name": "Bo Muster" })),
            ("album", "albums", json!({ "title": "Alles", "assets": photo })),
            ("draft-album", "albums", json!({ "title": "Geheim", "assets": photo })),
            ("spare-album", "albums", json!({ "title": "Rest" })),
            ("topic", "topics", json!({ "slug": "bau", "name": "Bau" })),
            ("spare-topic", "topics", json!({ "slug": "rest", "name": "Rest" })),
            ("event", "events", json!({ "title": "Messe", "starts_at": later })),
            ("spare-event", "events", json!({ "title": "Rest", "starts_at": later })),
        ] {
            let record = desk.post(&format!("/api/v1/{folder}"), body).await.expect(201).json();
            if ["album", "event"].contains(&name) {
                desk.post_empty(&format!("/api/v1/{folder}/{}/publish", id_of(&record))).await.expect(200);
            }
            self.note(name, &record, record["slug"].as_str().unwrap());
        }
        eventually(10.0, "the photo can be found", async || {
            (desk.get("/search.zip?q=muster").await.status == 200).then_some(())
        })
        .await;
    }

    /// What only the desk makes: a standing page, a link to a preview, a token to be revoked.
    async fn prepare(&mut self, admin: &mut Browser) {
        let mut form = admin.get("/admin/settings").await.expect(200).form("#form");
        for (name, value) in [("page-title", "Impressum"), ("page-name", "impressum"), ("page-text", "Wir")] {
            put(&mut form, name, value);
        }
        admin.post_form("/admin/settings", &form).await.expect(303);
        let page = format!("/admin/releases/{}/preview-links", self.words["draft-id"]);
        let made = admin.post(&page, &[("link-days", "1")]).await.expect(200);
        let secret = made.words("#fresh-link").rsplit('/').next().unwrap().to_owned();
        self.words.insert("key".to_owned(), secret);
        let after = |text: &str, before: &str| {
            text.split(before).nth(1).unwrap().split(['"', '/']).next().unwrap().to_owned()
        };
        self.words.insert("link-id".to_owned(), after(&made.text, &format!("{page}/")));
        let invited = [("name", "Neu"), ("email", "neu@messe.example"), ("role", "author")];
        let made = admin.post("/admin/accounts", &invited).await.expect(200);
        let secret = made.words("#fresh-link").rsplit('/').next().unwrap().to_owned();
        self.words.insert("account-key".to_owned(), secret);
        let made = admin.post("/admin/tokens", &[("name", "Alt"), ("role", "author")]).await.expect(200);
        self.words.insert("token-id".to_owned(), after(&made.text, "/admin/tokens/"));
    }

    fn put_in(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for (name, value) in &self.words {
            text = text.replace(&format!("{{{name}}}"), value);
        }
        text
    }

    /// Lets everybody ask and gives the answers that are wrong, in words.
    async fn ask(&self, row: &Row, language: &str) -> Vec<String> {
        let (method, route, places, rule, body) = *row;
        let mut places = places.iter();
        let path: Vec<String> = self
            .put_in(route)
            .split('/')
            .map(|part| match part.starts_with('{') {
                true => self.put_in(places.next().unwrap_or_else(|| panic!("{route} has more places"))),
                false => part.to_owned(),
            })
            .collect();
        let path = format!("{language}{}", path.join("/"));
        let mut wrong = Vec::new();
        let mut is_first = true;
        for asker in &self.askers {
            let mut request = asker
                .client
                .request(Method::from_bytes(method.as_bytes()).unwrap(), &path)
                .header("accept-language", "de")
                .header("sec-fetch-site", "same-origin")
                .header("cookie", &asker.cookie);
            if method != "GET" {
                let form = if path.starts_with("/api/") { "json" } else { "x-www-form-urlencoded" };
                request = request.header("content-type", format!("application/{form}")).body(body);
            }
            let answer = asker.client.send(request).await;
            let due = due(rule, asker, method);
            let got = if due == Got::Nothing && answer.status == 404 { due } else { Got::of(&answer) };
            // Who may is not told that there is nothing; the first of them may have taken it away.
            let is_there = answer.status < 404 || matches!(answer.status, 405 | 409 | 412 | 422) || !is_first;
            is_first &= due != Got::Let;
            if got != due || (got == Got::Let && !is_there) {
                wrong.push(format!(
                    "{method} {path}, {}: {} ({got:?}), due is {due:?}",
                    asker.name, answer.status
                ));
            }
        }
        wrong
    }
}

/// What an answer says about leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Got {
    /// In, whatever came of it.
    Let,
    /// There is no such thing.
    Nothing,
    /// To the sign-in.
    SignIn,
    /// Who are you?
    Unknown,
    Forbidden,
}

impl Got {
    fn of(answer: &Answer) -> Self {
        match answer.status {
            303 if answer.header("location").starts_with("/admin/sign-in?next=") => Self::SignIn,
            401 => Self::Unknown,
            403 => Self::Forbidden,
            // A form that a role may not send comes back with its text.
            409 | 422 if answer.text().contains("Ihre Rolle erlaubt das nicht") => Self::Forbidden,
            _ => Self::Let,
        }
    }
}

fn due(rule: Rule, asker: &Asker, method: &str) -> Got {
    match rule {
        Rule::Everyone => Got::Let,
        Rule::Staff if asker.session.or(asker.token).is_some() => Got::Let,
        Rule::Staff => Got::Nothing,
        Rule::Desk(role) => match asker.session {
            Some(own) if own >= role => Got::Let,
            Some(_) => Got::Forbidden,
            None if method == "GET" => Got::SignIn,
            None => Got::Unknown,
        },
        Rule::Api(role) => match asker.token {
            Some(own) if own >= role => Got::Let,
            Some(_) => Got::Forbidden,
            None => Got::Unknown,
        },
    }
}

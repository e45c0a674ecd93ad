//! The area that a cut picture shows: chosen at the desk or through the API, kept through export and import.

use bytes::Bytes;
use reqwest::Method;
use serde_json::{Value, json};

use crate::desk::{Browser, field, put};
use crate::harness::{Client, Newsroom, eventually, id_of, images, run_ok};

on_both_engines!(
    a_chosen_area_is_cut_and_nothing_else_changes,
    a_bad_area_is_refused_and_loses_nothing,
    the_desk_chooses_an_area_without_script,
);

/// Nine fields of 1200 × 630 pixels, each in a colour of its own.
const FIELDS: [[&str; 3]; 3] =
    [["#ff0000", "#00ff00", "#0000ff"], ["#000000", "#ffffff", "#808080"], ["#00ffff", "#ff00ff", "#ffff00"]];

fn nine_fields(room: &Newsroom) -> Bytes {
    let file = room.folder().join("felder.jpg");
    let mut arguments = vec!["-size".to_owned(), "1200x630".to_owned()];
    for row in FIELDS {
        arguments.push("(".to_owned());
        arguments.extend(row.map(|colour| format!("xc:{colour}")));
        arguments.extend(["+append".to_owned(), ")".to_owned()]);
    }
    arguments.extend(["-append".to_owned(), "-quality".to_owned(), "95".to_owned()]);
    arguments.push(file.to_str().unwrap().to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    run_ok("convert", &arguments);
    std::fs::read(&file).unwrap().into()
}

/// The field in the middle of a picture, as row and column; every corner must be of the same one.
fn shown(room: &Newsroom, bytes: &[u8]) -> Option<(usize, usize)> {
    let file = room.folder().join("gezeigt.jpg");
    std::fs::write(&file, bytes).unwrap();
    let points = [(600, 315), (10, 10), (1189, 10), (10, 619), (1189, 619)];
    let asked: Vec<String> = points
        .iter()
        .map(|(x, y)| {
            format!(
                "%[fx:int(p{{{x},{y}}}.r*255)] %[fx:int(p{{{x},{y}}}.g*255)] %[fx:int(p{{{x},{y}}}.b*255)]"
            )
        })
        .collect();
    let said = run_ok("convert", &[file.to_str().unwrap(), "-format", &asked.join("\n"), "info:"]);
    let near = |line: &str, colour: &str| {
        let wanted = (0..3).map(|at| i32::from_str_radix(&colour[1 + at * 2..3 + at * 2], 16).unwrap());
        line.split(' ')
            .map(|value| value.parse::<i32>().unwrap())
            .zip(wanted)
            .all(|(a, b)| (a - b).abs() < 24)
    };
    let places = (0..3).flat_map(|row| (0..3).map(move |column| (row, column)));
    places.into_iter().find(|(row, column)| said.trim().lines().all(|line| near(line, FIELDS[*row][*column])))
}

fn rendition<'a>(asset: &'a Value, name: &str) -> &'a Value {
    asset["renditions"].as_array().unwrap().iter().find(|each| each["name"] == name).unwrap()
}

/// What people have said of a photo; files may follow in the background.
fn said(asset: &Value) -> [&Value; 4] {
    ["title", "credit", "focal_point", "crops"].map(|name| &asset[name])
}

async fn social(client: &Client, asset: &Value) -> Bytes {
    client.get(rendition(asset, "social")["url"].as_str().unwrap()).await.expect(200).body
}

/// The area of one of the nine fields.
fn area(row: usize, column: usize) -> Value {
    let third = 1.0 / 3.0;
    json!({ "x": column as f64 * third, "y": row as f64 * third, "width": third, "height": third })
}

async fn a_chosen_area_is_cut_and_nothing_else_changes(room: &Newsroom) {
    let server = room.start().await;
    let (desk, public) = (server.desk(), server.public());
    let asset = desk.upload_ready("felder.jpg", nine_fields(room), json!({ "title": "Neun Felder" })).await;
    let id = id_of(&asset).to_owned();
    let path = format!("/api/v1/assets/{id}");
    assert_eq!(asset["crops"], json!({}));
    let mut release = Client::plain_release("Neun Felder");
    release["assets"] = json!([id]);
    let release = desk.published(release).await;
    let whole = |asset: &Value| {
        let all = asset["renditions"].as_array().unwrap();
        let webp = all.iter().find(|each| each["name"] == "large" && each["format"] == "webp").unwrap();
        webp["url"].as_str().unwrap().to_owned()
    };
    let large = public.get(&whole(&asset)).await.expect(200).body;
    let social_url = rendition(&asset, "social")["url"].clone();

    desk.patch(&path, json!({ "crops": { "social": area(2, 1) } })).await.expect(200);
    let chosen = desk.wait_ready(&id).await;
    assert_eq!(chosen["crops"]["social"]["x"], area(2, 1)["x"]);
    assert_eq!(rendition(&chosen, "social")["url"], social_url, "the address stays");
    let size = (&rendition(&chosen, "social")["width"], &rendition(&chosen, "social")["height"]);
    assert_eq!(size, (&json!(1200), &json!(630)));
    eventually(10.0, "the public sees the field", async || {
        (shown(room, &social(&public, &chosen).await) == Some((2, 1))).then_some(())
    })
    .await;
    assert_eq!(
        public.get(&whole(&chosen)).await.expect(200).body,
        large,
        "the whole picture is not made anew"
    );
    // Where the page is shared, the same picture stands for it.
    eventually(10.0, "the page names the field", async || {
        let page = public.get(release["url"].as_str().unwrap()).await.expect(200).text();
        let shared = page.split("og:image\" content=\"").nth(1).unwrap().split('"').next().unwrap();
        let shared = public.get(&shared[shared.find("/photos").unwrap()..]).await.expect(200).body;
        (shown(room, &shared) == Some((2, 1))).then_some(())
    })
    .await;

    // The point moves, and the area stays; without the area, the point says it again.
    desk.patch(&path, json!({ "focal_point": { "x": 0.1, "y": 0.1 } })).await.expect(200);
    let same = desk.wait_ready(&id).await;
    assert_eq!(shown(room, &social(&desk, &same).await), Some((2, 1)));
    desk.patch(&path, json!({ "crops": { "social": { "x": 0.0, "y": 0.0 } } })).await.expect(200);
    let moved = desk.wait_ready(&id).await;
    assert_eq!(shown(room, &social(&desk, &moved).await), Some((0, 0)), "only what was said has changed");

    // Another shape is made wider, another file keeps the area.
    let narrow = json!({ "x": 0.45, "y": 0.34, "width": 0.1, "height": 0.32 });
    desk.patch(&path, json!({ "crops": { "social": narrow } })).await.expect(200);
    let shaped = desk.wait_ready(&id).await;
    assert_eq!(shown(room, &social(&desk, &shaped).await), Some((1, 1)));
    assert_eq!(shaped["crops"]["social"], narrow, "what was asked for is what is told");
    desk.patch(&path, json!({ "crops": { "social": null } })).await.expect(200);
    let followed = desk.wait_ready(&id).await;
    assert_eq!(followed["crops"], json!({}));
    assert_eq!(
        shown(room, &social(&desk, &followed).await),
        None,
        "a cut around the point shows more than a field"
    );

    // Uploaded with an area, exported and imported with it, and written down with its name.
    let with = json!({ "title": "Gleich", "crops": { "social": area(0, 2) } });
    let mut other = nine_fields(room).to_vec();
    other.splice(2..2, *b"\xff\xfe\x00\x04ab");
    let uploaded = desk.upload_ready("gleich.jpg", Bytes::from(other), with).await;
    assert_eq!(shown(room, &social(&desk, &uploaded).await), Some((0, 2)));
    let mut editor = Browser::signed_in(room, &server, "editor").await;
    let history = editor.get(&format!("/admin/photos/{id}/history")).await.expect(200).text;
    assert!(history.contains("Ausschnitte") && history.contains("0.45"), "{history}");
    server.stop().await;
    let bundle = room.folder().join("bundle");
    room.cli_ok(&["export", bundle.to_str().unwrap()]);
    let sheet = std::fs::read_to_string(bundle.join("photos/gleich.jpg.toml")).unwrap();
    assert!(sheet.contains("crops = { social = { x = 0.66"), "{sheet}");
    let elsewhere = Newsroom::bare(room.engine).await;
    elsewhere.cli_ok(&["import", bundle.to_str().unwrap()]);
    let server = elsewhere.start().await;
    let desk = server.public().with_token(&elsewhere.token_for("editor"));
    let assets = desk.get("/api/v1/assets").await.expect(200).json();
    let imported = assets["items"].as_array().unwrap().iter().find(|each| each["title"] == "Gleich").unwrap();
    let imported = desk.wait_ready(id_of(imported)).await;
    assert_eq!(imported["crops"], uploaded["crops"]);
    assert_eq!(shown(room, &social(&desk, &imported).await), Some((0, 2)));
}

async fn a_bad_area_is_refused_and_loses_nothing(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let good = json!({ "title": "Kran", "crops": { "social": area(1, 1) } });
    let asset = desk.upload_ready("kran.jpg", images::jpeg(1500, 1000, 81), good).await;
    let path = format!("/api/v1/assets/{}", id_of(&asset));
    let numbers =
        |x: f64, y: f64, width: f64, height: f64| json!({ "x": x, "y": y, "width": width, "height": height });
    for (crops, field) in [
        (json!({ "social": numbers(0.5, 0.0, 0.6, 0.5) }), "crops.social"),
        (json!({ "social": numbers(-0.1, 0.0, 0.5, 0.5) }), "crops.social"),
        (json!({ "social": numbers(0.0, 0.0, 0.0, 0.5) }), "crops.social"),
        (json!({ "social": numbers(0.0, 0.0, 0.5, 1e300) }), "crops.social"),
        (json!({ "large": numbers(0.0, 0.0, 0.5, 0.5) }), "crops.large"),
        (json!({ "social": { "x": "NaN" } }), "crops.social.x"),
        (json!({ "social": { "x": null } }), "crops.social"),
        (json!({ "social": { "z": 1 } }), "crops.social.z"),
        (json!({ "social": "alles" }), "crops.social"),
        (json!("alles"), "crops"),
    ] {
        let told = desk.patch(&path, json!({ "title": "Anders", "crops": crops })).await.expect(422).json();
        assert!(told["fields"].to_string().contains(field), "{crops}: {told}");
    }
    let huge = desk.request(Method::PATCH, &path).header("content-type", "application/json");
    let huge = huge.body(r#"{"crops": {"social": {"x": 1e999, "y": 0, "width": 1, "height": 1}}}"#);
    let status = desk.send(huge).await.status;
    assert!(matches!(status, 400 | 422), "{status}");
    assert_eq!(said(&desk.get(&path).await.expect(200).json()), said(&asset), "nothing has changed");
}

async fn the_desk_chooses_an_area_without_script(room: &Newsroom) {
    let server = room.start().await;
    let desk = server.desk();
    let asset = desk.upload_ready("felder.jpg", nine_fields(room), json!({})).await;
    let (id, page) = (id_of(&asset).to_owned(), format!("/admin/photos/{}", id_of(&asset)));
    let mut rita = Browser::signed_in(room, &server, "author").await;
    let mut form = rita.get(&page).await.expect(200).form("#form");
    assert_eq!(field(&form, "crop-social"), "follow");
    // It begins with what is shown now: all of the width.
    assert_eq!((field(&form, "crop-social-x"), field(&form, "crop-social-width")), ("0", "100"));
    put(&mut form, "crop-social", "own");
    for (part, value) in [("x", "66,7"), ("y", "33.4"), ("width", "33.3"), ("height", "33.3")] {
        put(&mut form, &format!("crop-social-{part}"), value);
    }
    rita.post_form(&page, &form).await.expect(303);
    let chosen = desk.wait_ready(&id).await;
    assert_eq!(chosen["crops"]["social"], json!({ "x": 0.667, "y": 0.334, "width": 0.333, "height": 0.333 }));
    assert_eq!(shown(room, &social(&desk, &chosen).await), Some((1, 2)));
    let form = rita.get(&page).await.expect(200).form("#form");
    rita.post_form(&page, &form).await.expect(303);
    assert_eq!(
        said(&desk.wait_ready(&id).await),
        said(&chosen),
        "saving what nobody changed changes nothing"
    );

    for (part, value) in [("x", "99"), ("width", "0"), ("height", "NaN"), ("y", "-1"), ("width", "")] {
        let mut form = form.clone();
        put(&mut form, &format!("crop-social-{part}"), value);
        put(&mut form, "title", "Was getippt wurde");
        let told = rita.post_form(&page, &form).await.expect(422);
        assert!(
            told.words("#crops").contains("muss ganz im Bild liegen"),
            "{part} {value}: {}",
            told.words("#crops")
        );
        let again = told.form("#form");
        assert_eq!(field(&again, &format!("crop-social-{part}")), value);
        assert_eq!(field(&again, "title"), "Was getippt wurde");
        assert_eq!(said(&desk.wait_ready(&id).await), said(&chosen), "{part} {value}");
    }
    // A colleague's words and this officer's area come together; two areas are one to decide.
    desk.patch(&format!("/api/v1/assets/{id}"), json!({ "credit": "Messe" })).await.expect(200);
    let mut mine = form.clone();
    put(&mut mine, "crop-social", "follow");
    rita.post_form(&page, &mine).await.expect(303);
    let together = desk.wait_ready(&id).await;
    assert_eq!((&together["credit"], &together["crops"]), (&json!("Messe"), &json!({})));
    let old = rita.get(&page).await.expect(200).form("#form");
    desk.patch(&format!("/api/v1/assets/{id}"), json!({ "crops": { "social": area(0, 0) } }))
        .await
        .expect(200);
    let theirs = desk.wait_ready(&id).await;
    let mut mine = old;
    put(&mut mine, "crop-social", "own");
    put(&mut mine, "crop-social-x", "20");
    put(&mut mine, "crop-social-width", "50");
    let told = rita.post_form(&page, &mine).await.expect(409);
    assert!(told.words("#conflict").contains("Ausschnitte"), "{}", told.words("#conflict"));
    assert_eq!(said(&desk.wait_ready(&id).await), said(&theirs));
}

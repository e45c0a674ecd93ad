//! The newsroom itself: who it is, its languages and zone, its look, boilerplates and standing pages.

use axum::http::StatusCode;

use super::desk::{Desk, DeskResult, Section, Shell, see_other};
use super::field::{Choice, Field, Make};
use super::form::{Mistakes, Trouble, Values};
use super::look::{self, Look};
use super::release_hints::rule_name;
use crate::domain::account::{FactorDuty, Role};
use crate::domain::newsroom::{Boilerplate, Newsroom, Pin, StandingPage};
use crate::domain::preflight::{Rule, Weight};
use crate::domain::slug::slugify;
use crate::newsroom::settings;
use crate::web::extract::DeskForm;

/// A boilerplate or a page as a row of inputs.
struct Text {
    /// A boilerplate's key, a page's slug.
    name: String,
    language: String,
    title: String,
    text: String,
}

#[derive(askama::Template)]
#[template(path = "admin/settings.html")]
struct SettingsPage {
    shell: Shell,
    version: i64,
    identity: Vec<String>,
    languages: Vec<String>,
    preflight: Vec<String>,
    look: Look,
    boilerplates: Vec<Text>,
    pages: Vec<Text>,
    language_tags: Vec<String>,
    summary: Vec<(String, String)>,
    refusal: String,
}

/// Puts what was typed over the settings.
fn fill(values: &Values, newsroom: &mut Newsroom) {
    let languages: Vec<String> = {
        let typed: Vec<String> = values.list("languages").iter().map(|tag| tag.to_lowercase()).collect();
        if typed.is_empty() { newsroom.languages.clone() } else { typed }
    };
    newsroom.name = values.localized("name", &newsroom.languages, &newsroom.name);
    newsroom.default_usage_terms =
        values.localized("default_usage_terms", &newsroom.languages, &newsroom.default_usage_terms);
    newsroom.languages = languages;
    newsroom.organisation = values.line("organisation");
    newsroom.organisation_url = values.line("organisation_url");
    newsroom.default_language = values.line("default_language").to_lowercase();
    newsroom.time_zone = values.line("time_zone");
    for rule in Rule::ALL {
        let name = format!("preflight-{}", rule.code());
        match Weight::parse(&values.line(&name)) {
            Some(Weight::Hint) => drop(newsroom.preflight.remove(rule.code())),
            Some(weight) => drop(newsroom.preflight.insert(rule.code().to_owned(), weight)),
            None => {}
        }
    }
    look::fill(values, newsroom);
    if values.has("camera_data") {
        newsroom.keep_camera_data = values.line("camera_data") == "keep";
    }
    if let Some(duty) = FactorDuty::parse(&values.line("second_factor")) {
        newsroom.second_factor = duty;
    }
    if values.has("mining") {
        newsroom.reserve_mining = values.line("mining") == "reserve";
    }
    if values.has("approval") {
        newsroom.require_approval = values.line("approval") == "require";
    }
    if values.has("message_days") {
        newsroom.message_days = values.line("message_days").parse().unwrap_or(0);
    }
    if values.has("pins") {
        newsroom.pins = values.lines("pins").iter().filter_map(|line| pin(line)).collect();
    }
    newsroom.boilerplates = texts(values, "boilerplate")
        .into_iter()
        .map(|text| Boilerplate {
            key: text.name,
            language: text.language,
            title: text.title,
            text: text.text,
        })
        .collect();
    newsroom.pages = texts(values, "page")
        .into_iter()
        .map(|text| StandingPage {
            slug: text.name,
            language: text.language,
            title: text.title,
            body: text.text,
        })
        .collect();
}

/// "annual report = releases/annual-report-2025, photos/board"
fn pin(line: &str) -> Option<Pin> {
    let (query, records) = line.split_once('=')?;
    let records = records.split(',').map(|record| record.trim().trim_start_matches('/').to_owned());
    let records: Vec<String> = records.filter(|record| !record.is_empty()).collect();
    let query = query.trim().to_owned();
    (!query.is_empty() && !records.is_empty()).then_some(Pin { query, records })
}

fn pin_lines(pins: &[Pin]) -> String {
    let lines: Vec<String> =
        pins.iter().map(|pin| format!("{} = {}", pin.query, pin.records.join(", "))).collect();
    lines.join("\n")
}

/// Rows of inputs; a row without title and text is none. A missing name is made from the title.
fn texts(values: &Values, kind: &str) -> Vec<Text> {
    let column = |name: &str| -> Vec<String> {
        values.all(&format!("{kind}-{name}")).map(|text| text.replace("\r\n", "\n")).collect()
    };
    let (names, languages, titles, bodies) =
        (column("name"), column("language"), column("title"), column("text"));
    let mut rows = Vec::new();
    for (i, title) in titles.iter().enumerate() {
        let get = |column: &Vec<String>| column.get(i).cloned().unwrap_or_default();
        let (name, text) = (get(&names).trim().to_owned(), get(&bodies));
        if title.trim().is_empty() && text.trim().is_empty() {
            continue;
        }
        let name = if name.is_empty() { slugify(title) } else { name };
        rows.push(Text { name, language: get(&languages), title: title.trim().to_owned(), text });
    }
    rows
}

async fn page(
    desk: &Desk,
    newsroom: &Newsroom,
    version: i64,
    mistakes: &Mistakes,
    refusal: String,
) -> DeskResult<SettingsPage> {
    let make = Make::new(desk, mistakes);
    let lang = desk.lang;
    let mut identity = make.localized(desk, "name", "desk-field-newsroom-name", &newsroom.name, 0);
    identity.push(make.line("organisation", "desk-field-organisation", &newsroom.organisation).short());
    let website = make.input("organisation_url", "desk-field-website", "url", &newsroom.organisation_url);
    identity.push(website.short());
    let terms = &newsroom.default_usage_terms;
    identity.extend(make.localized(desk, "default_usage_terms", "desk-field-default-terms", terms, 2));
    let pins = make.area("pins", "desk-field-pins", pin_lines(&newsroom.pins), 3);
    identity.push(pins.hint(lang.t("desk-hint-pins")));
    let preflight = Rule::ALL.map(|rule| {
        let present = newsroom.preflight.get(rule.code()).copied().unwrap_or_default();
        let choices = Weight::ALL.map(|weight| {
            let name = lang.t(match weight {
                Weight::Off => "desk-preflight-off",
                Weight::Hint => "desk-preflight-hint",
                Weight::Duty => "desk-preflight-duty",
            });
            Choice::new(weight.as_str(), name, weight == present)
        });
        make.choice(&format!("preflight-{}", rule.code()), rule_name(lang, rule), choices.into()).short()
    });
    let keeps = newsroom.keep_camera_data;
    let camera_data = vec![
        Choice::new("remove", lang.t("desk-camera-data-remove"), !keeps),
        Choice::new("keep", lang.t("desk-camera-data-keep"), keeps),
    ];
    let camera_data = make.select("camera_data", "desk-field-camera-data", camera_data);
    identity.push(camera_data.hint(lang.t("desk-hint-camera-data")));
    let reserves = newsroom.reserve_mining;
    let mining = vec![
        Choice::new("allow", lang.t("desk-mining-allow"), !reserves),
        Choice::new("reserve", lang.t("desk-mining-reserve"), reserves),
    ];
    let mining = make.select("mining", "desk-field-mining", mining);
    identity.push(mining.hint(lang.t("desk-hint-mining")));
    let approval = vec![
        Choice::new("free", lang.t("desk-approval-free"), !newsroom.require_approval),
        Choice::new("require", lang.t("desk-approval-require"), newsroom.require_approval),
    ];
    let approval = make.select("approval", "desk-field-approval", approval);
    identity.push(approval.hint(lang.t("desk-hint-approval")));
    let days = newsroom.message_days.to_string();
    identity.push(make.input("message_days", "desk-field-message-days", "number", days).short());
    let duties = FactorDuty::ALL.map(|duty| {
        let name = lang.t(match duty {
            FactorDuty::Nobody => "desk-factor-nobody",
            FactorDuty::Admins => "desk-factor-admins",
            FactorDuty::All => "desk-factor-all",
        });
        Choice::new(duty.as_str(), name, duty == newsroom.second_factor)
    });
    let duties = make.select("second_factor", "desk-field-second-factor", duties.into());
    identity.push(duties.hint(lang.t("desk-hint-second-factor")));
    let languages = [
        make.line("languages", "desk-field-languages", newsroom.languages.join(", "))
            .hint(lang.t("desk-hint-languages"))
            .short(),
        make.line("default_language", "desk-field-default-language", &newsroom.default_language).short(),
        make.line("time_zone", "desk-field-zone", &newsroom.time_zone)
            .hint(lang.t("desk-hint-time-zone"))
            .short(),
    ];
    let empty = || Text {
        name: String::new(),
        language: newsroom.default_language.clone(),
        title: String::new(),
        text: String::new(),
    };
    let mut boilerplates: Vec<Text> = newsroom
        .boilerplates
        .iter()
        .map(|b| Text {
            name: b.key.clone(),
            language: b.language.clone(),
            title: b.title.clone(),
            text: b.text.clone(),
        })
        .collect();
    boilerplates.push(empty());
    let mut pages: Vec<Text> = newsroom
        .pages
        .iter()
        .map(|p| Text {
            name: p.slug.clone(),
            language: p.language.clone(),
            title: p.title.clone(),
            text: p.body.clone(),
        })
        .collect();
    pages.push(empty());
    Ok(SettingsPage {
        shell: desk.shell(lang.t("desk-settings-title"), Section::Settings),
        version,
        identity: identity.iter().map(Field::html).collect(),
        languages: languages.iter().map(Field::html).collect(),
        preflight: preflight.iter().map(Field::html).collect(),
        look: look::of(desk, newsroom, mistakes).await?,
        boilerplates,
        pages,
        language_tags: newsroom.languages.clone(),
        summary: mistakes.summary(lang),
        refusal,
    })
}

pub async fn show(desk: Desk) -> DeskResult {
    desk.require(Role::Admin)?;
    let newsroom = &desk.newsroom;
    desk.page(&page(&desk, newsroom, newsroom.version, &Mistakes::default(), String::new()).await?)
}

pub async fn save(desk: Desk, DeskForm(values): DeskForm<Values>) -> DeskResult {
    desk.require(Role::Admin)?;
    let version = values.version();
    let edited = settings::edit(desk.ctx(), &desk.actor, version, |newsroom| {
        fill(&values, newsroom);
        Ok(())
    })
    .await;
    let error = match edited {
        Ok(_) => return Ok(see_other("/admin/settings?done=saved")),
        Err(error) => error,
    };
    let mut typed = desk.newsroom.clone();
    fill(&values, &mut typed);
    let asked = version.unwrap_or(0);
    let (status, version, mistakes, refusal) = match desk.trouble(error) {
        Trouble::Mistakes(mistakes) => (StatusCode::UNPROCESSABLE_ENTITY, asked, mistakes, String::new()),
        Trouble::Refused(text) => (StatusCode::CONFLICT, asked, Mistakes::default(), text),
        // Saving once more replaces the other one's settings; the page says so before.
        Trouble::Stale { expected, current } => {
            let versions = [("expected", expected.into()), ("current", current.into())];
            let text = desk.lang.t_args("desk-stale-settings", &versions);
            (StatusCode::CONFLICT, current, Mistakes::default(), text)
        }
        Trouble::Other(error) => return Err(error.into()),
    };
    desk.page_with(status, &page(&desk, &typed, version, &mistakes, refusal).await?)
}

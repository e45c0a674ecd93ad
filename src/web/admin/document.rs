//! A release that begins as a document: a file of a word processor, or what was copied from one. The form is filled;
//! nothing is stored before the officer says so.

use axum::extract::Multipart;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use jiff::civil::DateTime;
use serde::{Deserialize, Serialize};

use super::desk::{Desk, DeskError, DeskResult, see_other};
use super::form::Trouble;
use super::release_edit::{Notes, render};
use super::{found, release_times, when};
use crate::domain::{Id, ZonedTime};
use crate::manuscript::{self, Draft, Manuscript, ManuscriptError, Remark};
use crate::newsroom;
use crate::newsroom::assets::{self, Received};
use crate::newsroom::fields::{AssetFields, ReleaseFields, TimeInput};
use crate::text::plain;
use crate::web::extract::UrlQuery;
use crate::web::page::{Page, Policy};
use crate::web::{Error, upload};

/// A document may have this many bytes, its pictures included.
pub const MAX_DOCUMENT_BYTES: usize = 64 << 20;
/// Lines that found no place are shown so far.
const SHOWN_LINES: usize = 12;

/// What was read of a document, in words.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Reading {
    /// Which parts were recognised.
    pub summary: String,
    pub remarks: Vec<String>,
}

/// The address of the answer, asked for again.
pub async fn back(_desk: Desk) -> Response {
    see_other("/admin/releases/new")
}

/// Takes a file and answers with the filled form.
pub async fn from_file(desk: Desk, mut multipart: Multipart) -> DeskResult {
    let mut file = None;
    let mut wants_pictures = false;
    while let Some(part) = upload::next_part(&mut multipart).await? {
        match part.name() {
            Some("document") if file.is_none() => {
                let name = part.file_name().unwrap_or_default().to_owned();
                file = Some((name, upload::bytes(part, MAX_DOCUMENT_BYTES).await?));
            }
            Some("pictures") => wants_pictures = true,
            _ => {}
        }
    }
    let (name, bytes) = file.filter(|(_, bytes)| !bytes.is_empty()).unwrap_or_default();
    if bytes.is_empty() {
        return refused(&desk, desk.lang.t("desk-document-none")).await;
    }
    let bytes = Bytes::from(bytes);
    let file = bytes.clone();
    let read = tokio::task::spawn_blocking(move || {
        manuscript::read_docx(&file).map(|manuscript| (manuscript::draft(&manuscript), manuscript))
    });
    let (draft, manuscript) = match read.await.map_err(|error| Error::Internal(error.into()))? {
        Ok(read) => read,
        Err(error) => return refused(&desk, why(&desk, error)).await,
    };
    let mut reading = reading(&desk, &draft);
    let mut fields = blank_fields(&desk);
    if wants_pictures {
        fields.assets = take_pictures(&desk, &name, &bytes, &manuscript, &mut reading).await?;
    } else if !manuscript.pictures.is_empty() {
        let count = [("count", manuscript.pictures.len().into())];
        reading.remarks.push(desk.lang.t_args("desk-document-has-pictures", &count));
    }
    let (contacts, proposals) = found::known(&desk, draft.contacts.clone()).await?;
    fill(&desk, draft, &mut fields);
    fields.contacts = contacts;
    let notes = Notes { reading: Some(reading), proposals, ..Notes::default() };
    render(&desk, StatusCode::OK, None, &fields, notes).await
}

/// What a form for a new release begins with.
pub fn blank_fields(desk: &Desk) -> ReleaseFields {
    let mut fields =
        ReleaseFields { language: desk.newsroom.default_language.clone(), ..ReleaseFields::default() };
    let local = ZonedTime::from_instant(desk.now(), desk.zone()).local;
    fields.dateline_date = Some(local.date());
    if let Some(first) = desk.newsroom.boilerplates.first() {
        fields.boilerplate.clone_from(&first.key);
    }
    fields
}

async fn refused(desk: &Desk, refusal: String) -> DeskResult {
    let notes = Notes { refusal, ..Notes::default() };
    render(desk, StatusCode::UNPROCESSABLE_ENTITY, None, &blank_fields(desk), notes).await
}

fn why(desk: &Desk, error: ManuscriptError) -> String {
    let lang = desk.lang;
    match error {
        ManuscriptError::OtherKind(kind) => lang.t_args("desk-document-other", &[("kind", kind.into())]),
        ManuscriptError::NotADocument => lang.t("desk-document-unknown"),
        ManuscriptError::Encrypted => lang.t("desk-document-encrypted"),
        ManuscriptError::Damaged => lang.t("desk-document-damaged"),
        ManuscriptError::TooLarge => lang.t("desk-document-too-large"),
        ManuscriptError::Empty => lang.t("desk-document-empty"),
    }
}

/// Puts into the fields what the document says; where it says nothing they stay as they are.
fn fill(desk: &Desk, draft: Draft, fields: &mut ReleaseFields) {
    if let Some(language) = draft.language.filter(|language| desk.newsroom.speaks(language)) {
        language.clone_into(&mut fields.language);
    }
    fields.headline = draft.headline;
    fields.sub_headlines = draft.sub_headlines;
    fields.dateline_place = draft.dateline_place;
    fields.dateline_date = draft.dateline_date.or(fields.dateline_date);
    fields.body = draft.body;
    // Noted, not set: the officer sees it in its field.
    let until = draft.remarks.iter().find_map(|remark| match remark {
        Remark::Embargo { until, .. } => moment(desk, *until),
        _ => None,
    });
    let until = until.filter(|until| until.utc > desk.now());
    fields.embargo_until = until.as_ref().map(TimeInput::from);
    if !draft.boilerplate.is_empty() {
        fields.boilerplate = known_boilerplate(desk, &draft.boilerplate).unwrap_or(draft.boilerplate);
    }
}

/// The key of the newsroom's text that says the same.
fn known_boilerplate(desk: &Desk, text: &str) -> Option<String> {
    let letters = |markdown: &str| -> String {
        plain::for_search(markdown)
            .chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let wanted = letters(text);
    let known = desk.newsroom.boilerplates.iter().find(|known| {
        let body = letters(&known.text);
        // The document has a title in front of it.
        !body.is_empty() && (wanted == body || (wanted.ends_with(&body) && wanted.len() < body.len() + 120))
    });
    known.map(|known| known.key.clone())
}

/// The sentences about a reading.
fn reading(desk: &Desk, draft: &Draft) -> Reading {
    let lang = desk.lang;
    let mut parts = Vec::new();
    let mut part = |is_there: bool, key: &str| parts.extend(is_there.then(|| lang.t(key)));
    part(!draft.headline.is_empty(), "desk-field-headline");
    part(!draft.sub_headlines.is_empty(), "desk-field-sub-headlines");
    part(!draft.dateline_place.is_empty(), "desk-field-place");
    part(draft.dateline_date.is_some(), "desk-field-date");
    part(!draft.body.is_empty(), "desk-field-body");
    part(!draft.boilerplate.is_empty(), "desk-field-boilerplate");
    part(!draft.contacts.is_empty(), "desk-field-contacts");
    let summary = lang.t_args("desk-document-read", &[("parts", parts.join(", ").into())]);
    let mut remarks: Vec<String> = draft.remarks.iter().map(|remark| words(desk, remark)).collect();
    if draft.headline.is_empty() {
        remarks.insert(0, lang.t("desk-document-no-headline"));
    }
    Reading { summary, remarks }
}

/// A time of a document, on the newsroom's clock.
fn moment(desk: &Desk, local: Option<DateTime>) -> Option<ZonedTime> {
    ZonedTime::resolve("embargo_until", local?, desk.zone()).ok()
}

fn words(desk: &Desk, remark: &Remark) -> String {
    let lang = desk.lang;
    match remark {
        Remark::Embargo { line, until } => {
            match moment(desk, *until).filter(|until| until.utc > desk.now()) {
                Some(moment) => {
                    let told =
                        [("line", line.as_str().into()), ("until", when::planned(lang, &moment).into())];
                    lang.t_args("desk-document-embargo-until", &told)
                }
                None => lang.t_args("desk-document-embargo", &[("line", line.as_str().into())]),
            }
        }
        Remark::LeftOut(lines) => {
            let shown: Vec<String> = lines.iter().take(SHOWN_LINES).map(|line| format!("„{line}“")).collect();
            let more = if lines.len() > SHOWN_LINES { " …" } else { "" };
            lang.t_args("desk-document-left-out", &[("lines", format!("{}{more}", shown.join(", ")).into())])
        }
        Remark::ChangesAccepted(count) => lang.t_args("desk-document-changes", &[("count", (*count).into())]),
        Remark::CommentsDropped(count) => {
            lang.t_args("desk-document-comments", &[("count", (*count).into())])
        }
        Remark::Cut => lang.t("desk-document-cut"),
    }
}

/// Stores the pictures of a document in the media library, one after the other.
async fn take_pictures(
    desk: &Desk,
    name: &str,
    bytes: &Bytes,
    manuscript: &Manuscript,
    reading: &mut Reading,
) -> DeskResult<Vec<Id>> {
    let stem = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let stem = if stem.is_empty() { "document" } else { stem };
    let mut ids = Vec::new();
    for (at, picture) in manuscript.pictures.iter().enumerate() {
        let (file, wanted) = (bytes.clone(), picture.clone());
        let read = tokio::task::spawn_blocking(move || manuscript::read_picture(&file, &wanted));
        let Ok(content) = read.await.map_err(|error| Error::Internal(error.into()))? else {
            reading.remarks.push(not_taken(
                desk,
                &picture.file_name,
                &desk.lang.t("desk-error-upload-broken"),
            ));
            continue;
        };
        let mut incoming = desk.ctx().blobs.receive(desk.ctx().new_id());
        incoming.push(Bytes::from(content)).await?;
        let ending = picture.file_name.rsplit_once('.').map_or("", |(_, ending)| ending);
        let received = Received {
            incoming,
            file_name: format!("{stem}-{}.{ending}", at + 1),
            fields: AssetFields { alt_text: picture.alt_text.clone(), ..AssetFields::default() },
        };
        match assets::add(desk.ctx(), &desk.actor, received).await {
            Ok((asset, _)) => ids.push(asset.id),
            Err(error) => match refusal(desk, error) {
                Ok(reason) => reading.remarks.push(not_taken(desk, &picture.file_name, &reason)),
                Err(error) => return Err(error),
            },
        }
    }
    if !ids.is_empty() {
        let count = [("count", ids.len().into())];
        reading.remarks.push(desk.lang.t_args("desk-document-pictures-taken", &count));
    }
    Ok(ids)
}

fn not_taken(desk: &Desk, name: &str, reason: &str) -> String {
    let told = [("name", name.into()), ("reason", reason.into())];
    desk.lang.t_args("desk-document-picture-not-taken", &told)
}

/// Why a picture was not taken; a failure inside is not the picture's.
fn refusal(desk: &Desk, error: newsroom::Error) -> DeskResult<String> {
    if let newsroom::Error::Unsupported { .. } = error {
        return Ok(desk.lang.t("desk-error-file-type"));
    }
    match desk.trouble(error) {
        Trouble::Mistakes(mistakes) => {
            let texts: Vec<String> = mistakes.summary(desk.lang).into_iter().map(|(_, text)| text).collect();
            Ok(texts.join(" "))
        }
        Trouble::Refused(text) => Ok(text),
        Trouble::Stale { .. } => Ok(desk.lang.t("desk-error-upload-broken")),
        Trouble::Other(error) => Err(DeskError(error)),
    }
}

#[derive(Deserialize)]
pub struct ClipboardQuery {
    /// The form is empty: what is pasted may be a whole release.
    #[serde(default)]
    whole: bool,
}

/// What was pasted, for the script of the form.
#[derive(Serialize)]
struct Pasted {
    /// For the place where it was pasted.
    markdown: String,
    /// For the whole form, when it is a release.
    release: Option<PastedRelease>,
}

#[derive(Serialize)]
struct PastedRelease {
    headline: String,
    sub_headlines: Vec<String>,
    dateline_place: String,
    dateline_date: String,
    body: String,
    language: String,
    /// The value of the choice, and the text when it is an own one.
    boilerplate: Option<(String, String)>,
    embargo_until: String,
    contacts: Vec<Id>,
    /// HTML of ours.
    found: String,
    reading: Reading,
}

/// Takes HTML from the clipboard and answers with Markdown.
pub async fn from_clipboard(
    desk: Desk,
    UrlQuery(query): UrlQuery<ClipboardQuery>,
    body: Bytes,
) -> DeskResult {
    let whole = query.whole;
    let read = tokio::task::spawn_blocking(move || {
        let manuscript = manuscript::read_html(&String::from_utf8_lossy(&body));
        (manuscript::excerpt(&manuscript), whole.then(|| manuscript::draft(&manuscript)))
    });
    let (markdown, draft) = read.await.map_err(|error| Error::Internal(error.into()))?;
    // A headline and a text, or a dateline: less than that is no release.
    let is_release = |draft: &Draft| {
        !draft.body.is_empty() && (!draft.headline.is_empty() || draft.dateline_date.is_some())
    };
    let release = match draft.filter(is_release) {
        Some(draft) => Some(pasted_release(&desk, draft).await?),
        None => None,
    };
    let body =
        serde_json::to_vec(&Pasted { markdown, release }).map_err(|error| Error::Internal(error.into()))?;
    Ok(Page::new("application/json", body, Policy::NoStore).into_response())
}

async fn pasted_release(desk: &Desk, draft: Draft) -> DeskResult<PastedRelease> {
    let reading = reading(desk, &draft);
    let (contacts, proposals) = found::known(desk, draft.contacts.clone()).await?;
    let has_boilerplate = !draft.boilerplate.is_empty();
    let mut fields = ReleaseFields::default();
    fill(desk, draft, &mut fields);
    let is_key = desk.newsroom.boilerplates.iter().any(|known| known.key == fields.boilerplate);
    let boilerplate = has_boilerplate.then(|| {
        if is_key {
            (format!("key:{}", fields.boilerplate), String::new())
        } else {
            ("own".to_owned(), fields.boilerplate)
        }
    });
    Ok(PastedRelease {
        headline: fields.headline,
        sub_headlines: fields.sub_headlines,
        dateline_place: fields.dateline_place,
        dateline_date: fields.dateline_date.map_or_else(String::new, |date| date.to_string()),
        body: fields.body,
        language: fields.language,
        boilerplate,
        embargo_until: match &fields.embargo_until {
            Some(time) => {
                let until = time.resolve("embargo_until", desk.zone());
                until.map_or_else(|_| String::new(), |until| release_times::shown(desk, &until))
            }
            None => String::new(),
        },
        contacts,
        found: found::html(desk, &proposals, &[]),
        reading,
    })
}

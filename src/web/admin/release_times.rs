//! The times in the form of a release. Whatever stands typed there is applied, or refused with a word at the field: a
//! release must never go out earlier than somebody has typed.

use super::desk::Desk;
use super::field::{Field, Make};
use super::form::Values;
use super::when;
use crate::domain::release::{Release, ReleaseState};
use crate::domain::{FieldError, Timestamp, ZonedTime};
use crate::newsroom::fields::{ReleaseFields, TimeInput};

pub const FIELDS: [&str; 2] = ["embargo_until", "publish_at"];

/// What a field says beside what is stored.
enum Typed {
    Same,
    Cleared,
    Other(ZonedTime),
}

/// A stored moment as its field shows it, on the newsroom's clock.
pub fn shown(desk: &Desk, at: &ZonedTime) -> String {
    when::input(&ZonedTime::from_instant(at.utc, desk.zone()))
}

fn typed(desk: &Desk, values: &Values, field: &str, stored: Option<&ZonedTime>) -> Result<Typed, FieldError> {
    let line = values.line(field);
    // What the page itself has put there is no typing, even where it tells less than what is stored.
    if !values.has(field) || line == stored.map_or_else(String::new, |at| shown(desk, at)) {
        return Ok(Typed::Same);
    }
    Ok(match when::read(field, &line, desk.zone())? {
        None => Typed::Cleared,
        Some(at) if stored.is_some_and(|stored| stored.utc == at.utc) => Typed::Same,
        Some(at) => Typed::Other(at),
    })
}

fn stored<'a>(release: &'a Release, field: &str) -> Option<&'a ZonedTime> {
    match field {
        "publish_at" => release.publish_at.as_ref(),
        _ => release.embargo_until.as_ref(),
    }
}

fn slot<'a>(fields: &'a mut ReleaseFields, field: &str) -> &'a mut Option<TimeInput> {
    match field {
        "publish_at" => &mut fields.publish_at,
        _ => &mut fields.embargo_until,
    }
}

/// Puts the typed times over those that the form was made from, so that two forms can be compared.
pub fn fill(desk: &Desk, values: &Values, fields: &mut ReleaseFields) {
    for field in FIELDS {
        let slot = slot(fields, field);
        let before = slot.as_ref().and_then(|time| time.resolve(field, desk.zone()).ok());
        match typed(desk, values, field, before.as_ref()) {
            Ok(Typed::Cleared) => *slot = None,
            Ok(Typed::Other(at)) => *slot = Some(TimeInput::from(&at)),
            Ok(Typed::Same) | Err(_) => {}
        }
    }
}

/// The field of a time, with what stands in the form; what is no time comes back as it was typed.
pub fn input(
    desk: &Desk,
    make: &Make<'_>,
    values: &Values,
    (name, label): (&str, &str),
    time: Option<&TimeInput>,
) -> Field {
    let line = values.line(name);
    let at = time.and_then(|time| time.resolve(name, desk.zone()).ok());
    let value = match when::read(name, &line, desk.zone()) {
        Err(_) => line,
        Ok(_) => at.map_or_else(String::new, |at| shown(desk, &at)),
    };
    let zone = desk.lang.t_args("desk-hint-zone", &[("zone", desk.zone().into())]);
    make.input(name, label, "datetime-local", value).hint(zone)
}

/// What is wrong with the times of a release that is not stored yet.
pub fn of_new(desk: &Desk, values: &Values) -> Vec<FieldError> {
    FIELDS
        .into_iter()
        .filter_map(|field| match typed(desk, values, field, None) {
            Err(error) => Some(error),
            Ok(Typed::Other(at)) if at.utc <= desk.now() => {
                Some(FieldError::new(field, "in_the_past", "The time has passed already"))
            }
            Ok(_) => None,
        })
        .collect()
}

/// What saving makes of the typed times: a draft notes them, and the one that a planned release waits for is moved. Any
/// other takes the button beside it.
pub fn save(
    desk: &Desk,
    values: &Values,
    release: &Release,
    fields: &mut ReleaseFields,
    now: Timestamp,
) -> Vec<FieldError> {
    let state = release.state_at(now);
    let mut errors = Vec::new();
    for field in FIELDS {
        let waits_for_it = matches!(
            (state, field),
            (ReleaseState::Scheduled, "publish_at") | (ReleaseState::Embargoed, "embargo_until")
        );
        match typed(desk, values, field, stored(release, field)) {
            Err(error) => errors.push(error),
            Ok(Typed::Same) => {}
            Ok(_) if state == ReleaseState::Published => {
                errors.push(FieldError::new(field, "already_published", "The release is public already"));
            }
            Ok(Typed::Cleared) if waits_for_it => {
                errors.push(FieldError::new(field, "plan_needed", "A planned publication needs a time"));
            }
            // What has passed is only told, and stays as it was.
            Ok(Typed::Cleared) if state == ReleaseState::Withdrawn => {}
            Ok(Typed::Cleared) => *slot(fields, field) = None,
            Ok(Typed::Other(_)) if !waits_for_it && state != ReleaseState::Draft => {
                errors.push(not_set(field));
            }
            Ok(Typed::Other(at)) if at.utc <= now => {
                errors.push(FieldError::new(field, "in_the_past", "The time has passed already"));
            }
            Ok(Typed::Other(at)) => *slot(fields, field) = Some(TimeInput::from(&at)),
        }
    }
    errors
}

/// The typed times that a step would leave aside; `taken` is the one that the step itself sets.
pub fn left_aside(desk: &Desk, values: &Values, release: &Release, taken: &str) -> Vec<FieldError> {
    FIELDS
        .into_iter()
        .filter(|field| *field != taken)
        .filter_map(|field| match typed(desk, values, field, stored(release, field)) {
            Err(error) => Some(error),
            Ok(Typed::Other(_)) => Some(not_set(field)),
            Ok(Typed::Same | Typed::Cleared) => None,
        })
        .collect()
}

fn not_set(field: &str) -> FieldError {
    FieldError::new(field, "time_not_set", "This time is typed and not set")
}

/// The moment that holds a release back, set or only noted: an embargo before a schedule.
pub fn holding(release: &Release, now: Timestamp) -> Option<(&'static str, &ZonedTime)> {
    FIELDS
        .into_iter()
        .find_map(|field| stored(release, field).filter(|at| at.utc > now).map(|at| (field, at)))
}

/// All that holds a release back, as the button says it that lifts it; empty where nothing does.
pub fn plan(release: &Release, now: Timestamp) -> String {
    let ahead = FIELDS.into_iter().filter_map(|field| stored(release, field)).filter(|at| at.utc > now);
    ahead.map(|at| at.utc.to_string()).collect::<Vec<_>>().join(" ")
}

/// A time that stands in a draft and binds nobody yet, in words.
pub fn noted(desk: &Desk, release: &Release) -> String {
    match holding(release, desk.now()) {
        Some((field, at)) => {
            let key = if field == "publish_at" { "desk-noted-schedule" } else { "desk-noted-embargo" };
            desk.lang.t_args(key, &[("until", when::planned(desk.lang, at).into())])
        }
        None => String::new(),
    }
}

//! The duty roster of a contact as a form: rows of weekly hours and of absences, and an empty one of each to fill in.

use jiff::civil::Time;

use super::desk::{Desk, DeskResult};
use super::field::{AbsenceRow, Choice, Field, HoursRow, Kind, Make};
use super::form::Values;
use crate::domain::FieldError;
use crate::domain::contact::Contact;
use crate::domain::roster::{Absence, Day, Hours, Roster, read_clock};
use crate::store::list::{self, ListFilter, Order};

/// Rows that are read of one form; the record takes fewer.
const MAX_ROWS: usize = 200;

/// What was filled in; rows that are empty are none.
pub fn read(values: &Values) -> (Roster, Vec<FieldError>) {
    let mut errors = Vec::new();
    let mut hours = Vec::new();
    let clocks = values.all("hours-from").zip(values.all("hours-until"));
    for (row, (from, until)) in clocks.take(MAX_ROWS).enumerate() {
        let name = format!("hours-days-{row}");
        let chosen: Vec<&str> = values.all(&name).collect();
        if from.is_empty() && until.is_empty() && chosen.is_empty() {
            continue;
        }
        let days = Day::ALL.into_iter().filter(|day| chosen.contains(&day.as_str())).collect();
        let mut clock = |text: &str| {
            read_clock(text).unwrap_or_else(|| {
                let detail = format!("`{text}` is not a time of day such as 09:00");
                errors.push(FieldError::new(format!("roster.hours[{row}]"), "invalid_clock", detail));
                Time::midnight()
            })
        };
        hours.push(Hours { days, from: clock(from), until: clock(until) });
    }
    let mut absences = Vec::new();
    let days = values.all("away-from").zip(values.all("away-until")).zip(values.all("away-stand-in"));
    for (row, ((from, until), stand_in)) in days.take(MAX_ROWS).enumerate() {
        if from.is_empty() && until.is_empty() {
            continue;
        }
        // One day is written once.
        let until = if until.is_empty() { from } else { until };
        match (from.parse(), until.parse()) {
            (Ok(from), Ok(until)) => {
                absences.push(Absence { from, until, stand_in: stand_in.to_owned() });
            }
            _ => errors.push(FieldError::new(
                format!("roster.absences[{row}]"),
                "invalid_date",
                "This is not a day such as 2026-12-24",
            )),
        }
    }
    (Roster { zone: values.line("roster-zone"), hours, absences }, errors)
}

pub async fn fields(desk: &Desk, make: &Make<'_>, roster: &Roster, own: &str) -> DeskResult<Vec<Field>> {
    let lang = desk.lang;
    let monday = jiff::civil::Date::constant(2024, 1, 1);
    let days = |chosen: &[Day]| -> Vec<Choice> {
        let name = |day: Day| {
            let date = monday.saturating_add(jiff::Span::new().days(day as i64));
            lang.weekday(date).chars().take(if lang.tag() == "de" { 2 } else { 3 }).collect::<String>()
        };
        let choice = |day: Day| Choice::new(day.as_str(), name(day), chosen.contains(&day));
        Day::ALL.into_iter().map(choice).collect()
    };
    let clock = |time: Time| time.strftime("%H:%M").to_string();
    let row = |h: &Hours| HoursRow { days: days(&h.days), from: clock(h.from), until: clock(h.until) };
    let mut hours: Vec<HoursRow> = roster.hours.iter().map(row).collect();
    hours.push(HoursRow { days: days(&[]), ..HoursRow::default() });
    let row = |a: &Absence| AbsenceRow {
        from: a.from.to_string(),
        until: a.until.to_string(),
        stand_in: a.stand_in.clone(),
    };
    let mut absences: Vec<AbsenceRow> = roster.absences.iter().map(row).collect();
    absences.push(AbsenceRow::default());
    let others: Vec<Contact> =
        list::list(&desk.ctx().db, &ListFilter::all(Order::Rising), MAX_ROWS, 0).await?;
    let others = others.iter().filter(|other| other.slug != own);
    let mut people: Vec<Choice> = others.map(|other| Choice::new(&other.slug, &other.name, false)).collect();
    for absence in roster.absences.iter().filter(|absence| !absence.stand_in.is_empty()) {
        if people.iter().all(|person| person.value != absence.stand_in) {
            people.push(Choice::new(&absence.stand_in, &absence.stand_in, false));
        }
    }
    let hours = make.field("roster.hours", lang.t("desk-field-hours"), String::new(), Kind::Hours(hours));
    let away = lang.t("desk-field-absences");
    let away = make.field("roster.absences", away, String::new(), Kind::Absences(absences, people));
    let mut zone = make.line("roster.zone", "desk-field-roster-zone", &roster.zone).anchored("roster-zone");
    zone = zone
        .named("roster-zone")
        .hint(lang.t_args("desk-hint-roster-zone", &[("zone", desk.newsroom.time_zone.clone().into())]));
    Ok(vec![
        hours.anchored("roster").hint(lang.t("desk-hint-hours")),
        zone.short(),
        away.anchored("roster-absences").hint(lang.t("desk-hint-absences")),
    ])
}

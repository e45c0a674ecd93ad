//! Who answers now: rosters as contacts' cards tell them.
//!
//! A page that says so is kept only until the roster says something else; `jobs/follow_pages.rs` knows when that is.
//! The site as files tells the hours and nothing that depends on the clock.

use std::collections::HashMap;

use jiff::civil::{Date, Time};
use jiff::{SignedDuration, ToSpan as _};

use crate::domain::ZonedTime;
use crate::domain::contact::Contact;
use crate::domain::roster::{Day, Hours, NAMES_WEEKDAY_HOURS};
use crate::store::record;
use crate::web::Error;
use crate::web::view::Link;
use crate::web::view::contact::DutyView;

use super::site::Site;

impl Site {
    /// What the rosters of contacts say, by the contacts' slugs.
    pub async fn duties(&self, contacts: &[Contact]) -> Result<HashMap<String, DutyView>, Error> {
        let mut duties = HashMap::new();
        for contact in contacts {
            if let Some(duty) = self.duty(contact).await? {
                duties.insert(contact.slug.clone(), duty);
            }
        }
        Ok(duties)
    }

    async fn duty(&self, contact: &Contact) -> Result<Option<DutyView>, Error> {
        let Some(duty) = contact.roster.duty(self.now, &self.newsroom.time_zone) else { return Ok(None) };
        let zone = contact.roster.zone_or(&self.newsroom.time_zone);
        if !self.state.is_live {
            let text = self.hours(contact).join(self.lang.comma());
            let view = DutyView { is_now: false, text, stand_in: None };
            return Ok((!contact.roster.hours.is_empty()).then_some(view));
        }
        let lang = self.lang;
        if let Some(absence) = &duty.absence {
            let stand_in = match absence.stand_in.as_str() {
                "" => None,
                slug => record::find_by_slug::<Contact>(&self.state.ctx.db, slug).await?,
            };
            let date = lang.date(absence.until);
            return Ok(Some(DutyView {
                is_now: false,
                text: lang.t_args("duty-away", &[("date", date.into())]),
                stand_in: stand_in
                    .filter(|other| other.id != contact.id)
                    .map(|other| Link::new(&other.name, self.urls.contact(&other.slug))),
            }));
        }
        let text = match (duty.is_now, duty.turns_at, duty.next) {
            (true, ..) => lang.t("duty-now"),
            (false, _, Some(next)) => {
                let at = ZonedTime::from_instant(next, zone);
                let day = if next.duration_since(self.now) <= SignedDuration::from_hours(NAMES_WEEKDAY_HOURS)
                {
                    lang.weekday(at.local.date()).to_owned()
                } else {
                    lang.date(at.local.date())
                };
                let clock = lang.time(at.local.time());
                lang.t_args(
                    "duty-from",
                    &[("day", day.into()), ("time", clock.into()), ("zone", lang.zone_name(&at).into())],
                )
            }
            _ => return Ok(None),
        };
        Ok(Some(DutyView { is_now: duty.is_now, text, stand_in: None }))
    }

    /// The hours of a contact, a line each: "Montag–Freitag 09:00–17:00 Uhr"; the zone ends the last.
    pub fn hours(&self, contact: &Contact) -> Vec<String> {
        let mut lines: Vec<String> =
            contact.roster.hours.iter().map(|hours| self.hours_line(hours)).collect();
        if let Some(last) = lines.last_mut() {
            // They hold in summer and in winter: no abbreviation does.
            let zone = contact.roster.zone_or(&self.newsroom.time_zone);
            last.push_str(&format!(" ({})", self.lang.local_time_of(zone)));
        }
        lines
    }

    fn hours_line(&self, hours: &Hours) -> String {
        let name =
            |day: Day| self.lang.weekday(Date::constant(2024, 1, 1).saturating_add((day as i64).days()));
        let mut runs: Vec<(Day, Day)> = Vec::new();
        for day in Day::ALL.into_iter().filter(|day| hours.days.contains(day)) {
            match runs.last_mut() {
                Some((_, last)) if *last as i64 + 1 == day as i64 => *last = day,
                _ => runs.push((day, day)),
            }
        }
        let days: Vec<String> = runs
            .into_iter()
            .map(|(first, last)| match last as i64 - first as i64 {
                0 => name(first).to_owned(),
                1 => [name(first), name(last)].join(self.lang.comma()),
                _ => format!("{}–{}", name(first), name(last)),
            })
            .collect();
        let until =
            if hours.until == Time::midnight() { "24:00".to_owned() } else { self.lang.time(hours.until) };
        // A line may end before the hours, not within them.
        format!("{} {}\u{2060}–\u{2060}{until}", days.join(self.lang.comma()), hours.from.strftime("%H:%M"))
    }
}

//! Numbers, sizes, dates and times as each language writes them.

use super::Lang;
use crate::domain::ZonedTime;
use crate::domain::dateline::{date_in_words, month_in_words};
use jiff::civil::Date;
use jiff::tz::TimeZone;

const NBSP: char = '\u{a0}';

impl Lang {
    fn decimal_mark(self) -> char {
        match self {
            Self::De | Self::Fr => ',',
            Self::En | Self::Ar => '.',
        }
    }

    fn group_mark(self) -> char {
        match self {
            Self::De => '.',
            Self::En | Self::Ar => ',',
            Self::Fr => '\u{202f}',
        }
    }

    /// A whole number with its thousands grouped.
    pub fn number(self, number: u64) -> String {
        let digits = number.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(self.group_mark());
            }
            out.push(digit);
        }
        out
    }

    /// A number with at most one decimal place: "50,8", "42".
    pub fn decimal(self, number: f64) -> String {
        let text = format!("{number:.1}");
        match text.strip_suffix(".0") {
            Some(whole) => whole.to_owned(),
            None => text.replace('.', &self.decimal_mark().to_string()),
        }
    }

    /// "Quelle: Elsforum"; a credit that says itself what it is stays as it is, and none stays none.
    pub fn credit(self, credit: &str) -> String {
        self.credit_after(&self.t("photo-credit"), credit)
    }

    /// The same with another word before it.
    pub fn credit_after(self, label: &str, credit: &str) -> String {
        if credit.is_empty() || names_itself(credit) {
            return credit.to_owned();
        }
        self.labelled(label, credit)
    }

    /// A word and what it stands before: "Telefon: +49 30 23125-401".
    pub fn labelled(self, label: &str, value: &str) -> String {
        format!("{label}{}: {value}", if self == Self::Fr { "\u{a0}" } else { "" })
    }

    /// What a number is for, by the kinds that contacts have; other words are the newsroom's own.
    pub fn phone_kind(self, kind: &str) -> String {
        match kind {
            "work" => self.t("phone-work"),
            "mobile" => self.t("phone-mobile"),
            "fax" => self.t("phone-fax"),
            other => other.to_owned(),
        }
    }

    /// A size in decimal units, as file managers and editors count: "84 MB", "3,2 MB", "640 KB".
    pub fn bytes(self, size_bytes: u64) -> String {
        const UNITS: [(u64, &str); 3] = [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "KB")];
        for (unit_bytes, unit) in UNITS {
            // 999,600 bytes round to 1,000 KB; that reads better as 1 MB.
            if size_bytes >= unit_bytes - unit_bytes / 2_000 {
                let value = size_bytes as f64 / unit_bytes as f64;
                let shown = if value >= 9.95 || unit == "KB" {
                    self.number(value.round() as u64)
                } else {
                    self.decimal(value)
                };
                let unit = if self == Self::Fr { unit.replace('B', "o") } else { unit.to_owned() };
                return self.isolated(format!("{shown}{NBSP}{unit}"));
            }
        }
        self.isolated(format!("{size_bytes}{NBSP}{}", if self == Self::Fr { "octets" } else { "B" }))
    }

    /// Latin letters keep their place behind the number where the text around them runs from right to left.
    fn isolated(self, text: String) -> String {
        if self == Self::Ar { format!("\u{2066}{text}\u{2069}") } else { text }
    }

    /// A date in words: "28. Oktober 2020".
    pub fn date(self, date: Date) -> String {
        date_in_words(date, self.tag())
    }

    /// A month in words: "Oktober 2020".
    pub fn month(self, date: Date) -> String {
        month_in_words(date, self.tag())
    }

    /// The time of day: "14:05".
    pub fn time(self, time: jiff::civil::Time) -> String {
        let clock = format!("{:02}:{:02}", time.hour(), time.minute());
        match self {
            Self::De => format!("{clock}{NBSP}Uhr"),
            Self::En | Self::Ar => clock,
            Self::Fr => format!("{}{NBSP}h{NBSP}{:02}", time.hour(), time.minute()),
        }
    }

    /// The day of the week in full.
    pub fn weekday(self, date: Date) -> &'static str {
        const DE: [&str; 7] =
            ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"];
        const EN: [&str; 7] = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
        const FR: [&str; 7] = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"];
        const AR: [&str; 7] = ["الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"];
        let day = usize::try_from(date.weekday().to_monday_zero_offset()).unwrap_or(0);
        match self {
            Self::De => DE[day],
            Self::En => EN[day],
            Self::Fr => FR[day],
            Self::Ar => AR[day],
        }
    }

    /// The month, short enough for a calendar leaf: "Nov".
    pub fn month_short(self, date: Date) -> &'static str {
        const DE: [&str; 12] =
            ["Jan", "Feb", "März", "Apr", "Mai", "Juni", "Juli", "Aug", "Sept", "Okt", "Nov", "Dez"];
        const EN: [&str; 12] =
            ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
        const FR: [&str; 12] = [
            "janv.", "févr.", "mars", "avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.",
        ];
        let month = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1).min(11);
        match self {
            Self::De => DE[month],
            Self::En => EN[month],
            Self::Fr => FR[month],
            Self::Ar => crate::domain::dateline::MONTHS_AR[month],
        }
    }

    /// What stands between the parts of an enumeration.
    pub const fn comma(self) -> &'static str {
        match self {
            Self::Ar => "، ",
            Self::De | Self::En | Self::Fr => ", ",
        }
    }

    /// When an event takes place, with its zone: "Dienstag, 9. Februar 2027, 10:00 bis 11:30 Uhr (MEZ)".
    pub fn period(self, starts_at: &ZonedTime, ends_at: Option<&ZonedTime>) -> String {
        let day = |at: &ZonedTime| {
            let date = at.local.date();
            let comma = match self {
                Self::Fr => "",
                Self::Ar => "،",
                Self::De | Self::En => ",",
            };
            format!("{}{comma} {}", self.weekday(date), self.date(date))
        };
        let zone = self.zone_name(starts_at);
        let start = [day(starts_at), self.time(starts_at.local.time())].join(self.comma());
        match ends_at {
            None => format!("{start} ({zone})"),
            Some(end) if end.local.date() == starts_at.local.date() => {
                let (from, until) = (starts_at.local.time(), self.time(end.local.time()));
                let from =
                    if self == Self::De { from.strftime("%H:%M").to_string() } else { self.time(from) };
                format!("{}{}{from}–{until} ({zone})", day(starts_at), self.comma())
            }
            Some(end) => {
                let end = [day(end), self.time(end.local.time())].join(self.comma());
                format!("{start} – {end} ({zone})")
            }
        }
    }

    /// A day as exact as it is known (ISO 8601): the date in words, anything shorter as it stands.
    pub fn day_of(self, iso: &str) -> String {
        let day = iso.get(..10).and_then(|day| day.parse::<Date>().ok());
        day.map_or_else(|| iso.to_owned(), |day| self.date(day))
    }

    /// The clocks of a zone, at any time of the year: "Ortszeit Berlin".
    pub fn local_time_of(self, zone: &str) -> String {
        match zone.rsplit_once('/') {
            Some((_, city)) => self.t_args("time-of-place", &[("place", city.replace('_', " ").into())]),
            None => zone.to_owned(),
        }
    }

    /// The zone's abbreviation at that moment, in the language where it has one of its own.
    pub fn zone_name(self, at: &ZonedTime) -> String {
        let tz = TimeZone::get(&at.zone).unwrap_or(TimeZone::UTC);
        let info = tz.to_offset_info(at.utc);
        match (self, info.abbreviation()) {
            (Self::De, "CET") => "MEZ".to_owned(),
            (Self::De, "CEST") => "MESZ".to_owned(),
            (_, name) if name.starts_with(['+', '-']) => format!("UTC{name}"),
            (_, name) => name.to_owned(),
        }
    }
}

/// Whether a credit begins with what it is: "Foto: A. Muster", "Visualisierung: Elsforum", "Crédit photo : A. Muster".
fn names_itself(credit: &str) -> bool {
    const LABELS: [&str; 11] = [
        "foto",
        "photo",
        "bild",
        "grafik",
        "quelle",
        "credit",
        "source",
        "crédit",
        "image",
        "تصوير",
        "المصدر",
    ];
    let Some((label, rest)) = credit.split_once(':') else { return credit.trim_start().starts_with('©') };
    let words: Vec<String> = label.split_whitespace().map(str::to_lowercase).collect();
    match words.as_slice() {
        // An address begins with one word and a colon as well.
        [_] => !rest.trim().is_empty() && !rest.starts_with('/'),
        [first, second] if LABELS.iter().any(|label| label == first || label == second) => true,
        _ => credit.trim_start().starts_with('©'),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_credit_is_named_once() {
        assert_eq!(Lang::De.credit("Elsforum/A. Muster"), "Quelle: Elsforum/A. Muster");
        assert_eq!(Lang::De.credit("Foto: A. Muster"), "Foto: A. Muster");
        assert_eq!(Lang::De.credit("Visualisierung: Elsforum"), "Visualisierung: Elsforum");
        assert_eq!(Lang::Fr.credit("Crédit photo\u{a0}: A. Muster"), "Crédit photo\u{a0}: A. Muster");
        assert_eq!(Lang::Fr.credit("A. Muster"), "Crédit\u{a0}: A. Muster");
        assert_eq!(Lang::De.credit("© Elsforum"), "© Elsforum");
        assert_eq!(Lang::De.credit("Elsforum, Halle 4: A. Muster"), "Quelle: Elsforum, Halle 4: A. Muster");
        assert_eq!(Lang::En.credit(""), "");
    }

    #[test]
    fn sizes_are_decimal_and_read_well() {
        assert_eq!(Lang::De.bytes(84_300_000), "84\u{a0}MB");
        assert_eq!(Lang::De.bytes(3_240_000), "3,2\u{a0}MB");
        assert_eq!(Lang::En.bytes(3_240_000), "3.2\u{a0}MB");
        assert_eq!(Lang::En.bytes(9_960_000), "10\u{a0}MB");
        assert_eq!(Lang::De.bytes(640_400), "640\u{a0}KB");
        assert_eq!(Lang::De.bytes(999_900), "1\u{a0}MB");
        assert_eq!(Lang::De.bytes(1_450_000_000), "1,4\u{a0}GB");
        assert_eq!(Lang::De.bytes(512), "512\u{a0}B");
        assert_eq!(Lang::Fr.bytes(3_240_000), "3,2\u{a0}Mo");
        assert_eq!(Lang::Ar.bytes(485_000), "\u{2066}485\u{a0}KB\u{2069}");
    }

    #[test]
    fn days_and_clocks_are_told_in_words() {
        assert_eq!(Lang::De.day_of("2025-09-12T10:30:00+02:00"), "12. September 2025");
        assert_eq!(Lang::Fr.day_of("2025-09"), "2025-09");
        assert_eq!(Lang::De.local_time_of("Europe/Berlin"), "Ortszeit Berlin");
        assert_eq!(Lang::En.local_time_of("America/New_York"), "New York time");
        assert_eq!(Lang::De.local_time_of("UTC"), "UTC");
        let at = |zone: &str| ZonedTime::from_instant("2026-01-05T12:00:00Z".parse().unwrap(), zone);
        assert_eq!(Lang::De.zone_name(&at("Europe/Berlin")), "MEZ");
        assert_eq!(Lang::De.zone_name(&at("America/Sao_Paulo")), "UTC-03");
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(Lang::De.number(10_600), "10.600");
        assert_eq!(Lang::En.number(1_234_567), "1,234,567");
        assert_eq!(Lang::De.number(7), "7");
    }

    #[test]
    fn a_period_names_day_clock_and_zone() {
        let at = |text: &str| ZonedTime::resolve("t", text.parse().unwrap(), "Europe/Berlin").unwrap();
        let (start, end) = (at("2027-02-09T10:00"), at("2027-02-09T11:30"));
        assert_eq!(
            Lang::De.period(&start, Some(&end)),
            "Dienstag, 9. Februar 2027, 10:00–11:30\u{a0}Uhr (MEZ)"
        );
        assert_eq!(Lang::En.period(&start, None), "Tuesday, 9 February 2027, 10:00 (CET)");
        assert_eq!(
            Lang::Fr.period(&start, Some(&end)),
            "mardi 9 février 2027, 10\u{a0}h\u{a0}00–11\u{a0}h\u{a0}30 (CET)"
        );
        assert_eq!(Lang::Ar.period(&start, None), "الثلاثاء، 9 فبراير 2027، 10:00 (CET)");
        assert_eq!(
            Lang::En.period(&at("2027-07-06T09:00"), Some(&at("2027-07-08T17:00"))),
            "Tuesday, 6 July 2027, 09:00 – Thursday, 8 July 2027, 17:00 (CEST)"
        );
    }
}

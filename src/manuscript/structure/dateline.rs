//! Datelines and dates in the ways they are written: "Berlin, 28. Oktober 2020 –", "BERLIN, Oct. 28, 2020 /…/ --".

use jiff::civil::{Date, DateTime, Time};

/// What stands in front of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Dateline {
    pub place: String,
    pub date: Option<Date>,
    /// How many bytes of the text it takes, with the dash behind it.
    pub bytes: usize,
}

const MONTHS: [&[&str]; 12] = [
    &[
        "januar",
        "january",
        "jan",
        "jänner",
        "jän",
        "janvier",
        "janv",
        "enero",
        "ene",
        "gennaio",
        "januari",
        "janeiro",
        "stycznia",
        "ledna",
        "ianuarie",
        "ocak",
        "tammikuuta",
    ],
    &[
        "februar",
        "february",
        "feb",
        "feber",
        "février",
        "févr",
        "fév",
        "febrero",
        "febbraio",
        "februari",
        "fevereiro",
        "lutego",
        "února",
        "februarie",
        "şubat",
        "helmikuuta",
    ],
    &[
        "märz",
        "march",
        "mar",
        "mär",
        "mrz",
        "mars",
        "marzo",
        "maart",
        "março",
        "marts",
        "marca",
        "března",
        "martie",
        "mart",
        "maaliskuuta",
    ],
    &[
        "april",
        "apr",
        "avril",
        "avr",
        "abril",
        "abr",
        "aprile",
        "kwietnia",
        "dubna",
        "aprilie",
        "nisan",
        "huhtikuuta",
    ],
    &["mai", "may", "mayo", "maggio", "mei", "maio", "maj", "maja", "května", "mayıs", "toukokuuta"],
    &[
        "juni",
        "june",
        "jun",
        "juin",
        "junio",
        "giugno",
        "junho",
        "czerwca",
        "června",
        "iunie",
        "haziran",
        "kesäkuuta",
    ],
    &[
        "juli",
        "july",
        "jul",
        "juillet",
        "juil",
        "julio",
        "luglio",
        "julho",
        "lipca",
        "července",
        "iulie",
        "temmuz",
        "heinäkuuta",
    ],
    &[
        "august", "aug", "août", "aout", "agosto", "ago", "augustus", "augusti", "sierpnia", "srpna",
        "ağustos", "elokuuta",
    ],
    &[
        "september",
        "sep",
        "sept",
        "septembre",
        "septiembre",
        "setiembre",
        "settembre",
        "setembro",
        "września",
        "září",
        "septembrie",
        "eylül",
        "syyskuuta",
    ],
    &[
        "oktober",
        "october",
        "okt",
        "oct",
        "octobre",
        "octubre",
        "ottobre",
        "outubro",
        "października",
        "října",
        "octombrie",
        "ekim",
        "lokakuuta",
    ],
    &[
        "november",
        "nov",
        "novembre",
        "noviembre",
        "novembro",
        "listopada",
        "listopadu",
        "noiembrie",
        "kasım",
        "marraskuuta",
    ],
    &[
        "dezember",
        "december",
        "dez",
        "dec",
        "décembre",
        "déc",
        "diciembre",
        "dic",
        "dicembre",
        "dezembro",
        "grudnia",
        "prosince",
        "decembrie",
        "desember",
        "aralık",
        "joulukuuta",
    ],
];

pub fn month(word: &str) -> Option<i8> {
    let bare = word.trim_end_matches(['.', ',']).to_lowercase();
    MONTHS.iter().position(|names| names.contains(&bare.as_str())).and_then(|at| i8::try_from(at + 1).ok())
}

/// A number at the beginning and the rest behind it.
fn number(text: &str, max_digits: usize) -> Option<(i16, &str)> {
    let end = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    (1..=max_digits).contains(&end).then_some(())?;
    Some((text[..end].parse().ok()?, &text[end..]))
}

fn word(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c: char| !c.is_alphabetic()).unwrap_or(text.len());
    (end > 0).then(|| text.split_at(end))
}

fn space(text: &str) -> &str {
    text.trim_start_matches([' ', '\u{a0}', '\u{202f}'])
}

fn date(year: i16, month: i8, day: i16) -> Option<Date> {
    let year = if (0..100).contains(&year) { year + 2000 } else { year };
    (1900..2200).contains(&year).then_some(())?;
    Date::new(year, month, i8::try_from(day).ok()?).ok()
}

/// A date at the beginning of a text, and how many bytes it takes.
pub fn date_at(text: &str) -> Option<(Date, usize)> {
    let (found, rest) = numeric(text).or_else(|| day_first(text)).or_else(|| month_first(text))?;
    // More digits or letters behind it, and it was something else.
    if rest.starts_with(|c: char| c.is_alphanumeric()) {
        return None;
    }
    Some((found, text.len() - rest.len()))
}

fn numeric(text: &str) -> Option<(Date, &str)> {
    let (first, rest) = number(text, 4)?;
    let sign = rest.chars().next().filter(|c| ".-/".contains(*c))?;
    let (second, rest) = number(space(&rest[1..]), 2)?;
    let rest = rest.strip_prefix(sign)?;
    let (third, rest) = number(space(rest), 4)?;
    let found = match sign {
        '-' if first > 999 => date(first, i8::try_from(second).ok()?, third),
        '/' => date(third, i8::try_from(second).ok()?, first)
            .or_else(|| date(third, i8::try_from(first).ok()?, second)),
        _ => date(third, i8::try_from(second).ok()?, first),
    };
    Some((found?, rest))
}

fn day_first(text: &str) -> Option<(Date, &str)> {
    let (day, rest) = number(text, 2)?;
    let rest =
        ["er", "st", "nd", "rd", "th", "."].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    let rest = space(rest);
    let rest = rest.strip_prefix("de ").map_or(rest, space);
    let (name, rest) = word(rest)?;
    let month = month(name)?;
    let rest = space(rest.trim_start_matches(['.', ',']));
    let rest = rest.strip_prefix("de ").or_else(|| rest.strip_prefix("del ")).map_or(rest, space);
    let (year, rest) = number(rest, 4).filter(|(year, _)| *year > 999)?;
    Some((date(year, month, day)?, rest))
}

fn month_first(text: &str) -> Option<(Date, &str)> {
    let (name, rest) = word(text)?;
    let month = month(name)?;
    let (day, rest) = number(space(rest.trim_start_matches('.')), 2)?;
    let rest = ["st", "nd", "rd", "th"].iter().find_map(|end| rest.strip_prefix(end)).unwrap_or(rest);
    let (year, rest) = number(space(rest.trim_start_matches(',')), 4).filter(|(year, _)| *year > 999)?;
    Some((date(year, month, day)?, rest))
}

/// The first date in a text, wherever it stands.
pub fn find_date(text: &str) -> Option<(Date, usize, usize)> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c.is_alphanumeric()
            && !before.is_alphanumeric()
            && let Some((date, bytes)) = date_at(&text[at..])
        {
            return Some((date, at, bytes));
        }
        before = c;
    }
    None
}

/// A date with a time of day: "28. Oktober 2020, 10:00 Uhr", "Oct. 28, 2020, 10 a.m.".
pub fn find_moment(text: &str) -> Option<DateTime> {
    let (date, at, bytes) = find_date(text)?;
    let behind = &text[at + bytes..];
    let time = find_time(behind).or_else(|| find_time(&text[..at])).unwrap_or(Time::midnight());
    Some(date.to_datetime(time))
}

fn find_time(text: &str) -> Option<Time> {
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        let is_start = c.is_ascii_digit() && !before.is_alphanumeric();
        before = c;
        if !is_start {
            continue;
        }
        let Some((hour, rest)) = number(&text[at..], 2) else { continue };
        let minute = rest.strip_prefix([':', '.', 'h']).and_then(|rest| number(rest, 2));
        let has_minute = minute.is_some();
        let (minute, rest) = minute.unwrap_or((0, rest));
        let unit = space(rest).to_lowercase();
        let is_afternoon = unit.starts_with("pm") || unit.starts_with("p.m");
        let is_morning = unit.starts_with("am") || unit.starts_with("a.m");
        let is_hour = unit.starts_with("uhr") || unit.starts_with('h') || is_afternoon || is_morning;
        if !has_minute && !is_hour {
            continue;
        }
        let hour = match hour {
            12 if is_morning => 0,
            12 => 12,
            hour if is_afternoon => hour + 12,
            // The end of the day.
            24 => 0,
            hour => hour,
        };
        let hour = i8::try_from(hour).ok()?;
        if let Ok(time) = Time::new(hour, i8::try_from(minute).ok()?, 0, 0) {
            return Some(time);
        }
    }
    None
}

/// The dateline at the beginning of a text.
pub fn dateline(text: &str) -> Option<Dateline> {
    let trimmed = text.trim_start();
    let lead = text.len() - trimmed.len();
    let (inner, has_bracket) = match trimmed.strip_prefix(['(', '[']) {
        Some(inner) => (inner, true),
        None => (trimmed, false),
    };
    let offset = lead + (trimmed.len() - inner.len());
    let first_line = inner.lines().next().unwrap_or_default();
    let window: String = first_line.chars().take(140).collect();
    if let Some((date, at, bytes)) = find_date(&window) {
        let before = window[..at].trim();
        let end = at + bytes;
        if let Some(place) = place(before) {
            let (place, rest_at) = if place.is_empty() {
                place_behind(&inner[end..]).map_or((String::new(), end), |(place, more)| (place, end + more))
            } else {
                (place, end)
            };
            let bytes = separator(&inner[rest_at..], has_bracket)?;
            return Some(Dateline { place, date: Some(date), bytes: offset + rest_at + bytes });
        }
    }
    place_alone(inner, offset)
}

/// What stands before the date, without the words that join them; none when that is a sentence.
pub fn place(text: &str) -> Option<String> {
    let mut rest = text.trim_end_matches(|c: char| c.is_whitespace() || ",–—-(|/:".contains(c));
    let mut begins_sentence = false;
    loop {
        let last = rest.rsplit(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
        let lower = last.trim_end_matches('.').to_lowercase();
        let joins = matches!(lower.as_str(), "den" | "am" | "vom" | "le" | "the" | "on" | "el" | "il" | "op");
        if last.is_empty() || !(joins || is_weekday(&lower)) {
            break;
        }
        begins_sentence |= joins;
        // "Volksabstimmung am 7. März 2027" is what happens then; "Graz, am 15. Jänner 2026" is a dateline.
        let before = rest[..rest.len() - last.len()].trim_end();
        if matches!(lower.as_str(), "am" | "on") && !before.is_empty() && !before.ends_with([',', '/', '|']) {
            return None;
        }
        rest = rest[..rest.len() - last.len()]
            .trim_end_matches(|c: char| c.is_whitespace() || ",–—-(|".contains(c));
    }
    // The agency may stand between place and date.
    let rest = rest.strip_suffix("(ots)").map_or(rest, str::trim_end);
    // "Am 28. Oktober 2020 – einem Mittwoch – …"
    let is_found = if rest.is_empty() { !begins_sentence } else { is_place(rest) };
    is_found.then(|| shown(rest))
}

fn is_weekday(word: &str) -> bool {
    const DAYS: [&str; 32] = [
        "montag",
        "dienstag",
        "mittwoch",
        "donnerstag",
        "freitag",
        "samstag",
        "sonnabend",
        "sonntag",
        "monday",
        "tuesday",
        "wednesday",
        "thursday",
        "friday",
        "saturday",
        "sunday",
        "lundi",
        "mardi",
        "mercredi",
        "jeudi",
        "vendredi",
        "samedi",
        "dimanche",
        "lunes",
        "martes",
        "miércoles",
        "jueves",
        "viernes",
        "sábado",
        "domingo",
        "mo",
        "mi",
        "fr",
    ];
    DAYS.contains(&word)
}

fn is_place(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    text.chars().count() <= 60
        && (1..=7).contains(&words.len())
        && text.chars().next().is_some_and(char::is_uppercase)
        && !text.chars().any(|c| c.is_ascii_digit() || "!?;:\"„“”»«|".contains(c))
        && words.iter().all(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphabetic());
            let lower = bare.to_lowercase();
            bare.chars().next().is_none_or(char::is_uppercase)
                || [
                    "am", "an", "der", "a", "d", "im", "in", "bei", "ob", "und", "and", "et", "de", "la",
                    "le", "sur", "les", "upon", "del", "do", "v", "m", "den", "zu",
                ]
                .contains(&lower.as_str())
        })
}

/// Capitals are the habit of agencies; the page has its own.
fn shown(place: &str) -> String {
    let place = place.trim_matches(|c: char| c.is_whitespace() || ",–—(".contains(c));
    // "AUSTIN, Texas": each for itself.
    if let Some((town, country)) = place.split_once(", ") {
        return format!("{}, {}", shown(town), shown(country));
    }
    if place.chars().any(char::is_lowercase) || place.chars().filter(|c| c.is_alphabetic()).count() <= 3 {
        return place.to_owned();
    }
    let mut out = String::with_capacity(place.len());
    let mut is_first = true;
    for c in place.chars() {
        if is_first {
            out.push(c);
        } else {
            out.extend(c.to_lowercase());
        }
        is_first = !c.is_alphabetic();
    }
    out
}

/// ", Berlin –" behind a date.
fn place_behind(text: &str) -> Option<(String, usize)> {
    let rest = space(text);
    let rest = rest.strip_prefix([',', '|', '·'])?;
    let end = [" –", " —", " -", ":"].iter().filter_map(|sign| rest.find(sign)).min().or_else(|| {
        (!rest.trim().is_empty() && rest.chars().count() < 40 && !rest.contains('\n')).then_some(rest.len())
    })?;
    let name = rest[..end].trim();
    is_place(name).then(|| (shown(name), text.len() - rest.len() + end))
}

/// What must follow a dateline: the end, or a dash and the like; the length in bytes.
fn separator(text: &str, has_bracket: bool) -> Option<usize> {
    let mut rest = space(text);
    // "2026 r.", as the year is written in Polish.
    rest = rest.strip_prefix("r.").map_or(rest, space);
    let mut may_end = has_bracket;
    if has_bracket {
        rest = space(rest.strip_prefix([')', ']'])?);
    } else {
        rest = rest.strip_prefix(')').map_or(rest, space);
    }
    // The agency: "(ots)", "/PRNewswire/".
    for (open, close) in [('(', ')'), ('/', '/'), ('[', ']')] {
        if let Some(inside) = rest.strip_prefix(open)
            && let Some(end) = inside.find(close).filter(|end| *end < 40)
        {
            rest = space(&inside[end + close.len_utf8()..]);
            may_end = true;
        }
    }
    if rest.is_empty() || rest.starts_with('\n') {
        return Some(text.len() - rest.trim_start_matches('\n').len());
    }
    let signs =
        rest.trim_start_matches(['–', '—', '-', '―', ':', '|', '/', '.', ',', '+', '•', '·', '\u{2212}']);
    let sign = &rest[..rest.len() - signs.len()];
    let is_sign = !sign.is_empty()
        && sign != ","
        && (sign != "." || signs.starts_with([' ', '\n']) || signs.is_empty());
    if is_sign {
        return Some(text.len() - signs.trim_start().len());
    }
    may_end.then(|| text.len() - rest.len())
}

/// "BERLIN (ots) – …" or "BERLIN – …": without a date, only what cannot be the beginning of a sentence.
fn place_alone(inner: &str, offset: usize) -> Option<Dateline> {
    let end = [" –", " —", " --", " - ", " (", " /"].iter().filter_map(|sign| inner.find(sign)).min()?;
    let name = inner.get(..end).filter(|name| name.len() <= 60 && is_place(name))?;
    let rest = &inner[end..];
    let is_agency = [" (ots", " (dpa", " (pts", " /PRNewswire", " /ots", " (GLOBE", " (BUSINESS"]
        .iter()
        .any(|start| rest.starts_with(start));
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphabetic()).collect();
    let is_shouted = letters.len() > 3 && letters.iter().all(|c| c.is_uppercase());
    if !is_agency && (!is_shouted || rest.starts_with(" (") || rest.starts_with(" /")) {
        return None;
    }
    let bytes = separator(rest, false)?;
    Some(Dateline { place: shown(name), date: None, bytes: offset + end + bytes })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (String, String, &str) {
        let found = dateline(text).unwrap_or_default();
        (found.place, found.date.map_or_else(String::new, |date| date.to_string()), &text[found.bytes..])
    }

    #[test]
    fn datelines_are_found_in_their_many_forms() {
        for text in [
            "Berlin, 28. Oktober 2020 – Text",
            "Berlin, 28. Oktober 2020 - Text",
            "Berlin, den 28. Oktober 2020. Text",
            "Berlin, 28.10.2020: Text",
            "Berlin, 28.\u{a0}Oktober 2020 \u{2013}\u{a0}Text",
            "(Berlin, 28.10.2020) Text",
            "(Berlin, 28. Oktober 2020) – Text",
            "[Berlin, 28. Okt. 2020] Text",
            "BERLIN, Oct. 28, 2020 /PRNewswire/ -- Text",
            "BERLIN, October 28th, 2020 (GLOBE NEWSWIRE) -- Text",
            "BERLIN – October 28, 2020 – Text",
            "Berlin, Mittwoch, den 28. Oktober 2020 – Text",
            "Berlin, le 28 octobre 2020 – Text",
            "Berlin, 28 de octubre de 2020.- Text",
            "28. Oktober 2020, Berlin – Text",
            "Berlin | 28. Oktober 2020 | Text",
            "Berlin, 2020-10-28 — Text",
            "Berlin (ots), 28.10.2020 - Text",
            "Berlin, 28.10.20 – Text",
            "Berlin/28. Oktober 2020/Text",
            "Berlin, 28 października 2020 r. – Text",
            "Berlin, 28 de outubro de 2020 – Text",
            "Berlin, 28. října 2020 – Text",
        ] {
            assert_eq!(read(text), ("Berlin".to_owned(), "2020-10-28".to_owned(), "Text"), "{text}");
        }
        assert_eq!(read("Frankfurt a. M., 1. März 2021 – x").0, "Frankfurt a. M.");
        assert_eq!(read("NEW YORK, Jan. 5, 2021 -- x").0, "New York");
        assert_eq!(read("AUSTIN, Texas, Nov. 3, 2026 – x").0, "Austin, Texas");
        assert_eq!(read("Graz, am 15. Jänner 2026. x").0, "Graz");
        assert_eq!(read("Genève, le 1er août 2021 – x"), ("Genève".into(), "2021-08-01".into(), "x"));
        assert_eq!(read("Berlin, 28. Oktober 2020"), ("Berlin".into(), "2020-10-28".into(), ""));
        assert_eq!(read("28.10.2020"), (String::new(), "2020-10-28".into(), ""));
        assert_eq!(read("BERLIN (ots) - Text"), ("Berlin".into(), String::new(), "Text"));
    }

    #[test]
    fn sentences_are_no_datelines() {
        for text in [
            "Berlin, 28. Oktober 2020 war ein guter Tag.",
            "Am 28. Oktober 2020 – einem Mittwoch – endete die Messe.",
            "Die Messe endet am 28. Oktober 2020: ein Erfolg.",
            "Smart Country – die Messe für alle",
            "Volksabstimmung am 7. März 2027",
            "Vom 26.-28. Oktober 2020 findet sie statt.",
            "10.600 Teilnehmer kamen.",
            "",
        ] {
            assert_eq!(dateline(text), None, "{text}");
        }
    }

    #[test]
    fn moments_have_a_time_of_day() {
        let at = |text| find_moment(text).map(|at| at.to_string());
        assert_eq!(at("Sperrfrist: 28. Oktober 2020, 10:30 Uhr"), Some("2020-10-28T10:30:00".into()));
        assert_eq!(at("Sperrfrist 10 Uhr am 28.10.2020"), Some("2020-10-28T10:00:00".into()));
        assert_eq!(at("EMBARGOED UNTIL Oct. 28, 2020, 6 p.m. CET"), Some("2020-10-28T18:00:00".into()));
        assert_eq!(at("Embargo jusqu’au 28 octobre 2020, 9h30"), Some("2020-10-28T09:30:00".into()));
        assert_eq!(at("Sperrfrist: Beginn der Rede"), None);
    }
}

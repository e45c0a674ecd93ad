//! The dateline of a release in its own language: "Berlin, 28. Oktober 2020".

use jiff::civil::Date;

const DE: [&str; 12] = [
    "Januar",
    "Februar",
    "März",
    "April",
    "Mai",
    "Juni",
    "Juli",
    "August",
    "September",
    "Oktober",
    "November",
    "Dezember",
];
const EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

/// As North Africa, the Gulf and the news agencies have them.
pub const MONTHS_AR: [&str; 12] = [
    "يناير",
    "فبراير",
    "مارس",
    "أبريل",
    "مايو",
    "يونيو",
    "يوليو",
    "أغسطس",
    "سبتمبر",
    "أكتوبر",
    "نوفمبر",
    "ديسمبر",
];

/// A date in words, as newspapers of the language write it. Languages without a table get ISO 8601.
pub fn date_in_words(date: Date, language: &str) -> String {
    let (day, year) = (date.day(), date.year());
    let month = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1).min(11);
    match language.split('-').next().unwrap_or_default() {
        "de" => format!("{day}. {} {year}", DE[month]),
        "en" => format!("{day} {} {year}", EN[month]),
        "fr" if day == 1 => format!("1er {} {year}", FR[month]),
        "fr" => format!("{day} {} {year}", FR[month]),
        "ar" => format!("{day} {} {year}", MONTHS_AR[month]),
        _ => date.to_string(),
    }
}

pub fn month_in_words(date: Date, language: &str) -> String {
    let month = usize::try_from(date.month()).unwrap_or(1).saturating_sub(1).min(11);
    let name = match language.split('-').next().unwrap_or_default() {
        "de" => DE[month],
        "fr" => FR[month],
        "ar" => MONTHS_AR[month],
        _ => EN[month],
    };
    format!("{name} {}", date.year())
}

/// Place and date together; either may be missing.
pub fn dateline(place: &str, date: Option<Date>, language: &str) -> String {
    match (place.trim(), date.map(|date| date_in_words(date, language))) {
        ("", Some(date)) => date,
        ("", None) => String::new(),
        (place, Some(date)) if language.starts_with("ar") => format!("{place}، {date}"),
        (place, Some(date)) => format!("{place}, {date}"),
        (place, None) => place.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::dateline;

    #[test]
    fn each_language_writes_its_own_way() {
        let date = Some("2020-10-28".parse().unwrap());
        assert_eq!(dateline("Berlin", date, "de"), "Berlin, 28. Oktober 2020");
        assert_eq!(dateline("Berlin", date, "en"), "Berlin, 28 October 2020");
        assert_eq!(dateline("برلين", date, "ar"), "برلين، 28 أكتوبر 2020");
        assert_eq!(dateline("", date, "de-AT"), "28. Oktober 2020");
        assert_eq!(dateline("Genève", Some("2021-08-01".parse().unwrap()), "fr"), "Genève, 1er août 2021");
    }
}

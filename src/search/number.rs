//! Numbers and dates in the forms press texts write them.

use std::ops::RangeInclusive;

/// Years that make "Mai 2025" a date and "Mai 12345" none.
const YEARS: RangeInclusive<u32> = 1500..=2399;

#[derive(Debug, PartialEq, Eq)]
pub enum Number {
    /// One number in one spelling: "10.600" is `10600`, "3,5" is `3.5`.
    Value(String),
    Date(Date),
    /// Digits with separators that make no single number ("19.30.5", a phone number): its groups.
    Groups(Vec<String>),
}

/// A day, or a whole month when `day` is 0.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
pub struct Date {
    pub year: u32,
    pub month: u32,
    pub day: u32,
}

impl Date {
    /// The date, if there can be such a day. Whether the month has 31 days does not matter for finding it.
    pub fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        (YEARS.contains(&year) && (1..=12).contains(&month) && day <= 31).then_some(Self { year, month, day })
    }

    pub fn of(day: jiff::civil::Date) -> Option<Self> {
        let number = |number: i8| u32::try_from(number).ok();
        Self::new(u32::try_from(day.year()).ok()?, number(day.month())?, number(day.day())?)
    }

    /// The index term of the day; no written word looks like it.
    pub fn day_term(self) -> String {
        format!("d{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    pub fn month_term(self) -> String {
        format!("m{:04}{:02}", self.year, self.month)
    }
}

/// Reads digits with the separators `.`, `,`, `'`, `-`, `/`, `:` and narrow spaces between them.
pub fn read(digits: &str) -> Number {
    let groups: Vec<&str> = digits.split(|c: char| !c.is_ascii_digit()).collect();
    let separators: Vec<char> = digits.chars().filter(|c| !c.is_ascii_digit()).collect();
    if separators.is_empty() {
        return Number::Value(digits.to_owned());
    }
    if let Some(date) = numeric_date(&groups, &separators) {
        return Number::Date(date);
    }
    let other = || Number::Groups(groups.iter().map(|group| (*group).to_owned()).collect());
    if separators.contains(&'-') {
        return other();
    }
    let thousands = |groups: &[&str]| {
        groups.len() > 1
            && (1..=3).contains(&groups[0].len())
            && groups[0] != "0"
            && groups[1..].iter().all(|group| group.len() == 3)
    };
    if let ([hour, minute], [':']) = (&groups[..], &separators[..]) {
        // 9:30 is 09.30 too.
        return Number::Value(format!("{}.{minute}", unpadded(hour)));
    }
    let first = separators[0];
    let (last, before) = (separators[separators.len() - 1], &separators[..separators.len() - 1]);
    if separators.iter().all(|separator| *separator == first) && thousands(&groups) {
        Number::Value(groups.concat())
    } else if groups.len() == 2 && matches!(first, '.' | ',') {
        Number::Value(format!("{}.{}", unpadded(groups[0]), groups[1]))
    } else if matches!(last, '.' | ',')
        && before.iter().all(|separator| *separator == first)
        && first != last
        && thousands(&groups[..groups.len() - 1])
    {
        // 1.234,56 and 1,234.56
        Number::Value(format!("{}.{}", groups[..groups.len() - 1].concat(), groups[groups.len() - 1]))
    } else {
        other()
    }
}

/// "09" as "9".
fn unpadded(digits: &str) -> &str {
    digits.strip_prefix('0').filter(|rest| !rest.is_empty()).unwrap_or(digits)
}

fn numeric_date(groups: &[&str], separators: &[char]) -> Option<Date> {
    let number = |text: &str| text.parse::<u32>().ok();
    let [a, b, c] = match groups {
        // 11/2023 and 11.2023; one digit before the point is rather a number.
        [month, year] => {
            let fits = match separators {
                ['/'] => month.len() <= 2,
                ['.'] => month.len() == 2,
                _ => false,
            };
            return (fits && year.len() == 4).then(|| Date::new(number(year)?, number(month)?, 0)).flatten();
        }
        [a, b, c] => [a, b, c],
        _ => return None,
    };
    match separators {
        ['.', '.'] if a.len() <= 2 && b.len() <= 2 && number(a)? >= 1 => {
            let year = match c.len() {
                4 => number(c)?,
                // As POSIX reads them.
                2 => number(c)? + if number(c)? < 69 { 2000 } else { 1900 },
                _ => return None,
            };
            Date::new(year, number(b)?, number(a)?)
        }
        // 14/10/2025 and, of English readers who begin with the month, 10/14/2025.
        ['/', '/'] | ['-', '-'] if a.len() <= 2 && b.len() <= 2 && c.len() == 4 && number(a)? >= 1 => {
            let (day, month) = (number(a)?, number(b)?);
            Date::new(number(c)?, month, day).or_else(|| Date::new(number(c)?, day, month))
        }
        ['-', '-'] if a.len() == 4 && b.len() == 2 && c.len() == 2 && number(c)? >= 1 => {
            Date::new(number(a)?, number(b)?, number(c)?)
        }
        _ => None,
    }
}

/// The day of a month as people write it: "7", "07", "7th", "siebter".
pub fn day(word: &str) -> Option<u32> {
    let digits = word.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if digits.is_empty() {
        return day_in_words(word);
    }
    let ordinal = &word[digits.len()..];
    if !matches!(ordinal, "" | "st" | "nd" | "rd" | "th" | "er" | "o" | "e") || digits.len() > 2 {
        return None;
    }
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

const ONES: [&str; 9] = ["ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun"];
const GERMAN_DAYS: [&str; 20] = [
    "erst",
    "zweit",
    "dritt",
    "viert",
    "funft",
    "sechst",
    "siebt",
    "acht",
    "neunt",
    "zehnt",
    "elft",
    "zwolft",
    "dreizehnt",
    "vierzehnt",
    "funfzehnt",
    "sechzehnt",
    "siebzehnt",
    "achtzehnt",
    "neunzehnt",
    "zwanzigst",
];
const ENGLISH_DAYS: [&str; 20] = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
    "seventeenth",
    "eighteenth",
    "nineteenth",
    "twentieth",
];

/// "erster", "siebten", "einunddreißigste" (folded), "third".
fn day_in_words(word: &str) -> Option<u32> {
    let place =
        |list: &[&str], word: &str| (1..).zip(list).find(|(_, known)| **known == word).map(|(day, _)| day);
    if let Some(day) = place(&ENGLISH_DAYS, word) {
        return Some(day);
    }
    let stem = ["er", "en", "em", "e"].iter().find_map(|ending| word.strip_suffix(ending))?;
    if let Some(day) = place(&GERMAN_DAYS, stem) {
        return Some(day);
    }
    let (ones, tens) = match stem.strip_suffix("zwanzigst") {
        Some(ones) => (ones, 20),
        None => (stem.strip_suffix("dreissigst")?, 30),
    };
    if ones.is_empty() {
        return Some(tens);
    }
    place(&ONES, ones.strip_suffix("und")?).map(|ones| tens + ones).filter(|day| *day <= 31)
}

pub fn year(word: &str) -> Option<u32> {
    if word.len() != 4 {
        return None;
    }
    word.parse().ok().filter(|year| YEARS.contains(year))
}

/// The number of a month by its folded name or usual abbreviation in the languages of the analysis that name their
/// months after the Roman ones.
pub fn month(word: &str) -> Option<u32> {
    Some(match word {
        "januar" | "janner" | "january" | "janvier" | "enero" | "gennaio" | "januari" | "janeiro"
        | "ianuarie" | "tammikuuta" | "jan" => 1,
        "februar" | "feber" | "february" | "fevrier" | "febrero" | "febbraio" | "februari" | "fevereiro"
        | "februarie" | "helmikuuta" | "feb" => 2,
        "marz" | "march" | "mars" | "marzo" | "maart" | "marco" | "marts" | "martie" | "maaliskuuta"
        | "mar" => 3,
        "april" | "avril" | "abril" | "aprile" | "aprilie" | "huhtikuuta" | "apr" => 4,
        "mai" | "may" | "mayo" | "maggio" | "mei" | "maj" | "maio" | "toukokuuta" => 5,
        "juni" | "june" | "juin" | "junio" | "giugno" | "junho" | "iunie" | "kesakuuta" | "jun" => 6,
        "juli" | "july" | "juillet" | "julio" | "luglio" | "julho" | "iulie" | "heinakuuta" | "jul" => 7,
        "august" | "aout" | "agosto" | "augustus" | "augusti" | "elokuuta" | "aug" => 8,
        "september" | "septembre" | "septiembre" | "settembre" | "setembro" | "septembrie" | "syyskuuta"
        | "sep" | "sept" => 9,
        "oktober" | "october" | "octobre" | "octubre" | "ottobre" | "outubro" | "octombrie" | "lokakuuta"
        | "okt" | "oct" => 10,
        "november" | "novembre" | "noviembre" | "novembro" | "noiembrie" | "marraskuuta" | "nov" => 11,
        "dezember" | "december" | "decembre" | "diciembre" | "dicembre" | "dezembro" | "decembrie"
        | "joulukuuta" | "dez" | "dec" => 12,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_number_has_one_form() {
        for (written, value) in [
            ("10600", "10600"),
            ("10.600", "10600"),
            ("10,600", "10600"),
            ("10'600", "10600"),
            ("10\u{202f}600", "10600"),
            ("1.234.567", "1234567"),
            ("3,5", "3.5"),
            ("3.5", "3.5"),
            ("0,500", "0.500"),
            ("1.234,56", "1234.56"),
            ("1,234.56", "1234.56"),
        ] {
            assert_eq!(read(written), Number::Value(value.into()), "{written}");
        }
    }

    #[test]
    fn days_are_read_in_words() {
        for (word, number) in [
            ("erster", 1),
            ("achten", 8),
            ("vierzehnter", 14),
            ("einundzwanzigste", 21),
            ("dreissigsten", 30),
        ] {
            assert_eq!(day(word), Some(number), "{word}");
        }
        assert_eq!(
            (day("third"), day("neununddreissigste"), day("er"), day("wetter")),
            (Some(3), None, None, None)
        );
    }

    #[test]
    fn dates_are_not_numbers() {
        let day = Date { year: 2025, month: 11, day: 7 };
        for written in ["07.11.2025", "7.11.2025", "7.11.25", "2025-11-07", "7/11/2025", "7-11-2025"] {
            assert_eq!(read(written), Number::Date(day), "{written}");
        }
        assert!(matches!(read("40.13.2025"), Number::Groups(_)));
        assert!(matches!(read("1.2.3.4"), Number::Groups(_)));
    }
}

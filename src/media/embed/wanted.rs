//! What the files are to say, with the parts that a description holds joined taken apart again.

use crate::domain::asset::Description;
use crate::media::metadata::iim::{Iim, dataset};
use crate::media::metadata::xmp::{Xmp, ns};
use crate::media::metadata::{self, Packets, country_code};

#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub description: Description,
    /// IPTC's Title: the headline, unless the file has an identifier there.
    pub title: String,
    pub creators: Vec<String>,
    /// Sublocation, city, state and country.
    pub place: [String; 4],
    /// Three letters, or nothing.
    pub country_code: String,
    /// The file has another place, perhaps in a structured notation that must not contradict ours.
    pub is_moved: bool,
    /// The date in the file's EXIF block, as long as the description has the one that reading the file gave.
    pub unedited_exif_date: Option<String>,
    /// The organisation wants positions, serial numbers and makers' notes to stay in the files.
    pub keeps_private: bool,
    /// The pictures behind the first one stay in the file, and what is said about them too.
    pub keeps_further: bool,
}

impl Wanted {
    /// A description, with lists and places as the original file has them as long as they say the same. A
    /// changed creator is not guessed apart: a name may hold a comma.
    pub fn new(description: &Description, packets: &Packets) -> Self {
        let xmp = Xmp::parse(packets.xmp.iter().map(Vec::as_slice));
        let iim = Iim::parse(&packets.iim);
        let description = clean(description);
        let said = |creators: &Vec<String>| metadata::line(creators.join(", ")) == description.creator;
        let authors = packets.exif.windows.authors.clone();
        let creators = [xmp.list(ns::DC, "creator"), iim.all(dataset::BY_LINE), authors]
            .map(|creators| clean_list(&creators))
            .into_iter()
            .find(said)
            .unwrap_or_else(|| {
                Vec::from_iter(Some(description.creator.clone()).filter(|name| !name.is_empty()))
            });
        let mut place = metadata::place(packets, &xmp, &iim).map(|part| clean_text(&part));
        let is_moved = metadata::in_words(&place) != description.location;
        let mut code = xmp.text(ns::IPTC_CORE, "CountryCode");
        if code.is_empty() {
            code = iim.first(dataset::COUNTRY_CODE);
        }
        if is_moved {
            place = parts(&description.location);
            code = country_code(&place[3]).unwrap_or_default().to_owned();
        }
        let is_dated_anew = clean_text(&metadata::describe(packets).date_created) != description.date_created;
        let unedited_exif_date = (!is_dated_anew).then(|| packets.exif.date_created.clone());
        let identifier = metadata::identifier(packets, &xmp, &iim);
        let title = if identifier.is_empty() { description.title.clone() } else { clean_text(&identifier) };
        Self {
            description,
            title,
            creators,
            place,
            country_code: code,
            is_moved,
            unedited_exif_date,
            keeps_private: false,
            keeps_further: false,
        }
    }
}

/// Sublocation, city, state and country of a place in words, "Halle 4, Föhrwald, Deutschland". A country is told
/// by its name, a place without a comma is a city; what cannot be told apart stays whole.
fn parts(location: &str) -> [String; 4] {
    let mut words: Vec<&str> = location.split(", ").collect();
    let country = words.pop_if(|last| country_code(last).is_some()).unwrap_or_default();
    let [sub_location, city, state] = match *words {
        [] => ["", "", ""],
        [city] => ["", city, ""],
        [sub_location, city] => [sub_location, city, ""],
        [sub_location, city, state] if !country.is_empty() => [sub_location, city, state],
        _ => {
            let whole = location.strip_suffix(country).unwrap_or(location).trim_end_matches(", ");
            [whole, "", ""]
        }
    };
    let place = [sub_location, city, state, country].map(str::to_owned);
    if metadata::in_words(&place) == location {
        return place;
    }
    [location.to_owned(), String::new(), String::new(), String::new()]
}

/// The same in all three standards: without what XML cannot hold or a form cannot show, with one kind of line end.
fn clean(description: &Description) -> Description {
    let (text, list) = (clean_text, clean_list);
    Description {
        title: text(&description.title),
        caption: text(&description.caption),
        alt_text: text(&description.alt_text),
        credit: text(&description.credit),
        copyright_notice: text(&description.copyright_notice),
        usage_terms: text(&description.usage_terms),
        rights_url: text(&description.rights_url),
        creator: text(&description.creator),
        persons: list(&description.persons),
        keywords: list(&description.keywords),
        date_created: text(&description.date_created),
        location: text(&description.location),
        digital_source_type: text(&description.digital_source_type),
        data_mining: text(&description.data_mining),
    }
}

fn clean_text(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace('\r', "\n");
    let allowed =
        |c: &char| matches!(c, '\t' | '\n') || !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    lines.chars().filter(allowed).collect::<String>().trim().to_owned()
}

fn clean_list(items: &[String]) -> Vec<String> {
    items.iter().map(|item| clean_text(item)).filter(|item| !item.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn a_place_is_taken_apart_where_its_words_allow() {
        for (location, expected) in [
            ("Köln", ["", "Köln", "", ""]),
            ("Deutschland", ["", "", "", "Deutschland"]),
            ("Köln, Germany", ["", "Köln", "", "Germany"]),
            ("Halle 4, Köln", ["Halle 4", "Köln", "", ""]),
            (
                "Halle 4, Köln, Nordrhein-Westfalen, Deutschland",
                ["Halle 4", "Köln", "Nordrhein-Westfalen", "Deutschland"],
            ),
            ("Halle 4, Gang B, Köln", ["Halle 4, Gang B, Köln", "", "", ""]),
            ("Köln,  Deutz", ["Köln,  Deutz", "", "", ""]),
            ("", ["", "", "", ""]),
        ] {
            assert_eq!(parts(location), expected, "{location}");
        }
    }
}

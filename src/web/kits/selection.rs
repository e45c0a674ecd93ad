//! A reader's own selection: nothing but an address that names photos.

use crate::domain::Id;
use crate::kit::press_kit::Size;
use crate::web::Error;

/// A selection may name this many photos.
pub const MAX_SELECTION: usize = 500;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// In the order they were chosen, each once.
    pub photos: Vec<Id>,
    pub size: Size,
}

impl Selection {
    /// Reads a query: `photos=ID,ID` as the links are written, or one `photos=ID` for each ticked box.
    pub fn parse(query: &str) -> Result<Self, Error> {
        let mut selection = Self::default();
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match name.as_ref() {
                "photos" => {
                    for text in value.split(',').map(str::trim).filter(|text| !text.is_empty()) {
                        let id = text.parse().map_err(|_| refusal("The address must name photos by id"))?;
                        if !selection.photos.contains(&id) {
                            selection.photos.push(id);
                        }
                        if selection.photos.len() > MAX_SELECTION {
                            return Err(refusal(&format!("A selection has at most {MAX_SELECTION} photos")));
                        }
                    }
                }
                "size" if value == "web" => selection.size = Size::Web,
                _ => {}
            }
        }
        Ok(selection)
    }

    /// The same, but one photo at least: there is no archive of nothing.
    pub fn parse_filled(query: &str) -> Result<Self, Error> {
        let selection = Self::parse(query)?;
        if selection.photos.is_empty() {
            return Err(refusal("A selection has at least one photo: /selection.zip?photos=ID,ID"));
        }
        Ok(selection)
    }

    /// The photos as they stand in an address.
    pub fn ids(photos: &[Id]) -> String {
        photos.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
    }
}

fn refusal(detail: &str) -> Error {
    Error::BadRequest { code: "invalid_selection", detail: detail.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = "0190b5a0-0000-7000-8000-000000000001";
    const TWO: &str = "0190b5a0-0000-7000-8000-000000000002";

    #[test]
    fn links_and_ticked_boxes_say_the_same() {
        let link = Selection::parse(&format!("photos={TWO},{ONE}")).unwrap();
        let boxes = Selection::parse(&format!("photos={TWO}&photos={ONE}&photos={TWO}")).unwrap();
        assert_eq!(link, boxes);
        assert_eq!(Selection::ids(&link.photos), format!("{TWO},{ONE}"));
        assert_eq!(Selection::parse(&format!("photos={ONE}&size=web")).unwrap().size, Size::Web);
    }

    #[test]
    fn nonsense_and_too_much_are_refused() {
        for query in ["photos=x", "photos=..%2Fetc", "photos=", ""] {
            assert!(Selection::parse_filled(query).is_err(), "{query}");
        }
        let many: Vec<String> =
            (0..=MAX_SELECTION).map(|n| format!("0190b5a0-0000-7000-8000-{n:012}")).collect();
        assert!(Selection::parse(&format!("photos={}", many.join(","))).is_err());
    }
}

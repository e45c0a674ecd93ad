//! What the files are to say, with the parts that a description holds joined taken apart again.

use crate::domain::asset::Description;
use crate::media::metadata::iim::{Iim, dataset};
use crate::media::metadata::xmp::{Xmp, ns};
use crate::media::metadata::{self, Packets};

#[derive(Debug, Clone, Default)]
pub struct Wanted {
    pub description: Description,
    pub creators: Vec<String>,
    /// Sublocation, city, state and country.
    pub place: [String; 4],
    /// The file has another place, perhaps in a structured notation that must not contradict ours.
    pub is_moved: bool,
}

impl Wanted {
    /// A description, with lists and places as the original file has them as long as they say the same. What
    /// was changed is not guessed apart: a name may hold a comma, and a place need not be a city.
    pub fn new(description: &Description, packets: &Packets) -> Self {
        let xmp = Xmp::parse(packets.xmp.iter().map(Vec::as_slice));
        let iim = Iim::parse(&packets.iim);
        let mut creators = xmp.list(ns::DC, "creator");
        if creators.is_empty() {
            creators = iim.all(dataset::BY_LINE);
        }
        if creators.join(", ") != description.creator {
            creators =
                Some(description.creator.clone()).filter(|name| !name.is_empty()).into_iter().collect();
        }
        let mut place = metadata::place(&xmp, &iim);
        let is_moved = metadata::in_words(&place) != description.location;
        if is_moved {
            place = [description.location.clone(), String::new(), String::new(), String::new()];
        }
        Self { description: description.clone(), creators, place, is_moved }
    }
}

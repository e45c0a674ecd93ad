//! Writes IPTC-IIM for the many picture desks that still read it first. Its fields are short by the standard;
//! the full texts stand in XMP.

use super::wanted::Wanted;
use crate::media::metadata::iim::{
    self, Dataset, Iim, RESOURCE_IIM, RESOURCE_IIM_DIGEST, RESOURCES_EXIF_AND_XMP, UTF8_MARK, dataset,
    is_text,
};
use md5::{Digest, Md5};

const OWNED: [u8; 14] = [
    dataset::OBJECT_NAME,
    dataset::KEYWORD,
    dataset::DATE_CREATED,
    dataset::TIME_CREATED,
    dataset::BY_LINE,
    dataset::CITY,
    dataset::SUB_LOCATION,
    dataset::STATE,
    dataset::COUNTRY_CODE,
    dataset::COUNTRY,
    dataset::HEADLINE,
    dataset::CREDIT,
    dataset::COPYRIGHT_NOTICE,
    dataset::CAPTION,
];

/// The Photoshop block of a file with our IIM in it; the other resources stay, in their order.
pub fn photoshop_block(wanted: &Wanted, existing: &[u8]) -> Vec<u8> {
    let resources = iim::resources(existing);
    let old = resources.iter().find(|resource| resource.id == RESOURCE_IIM);
    let new = datasets(wanted, old.map_or(&[], |resource| resource.data));
    let mut block = Vec::with_capacity(existing.len() + new.len() + 12);
    push_resource(&mut block, RESOURCE_IIM, &[0, 0], &new);
    push_others(&mut block, existing, &new);
    block
}

/// As [`photoshop_block`] for a format that keeps IIM in another place.
pub fn photoshop_block_beside(iim: &[u8], existing: &[u8]) -> Vec<u8> {
    let mut block = Vec::with_capacity(existing.len() + 32);
    push_others(&mut block, existing, iim);
    block
}

/// A Photoshop block of what others wrote beside what is ours, for a format that has ours in XMP only; `None` if they
/// wrote nothing.
pub fn block_of_others(existing: &[u8]) -> Option<Vec<u8>> {
    let others = of_others(&Iim::parse(existing));
    if others.is_empty() {
        return None;
    }
    let iim = written(others);
    let mut block = Vec::with_capacity(iim.len() + 48);
    push_resource(&mut block, RESOURCE_IIM, &[0, 0], &iim);
    push_others(&mut block, &[], &iim);
    Some(block)
}

/// The digest says to readers that XMP and IIM were written together. Other formats' blocks in here would
/// say what they said before our change.
fn push_others(block: &mut Vec<u8>, existing: &[u8], iim: &[u8]) {
    for resource in iim::resources(existing) {
        let is_ours = matches!(resource.id, RESOURCE_IIM | RESOURCE_IIM_DIGEST);
        if !is_ours && !RESOURCES_EXIF_AND_XMP.contains(&resource.id) {
            push_resource(block, resource.id, resource.name, resource.data);
        }
    }
    push_resource(block, RESOURCE_IIM_DIGEST, &[0, 0], &Md5::digest(iim));
}

fn push_resource(block: &mut Vec<u8>, id: u16, name: &[u8], data: &[u8]) {
    block.extend_from_slice(b"8BIM");
    block.extend_from_slice(&id.to_be_bytes());
    block.extend_from_slice(name);
    block.extend_from_slice(&u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes());
    block.extend_from_slice(data);
    if data.len() % 2 == 1 {
        block.push(0);
    }
}

/// Our datasets and those of others, in UTF-8.
pub fn datasets(wanted: &Wanted, existing: &[u8]) -> Vec<u8> {
    let mut all = of_others(&Iim::parse(existing));
    let about = &wanted.description;
    let mut add = |number: u8, text: &str| {
        let value = cut(text, dataset::max_bytes(number));
        if !value.is_empty() {
            all.push((2, number, value.as_bytes().to_vec()));
        }
    };
    add(dataset::OBJECT_NAME, &wanted.title);
    about.keywords.iter().for_each(|keyword| add(dataset::KEYWORD, keyword));
    let (date, time) = moment(&about.date_created);
    add(dataset::DATE_CREATED, &date);
    add(dataset::TIME_CREATED, &time);
    wanted.creators.iter().for_each(|creator| add(dataset::BY_LINE, creator));
    let [sub_location, city, state, country] = &wanted.place;
    add(dataset::CITY, city);
    add(dataset::SUB_LOCATION, sub_location);
    add(dataset::STATE, state);
    add(dataset::COUNTRY_CODE, &wanted.country_code);
    add(dataset::COUNTRY, country);
    add(dataset::HEADLINE, &about.title);
    add(dataset::CREDIT, &about.credit);
    add(dataset::COPYRIGHT_NOTICE, &about.copyright_notice);
    add(dataset::CAPTION, &about.caption);
    written(all)
}

/// Record, number and value of what other programs wrote, in UTF-8.
fn of_others(old: &Iim<'_>) -> Vec<(u8, u8, Vec<u8>)> {
    let kept = old.datasets().iter().filter(|set| is_kept(set));
    kept.map(|set| (set.record, set.number, in_utf8(old, set))).collect()
}

/// Datasets in their order, as texts in UTF-8 and version 4 of the record.
fn written(mut all: Vec<(u8, u8, Vec<u8>)>) -> Vec<u8> {
    all.push((1, 90, UTF8_MARK.to_vec()));
    all.push((2, 0, vec![0, 4]));
    all.sort_by_key(|(record, number, _)| (*record, *number));
    let mut bytes = Vec::new();
    all.iter().for_each(|(record, number, value)| push_dataset(&mut bytes, *record, *number, value));
    bytes
}

/// Whether a dataset of another program stays: of the picture (2) what is not ours, and what agencies say of the
/// transmission (1), of the photo's technique (3) and of the object as a file (7 to 9).
fn is_kept(set: &Dataset<'_>) -> bool {
    match set.record {
        1 => set.number != 90,
        2 => set.number != 0 && !OWNED.contains(&set.number),
        3 | 7..=9 => true,
        _ => false,
    }
}

/// What another program wrote, in the encoding that the whole block has from now on.
fn in_utf8(old: &Iim<'_>, set: &Dataset<'_>) -> Vec<u8> {
    if set.record == 2 && is_text(set.number) { old.decoded(set).into_bytes() } else { set.value.to_vec() }
}

fn push_dataset(bytes: &mut Vec<u8>, record: u8, number: u8, value: &[u8]) {
    bytes.extend_from_slice(&[0x1C, record, number]);
    match u16::try_from(value.len()) {
        Ok(length) if length < 0x8000 => bytes.extend_from_slice(&length.to_be_bytes()),
        _ => {
            bytes.extend_from_slice(&[0x80, 4]);
            bytes.extend_from_slice(&u32::try_from(value.len()).unwrap_or(u32::MAX).to_be_bytes());
        }
    }
    bytes.extend_from_slice(value);
}

/// The beginning of a text that fits, ending between two characters.
pub fn cut(text: &str, max_bytes: usize) -> &str {
    text.get(..text.floor_char_boundary(max_bytes)).unwrap_or(text).trim_end()
}

/// `20251103` and `140500+0100` of an ISO 8601 moment. Unknown months and days are zeros; a time without a
/// zone cannot be said.
fn moment(iso: &str) -> (String, String) {
    let (date, time) = iso.split_once('T').unwrap_or((iso, ""));
    let date = date.replace('-', "");
    if date.is_empty() {
        return (String::new(), String::new());
    }
    let (clock, zone) = time.split_at_checked(8).unwrap_or((time, ""));
    let zone = if zone == "Z" { "+0000".to_owned() } else { zone.replace(':', "") };
    let time = if zone.is_empty() { String::new() } else { format!("{}{zone}", clock.replace(':', "")) };
    (format!("{date:0<8}"), time)
}

#[cfg(test)]
mod tests {
    use super::{cut, datasets, moment};
    use crate::media::embed::Wanted;

    #[test]
    fn texts_are_cut_between_characters() {
        assert_eq!(cut("Größe", 100), "Größe");
        assert_eq!(cut("Größe", 4), "Grö");
        assert_eq!(cut("Größe", 3), "Gr");
    }

    #[test]
    fn records_about_the_object_as_a_file_stay_in_their_order() {
        let mark = b"\x1c\x01\x5a\0\x03\x1b.A".as_slice();
        let version = b"\x1c\x01\x00\0\x02\0\x04".as_slice();
        let object = b"\x1c\x07\x0a\0\x01\x01\x1c\x08\x0a\0\x02\xff\xfe\x1c\x09\x0a\0\x01\x02".as_slice();
        let ours = b"\x1c\x01\x5a\0\x03\x1b%G\x1c\x02\x00\0\x02\0\x04".as_slice();
        let written = datasets(&Wanted::default(), &[mark, version, object].concat());
        assert_eq!(written, [version, ours, object].concat());
    }

    #[test]
    fn moments_are_told_as_exactly_as_they_are_known() {
        assert_eq!(moment("2025-11-03T14:05:00+01:00"), ("20251103".into(), "140500+0100".into()));
        assert_eq!(moment("2025-11-03T14:05:00Z"), ("20251103".into(), "140500+0000".into()));
        assert_eq!(moment("2025-11-03T14:05:00"), ("20251103".into(), String::new()));
        assert_eq!(moment("2025"), ("20250000".into(), String::new()));
        assert_eq!(moment(""), (String::new(), String::new()));
    }
}

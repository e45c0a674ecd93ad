//! Writes XMP: what is wanted goes into a description of its own, what other programs wrote is kept.

mod foreign;
mod properties;

use super::wanted::Wanted;
use crate::media::metadata::xmp::{Xmp, ns};
use md5::{Digest, Md5};
pub use properties::names_something_private;
use properties::{Property, is_contradicted, is_dropped, is_private, properties};
use std::cell::Cell;

const HEADER: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>";
const TRAILER: &str = "<?xpacket end=\"w\"?>";
/// The namespace of the element around the RDF.
const FRAME: &str = "adobe:ns:meta/";

/// A packet, and what did not fit into it.
pub struct Packet {
    pub main: String,
    /// The extended packet of a JPEG with the digest that the main one names.
    pub extension: Option<(String, String)>,
}

/// A packet without a limit on its size. `existing`: the packets that the file carries, mostly one.
pub fn packet<'a>(wanted: &Wanted, existing: impl IntoIterator<Item = &'a [u8]>) -> String {
    let ours = properties(wanted);
    let foreign = Foreign::new(wanted, existing);
    wrapped(&foreign.merged(wanted, &ours))
}

/// A packet whose main part fits into `max_bytes`. If it must, what others wrote moves to an extension, and
/// then the longest of our own properties. `extended`: the extended packet that the file carries.
pub fn packet_within<'a>(
    wanted: &Wanted,
    existing: impl IntoIterator<Item = &'a [u8]>,
    max_bytes: usize,
) -> Packet {
    let ours = properties(wanted);
    let foreign = Foreign::new(wanted, existing);
    let whole = wrapped(&foreign.merged(wanted, &ours));
    if whole.len() <= max_bytes {
        return Packet { main: whole, extension: None };
    }
    // In the main packet stands what every reader should find; the other languages of a text stay together.
    let there = &foreign.there;
    let mut in_main: Vec<&Property<'_>> =
        ours.iter().filter(|p| !(p.stands_in(there) && p.is_translated_in(there))).collect();
    let mut kept = foreign.kept(wanted, &ours, &in_main);
    let mut moved: Vec<&Property<'_>> = Vec::new();
    loop {
        let mut descriptions = kept.clone();
        descriptions.extend(own_description(&moved, None));
        let extension = document(&descriptions);
        let digest = hex::encode_upper(Md5::digest(extension.as_bytes()));
        let main = wrapped(&document(&Vec::from_iter(own_description(&in_main, Some(&digest)))));
        let longest = (0..in_main.len()).max_by_key(|index| in_main.get(*index).map(|p| p.xml().len()));
        match longest {
            Some(index) if main.len() > max_bytes => moved.push(in_main.swap_remove(index)),
            _ => return Packet { main, extension: Some((extension, digest)) },
        }
        // What cannot be told in two segments either was no picture's history.
        if extension.len() > MAX_EXTENSION_BYTES {
            kept.clear();
        }
    }
}

const MAX_EXTENSION_BYTES: usize = 8 * 1024 * 1024;

/// The packets that a file carries, without what is never carried over.
struct Foreign {
    packets: Vec<String>,
    /// What they say, read from exactly what can be copied.
    there: Xmp,
}

impl Foreign {
    /// The first packet that has a property decides, as for every reader; further ones add what it leaves open.
    fn new<'a>(wanted: &Wanted, existing: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut packets: Vec<String> = Vec::new();
        let mut there = Xmp::default();
        for packet in existing {
            let dropped = |namespace: &str, name: &str, is_property: bool| {
                is_dropped(wanted, namespace, name) || is_property && there.has(namespace, name)
            };
            if let Some(all) = foreign::descriptions(packet, &dropped) {
                packets.push(document(&all));
                there = Xmp::parse(packets.iter().map(String::as_bytes));
            }
        }
        Self { packets, there }
    }

    /// Everything in one document; what stands there already keeps its own notation.
    fn merged(&self, wanted: &Wanted, ours: &[Property<'_>]) -> String {
        let changed: Vec<&Property<'_>> = ours.iter().filter(|p| !p.stands_in(&self.there)).collect();
        let mut descriptions = self.kept(wanted, ours, &changed);
        descriptions.extend(own_description(&changed, None));
        document(&descriptions)
    }

    /// The descriptions of both packets without what `replaced` says now.
    fn kept(&self, wanted: &Wanted, ours: &[Property<'_>], replaced: &[&Property<'_>]) -> Vec<String> {
        let changed: Vec<&Property<'_>> = ours.iter().filter(|p| !p.stands_in(&self.there)).collect();
        let is_left_out = |namespace: &str, name: &str, is_property: bool| {
            is_property
                && (replaced.iter().any(|p| p.is(namespace, name))
                    || is_contradicted(&changed, wanted, &self.there, namespace, name))
        };
        let copied = |packet: &String| foreign::descriptions(packet.as_bytes(), &is_left_out);
        self.packets.iter().filter_map(copied).flatten().collect()
    }
}

/// Our description, unless there is nothing to say.
fn own_description(properties: &[&Property<'_>], extension: Option<&str>) -> Option<String> {
    let body: String = properties.iter().map(|property| property.xml()).collect();
    let note = extension
        .map(|digest| format!("<xmpNote:HasExtendedXMP>{digest}</xmpNote:HasExtendedXMP>"))
        .unwrap_or_default();
    if body.is_empty() && note.is_empty() {
        return None;
    }
    Some(format!(
        "<rdf:Description rdf:about=\"\" xmlns:dc=\"{}\" xmlns:photoshop=\"{}\" xmlns:xmpRights=\"{}\" \
         xmlns:Iptc4xmpCore=\"{}\" xmlns:Iptc4xmpExt=\"{}\" xmlns:plus=\"{}\" xmlns:xmpNote=\"{}\">\
         {body}{note}</rdf:Description>",
        ns::DC,
        ns::PHOTOSHOP,
        ns::XMP_RIGHTS,
        ns::IPTC_CORE,
        ns::IPTC_EXT,
        ns::PLUS,
        ns::XMP_NOTE,
    ))
}

fn document(descriptions: &[String]) -> String {
    let body = descriptions.concat();
    format!("<x:xmpmeta xmlns:x=\"{FRAME}\"><rdf:RDF xmlns:rdf=\"{}\">{body}</rdf:RDF></x:xmpmeta>", ns::RDF)
}

fn wrapped(document: &str) -> String {
    format!("{HEADER}{document}{TRAILER}")
}

/// What is left of a packet of another page or picture without what is private.
pub enum Stripped {
    /// There was nothing private in it.
    Whole,
    Rewritten(Vec<u8>),
    /// Nobody can say what it tells.
    Unreadable,
}

pub fn without_private(packet: &[u8]) -> Stripped {
    let found = Cell::new(false);
    let descriptions = foreign::descriptions(packet, &|namespace, name, _| {
        let is_private = is_private(namespace, name);
        found.set(found.get() || is_private);
        is_private
    });
    match descriptions {
        None => Stripped::Unreadable,
        Some(_) if !found.get() => Stripped::Whole,
        Some(descriptions) => Stripped::Rewritten(wrapped(&document(&descriptions)).into_bytes()),
    }
}

/// Whether a packet says that a film lies behind the picture.
pub fn tells_of_a_film(packet: &[u8]) -> bool {
    properties::tells_of_a_film(&Xmp::parse([packet]))
}

//! Writes XMP: what is wanted goes into a description of its own, what other programs wrote is kept.

use super::wanted::Wanted;
use crate::media::metadata::dates;
use crate::media::metadata::xmp::{Xmp, decoded, ns};
use quick_xml::escape::escape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{QName, ResolveResult};
use quick_xml::{NsReader, Writer};

const HEADER: &str = "<?xpacket begin=\"\u{feff}\" id=\"W5M0MpCehiHzreSzNTczkc9d\"?>";
const TRAILER: &str = "<?xpacket end=\"w\"?>";
/// More than this is not kept of what others wrote.
const MAX_FOREIGN_BYTES: usize = 8 * 1024 * 1024;
/// Texts of our own beyond this are cut when a packet must fit into one JPEG segment.
const SHORT_TEXT_CHARS: usize = 3_000;
const SHORT_LIST_ITEMS: usize = 50;

const EXIF_IN_XMP: &str = "http://ns.adobe.com/exif/1.0/";
const EXIF_EX_IN_XMP: &str = "http://cipa.jp/exif/1.0/";
const AUX: &str = "http://ns.adobe.com/exif/1.0/aux/";
const DC_TERMS: &str = "http://purl.org/dc/terms/";

enum Value<'a> {
    Text(&'a str),
    /// Text that could exist in several languages.
    Translatable(&'a str),
    Bag(&'a [String]),
    Seq(&'a [String]),
}

struct Property<'a> {
    namespace: &'static str,
    prefix: &'static str,
    name: &'static str,
    value: Value<'a>,
}

fn properties(wanted: &Wanted) -> Vec<Property<'_>> {
    use Value::{Bag, Seq, Text, Translatable};
    let about = &wanted.description;
    let [sub_location, city, state, country] = &wanted.place;
    let mut all = Vec::new();
    let mut add = |namespace, prefix, name, value| all.push(Property { namespace, prefix, name, value });
    add(ns::PHOTOSHOP, "photoshop", "Headline", Text(&about.title));
    add(ns::DC, "dc", "title", Translatable(&about.title));
    add(ns::DC, "dc", "description", Translatable(&about.caption));
    add(ns::IPTC_CORE, "Iptc4xmpCore", "AltTextAccessibility", Translatable(&about.alt_text));
    add(ns::PHOTOSHOP, "photoshop", "Credit", Text(&about.credit));
    add(ns::DC, "dc", "rights", Translatable(&about.copyright_notice));
    add(ns::XMP_RIGHTS, "xmpRights", "UsageTerms", Translatable(&about.usage_terms));
    add(ns::XMP_RIGHTS, "xmpRights", "WebStatement", Text(&about.rights_url));
    add(ns::DC, "dc", "creator", Seq(&wanted.creators));
    add(ns::IPTC_EXT, "Iptc4xmpExt", "PersonInImage", Bag(&about.persons));
    add(ns::DC, "dc", "subject", Bag(&about.keywords));
    add(ns::PHOTOSHOP, "photoshop", "DateCreated", Text(&about.date_created));
    add(ns::IPTC_CORE, "Iptc4xmpCore", "Location", Text(sub_location));
    add(ns::PHOTOSHOP, "photoshop", "City", Text(city));
    add(ns::PHOTOSHOP, "photoshop", "State", Text(state));
    add(ns::PHOTOSHOP, "photoshop", "Country", Text(country));
    add(ns::IPTC_EXT, "Iptc4xmpExt", "DigitalSourceType", Text(&about.digital_source_type));
    if !about.copyright_notice.is_empty() {
        add(ns::XMP_RIGHTS, "xmpRights", "Marked", Text("True"));
    }
    all
}

impl Property<'_> {
    /// Whether a packet says this already; it then keeps its own notation, other languages included.
    fn stands_in(&self, xmp: &Xmp) -> bool {
        let text = || xmp.text(self.namespace, self.name);
        match &self.value {
            Value::Text(value) if self.name == "DateCreated" => {
                dates::from_xmp(&text()).unwrap_or_default() == *value
            }
            Value::Text(value) | Value::Translatable(value) => text() == *value,
            Value::Bag(values) | Value::Seq(values) => xmp.list(self.namespace, self.name) == *values,
        }
    }

    /// As XML, or nothing for nothing.
    fn xml(&self) -> String {
        let tag = format!("{}:{}", self.prefix, self.name);
        let array = |kind: &str, items: String| format!("<{tag}><rdf:{kind}>{items}</rdf:{kind}></{tag}>");
        let items = |values: &[String]| {
            values.iter().map(|value| format!("<rdf:li>{}</rdf:li>", xml_text(value))).collect::<String>()
        };
        match &self.value {
            Value::Text("") | Value::Translatable("") | Value::Bag([]) | Value::Seq([]) => String::new(),
            Value::Text(value) => format!("<{tag}>{}</{tag}>", xml_text(value)),
            Value::Translatable(value) => {
                array("Alt", format!("<rdf:li xml:lang=\"x-default\">{}</rdf:li>", xml_text(value)))
            }
            Value::Bag(values) => array("Bag", items(values)),
            Value::Seq(values) => array("Seq", items(values)),
        }
    }
}

/// Escaped, and without the characters that XML cannot hold.
fn xml_text(text: &str) -> String {
    let allowed: String = text
        .chars()
        .filter(|c| matches!(c, '\t' | '\n' | ' '..='\u{fffd}' | '\u{10000}'..) && *c != '\u{7f}')
        .collect();
    escape(&allowed).into_owned()
}

/// A packet, and what did not fit into it.
pub struct Packet {
    pub main: String,
    /// The extended packet of a JPEG with the digest that the main one names.
    pub extension: Option<(String, String)>,
}

/// A packet without a limit on its size. `existing`: the packet that the file carries.
pub fn packet(wanted: &Wanted, existing: Option<&[u8]>) -> String {
    packet_with_note(wanted, existing, None)
}

fn packet_with_note(wanted: &Wanted, existing: Option<&[u8]>, extension: Option<&str>) -> String {
    let foreign = existing.map(|bytes| Xmp::parse([bytes])).unwrap_or_default();
    let all = properties(wanted);
    let changed: Vec<&Property<'_>> = all.iter().filter(|property| !property.stands_in(&foreign)).collect();
    let replaced = |namespace: &str, name: &str| {
        changed.iter().any(|p| p.namespace == namespace && p.name == name)
            || is_stale_place(wanted, namespace, name)
    };
    match existing.and_then(|bytes| kept(bytes, &replaced)) {
        Some(kept) => wrapped(&kept.with(&own_description(&changed, extension))),
        None => fresh(wanted, extension),
    }
}

/// A packet whose main part fits into `max_bytes`; what others wrote moves to an extension if it must.
/// `extended`: the extended packet that the file carries.
pub fn packet_within(
    wanted: &Wanted,
    existing: Option<&[u8]>,
    extended: Option<&[u8]>,
    max_bytes: usize,
) -> Packet {
    let owned = properties(wanted);
    let is_ours = |namespace: &str, name: &str| {
        owned.iter().any(|p| p.namespace == namespace && p.name == name)
            || is_stale_place(wanted, namespace, name)
    };
    let without_ours = |bytes: &[u8]| {
        let text = kept(bytes, &is_ours).filter(|kept| !kept.is_empty)?.with("");
        let digest = digest(text.as_bytes());
        Some((text, digest))
    };
    let mut extension = extended.and_then(without_ours);
    let main = packet_with_note(wanted, existing, named(&extension));
    if main.len() <= max_bytes {
        return Packet { main, extension };
    }
    extension = extension.or_else(|| existing.and_then(without_ours));
    let mut main = fresh(wanted, named(&extension));
    if main.len() > max_bytes {
        let mut short = wanted.clone();
        let texts = &mut short.description;
        for text in [&mut texts.caption, &mut texts.alt_text, &mut texts.usage_terms] {
            *text = text.chars().take(SHORT_TEXT_CHARS).collect();
        }
        texts.keywords.truncate(SHORT_LIST_ITEMS);
        texts.persons.truncate(SHORT_LIST_ITEMS);
        main = fresh(&short, named(&extension));
    }
    Packet { main, extension }
}

fn named(extension: &Option<(String, String)>) -> Option<&str> {
    extension.as_ref().map(|(_, digest)| digest.as_str())
}

/// Names an extension; readers compare the name only, so any digest of this length serves.
fn digest(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let mut name = hex::encode_upper(Sha256::digest(bytes));
    name.truncate(32);
    name
}

fn own_description(properties: &[&Property<'_>], extension: Option<&str>) -> String {
    let body: String = properties.iter().map(|property| property.xml()).collect();
    let note = extension
        .map(|digest| format!("<xmpNote:HasExtendedXMP>{digest}</xmpNote:HasExtendedXMP>"))
        .unwrap_or_default();
    if body.is_empty() && note.is_empty() {
        return String::new();
    }
    format!(
        "<rdf:Description xmlns:rdf=\"{}\" rdf:about=\"\" xmlns:dc=\"{}\" xmlns:photoshop=\"{}\" \
         xmlns:xmpRights=\"{}\" xmlns:Iptc4xmpCore=\"{}\" xmlns:Iptc4xmpExt=\"{}\" xmlns:xmpNote=\"{}\">\
         {body}{note}</rdf:Description>",
        ns::RDF,
        ns::DC,
        ns::PHOTOSHOP,
        ns::XMP_RIGHTS,
        ns::IPTC_CORE,
        ns::IPTC_EXT,
        ns::XMP_NOTE,
    )
}

/// A document of our own alone.
fn fresh(wanted: &Wanted, extension: Option<&str>) -> String {
    let all = properties(wanted);
    let description = own_description(&all.iter().collect::<Vec<_>>(), extension);
    wrapped(&format!(
        "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF xmlns:rdf=\"{}\">{description}</rdf:RDF></x:xmpmeta>",
        ns::RDF
    ))
}

fn wrapped(document: &str) -> String {
    format!("{HEADER}{document}{TRAILER}")
}

/// Another program's document without what is replaced, and the place for what replaces it.
struct Kept {
    xml: String,
    /// Offset of the end tag of the RDF.
    insert_at: usize,
    /// Nothing but the frame is left.
    is_empty: bool,
}

impl Kept {
    fn with(&self, description: &str) -> String {
        let (before, after) = self.xml.split_at_checked(self.insert_at).unwrap_or((&self.xml, ""));
        format!("{before}{description}{after}")
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Level {
    Outside,
    Rdf,
    Description,
}

/// Copies a document without the properties that are replaced or private. `None` for what is not well-formed.
fn kept(packet: &[u8], replaced: &dyn Fn(&str, &str) -> bool) -> Option<Kept> {
    if packet.len() > MAX_FOREIGN_BYTES {
        return None;
    }
    let text = decoded(packet);
    let mut reader = NsReader::from_str(&text);
    let mut writer = Writer::new(Vec::new());
    let mut levels: Vec<Level> = Vec::new();
    let (mut insert_at, mut is_empty) = (None, true);
    loop {
        let (resolved, event) = reader.read_resolved_event().ok()?;
        let namespace = bound(&resolved);
        let parent = levels.last().copied().unwrap_or(Level::Outside);
        let is_dropped = |start: &BytesStart<'_>| {
            let local = start.local_name();
            is_private(&namespace, local.as_ref())
                || parent == Level::Description && replaced(&namespace, local.as_ref())
        };
        match event {
            Event::Start(start) => {
                if is_dropped(&start) {
                    reader.read_to_end(start.name()).ok()?;
                    continue;
                }
                is_empty &= parent != Level::Description;
                let level = level_of(&namespace, start.local_name().as_ref(), parent);
                let start = filtered(&reader, &start, level, replaced, &mut is_empty);
                writer.write_event(Event::Start(start)).ok()?;
                levels.push(level);
            }
            Event::Empty(start) => {
                if is_dropped(&start) {
                    continue;
                }
                is_empty &= parent != Level::Description;
                let level = level_of(&namespace, start.local_name().as_ref(), parent);
                let start = filtered(&reader, &start, level, replaced, &mut is_empty);
                writer.write_event(Event::Empty(start)).ok()?;
            }
            Event::End(end) => {
                if levels.pop()? == Level::Rdf && insert_at.is_none() {
                    insert_at = Some(writer.get_ref().len());
                }
                writer.write_event(Event::End(end)).ok()?;
            }
            Event::Text(text) if !levels.is_empty() => writer.write_event(Event::Text(text)).ok()?,
            Event::CData(text) if !levels.is_empty() => writer.write_event(Event::CData(text)).ok()?,
            // Entities of the document's own would mean nothing without its declarations.
            Event::GeneralRef(reference)
                if reference.is_char_ref()
                    || matches!(&*reference.xml10_content(), "amp" | "lt" | "gt" | "quot" | "apos") =>
            {
                writer.write_event(Event::GeneralRef(reference)).ok()?;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let xml = String::from_utf8(writer.into_inner()).ok().filter(|_| levels.is_empty())?;
    Some(Kept { xml, insert_at: insert_at?, is_empty })
}

fn level_of(namespace: &str, name: &str, parent: Level) -> Level {
    match (namespace, name, parent) {
        (ns::RDF, "RDF", _) => Level::Rdf,
        (ns::RDF, "Description", Level::Rdf) => Level::Description,
        _ => Level::Outside,
    }
}

/// The tag without private attributes and, on a description, without replaced properties in short form.
fn filtered(
    reader: &NsReader<&[u8]>,
    start: &BytesStart<'_>,
    level: Level,
    replaced: &dyn Fn(&str, &str) -> bool,
    is_empty: &mut bool,
) -> BytesStart<'static> {
    let QName(name) = start.name();
    let mut copy = BytesStart::new(name.to_owned());
    for attribute in start.attributes().flatten() {
        if attribute.key.as_namespace_binding().is_none() {
            let (resolved, local) = reader.resolver().resolve_attribute(attribute.key);
            let namespace = bound(&resolved);
            let is_property = level == Level::Description && !matches!(&*namespace, ns::RDF | ns::XML | "");
            if is_private(&namespace, local.as_ref()) || is_property && replaced(&namespace, local.as_ref()) {
                continue;
            }
            *is_empty &= !is_property;
        }
        copy.push_attribute(attribute);
    }
    copy
}

fn bound(resolved: &ResolveResult<'_>) -> String {
    match resolved {
        ResolveResult::Bound(namespace) => namespace.0.to_owned(),
        _ => String::new(),
    }
}

/// The structured places of a file whose place was changed.
fn is_stale_place(wanted: &Wanted, namespace: &str, name: &str) -> bool {
    wanted.is_moved && namespace == ns::IPTC_EXT && matches!(name, "LocationCreated" | "LocationShown")
}

/// Where a picture was taken to the metre and with whose camera is nobody's business; a provenance manifest
/// or a digest would be wrong after our change.
fn is_private(namespace: &str, name: &str) -> bool {
    match namespace {
        EXIF_IN_XMP => name.starts_with("GPS"),
        EXIF_EX_IN_XMP => matches!(name, "BodySerialNumber" | "LensSerialNumber"),
        AUX => matches!(name, "SerialNumber" | "LensSerialNumber"),
        DC_TERMS => name == "provenance",
        ns::PHOTOSHOP => name == "LegacyIPTCDigest",
        ns::XMP_NOTE => name == "HasExtendedXMP",
        _ => false,
    }
}

//! XMP: RDF in XML. Read into a small tree, within limits; entities that a file defines are not expanded.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

pub mod ns {
    pub const RDF: &str = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    pub const XML: &str = "http://www.w3.org/XML/1998/namespace";
    pub const DC: &str = "http://purl.org/dc/elements/1.1/";
    pub const XMP: &str = "http://ns.adobe.com/xap/1.0/";
    pub const EXIF: &str = "http://ns.adobe.com/exif/1.0/";
    pub const XMP_NOTE: &str = "http://ns.adobe.com/xmp/note/";
    pub const XMP_RIGHTS: &str = "http://ns.adobe.com/xap/1.0/rights/";
    pub const PHOTOSHOP: &str = "http://ns.adobe.com/photoshop/1.0/";
    pub const IPTC_CORE: &str = "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/";
    pub const PLUS: &str = "http://ns.useplus.org/ldf/xmp/1.0/";
    pub const IPTC_EXT: &str = "http://iptc.org/std/Iptc4xmpExt/2008-02-29/";
}

const MAX_BYTES: usize = 16 * 1024 * 1024;
const MAX_DEPTH: usize = 64;
/// Elements and attributes of all packets of a file together.
const MAX_NODES: usize = 100_000;
/// A namespace is declared once and means something wherever its prefix stands: a long one would be copied as often as
/// it is used. Those of the trade are a tenth of this.
const MAX_NAMESPACE_BYTES: usize = 500;
const MAX_ATTRIBUTES: usize = 4_000;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Element {
    namespace: String,
    name: String,
    /// Namespace, name and value; namespace declarations are left out.
    attributes: Vec<(String, String, String)>,
    text: String,
    children: Vec<Element>,
}

impl Element {
    fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    fn attribute(&self, namespace: &str, name: &str) -> Option<&str> {
        self.attributes
            .iter()
            .find(|(space, local, _)| space == namespace && local == name)
            .map(|(.., value)| value.as_str())
    }

    fn child(&self, namespace: &str, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| child.is(namespace, name))
    }

    /// The items if the value is an array, otherwise the value itself.
    fn values(&self) -> Vec<&Self> {
        let array = self
            .children
            .iter()
            .find(|child| child.namespace == ns::RDF && matches!(&*child.name, "Alt" | "Bag" | "Seq"));
        match array {
            Some(array) => array.children.iter().filter(|item| item.is(ns::RDF, "li")).collect(),
            None => vec![self],
        }
    }

    /// The text of a simple value, which may stand in an attribute or be qualified.
    fn simple(&self) -> String {
        if let Some(resource) = self.attribute(ns::RDF, "resource") {
            return resource.trim().to_owned();
        }
        let value = self.child(ns::RDF, "value").or_else(|| {
            self.child(ns::RDF, "Description").and_then(|description| description.child(ns::RDF, "value"))
        });
        value.unwrap_or(self).text.trim().to_owned()
    }

    /// The members of a structure: child elements or attributes, on the element or its inner description.
    fn member(&self, namespace: &str, name: &str) -> String {
        [Some(self), self.child(ns::RDF, "Description")]
            .into_iter()
            .flatten()
            .find_map(|holder| {
                holder
                    .child(namespace, name)
                    .map(|member| preferred(&member.values()))
                    .or_else(|| holder.attribute(namespace, name).map(str::to_owned))
            })
            .unwrap_or_default()
    }
}

/// Of several languages the default one, otherwise the first that says something.
fn preferred(values: &[&Element]) -> String {
    let is_default = |item: &&&Element| item.attribute(ns::XML, "lang") == Some("x-default");
    let default = values.iter().find(is_default).map(|item| item.simple()).filter(|text| !text.is_empty());
    default
        .or_else(|| values.iter().map(|item| item.simple()).find(|text| !text.is_empty()))
        .unwrap_or_default()
}

/// The properties of one or more packets; the first packet that has a property decides.
#[derive(Debug, Clone, Default)]
pub struct Xmp {
    properties: Vec<Element>,
}

impl Xmp {
    /// Reads packets, as far as they are well-formed.
    pub fn parse<'a>(packets: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut properties = Vec::new();
        let mut nodes = 0;
        for packet in packets.into_iter().filter(|packet| packet.len() <= MAX_BYTES) {
            collect_properties(tree(&decoded(packet), &mut nodes), &mut properties);
        }
        Self { properties }
    }

    fn property(&self, namespace: &str, name: &str) -> Option<&Element> {
        self.properties.iter().find(|property| property.is(namespace, name))
    }

    pub fn has(&self, namespace: &str, name: &str) -> bool {
        self.property(namespace, name).is_some()
    }

    /// The text of a property: a simple value, or the preferred one of an array.
    pub fn text(&self, namespace: &str, name: &str) -> String {
        self.property(namespace, name).map(|property| preferred(&property.values())).unwrap_or_default()
    }

    pub fn list(&self, namespace: &str, name: &str) -> Vec<String> {
        let values = self.property(namespace, name).map(Element::values).unwrap_or_default();
        values.into_iter().map(Element::simple).filter(|text| !text.is_empty()).collect()
    }

    /// How many languages a property is told in.
    pub fn languages(&self, namespace: &str, name: &str) -> usize {
        self.property(namespace, name).map_or(0, |property| property.values().len())
    }

    /// One member of every structure of a property.
    pub fn members(&self, namespace: &str, name: &str, member: &str) -> Vec<String> {
        let values = self.property(namespace, name).map(Element::values).unwrap_or_default();
        let texts = values.into_iter().map(|value| value.member(namespace, member));
        texts.filter(|text| !text.is_empty()).collect()
    }

    /// Members of the first structure of a property, in the order asked for.
    pub fn structure<const N: usize>(&self, namespace: &str, name: &str, members: [&str; N]) -> [String; N] {
        let values = self.property(namespace, name).map(Element::values).unwrap_or_default();
        members.map(|member| values.first().map(|first| first.member(namespace, member)).unwrap_or_default())
    }
}

/// Packets are UTF-8 nearly always, and UTF-16 otherwise: with a mark in front, or with that of the packet's header
/// alone, which is no help before it is read. Characters that XML cannot hold are taken
/// out: they would make the whole packet unreadable for strict readers.
pub fn decoded(packet: &[u8]) -> String {
    let encoding = match packet {
        [0, b'<', ..] => encoding_rs::UTF_16BE,
        [b'<', 0, ..] => encoding_rs::UTF_16LE,
        _ => encoding_rs::UTF_8,
    };
    let text = encoding.decode(packet).0;
    text.replace(|c: char| c.is_control() && !matches!(c, '\t' | '\n' | '\r'), "")
}

/// Takes the properties out of every description of the RDF; attributes are properties in short form.
fn collect_properties(element: Element, into: &mut Vec<Element>) {
    if !element.is(ns::RDF, "RDF") {
        element.children.into_iter().for_each(|child| collect_properties(child, into));
        return;
    }
    for description in element.children.into_iter().filter(|child| child.is(ns::RDF, "Description")) {
        for (namespace, name, text) in description.attributes {
            if namespace != ns::RDF && namespace != ns::XML {
                into.push(Element { namespace, name, text, ..Element::default() });
            }
        }
        into.extend(description.children);
    }
}

/// The document as a tree, as far as it can be read. `nodes`: how many there are already.
fn tree(text: &str, nodes: &mut usize) -> Element {
    let mut reader = NsReader::from_str(text);
    reader.config_mut().allow_dangling_amp = true;
    let mut open = vec![Element::default()];
    while let Ok((resolved, event)) = reader.read_resolved_event() {
        let namespace = bound(&resolved).to_owned();
        match event {
            Event::Start(start) => {
                let branch = element(&reader, namespace, &start);
                *nodes += 1 + branch.attributes.len();
                if *nodes > MAX_NODES || open.len() > MAX_DEPTH {
                    break;
                }
                open.push(branch);
            }
            Event::Empty(start) => {
                let leaf = element(&reader, namespace, &start);
                *nodes += 1 + leaf.attributes.len();
                if *nodes > MAX_NODES {
                    break;
                }
                if let Some(parent) = open.last_mut() {
                    parent.children.push(leaf);
                }
            }
            Event::End(_) => close(&mut open),
            Event::Text(text) => append(&mut open, &text.xml10_content()),
            Event::CData(text) => append(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                let character = match reference.resolve_char_ref() {
                    Ok(Some(character)) => Some(character),
                    _ => predefined(&reference.xml10_content()),
                };
                if let Some(character) = character {
                    append(&mut open, character.encode_utf8(&mut [0; 4]));
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap_or_default()
}

fn close(open: &mut Vec<Element>) {
    if open.len() > 1
        && let Some(done) = open.pop()
        && let Some(parent) = open.last_mut()
    {
        parent.children.push(done);
    }
}

fn append(open: &mut [Element], text: &str) {
    if let Some(element) = open.last_mut() {
        element.text.push_str(text);
    }
}

/// The namespace that a prefix is bound to; nothing for one that is too long to be known.
pub fn bound<'a>(resolved: &'a ResolveResult<'_>) -> &'a str {
    match resolved {
        ResolveResult::Bound(namespace) if namespace.0.len() <= MAX_NAMESPACE_BYTES => namespace.0,
        _ => "",
    }
}

fn predefined(name: &str) -> Option<char> {
    Some(match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => return None,
    })
}

fn element(reader: &NsReader<&[u8]>, namespace: String, start: &BytesStart<'_>) -> Element {
    let attributes = start
        .attributes()
        // The check for repetitions takes quadratic time; the first of a name counts anyway.
        .with_checks(false)
        .flatten()
        .take(MAX_ATTRIBUTES)
        .filter(|attribute| attribute.key.as_namespace_binding().is_none())
        .map(|attribute| {
            let (resolved, name) = reader.resolver().resolve_attribute(attribute.key);
            let namespace = bound(&resolved).to_owned();
            let value = attribute.normalized_value(XmlVersion::Explicit1_0).unwrap_or_default();
            (namespace, name.as_ref().to_owned(), value.into_owned())
        })
        .collect();
    Element { namespace, name: start.local_name().as_ref().to_owned(), attributes, ..Element::default() }
}

#[cfg(test)]
mod tests {
    use super::{Xmp, ns};

    fn packet(body: &str) -> String {
        format!(
            r#"<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">
            <r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
              xmlns:d="http://purl.org/dc/elements/1.1/" xmlns:ps="http://ns.adobe.com/photoshop/1.0/"
              xmlns:e="http://iptc.org/std/Iptc4xmpExt/2008-02-29/">{body}</r:RDF></x:xmpmeta>"#
        )
    }

    #[test]
    fn every_notation_of_a_property_is_read() {
        let text = packet(
            r#"<r:Description r:about="" ps:Credit="Bär &amp; Söhne"/>
            <r:Description><ps:Headline>Er &lt;sagt&gt; &#8222;ja&#8220;</ps:Headline>
              <d:description><r:Alt><r:li xml:lang="de">Deutsch</r:li><r:li xml:lang="x-default">
                Voreingestellt </r:li></r:Alt></d:description>
              <d:title><r:Alt><r:li xml:lang="de"/><r:li xml:lang="fr">Titre</r:li></r:Alt></d:title>
              <d:creator><r:Seq><r:li>Ä</r:li><r:li>B</r:li></r:Seq></d:creator>
              <d:subject><r:Bag><r:li><![CDATA[a<b]]></r:li></r:Bag></d:subject>
              <e:DigitalSourceType r:resource="http://example.org/x"/>
              <e:LocationCreated><r:Bag><r:li r:parseType="Resource"><e:City>Köln</e:City></r:li></r:Bag>
              </e:LocationCreated>
              <e:LocationShown><r:Bag><r:li><r:Description e:City="Bonn"/></r:li></r:Bag></e:LocationShown>
            </r:Description>"#,
        );
        let xmp = Xmp::parse([text.as_bytes()]);
        assert_eq!(xmp.text(ns::PHOTOSHOP, "Credit"), "Bär & Söhne");
        assert_eq!(xmp.text(ns::PHOTOSHOP, "Headline"), "Er <sagt> „ja“");
        assert_eq!(xmp.text(ns::DC, "description"), "Voreingestellt");
        assert_eq!(xmp.text(ns::DC, "title"), "Titre");
        assert_eq!(xmp.list(ns::DC, "creator"), ["Ä", "B"]);
        assert_eq!(xmp.list(ns::DC, "subject"), ["a<b"]);
        assert_eq!(xmp.text(ns::IPTC_EXT, "DigitalSourceType"), "http://example.org/x");
        assert_eq!(xmp.structure(ns::IPTC_EXT, "LocationCreated", ["City"]), ["Köln"]);
        assert_eq!(xmp.structure(ns::IPTC_EXT, "LocationShown", ["City"]), ["Bonn"]);
    }

    #[test]
    fn a_hostile_packet_costs_little_and_expands_nothing() {
        let bomb = format!(
            "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;\">]>{}",
            packet("<r:Description><ps:Headline>x&b;y&undefined;z</ps:Headline></r:Description>")
        );
        assert_eq!(Xmp::parse([bomb.as_bytes()]).text(ns::PHOTOSHOP, "Headline"), "xyz");
        let deep = packet(&"<r:Description>".repeat(100_000));
        assert_eq!(Xmp::parse([deep.as_bytes()]).text(ns::PHOTOSHOP, "Headline"), "");
        for text in ["", "<", "<a", "<a></b>", "&", "<r:RDF><r:Description>", "\u{0}\u{1}"] {
            assert!(Xmp::parse([text.as_bytes()]).list(ns::DC, "creator").is_empty());
        }
        let cut = packet("<r:Description><ps:Headline>whole</ps:Headline><ps:Credit>ha");
        let cut = cut.split("</r:RDF").next().unwrap();
        assert_eq!(Xmp::parse([cut.as_bytes()]).text(ns::PHOTOSHOP, "Headline"), "whole");
    }

    #[test]
    fn a_namespace_of_a_megabyte_is_unknown_and_not_copied() {
        let long = "x".repeat(1 << 20);
        let inside = format!("<ps:Headline>whole</ps:Headline>{}", "<a:b/>".repeat(10_000));
        let bomb = packet(&format!("<r:Description xmlns:a=\"{long}\">{inside}</r:Description>"));
        let xmp = Xmp::parse([bomb.as_bytes()]);
        assert_eq!(xmp.text(ns::PHOTOSHOP, "Headline"), "whole");
        assert!(xmp.property(&long, "b").is_none());
        // What is read of all packets together is bounded.
        let many = packet(&format!("<r:Description>{}</r:Description>", "<d:a/>".repeat(60_000)));
        let read = Xmp::parse([many.as_bytes(); 10]).properties.len();
        assert!(read <= super::MAX_NODES, "{read} properties");
    }

    #[test]
    fn utf16_packets_are_understood() {
        let text = packet(r#"<r:Description ps:Headline="Übung"/>"#);
        let bytes: Vec<u8> =
            [0xFEFF].into_iter().chain(text.encode_utf16()).flat_map(u16::to_be_bytes).collect();
        assert_eq!(Xmp::parse([&bytes[..]]).text(ns::PHOTOSHOP, "Headline"), "Übung");
        // Adobe's specification puts the mark into the header, and nothing in front of it.
        let text = text.replace("begin=\"\"", "begin=\"\u{feff}\"");
        for order in [u16::to_be_bytes, u16::to_le_bytes] {
            let bytes: Vec<u8> = text.encode_utf16().flat_map(order).collect();
            assert_eq!(Xmp::parse([&bytes[..]]).text(ns::PHOTOSHOP, "Headline"), "Übung");
        }
    }
}

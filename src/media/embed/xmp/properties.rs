//! The properties that are ours, and what in a packet they make stale.

use crate::domain::asset::data_mining_term;
use crate::media::embed::Wanted;
use crate::media::metadata::xmp::{Xmp, ns};
use crate::media::metadata::{self, dates, source_type};
use quick_xml::escape::escape;

pub enum Value<'a> {
    Text(&'a str),
    /// Text that could exist in several languages.
    Translatable(&'a str),
    Bag(&'a [String]),
    Seq(&'a [String]),
}

pub struct Property<'a> {
    pub namespace: &'static str,
    prefix: &'static str,
    pub name: &'static str,
    value: Value<'a>,
}

/// All of them, the empty ones included: those are taken out of a file.
pub fn properties(wanted: &Wanted) -> Vec<Property<'_>> {
    use Value::{Bag, Seq, Text, Translatable};
    let about = &wanted.description;
    let [sub_location, city, state, country] = &wanted.place;
    let mut all = Vec::new();
    let mut add = |namespace, prefix, name, value| all.push(Property { namespace, prefix, name, value });
    add(ns::PHOTOSHOP, "photoshop", "Headline", Text(&about.title));
    add(ns::DC, "dc", "title", Translatable(&wanted.title));
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
    add(ns::IPTC_CORE, "Iptc4xmpCore", "CountryCode", Text(&wanted.country_code));
    add(ns::IPTC_EXT, "Iptc4xmpExt", "DigitalSourceType", Text(&about.digital_source_type));
    add(ns::PLUS, "plus", "DataMining", Text(&about.data_mining));
    if !about.copyright_notice.is_empty() {
        add(ns::XMP_RIGHTS, "xmpRights", "Marked", Text("True"));
    }
    all
}

impl Property<'_> {
    /// Whether a packet says this already; it then keeps its own notation, other languages included. It does if
    /// reading it gives what is wanted, whatever reading tidied up or could not use.
    pub fn stands_in(&self, xmp: &Xmp) -> bool {
        match &self.value {
            Value::Text(value) | Value::Translatable(value) => {
                let there = xmp.text(self.namespace, self.name);
                let normal = match self.name {
                    "DateCreated" => dates::from_xmp(&there).unwrap_or_default(),
                    "DigitalSourceType" => source_type(&there),
                    // A term that we do not know stays as long as there is no other.
                    "DataMining" => data_mining_term(&there).unwrap_or_default(),
                    // What would run in the browser of the next reader is no address, and nobody's loss.
                    "WebStatement" if is_script(&there) => return false,
                    "WebStatement" => metadata::web_address(&there),
                    "Headline" | "title" | "Credit" | "rights" => metadata::line(there),
                    "description" | "AltTextAccessibility" | "UsageTerms" => metadata::paragraph(&there),
                    // A place is taken over in its parts, as it stands there.
                    "Location" | "City" | "State" | "Country" => {
                        return metadata::line(there) == metadata::line((*value).to_owned());
                    }
                    _ => there,
                };
                normal == *value
            }
            Value::Bag(values) | Value::Seq(values) => {
                let there = xmp.list(self.namespace, self.name);
                there == *values || metadata::list(there) == **values
            }
        }
    }

    /// Whether a packet tells this in more languages than one, which our own notation could not.
    pub fn is_translated_in(&self, xmp: &Xmp) -> bool {
        matches!(self.value, Value::Translatable(_)) && xmp.languages(self.namespace, self.name) > 1
    }

    pub fn is(&self, namespace: &str, name: &str) -> bool {
        self.namespace == namespace && self.name == name
    }

    /// As XML, or nothing for nothing.
    pub fn xml(&self) -> String {
        let tag = format!("{}:{}", self.prefix, self.name);
        let array = |kind: &str, items: String| format!("<{tag}><rdf:{kind}>{items}</rdf:{kind}></{tag}>");
        let items = |values: &[String]| {
            values.iter().map(|value| format!("<rdf:li>{}</rdf:li>", escape(value))).collect::<String>()
        };
        match &self.value {
            Value::Text("") | Value::Translatable("") | Value::Bag([]) | Value::Seq([]) => String::new(),
            Value::Text(value) => format!("<{tag}>{}</{tag}>", escape(*value)),
            Value::Translatable(value) => {
                array("Alt", format!("<rdf:li xml:lang=\"x-default\">{}</rdf:li>", escape(*value)))
            }
            Value::Bag(values) => array("Bag", items(values)),
            Value::Seq(values) => array("Seq", items(values)),
        }
    }
}

fn is_script(address: &str) -> bool {
    let scheme = address.trim_start().split(':').next().unwrap_or_default().to_ascii_lowercase();
    matches!(&*scheme, "javascript" | "vbscript" | "data")
}

const TIFF_IN_XMP: &str = "http://ns.adobe.com/tiff/1.0/";
const EXIF_IN_XMP: &str = "http://ns.adobe.com/exif/1.0/";
const EXIF_EX_IN_XMP: &str = "http://cipa.jp/exif/1.0/";
const W3C_POSITION: &str = "http://www.w3.org/2003/01/geo/wgs84_pos#";
const AUX: &str = "http://ns.adobe.com/exif/1.0/aux/";
const DC_TERMS: &str = "http://purl.org/dc/terms/";
const LIGHTROOM: &str = "http://ns.adobe.com/lightroom/1.0/";
const HDR_GAIN_MAP: &str = "http://ns.adobe.com/hdr-gain-map/1.0/";
const GOOGLE_CONTAINER: &str = "http://ns.google.com/photos/1.0/container/";
const GOOGLE_CAMERA: &str = "http://ns.google.com/photos/1.0/camera/";

/// Our property, by its name, and what another program wrote that would contradict it once it is changed.
const CONTRADICTED: [(&str, &str, &str); 7] = [
    ("description", TIFF_IN_XMP, "ImageDescription"),
    ("creator", TIFF_IN_XMP, "Artist"),
    ("rights", TIFF_IN_XMP, "Copyright"),
    ("DateCreated", EXIF_IN_XMP, "DateTimeOriginal"),
    ("subject", LIGHTROOM, "hierarchicalSubject"),
    ("City", ns::IPTC_EXT, "LocationCreated"),
    ("City", ns::IPTC_EXT, "LocationShown"),
];

/// Whether a property of another program contradicts one of ours that was changed.
pub fn is_contradicted(
    changed: &[&Property<'_>],
    wanted: &Wanted,
    there: &Xmp,
    namespace: &str,
    name: &str,
) -> bool {
    if namespace == ns::IPTC_EXT && name == "PersonInImageWDetails" {
        let persons = &wanted.description.persons;
        // Details of a few of the persons only are no contradiction as long as nobody changed who is in the picture.
        let plain = metadata::list(there.list(ns::IPTC_EXT, "PersonInImage"));
        return metadata::detailed_persons(there) != *persons && (plain.is_empty() || plain != *persons);
    }
    CONTRADICTED.iter().filter(|(_, space, other)| *space == namespace && *other == name).any(|(ours, ..)| {
        // A place that is only told in the older notation too was not changed by that.
        if *ours == "City" { wanted.is_moved } else { changed.iter().any(|property| property.name == *ours) }
    })
}

/// What is never carried over: where a picture was taken to the metre and with whose camera is nobody's
/// business; digests, manifests and lists of what lies behind the picture would be wrong after our change.
pub fn is_dropped(wanted: &Wanted, namespace: &str, name: &str) -> bool {
    let is_broken = match namespace {
        DC_TERMS => name == "provenance",
        ns::PHOTOSHOP => name == "LegacyIPTCDigest",
        ns::XMP_NOTE => name == "HasExtendedXMP",
        HDR_GAIN_MAP | GOOGLE_CONTAINER => !wanted.keeps_further,
        GOOGLE_CAMERA => FILMS.iter().any(|film| name.starts_with(film)),
        _ => false,
    };
    is_broken || !wanted.keeps_private && is_private(namespace, name)
}

const FILMS: [&str; 2] = ["MicroVideo", "MotionPhoto"];

/// Whether a packet says that a film lies behind the picture.
pub fn tells_of_a_film(xmp: &Xmp) -> bool {
    FILMS.iter().any(|film| !matches!(&*xmp.text(GOOGLE_CAMERA, film), "" | "0"))
}

/// Makers of cameras and drones have namespaces of their own for the same things.
pub fn names_something_private(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    // The misspelling is a maker's own. What a sensor can stand has an unlucky name in EXIF.
    let is_position = ["latitude", "longitude", "longtitude"].iter().any(|end| lower.ends_with(end))
        && !lower.starts_with("isospeedlatitude");
    is_position || lower.starts_with("gps") || lower.ends_with("serialnumber")
}

pub fn is_private(namespace: &str, name: &str) -> bool {
    names_something_private(name)
        || matches!(namespace, AUX | EXIF_EX_IN_XMP) && matches!(name, "OwnerName" | "CameraOwnerName")
        || namespace == EXIF_IN_XMP && name == "MakerNote"
        || namespace == W3C_POSITION && matches!(name, "lat" | "long" | "lat_long")
}

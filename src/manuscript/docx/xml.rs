//! XML parts as small trees, whatever prefixes the writer chose.

use quick_xml::NsReader;
use quick_xml::XmlVersion;
use quick_xml::escape::resolve_xml_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;

use crate::manuscript::ManuscriptError;

/// Elements of one part; a long report has some ten thousand.
const MAX_ELEMENTS: usize = 400_000;
/// Nested tables and text boxes of honest documents stay far below; each level costs stack where the tree is walked.
const MAX_DEPTH: usize = 120;

/// An element or, with an empty name, text.
#[derive(Debug, Default)]
pub struct Node {
    /// With the usual prefix of its namespace: `w:p`.
    pub name: Box<str>,
    pub text: String,
    attributes: Vec<(Box<str>, Box<str>)>,
    pub children: Vec<Node>,
}

impl Node {
    pub fn child(&self, name: &str) -> Option<&Self> {
        self.children.iter().find(|child| &*child.name == name)
    }

    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Self> {
        self.children.iter().filter(move |child| &*child.name == name)
    }

    /// The element at the end of a path of names.
    pub fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |node, name| node.child(name))
    }

    /// By local name: writers disagree about prefixes of attributes, and no element has two of one name.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| &**key == name).map(|(_, value)| &**value)
    }

    /// The attribute `val`, in which most of the format's values stand.
    pub fn val(&self) -> Option<&str> {
        self.attribute("val")
    }

    /// A switch: present is on, unless it says otherwise.
    pub fn switch(&self, name: &str) -> Option<bool> {
        self.child(name).map(|node| !matches!(node.val(), Some("0" | "false" | "off" | "none")))
    }

    /// The first descendant of a name, itself included.
    pub fn find(&self, name: &str) -> Option<&Self> {
        if &*self.name == name {
            return Some(self);
        }
        self.children.iter().find_map(|child| child.find(name))
    }
}

/// The usual prefix of a namespace; the strict form of the standard has addresses of its own.
fn prefix(namespace: &str) -> &'static str {
    match namespace {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
        | "http://purl.oclc.org/ooxml/wordprocessingml/main" => "w",
        "http://schemas.openxmlformats.org/markup-compatibility/2006" => "mc",
        "http://schemas.openxmlformats.org/drawingml/2006/main"
        | "http://purl.oclc.org/ooxml/drawingml/main" => "a",
        "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"
        | "http://purl.oclc.org/ooxml/drawingml/wordprocessingDrawing" => "wp",
        "http://schemas.openxmlformats.org/officeDocument/2006/math"
        | "http://purl.oclc.org/ooxml/officeDocument/math" => "m",
        "urn:schemas-microsoft-com:vml" => "v",
        _ => "",
    }
}

/// Reads a part; external entities do not exist for this reader, and unknown ones are left out.
pub fn tree(bytes: &[u8]) -> Result<Node, ManuscriptError> {
    // A mark at the beginning decides between UTF-8 and UTF-16.
    let text = encoding_rs::UTF_8.decode(bytes).0;
    let mut reader = NsReader::from_str(&text);
    reader.config_mut().allow_dangling_amp = true;
    let mut open = vec![Node::default()];
    let mut elements = 0;
    loop {
        let (resolved, event) = reader.read_resolved_event().map_err(|_| ManuscriptError::Damaged)?;
        match event {
            Event::Start(start) => {
                elements += 1;
                let node = element(resolved, &start);
                open.push(node);
                if open.len() > MAX_DEPTH || elements > MAX_ELEMENTS {
                    return Err(ManuscriptError::TooLarge);
                }
            }
            Event::Empty(start) => {
                elements += 1;
                let node = element(resolved, &start);
                if elements > MAX_ELEMENTS {
                    return Err(ManuscriptError::TooLarge);
                }
                put(&mut open, node);
            }
            Event::End(_) => {
                if open.len() < 2 {
                    return Err(ManuscriptError::Damaged);
                }
                if let Some(done) = open.pop() {
                    put(&mut open, done);
                }
            }
            Event::Text(text) => say(&mut open, &text.xml10_content()),
            Event::CData(text) => say(&mut open, &text.xml10_content()),
            Event::GeneralRef(reference) => {
                if let Ok(Some(character)) = reference.resolve_char_ref() {
                    say(&mut open, character.encode_utf8(&mut [0; 4]));
                } else {
                    say(&mut open, resolve_xml_entity(&reference.xml10_content()).unwrap_or_default());
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    // What is cut off in the middle of an element is damaged; there must be one root and no more.
    match open.pop() {
        Some(mut top) if open.is_empty() => {
            top.children.retain(|child| !child.name.is_empty());
            top.children.into_iter().next().ok_or(ManuscriptError::Damaged)
        }
        _ => Err(ManuscriptError::Damaged),
    }
}

fn element(resolved: ResolveResult<'_>, start: &BytesStart<'_>) -> Node {
    let local = start.local_name();
    let prefix = match resolved {
        ResolveResult::Bound(namespace) => prefix(namespace.0),
        _ => "",
    };
    let name =
        if prefix.is_empty() { local.as_ref().to_owned() } else { format!("{prefix}:{}", local.as_ref()) };
    let attributes = start
        .attributes()
        .with_checks(false)
        .filter_map(Result::ok)
        // Word's marks of who typed what when are half of some files.
        .filter(|attribute| !attribute.key.local_name().as_ref().starts_with("rsid"))
        .filter_map(|attribute| {
            let value = attribute.normalized_value(XmlVersion::Implicit1_0).ok()?;
            Some((attribute.key.local_name().as_ref().into(), value.into()))
        })
        .collect();
    Node { name: name.into(), attributes, ..Node::default() }
}

fn put(open: &mut [Node], node: Node) {
    if let Some(parent) = open.last_mut() {
        parent.children.push(node);
    }
}

fn say(open: &mut [Node], text: &str) {
    let Some(parent) = open.last_mut() else { return };
    match parent.children.last_mut() {
        Some(last) if last.name.is_empty() => last.text.push_str(text),
        _ => parent.children.push(Node { text: text.to_owned(), ..Node::default() }),
    }
}

//! Text for XML 1.0.

use std::borrow::Cow;

/// Leaves out the characters that no XML 1.0 document may contain, not even escaped (section 2.2).
pub fn clean(text: &str) -> Cow<'_, str> {
    let allowed = |c: char| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    if text.chars().all(allowed) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(text.chars().filter(|c| allowed(*c)).collect())
    }
}

/// An element of a document that a test reads back.
#[cfg(test)]
#[derive(Debug)]
pub struct Element {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Directly inside it.
    pub text: String,
}

#[cfg(test)]
impl Element {
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.attributes.iter().any(|(n, v)| n == name && v == value)
    }
}

/// The texts of all elements of a name, in order.
#[cfg(test)]
pub fn texts<'a>(elements: &'a [Element], name: &str) -> Vec<&'a str> {
    elements.iter().filter(|e| e.name == name).map(|e| e.text.as_str()).collect()
}

/// Every element of a document in order.
#[cfg(test)]
pub fn elements(document: &str) -> Vec<Element> {
    use quick_xml::events::Event;
    let mut reader = quick_xml::Reader::from_str(document);
    let mut open: Vec<usize> = Vec::new();
    let mut found: Vec<Element> = Vec::new();
    let element = |e: &quick_xml::events::BytesStart<'_>| {
        let unescaped = |text: &str| quick_xml::escape::unescape(text).unwrap().into_owned();
        let attributes = e.attributes().map(|a| a.unwrap());
        let attributes = attributes.map(|a| (a.key.as_ref().to_owned(), unescaped(&a.value))).collect();
        Element { name: e.name().as_ref().to_owned(), attributes, text: String::new() }
    };
    loop {
        let text = match reader.read_event().unwrap() {
            Event::Start(e) => {
                open.push(found.len());
                found.push(element(&e));
                continue;
            }
            Event::Empty(e) => {
                found.push(element(&e));
                continue;
            }
            Event::End(_) => {
                open.pop();
                continue;
            }
            Event::Text(text) => text.to_string(),
            Event::CData(text) => text.to_string(),
            Event::GeneralRef(name) => {
                quick_xml::escape::unescape(&format!("&{};", &*name)).unwrap().into_owned()
            }
            Event::Eof => return found,
            _ => continue,
        };
        if let Some(at) = open.last() {
            found[*at].text.push_str(&text);
        }
    }
}

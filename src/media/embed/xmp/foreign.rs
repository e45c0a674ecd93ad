//! What other programs wrote into a packet, copied without what we replace or must not carry on.

use crate::media::metadata::xmp::{bound, decoded, ns};
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::{PrefixDeclaration, QName, ResolveResult};
use quick_xml::{NsReader, Writer};
use std::collections::HashSet;

/// More than this is not kept of what others wrote.
const MAX_BYTES: usize = 8 * 1024 * 1024;
/// Each description repeats the declarations around it, a few hundred bytes: all together are at most so many times as
/// long as the packet, and this much longer.
const MAX_GROWTH: usize = 4;
const MAX_GROWTH_BYTES: usize = 256 * 1024;
const MAX_DEPTH: usize = 64;
const MAX_ATTRIBUTES: usize = 4_000;

/// Says of a namespace and name, and whether it stands on the first level, that it is left out.
pub type Dropped<'a> = dyn Fn(&str, &str, bool) -> bool + 'a;

/// The descriptions of a packet, each understandable by itself: it declares every prefix that it may use.
/// Those that hold nothing any more are left out. `None` for what is not well-formed, or would become many times as long.
pub fn descriptions(packet: &[u8], dropped: &Dropped<'_>) -> Option<Vec<String>> {
    if packet.len() > MAX_BYTES {
        return None;
    }
    let text = decoded(packet);
    let mut reader = NsReader::from_str(&text);
    let mut found = Vec::new();
    let mut left_bytes = (MAX_GROWTH * packet.len() + MAX_GROWTH_BYTES).min(MAX_BYTES);
    let mut depth = 0_usize;
    // The depth at which the children of the RDF stand, once it is open.
    let mut level = None;
    loop {
        let (resolved, event) = reader.read_resolved_event().ok()?;
        let is_rdf = |name: &str| {
            resolved == ResolveResult::Bound(quick_xml::name::Namespace(ns::RDF)) && name == "RDF"
        };
        match event {
            Event::Start(start) if level == Some(depth) => {
                let start = start.into_owned();
                found.extend(Copier::new(&mut reader, dropped, &mut left_bytes).copy(&start, false)?);
            }
            Event::Empty(start) if level == Some(depth) => {
                let start = start.into_owned();
                found.extend(Copier::new(&mut reader, dropped, &mut left_bytes).copy(&start, true)?);
            }
            Event::Start(start) => {
                depth += 1;
                if depth > MAX_DEPTH {
                    return None;
                }
                if level.is_none() && is_rdf(start.local_name().as_ref()) {
                    level = Some(depth);
                }
            }
            Event::End(_) => {
                if level == Some(depth) {
                    // One RDF is all that there may be.
                    level = Some(usize::MAX);
                }
                depth = depth.checked_sub(1)?;
            }
            Event::Eof => break,
            _ => {}
        }
    }
    (depth == 0 && level.is_some()).then_some(found)
}

struct Copier<'r, 't, 'd> {
    reader: &'r mut NsReader<&'t [u8]>,
    dropped: &'d Dropped<'d>,
    writer: Writer<Vec<u8>>,
    /// What all descriptions together may still be long.
    left_bytes: &'r mut usize,
    /// Something is said, beside the frame.
    says_something: bool,
}

impl<'r, 't, 'd> Copier<'r, 't, 'd> {
    fn new(reader: &'r mut NsReader<&'t [u8]>, dropped: &'d Dropped<'d>, left_bytes: &'r mut usize) -> Self {
        Self { reader, dropped, writer: Writer::new(Vec::new()), left_bytes, says_something: false }
    }

    /// Copies a description up to its end tag, which is read. `Some(None)`: nothing is left of it.
    fn copy(mut self, start: &BytesStart<'_>, is_empty: bool) -> Option<Option<String>> {
        let mut frame = self.filtered(start, Some(true));
        for (prefix, namespace) in self.inherited(start) {
            frame.push_attribute((&*prefix, &*namespace));
        }
        if is_empty {
            self.write(Event::Empty(frame))?;
            return self.finish();
        }
        self.write(Event::Start(frame))?;
        let mut depth = 1_usize;
        while depth > 0 {
            let (resolved, event) = self.reader.read_resolved_event().ok()?;
            let is_dropped = match &event {
                Event::Start(start) | Event::Empty(start) => {
                    (self.dropped)(bound(&resolved), start.local_name().as_ref(), depth == 1)
                }
                _ => false,
            };
            match event {
                Event::Start(start) => {
                    let start = start.into_owned();
                    if is_dropped {
                        self.reader.read_to_end(start.name()).ok()?;
                        continue;
                    }
                    self.says_something = true;
                    let copy = self.filtered(&start, None);
                    self.write(Event::Start(copy))?;
                    depth += 1;
                    if depth > MAX_DEPTH {
                        return None;
                    }
                }
                Event::Empty(_) if is_dropped => {}
                Event::Empty(start) => {
                    let start = start.into_owned();
                    self.says_something = true;
                    let copy = self.filtered(&start, None);
                    self.write(Event::Empty(copy))?;
                }
                Event::End(end) => {
                    depth -= 1;
                    let end = end.into_owned();
                    self.write(Event::End(end))?;
                }
                Event::Text(text) => {
                    let text = text.into_owned();
                    self.write(Event::Text(text))?;
                }
                Event::CData(text) => {
                    let text = text.into_owned();
                    self.write(Event::CData(text))?;
                }
                // Entities of the document's own would mean nothing without its declarations.
                Event::GeneralRef(reference)
                    if reference.is_char_ref()
                        || matches!(&*reference.xml10_content(), "amp" | "lt" | "gt" | "quot" | "apos") =>
                {
                    let reference = reference.into_owned();
                    self.write(Event::GeneralRef(reference))?;
                }
                Event::Eof => return None,
                _ => {}
            }
        }
        self.finish()
    }

    fn write(&mut self, event: Event<'_>) -> Option<()> {
        let before = self.writer.get_ref().len();
        self.writer.write_event(event).ok()?;
        *self.left_bytes = self.left_bytes.checked_sub(self.writer.get_ref().len() - before)?;
        Some(())
    }

    fn finish(self) -> Option<Option<String>> {
        if !self.says_something {
            return Some(None);
        }
        String::from_utf8(self.writer.into_inner()).ok().map(Some)
    }

    /// The tag without what is dropped; on the description itself, attributes are properties in short form.
    fn filtered(&mut self, start: &BytesStart<'_>, description: Option<bool>) -> BytesStart<'static> {
        let QName(name) = start.name();
        let mut copy = BytesStart::new(name.to_owned());
        let is_description = description.is_some();
        let mut known = HashSet::new();
        for attribute in start.attributes().with_checks(false).flatten().take(MAX_ATTRIBUTES) {
            if !known.insert(attribute.key.0.to_owned()) {
                continue;
            }
            if attribute.key.as_namespace_binding().is_none() {
                let (resolved, local) = self.reader.resolver().resolve_attribute(attribute.key);
                let namespace = bound(&resolved);
                // The first programs of all wrote it without its prefix.
                let is_of_rdf = namespace == ns::RDF || namespace.is_empty();
                if is_description && is_of_rdf && local.as_ref() == "about" {
                    // All descriptions of a packet are of one file, and name it alike: ours leave it to the file.
                    copy.push_attribute((attribute.key.0, ""));
                    continue;
                }
                let is_property = is_description && !matches!(namespace, ns::RDF | ns::XML | "");
                if (self.dropped)(namespace, local.as_ref(), is_property) {
                    continue;
                }
                self.says_something |= is_property;
            }
            copy.push_attribute(attribute);
        }
        copy
    }

    /// Prefixes that the ancestors of a description declared and it does not.
    fn inherited(&self, start: &BytesStart<'_>) -> Vec<(String, String)> {
        let own: HashSet<String> = start
            .attributes()
            .with_checks(false)
            .flatten()
            .filter(|attribute| attribute.key.as_namespace_binding().is_some())
            .map(|attribute| attribute.key.0.to_owned())
            .collect();
        let mut inherited: Vec<(String, String)> = Vec::new();
        for (prefix, namespace) in self.reader.resolver().bindings() {
            let name = match prefix {
                PrefixDeclaration::Named("xml" | "xmlns") => continue,
                // The frame that we put around all declares these two.
                PrefixDeclaration::Named("rdf") if namespace.0 == ns::RDF => continue,
                PrefixDeclaration::Named("x") if namespace.0 == super::FRAME => continue,
                PrefixDeclaration::Named(prefix) => format!("xmlns:{prefix}"),
                PrefixDeclaration::Default => "xmlns".to_owned(),
            };
            if !own.contains(&name) {
                inherited.push((name, namespace.0.to_owned()));
            }
        }
        inherited
    }
}

#[cfg(test)]
mod tests {
    use super::descriptions;
    use crate::media::metadata::xmp::ns;

    fn packet(declared: &str, body: &str) -> String {
        format!("<r:RDF xmlns:r=\"{}\" xmlns:a=\"{declared}\">{body}</r:RDF>", ns::RDF)
    }

    #[test]
    fn declarations_are_repeated_within_bounds() {
        let copied =
            |declared: &str, body: &str| descriptions(packet(declared, body).as_bytes(), &|_, _, _| false);
        let honest = "<r:Description r:about=\"\"><a:b>c</a:b></r:Description>";
        let found = copied("http://example.org/a/", &honest.repeat(30)).unwrap();
        assert_eq!(found.len(), 30);
        assert!(found[0].contains("xmlns:a=\"http://example.org/a/\""), "{}", found[0]);
        let long = "x".repeat(1 << 20);
        assert_eq!(copied(&long, honest).map(|found| found.len()), Some(1));
        assert_eq!(copied(&long, &honest.repeat(100)), None);
        // Those of which nothing is left have been copied too.
        assert_eq!(copied(&long, &"<r:Description/>".repeat(100)), None);
    }
}

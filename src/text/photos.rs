//! The photos of this site that stand in a text: which they are, and the text without some of them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::markdown;

/// What an address of a photo has in it.
const FOLDER: &str = "photos";

/// A text without any photo of this site.
pub fn none(text: &str) -> Cow<'_, str> {
    keep(text, |_| false)
}

/// The slugs of the photos that a text shows or has addresses of pictures for, each once.
pub fn slugs(text: &str) -> Vec<String> {
    if !text.contains(FOLDER) {
        return Vec::new();
    }
    let parser = Parser::new_ext(text, markdown::OPTIONS);
    let mut found: Vec<String> = parser
        .reference_definitions()
        .iter()
        .filter_map(|(_, definition)| slug_of(&definition.dest))
        .collect();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Image { dest_url, .. }) => found.extend(slug_of(&dest_url)),
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => found.extend(slugs_in_markup(text, range)),
            _ => {}
        }
    }
    found.sort_unstable();
    found.dedup();
    found
}

/// The text without the photos that `is_shown` refuses, whose words go with them, and so does what would be left empty:
/// the paragraph, the point of a list, the link around a photo.
pub fn keep(text: &str, is_shown: impl Fn(&str) -> bool) -> Cow<'_, str> {
    let mut kept = Cow::Borrowed(text);
    // What stood behind a photo may begin a line now and mean something else: what was code may be a photo.
    while let Some(shorter) = shortened(&kept, &is_shown) {
        kept = Cow::Owned(shorter);
    }
    kept
}

/// The text without the photos that are refused, or `None` if there are none.
fn shortened(text: &str, is_shown: &impl Fn(&str) -> bool) -> Option<String> {
    if !text.contains(FOLDER) {
        return None;
    }
    let is_closed = |url: &str| slug_of(url).is_some_and(|slug| !is_shown(&slug));
    let mut cuts = Vec::new();
    let mut around: Vec<Element> = Vec::new();
    // How deep within a photo that goes; pictures may stand in the words of others.
    let mut depth = 0_usize;
    let mut in_lost_block = false;
    let mut linked = HashSet::new();
    let parser = Parser::new_ext(text, markdown::OPTIONS);
    let definitions: Vec<(String, Range<usize>)> = parser
        .reference_definitions()
        .iter()
        .filter(|(_, definition)| is_closed(&definition.dest))
        .map(|(label, definition)| (label.to_lowercase(), definition.span.clone()))
        .collect();
    for (event, range) in parser.into_offset_iter() {
        match event {
            Event::Start(Tag::Image { ref dest_url, .. }) => {
                if depth > 0 {
                    depth += 1;
                } else if is_closed(dest_url) {
                    depth = 1;
                    cuts.push(range);
                    note(&mut around, |element| element.loses = true);
                } else {
                    note(&mut around, |element| element.keeps = true);
                    around.push(Element { range, ..Element::default() });
                }
            }
            Event::End(TagEnd::Image) if depth > 0 => depth -= 1,
            _ if depth > 0 => {}
            // Nobody is shown markup, but Markdown is handed on as it stands. Of a block of it nothing stays: where one of
            // its tags ends is not for Markdown to say.
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_)
                if slugs_in_markup(text, range.clone()).any(|slug| !is_shown(&slug)) =>
            {
                if matches!(event, Event::Start(_)) {
                    around.push(Element { range, loses: true, ..Element::default() });
                    in_lost_block = true;
                } else {
                    cuts.push(range);
                    note(&mut around, |element| element.loses = true);
                }
            }
            Event::Html(_) if in_lost_block => {}
            Event::End(TagEnd::HtmlBlock) if in_lost_block => {
                in_lost_block = false;
                cuts.extend(around.pop().map(|element| element.range));
                note(&mut around, |element| element.loses = true);
            }
            Event::Start(tag) => {
                if let Tag::Link {
                    link_type: LinkType::Reference | LinkType::Collapsed | LinkType::Shortcut,
                    id,
                    ..
                } = tag
                {
                    linked.insert(id.to_lowercase());
                }
                around.push(Element { range, ..Element::default() });
            }
            Event::End(end) => {
                let Some(element) = around.pop() else { continue };
                let has_place = matches!(
                    end,
                    TagEnd::Image | TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell
                );
                let goes = element.loses && !element.keeps && !has_place;
                note(&mut around, |outer| {
                    outer.loses |= goes;
                    outer.keeps |= element.keeps || has_place;
                });
                if goes {
                    cuts.push(element.range);
                }
            }
            Event::SoftBreak | Event::HardBreak => {}
            Event::Text(words) if words.trim().is_empty() => {}
            _ => note(&mut around, |element| element.keeps = true),
        }
    }
    cuts.extend(definitions.into_iter().filter(|(label, _)| !linked.contains(label)).map(|(_, span)| span));
    (!cuts.is_empty()).then(|| without(text, cuts))
}

/// Something that a photo can stand in.
#[derive(Default)]
struct Element {
    range: Range<usize>,
    /// A photo in it goes.
    loses: bool,
    /// Something else in it stays.
    keeps: bool,
}

fn note(around: &mut [Element], change: impl FnOnce(&mut Element)) {
    if let Some(element) = around.last_mut() {
        change(element);
    }
}

/// The slug in an address of this site that leads to a photo or one of its files, in any language of the site.
fn slug_of(url: &str) -> Option<String> {
    let path = url.split(['?', '#']).next().filter(|path| path.starts_with('/'))?;
    let segments: Vec<&str> = path.split('/').collect();
    let folder = segments.iter().rposition(|segment| *segment == FOLDER)?;
    segments.get(folder + 1).filter(|slug| !slug.is_empty()).map(|slug| (*slug).to_owned())
}

/// The slugs of the photos for which markup has a picture in it.
fn slugs_in_markup(text: &str, range: Range<usize>) -> impl Iterator<Item = String> {
    let markup = text.get(range).unwrap_or_default();
    let lower = markup.to_ascii_lowercase();
    let has_picture = ["<img", "<source", "<image", "<video"].iter().any(|tag| lower.contains(tag));
    let words = markup.split(|c: char| c.is_whitespace() || "\"'=<>,()".contains(c));
    words.filter(move |_| has_picture).filter_map(slug_of)
}

/// Cuts out, and closes the gaps so that what stood apart stays apart and what stood together stays together.
fn without(text: &str, mut cuts: Vec<Range<usize>>) -> String {
    cuts.sort_by_key(|cut| (cut.start, std::cmp::Reverse(cut.end)));
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for cut in cuts {
        if cut.end <= at {
            continue;
        }
        out.push_str(text.get(at..cut.start).unwrap_or_default());
        at = cut.end;
        let rest = text.get(at..).unwrap_or_default();
        if !out.is_empty() && !out.ends_with('\n') {
            continue;
        }
        let spaces = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        let rest = &rest[spaces..];
        at += spaces;
        if out.is_empty() || out.ends_with("\n\n") {
            at += rest.len() - rest.trim_start_matches(['\r', '\n']).len();
        } else if !text.get(..cut.end).unwrap_or_default().ends_with('\n') && rest.starts_with('\n') {
            at += 1;
        }
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

#[cfg(test)]
mod tests {
    use super::{keep, slugs};

    /// Without the photo `geheim`; `offen` is shown.
    fn kept(text: &str) -> String {
        keep(text, |slug| slug == "offen").into_owned()
    }

    #[test]
    fn a_photo_goes_with_all_its_words() {
        let text = "Vorher.\n\n![Alt](/photos/geheim/large.jpg \"Unterschrift\")\n\nNachher.";
        assert_eq!(kept(text), "Vorher.\n\nNachher.");
        assert_eq!(kept("![Alt](/photos/geheim/large.jpg)\n\nNachher."), "Nachher.");
        assert_eq!(kept("Vorher.\n\n![Alt](/photos/geheim/large.jpg)"), "Vorher.\n\n");
        assert_eq!(kept("Ein ![Alt](/en/photos/geheim/thumb.webp?v=1) Wort"), "Ein  Wort");
        assert_eq!(kept("Eins\n![Alt](/photos/geheim/large.jpg)\nzwei"), "Eins\nzwei");
        assert_eq!(
            kept(
                "Siehe [![Alt](/photos/geheim/thumb.jpg)](/photos/geheim) und **![b](/photos/geheim/a.jpg)**!"
            ),
            "Siehe  und !"
        );
        assert_eq!(kept("- a\n- ![Alt](/photos/geheim/large.jpg)\n- b"), "- a\n- b");
        assert_eq!(kept("Text\n\n- ![Alt](/photos/geheim/large.jpg)\n\nMehr"), "Text\n\nMehr");
        assert_eq!(kept("> ![Alt](/photos/geheim/large.jpg)\n\nMehr"), "Mehr");
        assert_eq!(kept("|A|B|\n|-|-|\n|![Alt](/photos/geheim/large.jpg)|b|\n"), "|A|B|\n|-|-|\n||b|\n");
    }

    #[test]
    fn an_address_apart_from_the_text_goes_too_unless_a_link_leads_there() {
        let text = "Vorher ![Alt][bild]\n\n[bild]: /photos/geheim/large.jpg \"Unterschrift\"\n\nNachher";
        let left = kept(text);
        assert!(
            !left.contains("geheim") && !left.contains("Unterschrift") && !left.contains("Alt"),
            "{left}"
        );
        assert!(left.starts_with("Vorher") && left.ends_with("\n\nNachher"), "{left}");
        let link = "[Bild]\n\n[bild]: /photos/geheim/large.jpg\n";
        assert_eq!(kept(link), link);
    }

    #[test]
    fn what_becomes_a_photo_by_a_cut_goes_too() {
        let quoted = "> ![a](/photos/geheim/large.jpg)```\n![b](/photos/geheim/large.jpg)```\n";
        assert!(!kept(quoted).contains("geheim"), "{}", kept(quoted));
    }

    #[test]
    fn a_photo_in_markup_goes_too() {
        assert_eq!(
            kept("Ein <img alt='Alt' src=/photos/geheim/a.jpg> Bild <img src=\"/photos/offen/a.jpg\">"),
            "Ein  Bild <img src=\"/photos/offen/a.jpg\">"
        );
        let block = "Vorher.\n\n<figure>\n<IMG alt=\"Alt\"\n SRC=\"/en/photos/geheim/a.jpg\"><figcaption>Unterschrift</figcaption></figure>\n\nNachher.";
        assert_eq!(kept(block), "Vorher.\n\nNachher.");
        assert_eq!(slugs(block), ["geheim"]);
        let open =
            "<figure><img src=\"/photos/offen/a.jpg\"></figure>\n\n<a href=\"/photos/geheim\">Wort</a>\n";
        assert_eq!(kept(open), open);
    }

    #[test]
    fn everything_else_stays_as_it_was_written() {
        for text in [
            "![Alt](/photos/offen/large.jpg)\n\n\n*Text*   mit [Link](/photos/geheim)\n",
            "`![Alt](/photos/geheim/large.jpg)`",
            "    ![Alt](/photos/geheim/large.jpg)\n",
            "![Alt](https://elsewhere.example/photos/geheim/large.jpg)",
            "photos ohne Bild",
        ] {
            assert_eq!(kept(text), text);
        }
    }

    #[test]
    fn each_photo_is_named_once() {
        let text = "![](/photos/b/large.jpg) ![](/photos/a/large.jpg)\n\n![](/de/photos/b/small.jpg)\n\n[c]: /photos/c/x.jpg";
        assert_eq!(slugs(text), ["a", "b", "c"]);
        assert!(slugs("[Link](/photos/a/original.jpg) /photos/a/b").is_empty());
    }
}

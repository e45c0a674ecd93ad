//! Markdown into HTML that is safe to show: CommonMark with tables, then an allow list.
//!
//! HTML inside the Markdown is not trusted: its tags are dropped, its words stay.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{
    CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};

use super::linkify;
use super::quote::{Block, blocks};

/// No smart punctuation: quotation marks and dashes stay as the author set them.
pub(crate) const OPTIONS: Options = Options::ENABLE_TABLES.union(Options::ENABLE_STRIKETHROUGH);

/// Renders a body. The highest heading level in use becomes `h2`, the next one `h3` and so on, because
/// the page's `h1` is the headline. A block quote that names its speaker becomes a figure:
///
/// ```html
/// <figure class="quote" id="q1"><blockquote>…</blockquote><figcaption>Speaker, function</figcaption></figure>
/// ```
///
/// A paragraph that is nothing but a photo of this site, `![alt](/photos/slug/large.jpg "caption")`, becomes one too:
///
/// ```html
/// <figure class="photo"><img src="/photos/slug/large.jpg" alt="alt"><figcaption>caption</figcaption></figure>
/// ```
///
/// Links lead to `http`, `https`, `mailto`, `tel` or a path of this site; bare addresses become links;
/// pictures come from this site only.
pub fn to_html(markdown: &str) -> String {
    let levels = Levels::of(markdown);
    let mut events = Vec::new();
    let mut quotes = 0;
    for block in blocks(TextMergeStream::new(Parser::new_ext(markdown, OPTIONS))) {
        match block {
            Block::Other(event) => events.push(event),
            Block::Quote { said, speaker: None } => {
                events.push(Event::Start(Tag::BlockQuote(None)));
                events.extend(said);
                events.push(Event::End(TagEnd::BlockQuote(None)));
            }
            Block::Quote { said, speaker: Some(speaker) } => {
                quotes += 1;
                let open = format!("<figure class=\"quote\" id=\"q{quotes}\"><blockquote>\n");
                events.push(own(open));
                events.extend(said);
                events.push(own("</blockquote><figcaption>".to_owned()));
                events.extend(speaker);
                events.push(own("</figcaption></figure>\n".to_owned()));
            }
        }
    }
    let mut out = String::with_capacity(markdown.len() * 3 / 2);
    html::push_html(&mut out, distrust(photos_apart(events), levels).into_iter());
    // An empty corner of a table is the head of nothing.
    ALLOWED.clean(&out).to_string().replace("<th></th>", "<td></td>")
}

/// Makes figures of paragraphs that hold a photo and nothing else.
fn photos_apart(events: Vec<Event<'_>>) -> Vec<Event<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut rest = events.into_iter().peekable();
    while let Some(event) = rest.next() {
        let is_start = event == Event::Start(Tag::Paragraph)
            && matches!(rest.peek(), Some(Event::Start(Tag::Image { dest_url, .. })) if photo_slug(dest_url).is_some());
        if !is_start {
            out.push(event);
            continue;
        }
        let mut inside = Vec::new();
        for event in rest.by_ref() {
            if event == Event::End(TagEnd::Paragraph) {
                break;
            }
            inside.push(event);
        }
        let is_alone =
            inside.iter().position(|event| *event == Event::End(TagEnd::Image)) == Some(inside.len() - 1);
        match inside.first_mut() {
            Some(Event::Start(Tag::Image { title, .. })) if is_alone => {
                let caption = std::mem::replace(title, CowStr::Borrowed(""));
                out.push(own("<figure class=\"photo\">".to_owned()));
                out.append(&mut inside);
                if !caption.is_empty() {
                    out.push(own("<figcaption>".to_owned()));
                    out.push(Event::Text(caption));
                    out.push(own("</figcaption>".to_owned()));
                }
                out.push(own("</figure>\n".to_owned()));
            }
            _ => {
                out.push(event);
                out.append(&mut inside);
                out.push(Event::End(TagEnd::Paragraph));
            }
        }
    }
    out
}

/// The slug in the address of a photo's file.
fn photo_slug(url: &str) -> Option<&str> {
    let (slug, file) = url.strip_prefix("/photos/")?.split_once('/')?;
    let is_plain = |part: &str| !part.is_empty() && !part.contains(['/', '\\', ' ']);
    (is_plain(slug) && is_plain(file)).then_some(slug)
}

/// A figure that [`to_html`] has made of a photo.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    pub slug: String,
    /// Plain text; empty when the photo's own shall be read.
    pub alt: String,
    /// HTML; empty when the photo's own shall be shown.
    pub caption: String,
}

/// HTML made by [`to_html`], cut at its photos: before each of them, and after the last.
pub fn figures(html: &str) -> (Vec<(&str, Figure)>, &str) {
    const OPEN: &str = "<figure class=\"photo\">";
    const CLOSE: &str = "</figure>";
    let mut found = Vec::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let Some((inside, behind)) = after.split_once(CLOSE) else { break };
        let attribute = |name: &str| {
            let (_, value) = inside.split_once(&format!(" {name}=\""))?;
            value.split('"').next().map(plain_of)
        };
        let caption =
            inside.split_once("<figcaption>").and_then(|(_, text)| text.strip_suffix("</figcaption>"));
        let figure = Figure {
            slug: attribute("src").as_deref().and_then(photo_slug).unwrap_or_default().to_owned(),
            alt: attribute("alt").unwrap_or_default(),
            caption: caption.unwrap_or_default().to_owned(),
        };
        found.push((before, figure));
        rest = behind;
    }
    (found, rest)
}

/// Where the links of a body lead, in their order.
pub fn links(markdown: &str) -> Vec<String> {
    let links = Parser::new_ext(markdown, OPTIONS).filter_map(|event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(dest_url.into_string()),
        _ => None,
    });
    links.collect()
}

/// Own markup travels as math, which the parser never makes here, so that it cannot be mistaken for an author's HTML.
fn own(markup: String) -> Event<'static> {
    Event::InlineMath(CowStr::from(markup))
}

/// Shifts headings, takes authors' HTML apart, makes links of bare addresses, and leaves of foreign pictures
/// and of links to nowhere only their words.
fn distrust(events: Vec<Event<'_>>, levels: Levels) -> Vec<Event<'_>> {
    let mut out = Vec::with_capacity(events.len());
    let mut pictures = Vec::new();
    let mut links = Vec::new();
    let mut in_code = false;
    let mut html_block = String::new();
    for event in events {
        match event {
            Event::InlineMath(markup) => out.push(Event::Html(markup)),
            Event::Start(Tag::HtmlBlock) => html_block.clear(),
            Event::Html(raw) => html_block.push_str(&raw),
            Event::End(TagEnd::HtmlBlock) => {
                let words = words_of_html(&html_block);
                if !words.is_empty() {
                    out.push(Event::Start(Tag::Paragraph));
                    out.push(Event::Text(words.into()));
                    out.push(Event::End(TagEnd::Paragraph));
                }
            }
            Event::InlineHtml(tag) => {
                let is_break = tag.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("<br"));
                out.extend(is_break.then_some(Event::HardBreak));
            }
            Event::Start(Tag::Heading { level, .. }) => {
                let level = levels.shifted(level);
                out.push(Event::Start(Tag::Heading {
                    level,
                    id: None,
                    classes: Vec::new(),
                    attrs: Vec::new(),
                }));
            }
            Event::End(TagEnd::Heading(level)) => {
                out.push(Event::End(TagEnd::Heading(levels.shifted(level))));
            }
            Event::Start(Tag::Image { ref dest_url, .. }) => {
                let shown = is_site_path(dest_url);
                pictures.push(shown);
                out.extend(shown.then_some(event));
            }
            Event::End(TagEnd::Image) => {
                let shown = pictures.pop().unwrap_or(false);
                out.extend(shown.then_some(event));
            }
            Event::Start(Tag::Link { link_type, ref dest_url, .. }) => {
                let shown = link_type == LinkType::Email || is_link_target(dest_url);
                links.push(shown);
                out.extend(shown.then_some(event));
            }
            Event::End(TagEnd::Link) => {
                let shown = links.pop().unwrap_or(false);
                out.extend(shown.then_some(event));
            }
            Event::Start(Tag::CodeBlock(_)) => {
                in_code = true;
                out.push(event);
            }
            Event::End(TagEnd::CodeBlock) => {
                in_code = false;
                out.push(event);
            }
            Event::Text(text) if links.is_empty() && pictures.is_empty() && !in_code => {
                linkify::push(&text, &mut out);
            }
            other => out.push(other),
        }
    }
    out
}

/// The words of HTML without its tags, scripts and styles.
pub(super) fn words_of_html(html: &str) -> String {
    let escaped = NOTHING_ALLOWED.clean(html).to_string();
    plain_of(&escaped).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text as it was before it was written into HTML.
fn plain_of(escaped: &str) -> String {
    [("&nbsp;", "\u{a0}"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")]
        .iter()
        .fold(escaped.to_owned(), |text, (entity, character)| text.replace(entity, character))
}

/// Which heading levels a text uses, so that the highest one can become `h2` without gaps below it.
#[derive(Clone, Copy)]
struct Levels([HeadingLevel; 6]);

impl Levels {
    fn of(markdown: &str) -> Self {
        let used: BTreeSet<HeadingLevel> = Parser::new_ext(markdown, OPTIONS)
            .filter_map(|event| match event {
                Event::Start(Tag::Heading { level, .. }) => Some(level),
                _ => None,
            })
            .collect();
        let mut shifted = [HeadingLevel::H6; 6];
        for (rank, level) in used.into_iter().enumerate() {
            let target = HeadingLevel::try_from(rank + 2).unwrap_or(HeadingLevel::H6);
            shifted[level as usize - 1] = target;
        }
        Self(shifted)
    }

    fn shifted(&self, level: HeadingLevel) -> HeadingLevel {
        self.0[level as usize - 1]
    }
}

/// A path from this site's root; `//host` and `/\host` lead elsewhere.
fn is_site_path(url: &str) -> bool {
    url.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']))
        && !url.contains(|c: char| c.is_control() || c == '\\')
}

fn is_link_target(url: &str) -> bool {
    let scheme = url.split(':').next().unwrap_or_default().to_ascii_lowercase();
    SCHEMES.contains(&scheme.as_str()) || relative_url(url).is_some()
}

fn relative_url(url: &str) -> Option<Cow<'_, str>> {
    let anchor = url.len() > 1 && url.starts_with('#');
    (anchor || is_site_path(url)).then_some(Cow::Borrowed(url))
}

/// The schemes a link may have.
const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

static NOTHING_ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut builder = Builder::empty();
    builder.clean_content_tags(HashSet::from(["script", "style"]));
    builder
});

static ALLOWED: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let tags = [
        "p",
        "br",
        "hr",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "ul",
        "ol",
        "li",
        "blockquote",
        "figure",
        "figcaption",
        "strong",
        "em",
        "del",
        "code",
        "pre",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "a",
        "img",
    ];
    let attributes: [(&str, &[&str]); 4] = [
        ("a", &["href", "title"]),
        ("img", &["src", "alt", "title"]),
        ("ol", &["start"]),
        ("figure", &["id"]),
    ];
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(tags))
        .clean_content_tags(HashSet::from(["script", "style"]))
        .tag_attributes(
            attributes.into_iter().map(|(tag, names)| (tag, names.iter().copied().collect())).collect(),
        )
        .generic_attributes(HashSet::new())
        .allowed_classes(HashMap::from([("figure", HashSet::from(["quote", "photo"]))]))
        .url_schemes(HashSet::from(SCHEMES))
        .url_relative(UrlRelative::Custom(Box::new(relative_url)))
        .link_rel(Some("noopener"));
    builder
});

#[cfg(test)]
mod tests {
    use super::{Figure, figures, to_html};
    use scraper::{Html, Selector};

    fn texts(html: &str, selector: &str) -> Vec<String> {
        let document = Html::parse_fragment(html);
        let selector = Selector::parse(selector).unwrap();
        document.select(&selector).map(|e| e.text().collect::<String>().trim().to_owned()).collect()
    }

    #[test]
    fn headings_begin_at_the_second_level_and_leave_no_gap() {
        let html = to_html("# A\n\n## B\n\n#### C\n");
        assert_eq!(texts(&html, "h2"), ["A"]);
        assert_eq!(texts(&html, "h3"), ["B"]);
        assert_eq!(texts(&html, "h4"), ["C"]);
        assert_eq!(texts(&to_html("## Zwischentitel\n\nText"), "h2"), ["Zwischentitel"]);
        assert!(!to_html("# A").contains("<h1"));
    }

    #[test]
    fn quotes_become_figures_with_anchors() {
        let html = to_html(
            "> „Wir *können* das.“\n>\n> — Ada Muster, Vorständin\n\n> „Zwei“\n> — Bo\n\n> eingerückt\n",
        );
        assert_eq!(texts(&html, "figure.quote#q1 > blockquote"), ["„Wir können das.“"]);
        assert_eq!(texts(&html, "figure.quote#q1 > figcaption"), ["Ada Muster, Vorständin"]);
        assert_eq!(texts(&html, "figure#q2 figcaption"), ["Bo"]);
        assert_eq!(texts(&html, "blockquote").len(), 3);
        assert_eq!(texts(&html, "figure").len(), 2);
        assert!(!html.contains("— "), "the dash is punctuation of the source: {html}");
    }

    #[test]
    fn html_in_markdown_is_never_trusted() {
        let attacks = [
            "<script>alert(1)</script>",
            "a <img src=x onerror=alert(1)> b",
            "<div id=\"q1\" style=\"position:fixed\">Text</div>",
            "[x](javascript:alert(1)) [y](data:text/html,x) [z](//evil.example) [w](vbscript:x)",
            "[x](/\\other.example) <a href=\"javascript:x\">k</a>",
            "![Bild](https://tracker.example/p.gif)",
            "<svg/onload=alert(1)>\n\n<style>*{display:none}</style>\n\n<iframe src=//x></iframe>",
            "`<script>`",
            "> <figure id=\"q9\">\n>\n> — <b onclick=x>Name</b>",
        ];
        let allowed =
            ["p", "a", "code", "h2", "figure", "blockquote", "figcaption", "em", "strong", "pre", "ul", "li"];
        for attack in attacks {
            let html = to_html(attack);
            let document = Html::parse_fragment(&html);
            for element in document.select(&Selector::parse("*").unwrap()).map(|e| e.value()) {
                assert!(element.name() == "html" || allowed.contains(&element.name()), "{attack} → {html}");
                for (name, value) in element.attrs() {
                    let fine = match name {
                        "href" => {
                            url::Url::parse("https://own.example").unwrap().join(value).unwrap().host_str()
                                == Some("own.example")
                        }
                        "rel" => value == "noopener",
                        "class" => value == "quote",
                        "id" => value == "q1",
                        _ => false,
                    };
                    assert!(fine, "{name}={value}: {attack} → {html}");
                }
            }
        }
        assert_eq!(texts(&to_html("<div>Ein *Wort* &amp; mehr</div>"), "p"), ["Ein *Wort* & mehr"]);
        assert_eq!(texts(&to_html("![Das Bild](https://elsewhere.example/p.jpg)"), "p"), ["Das Bild"]);
    }

    #[test]
    fn links_and_pictures_of_this_site_stay() {
        let html = to_html(
            "[a](https://x.example/?a=1&b=2) [m](mailto:p@x.example) [t](tel:+4930123) [r](/releases/x) [q](#q1) \
             [leer](#) ![Alt](/photos/a/small.jpg)",
        );
        for good in [
            "href=\"https://x.example/?a=1&amp;b=2\"",
            "href=\"mailto:p@x.example\"",
            "href=\"tel:+4930123\"",
            "href=\"/releases/x\"",
            "href=\"#q1\"",
            "src=\"/photos/a/small.jpg\"",
            "alt=\"Alt\"",
            "rel=\"noopener\"",
        ] {
            assert!(html.contains(good), "{good} in {html}");
        }
        assert_eq!(texts(&html, "a").len(), 5, "a link to nowhere is no link: {html}");
    }

    #[test]
    fn a_photo_alone_is_a_figure() {
        let html = to_html(
            "A\n\n![Ein \"Kran\" & mehr](/photos/kran/large.jpg \"Am <b>Morgen</b>, www.x.example\")\n\n\
             ![](/photos/b/large.jpg)\n\nB ![C](/photos/c/small.jpg)\n\n![D](/photos/d/a.jpg) ![E](/photos/e/a.jpg)",
        );
        let (found, rest) = figures(&html);
        assert_eq!(found.len(), 2, "{html}");
        assert_eq!(found[0].0.trim(), "<p>A</p>");
        let first = &found[0].1;
        assert_eq!((first.slug.as_str(), first.alt.as_str()), ("kran", "Ein \"Kran\" & mehr"));
        assert!(first.caption.starts_with("Am &lt;b&gt;Morgen&lt;/b&gt;, <a href="), "{}", first.caption);
        let second = Figure { slug: "b".to_owned(), alt: String::new(), caption: String::new() };
        assert_eq!(found[1].1, second);
        assert_eq!(texts(rest, "p").len(), 2, "in a line of text a picture stays in it: {rest}");
        assert!(!to_html("![x](https://tracker.example/photos/a/b.jpg)").contains("figure"));
    }

    #[test]
    fn bare_addresses_become_links_except_in_code_and_links() {
        let html =
            to_html("Unter www.x.example/a_b_c, an a@x.example. [https://y.example](/z) `https://c.example`");
        let document = Html::parse_fragment(&html);
        let selector = Selector::parse("a").unwrap();
        let targets: Vec<_> = document.select(&selector).filter_map(|a| a.attr("href")).collect();
        assert_eq!(targets, ["https://www.x.example/a_b_c", "mailto:a@x.example", "/z"]);
    }

    #[test]
    fn typography_and_tables_stay_as_set() {
        let html = to_html(
            "„Text“ ‚innen‘ »so« – \"gerade\" ... -- 26.-28. Oktober\n\n| A | B |\n|---|--:|\n| 1 | 2 |\n",
        );
        assert!(html.contains("„Text“ ‚innen‘ »so« – \"gerade\" ... -- 26.-28. Oktober"), "{html}");
        assert_eq!(texts(&html, "table tbody td"), ["1", "2"]);
        assert_eq!(texts(&html, "table thead th"), ["A", "B"]);
    }
}

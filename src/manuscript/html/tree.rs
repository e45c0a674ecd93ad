//! HTML as a tree. Programs write their clipboards well enough for a simple builder; the full algorithm of browsers
//! repairs more, and can be made to grow a small text into gigabytes.

use std::cell::RefCell;

use html5ever::buffer_queue::BufferQueue;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts};

const MAX_NODES: usize = 300_000;
/// Deeper elements become siblings; each level costs stack where the tree is walked.
const MAX_DEPTH: usize = 100;
/// A tag with more parts than this is no tag; the tokenizer compares each of them with all others.
const MAX_TAG_PARTS: usize = 2_000;

#[derive(Debug, Default)]
pub struct Node {
    /// In lower case; empty for text and remarks.
    pub name: String,
    pub attributes: Vec<(String, String)>,
    pub children: Vec<usize>,
    pub parent: usize,
    pub text: String,
    /// A remark for browsers that know what Word means: `[if !supportLists]`.
    pub condition: String,
}

impl Node {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    pub fn classes(&self) -> impl Iterator<Item = &str> + Clone {
        self.attribute("class").unwrap_or_default().split_whitespace()
    }
}

/// Nodes in the order of the text; the first is the document.
pub struct Tree {
    pub nodes: Vec<Node>,
    pub is_cut: bool,
}

impl Tree {
    pub fn read(html: &str) -> Self {
        let (html, is_cut) = disarmed(html);
        let builder = Builder { state: RefCell::new(State::new(is_cut)) };
        let tokenizer = Tokenizer::new(builder, TokenizerOpts::default());
        let input = BufferQueue::default();
        input.push_back(StrTendril::from(html.as_str()));
        let _ = tokenizer.feed(&input);
        tokenizer.end();
        tokenizer.sink.state.into_inner().tree
    }

    /// All text inside of a node.
    pub fn text(&self, at: usize) -> String {
        let mut text = String::new();
        let mut open = vec![at];
        while let Some(at) = open.pop() {
            text.push_str(&self.nodes[at].text);
            open.extend(self.nodes[at].children.iter().rev());
        }
        text
    }

    /// A node and those that contain it.
    pub fn path(&self, at: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(Some(at), |at| (*at > 0).then(|| self.nodes[*at].parent))
    }
}

/// Takes out pictures that are written out in addresses, and stops at tags that nobody writes.
fn disarmed(html: &str) -> (String, bool) {
    let mut out = String::with_capacity(html.len().min(1 << 20));
    let mut rest = html;
    while let Some(at) = rest.find("data:") {
        let (before, after) = rest.split_at(at + 5);
        out.push_str(before);
        let end = after.find(|c: char| matches!(c, '"' | '\'' | '>' | '<' | ')') || c.is_whitespace());
        let end = end.unwrap_or(after.len());
        // Short ones are words: "data:2020".
        if end < 100 {
            out.push_str(&after[..end]);
        }
        rest = &after[end..];
    }
    out.push_str(rest);
    let mut tag_at = None;
    let mut parts = 0;
    for (at, byte) in out.bytes().enumerate() {
        match byte {
            b'<' => (tag_at, parts) = (tag_at.or(Some(at)), if tag_at.is_some() { parts } else { 0 }),
            b'>' => tag_at = None,
            b'"' | b'\'' | b'/' | b' ' | b'\n' | b'\t' | b'\r' | 0x0C if tag_at.is_some() => parts += 1,
            _ => {}
        }
        // A sign for "less than" in a long text looks the same up to the next tag.
        if let Some(start) = tag_at
            && parts > MAX_TAG_PARTS
        {
            let is_tag = out.as_bytes().get(start + 1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'/');
            if is_tag {
                out.truncate(start);
                return (out, true);
            }
            tag_at = None;
        }
    }
    (out, false)
}

struct Builder {
    state: RefCell<State>,
}

struct State {
    tree: Tree,
    open: Vec<usize>,
}

impl TokenSink for Builder {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::TagToken(tag) => return state.tag(tag),
            Token::CharacterTokens(text) => state.text(&text),
            Token::CommentToken(text) if text.starts_with("[if") || text.starts_with("[endif") => {
                state.add(Node { condition: text.to_string(), ..Node::default() });
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "source"
            | "wbr"
    )
}

pub fn is_heading(name: &str) -> bool {
    matches!(name, "h1" | "h2" | "h3" | "h4" | "h5" | "h6")
}

pub fn is_block(name: &str) -> bool {
    is_heading(name)
        || matches!(
            name,
            "address"
                | "article"
                | "aside"
                | "blockquote"
                | "body"
                | "center"
                | "dd"
                | "details"
                | "div"
                | "dl"
                | "dt"
                | "fieldset"
                | "figcaption"
                | "figure"
                | "footer"
                | "form"
                | "header"
                | "hr"
                | "html"
                | "li"
                | "main"
                | "nav"
                | "ol"
                | "p"
                | "pre"
                | "section"
                | "summary"
                | "table"
                | "ul"
                | "tr"
                | "td"
                | "th"
                | "caption"
                | "tbody"
                | "thead"
                | "tfoot"
        )
}

impl State {
    fn new(is_cut: bool) -> Self {
        Self { tree: Tree { nodes: vec![Node::default()], is_cut }, open: vec![0] }
    }

    fn add(&mut self, mut node: Node) -> Option<usize> {
        if self.tree.nodes.len() >= MAX_NODES {
            self.tree.is_cut = true;
            return None;
        }
        let at = self.tree.nodes.len();
        node.parent = self.open.last().copied().unwrap_or(0);
        self.tree.nodes[node.parent].children.push(at);
        self.tree.nodes.push(node);
        Some(at)
    }

    fn text(&mut self, text: &str) {
        let parent = self.open.last().copied().unwrap_or(0);
        let last = self.tree.nodes[parent].children.last().copied();
        match last.map(|at| &mut self.tree.nodes[at]) {
            Some(node) if node.name.is_empty() && node.condition.is_empty() => node.text.push_str(text),
            _ => {
                self.add(Node { text: text.to_owned(), ..Node::default() });
            }
        }
    }

    fn tag(&mut self, tag: Tag) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        if tag.kind == TagKind::EndTag {
            self.close(&name);
            return TokenSinkResult::Continue;
        }
        self.make_room(&name);
        let attributes = tag
            .attrs
            .iter()
            .map(|attribute| (attribute.name.local.to_string(), attribute.value.to_string()))
            .collect();
        let added = self.add(Node { name: name.clone(), attributes, ..Node::default() });
        // Word writes elements of its own in the manner of XML.
        let is_closed = is_void(&name) || (tag.self_closing && name.contains(':'));
        if let Some(at) = added.filter(|_| !is_closed && self.open.len() < MAX_DEPTH) {
            self.open.push(at);
        }
        match name.as_str() {
            "script" => TokenSinkResult::RawData(RawKind::ScriptData),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => TokenSinkResult::RawData(RawKind::Rawtext),
            "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
            _ => TokenSinkResult::Continue,
        }
    }

    fn name_at(&self, place: usize) -> &str {
        &self.tree.nodes[self.open[place]].name
    }

    /// The nearest open element of these names, not looking beyond those others.
    fn nearest(&self, names: &[&str], not_beyond: &[&str]) -> Option<usize> {
        (1..self.open.len())
            .rev()
            .take_while(|place| {
                names.contains(&self.name_at(*place)) || !not_beyond.contains(&self.name_at(*place))
            })
            .find(|place| names.contains(&self.name_at(*place)))
    }

    /// Closes what cannot contain the element that follows.
    fn make_room(&mut self, name: &str) {
        const CELLS: &[&str] = &["td", "th", "caption", "table"];
        let ends = match name {
            "li" => self.nearest(&["li"], &["ul", "ol", "table", "td", "th"]),
            "dt" | "dd" => self.nearest(&["dt", "dd"], &["dl", "table", "td", "th"]),
            "td" | "th" => self.nearest(&["td", "th"], &["table"]),
            "tr" => self.nearest(&["tr"], &["table"]),
            "tbody" | "thead" | "tfoot" => self.nearest(&["tbody", "thead", "tfoot"], &["table"]),
            _ if is_block(name) => {
                let not_in =
                    ["td", "th", "caption", "table", "li", "div", "blockquote", "section", "article", "body"];
                let paragraph = self.nearest(&["p"], &not_in);
                let heading = if is_heading(name) {
                    self.nearest(&["h1", "h2", "h3", "h4", "h5", "h6"], CELLS)
                } else {
                    None
                };
                paragraph.or(heading)
            }
            _ => None,
        };
        if let Some(place) = ends {
            self.open.truncate(place);
        }
    }

    fn close(&mut self, name: &str) {
        if name == "br" {
            self.add(Node { name: name.to_owned(), ..Node::default() });
            return;
        }
        let barriers: &[&str] = match name {
            "table" | "html" | "body" => &[],
            "td" | "th" | "tr" | "tbody" | "thead" | "tfoot" | "caption" => &["table"],
            _ => &["td", "th", "table"],
        };
        let found = if is_heading(name) {
            self.nearest(&["h1", "h2", "h3", "h4", "h5", "h6"], barriers)
        } else {
            self.nearest(&[name], barriers)
        };
        // An end of letters' looks must not end the block around them.
        let is_inline = !is_block(name) && !name.contains(':');
        let crosses =
            |place: usize| is_inline && (place + 1..self.open.len()).any(|p| is_block(self.name_at(p)));
        if let Some(place) = found.filter(|place| !crosses(*place)) {
            self.open.truncate(place);
        }
    }
}

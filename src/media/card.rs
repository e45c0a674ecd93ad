//! The picture that stands for a page without photos in social networks: name, headline and date on the newsroom's colour.
//!
//! Noto Sans and DejaVu Sans (for Arabic, Hebrew and more) come with the program; for what they have no letters,
//! above all Chinese, Japanese and Korean, the fonts of the machine are asked. Where those have none either, the
//! picture is made without the headline: better no words than boxes.

use std::fmt::Write as _;
use std::sync::{Arc, LazyLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use resvg::{tiny_skia, usvg};
use usvg::fontdb::Database;

use super::MediaError;
use super::encode::encode;
use super::raster::Picture;
use crate::domain::rendition::PNG;

pub const WIDTH: u32 = 1200;
pub const HEIGHT: u32 = 630;
/// Changes with the layout, so that addresses which name their content do too.
pub const LAYOUT: u8 = 1;

const MARGIN: f32 = 72.0;
const TEXT_WIDTH: f32 = WIDTH as f32 - 2.0 * MARGIN;
/// Where the headline may stand.
const HEADLINE_TOP: f32 = 176.0;
const HEADLINE_HEIGHT: f32 = 330.0;
const SIZES: [f32; 7] = [76.0, 68.0, 60.0, 54.0, 48.0, 42.0, 38.0];
const MAX_LINES: usize = 4;
const LINE_HEIGHT: f32 = 1.2;
const NAME_SIZE: f32 = 32.0;
/// Longer headlines are cut.
const MAX_HEADLINE_CHARS: usize = 200;
/// The size at which words are measured.
const MEASURE: f32 = 100.0;

#[derive(Debug, Clone)]
pub enum Mark {
    /// A WebP picture, and its width over its height.
    Logo { webp: Vec<u8>, ratio: f32 },
    /// A letter.
    Initial(String),
}

#[derive(Debug, Clone)]
pub struct Card {
    /// As CSS writes colours.
    pub ground: String,
    pub ink: String,
    pub mark: Mark,
    pub name: String,
    pub headline: String,
    pub date: String,
    pub right_to_left: bool,
}

static OWN_FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| Arc::new(own_fonts()));
static ALL_FONTS: LazyLock<Arc<Database>> = LazyLock::new(|| {
    let mut fonts = own_fonts();
    fonts.load_system_fonts();
    Arc::new(fonts)
});

fn own_fonts() -> Database {
    let mut fonts = Database::new();
    for font in [notosans::BOLD_TTF, notosans::REGULAR_TTF, dejavu::sans::bold()] {
        fonts.load_font_data(font.to_vec());
    }
    fonts
}

/// Draws a card as PNG: the same bytes for the same card on the same machine.
pub fn draw(card: &Card) -> Result<Vec<u8>, MediaError> {
    let clean = |text: &str| -> String {
        let text: String = text.chars().filter(|c| !matches!(c, '\u{ad}' | '\u{200b}')).collect();
        text.split(|c: char| c.is_whitespace() && c != '\u{a0}' || c.is_control())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let mut card = Card {
        name: clean(&card.name),
        headline: clean(&card.headline),
        date: clean(&card.date),
        ..card.clone()
    };
    let fonts = fonts_for(&mut card)?;
    let svg = layout(&card, &fonts)?;
    let tree = parse(&svg, &fonts)?;
    let mut canvas = tiny_skia::Pixmap::new(WIDTH, HEIGHT).ok_or(MediaError::OutOfMemory)?;
    resvg::render(&tree, tiny_skia::Transform::default(), &mut canvas.as_mut());
    let pixels = canvas.take_demultiplied().chunks_exact(4).flat_map(|p| p.iter().take(3).copied()).collect();
    encode(&Picture { width: WIDTH, height: HEIGHT, has_alpha: false, pixels }, &PNG)
}

/// The fonts that have letters for the card; what no font has is taken out of it.
fn fonts_for(card: &mut Card) -> Result<Arc<Database>, MediaError> {
    let all = |card: &Card| format!("{} {} {}", card.name, card.headline, card.date);
    if measure(&[&all(card)], &OWN_FONTS)?.missing.is_empty() {
        return Ok(Arc::clone(&OWN_FONTS));
    }
    let missing = measure(&[&all(card)], &ALL_FONTS)?.missing;
    for text in [&mut card.name, &mut card.headline, &mut card.date] {
        if text.chars().any(|c| c.is_alphanumeric() && missing.contains(c)) {
            text.clear();
        } else {
            // Emoji and other signs can be missed.
            text.retain(|c| !missing.contains(c));
        }
    }
    if let Mark::Initial(letter) = &mut card.mark
        && letter.chars().any(|c| missing.contains(c))
    {
        letter.clear();
    }
    Ok(Arc::clone(&ALL_FONTS))
}

fn parse(svg: &str, fonts: &Arc<Database>) -> Result<usvg::Tree, MediaError> {
    let options = usvg::Options {
        image_href_resolver: usvg::ImageHrefResolver {
            resolve_data: usvg::ImageHrefResolver::default_data_resolver(),
            resolve_string: Box::new(|_, _| None),
        },
        fontdb: Arc::clone(fonts),
        ..usvg::Options::default()
    };
    usvg::Tree::from_str(svg, &options).map_err(MediaError::damaged)
}

const OPEN: &str =
    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\" font-family=\"Noto Sans\">";

/// What a text weighs on the scales.
struct Measured {
    /// At the size [`MEASURE`], in bold.
    widths: Vec<f32>,
    /// Characters that no font has.
    missing: String,
}

fn measure(pieces: &[&str], fonts: &Arc<Database>) -> Result<Measured, MediaError> {
    let mut svg = OPEN.to_owned();
    for (i, piece) in pieces.iter().enumerate() {
        let _ = write!(
            svg,
            "<text id=\"t{i}\" font-weight=\"700\" font-size=\"{MEASURE}\">{}</text>",
            escaped(piece)
        );
    }
    svg.push_str("</svg>");
    let tree = parse(&svg, fonts)?;
    let mut measured = Measured { widths: Vec::new(), missing: String::new() };
    for i in 0..pieces.len() {
        let Some(usvg::Node::Text(text)) = tree.node_by_id(&format!("t{i}")) else {
            measured.widths.push(0.0);
            continue;
        };
        measured.widths.push(text.bounding_box().width());
        let glyphs = text.layouted().iter().flat_map(|span| &span.positioned_glyphs);
        for glyph in glyphs.filter(|glyph| glyph.id.0 == 0) {
            measured.missing.push_str(&glyph.text);
        }
    }
    Ok(measured)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn layout(card: &Card, fonts: &Arc<Database>) -> Result<String, MediaError> {
    let mut svg = OPEN.to_owned();
    let Card { ground, ink, .. } = card;
    let _ = write!(svg, "<rect width=\"1200\" height=\"630\" fill=\"{ground}\"/>");
    // A place from the edge where reading begins.
    let at = |from_start: f32, width: f32| {
        if card.right_to_left { WIDTH as f32 - from_start - width } else { from_start }
    };
    let anchor = if card.right_to_left { "end" } else { "start" };
    let mark_width = match &card.mark {
        Mark::Logo { webp, ratio } => {
            let (height, pad) = (76.0_f32, 12.0_f32);
            let width = ((height - 2.0 * pad) * ratio).clamp(24.0, 420.0) + 2.0 * pad;
            let x = at(MARGIN, width);
            let _ = write!(
                svg,
                "<rect x=\"{x}\" y=\"56\" width=\"{width}\" height=\"{height}\" rx=\"10\" fill=\"#fff\"/>\
                 <image x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" href=\"data:image/webp;base64,{}\"/>",
                x + pad,
                56.0 + pad,
                width - 2.0 * pad,
                height - 2.0 * pad,
                BASE64.encode(webp)
            );
            width
        }
        Mark::Initial(letter) => {
            let x = at(MARGIN, 64.0);
            let _ = write!(
                svg,
                "<rect x=\"{x}\" y=\"62\" width=\"64\" height=\"64\" rx=\"10\" fill=\"{ink}\"/>\
                 <text x=\"{}\" y=\"107\" text-anchor=\"middle\" font-weight=\"700\" font-size=\"38\" fill=\"{ground}\">{}</text>",
                x + 32.0,
                escaped(letter)
            );
            64.0
        }
    };
    let name_start = MARGIN + mark_width + 24.0;
    let name = shortened(&card.name, WIDTH as f32 - MARGIN - name_start, NAME_SIZE, fonts)?;
    let line = |svg: &mut String, text: &str, start: f32, y: f32, size: f32, weight: u16| {
        let mark = if card.right_to_left { "\u{200f}" } else { "" };
        let x = at(start, 0.0);
        let _ = write!(
            svg,
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"{anchor}\" font-weight=\"{weight}\" font-size=\"{size}\" \
             fill=\"{ink}\">{mark}{}</text>",
            escaped(text)
        );
    };
    line(&mut svg, &name, name_start, 105.0, NAME_SIZE, 700);
    let (size, lines) = set(&card.headline, fonts)?;
    let block = size * LINE_HEIGHT * lines.len() as f32;
    let mut y = HEADLINE_TOP + (HEADLINE_HEIGHT - block).max(0.0) / 2.0 + size;
    for text in &lines {
        line(&mut svg, text, MARGIN, y, size, 700);
        y += size * LINE_HEIGHT;
    }
    let bar = at(MARGIN, 96.0);
    let _ = write!(svg, "<rect x=\"{bar}\" y=\"530\" width=\"96\" height=\"6\" fill=\"{ink}\"/>");
    line(&mut svg, &card.date, MARGIN, 584.0, 30.0, 400);
    svg.push_str("</svg>");
    Ok(svg)
}

/// A text that fits one line.
fn shortened(text: &str, width: f32, size: f32, fonts: &Arc<Database>) -> Result<String, MediaError> {
    let scale = size / MEASURE;
    let mut text = text.to_owned();
    let mut chars = text.chars().count();
    while measure(&[&text], fonts)?.widths.iter().any(|measured| measured * scale > width) && chars > 1 {
        chars = chars * 9 / 10;
        text = text.chars().take(chars).collect::<String>().trim_end().to_owned() + "…";
    }
    Ok(text)
}

/// What stays together on a line.
#[derive(Debug, Clone, PartialEq)]
struct Piece {
    text: String,
    space_before: bool,
    width: f32,
}

/// Breaks a headline into lines of about the same length, as large as it fits.
fn set(headline: &str, fonts: &Arc<Database>) -> Result<(f32, Vec<String>), MediaError> {
    let cut: String = headline.chars().take(MAX_HEADLINE_CHARS).collect();
    let mut pieces = pieces(&cut);
    weigh(&mut pieces, fonts)?;
    let space = measure(&["n n", "nn"], fonts)?.widths;
    let space = space.first().zip(space.get(1)).map_or(26.0, |(with, without)| with - without);
    let smallest = SIZES[SIZES.len() - 1];
    // A word that is longer than a line is divided where it must be.
    let longest = TEXT_WIDTH * MEASURE / smallest;
    if pieces.iter().any(|piece| piece.width > longest) {
        pieces = pieces.into_iter().flat_map(|piece| divided(piece, longest)).collect();
        weigh(&mut pieces, fonts)?;
    }
    for size in SIZES {
        let width = TEXT_WIDTH * MEASURE / size;
        let lines = broken(&pieces, width, space);
        let fits = pieces.iter().all(|piece| piece.width <= width)
            && lines.len() <= MAX_LINES
            && lines.len() as f32 * size * LINE_HEIGHT <= HEADLINE_HEIGHT + size * 0.2;
        if fits {
            return Ok((size, texts(&balanced(&pieces, width, space, lines.len()))));
        }
    }
    let mut lines = texts(&broken(&pieces, TEXT_WIDTH * MEASURE / smallest, space));
    if lines.len() > MAX_LINES {
        lines.truncate(MAX_LINES);
        if let Some(last) = lines.last_mut() {
            *last = shortened(&format!("{last} …"), TEXT_WIDTH, smallest, fonts)?;
        }
    }
    Ok((smallest, lines))
}

fn weigh(pieces: &mut [Piece], fonts: &Arc<Database>) -> Result<(), MediaError> {
    let texts: Vec<&str> = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let widths = measure(&texts, fonts)?.widths;
    for (piece, width) in pieces.iter_mut().zip(widths) {
        piece.width = width;
    }
    Ok(())
}

/// Words, their parts after a hyphen, and single characters of scripts that are written without spaces.
fn pieces(text: &str) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let mut is_first = true;
        let (mut may_break, mut is_opened) = (true, false);
        for c in word.chars() {
            let stays = !is_first && (closes(c) || is_opened);
            if is_first || ((may_break || stands_alone(c)) && !stays) {
                pieces.push(Piece { text: c.to_string(), space_before: is_first, width: 0.0 });
            } else if let Some(piece) = pieces.last_mut() {
                piece.text.push(c);
            }
            is_first = false;
            is_opened = opens(c);
            may_break = stands_alone(c) || matches!(c, '-' | '/' | '–');
        }
    }
    pieces
}

/// Chinese, Japanese and their signs: a line may end after each.
const fn stands_alone(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

const fn closes(c: char) -> bool {
    matches!(
        c,
        '、' | '。'
            | '，'
            | '．'
            | '：'
            | '；'
            | '！'
            | '？'
            | '）'
            | '」'
            | '』'
            | '】'
            | '〉'
            | '》'
            | 'ー'
            | 'っ'
            | 'ゃ'
            | 'ゅ'
            | 'ょ'
    )
}

const fn opens(c: char) -> bool {
    matches!(c, '（' | '「' | '『' | '【' | '〈' | '《')
}

fn divided(piece: Piece, longest: f32) -> Vec<Piece> {
    if piece.width <= longest {
        return vec![piece];
    }
    let chars: Vec<char> = piece.text.chars().collect();
    // Room for the hyphen, and for letters wider than the others.
    let parts = (piece.width / longest * 1.2).ceil().max(2.0) as usize;
    let each = chars.len().div_ceil(parts).max(1);
    let count = chars.len().div_ceil(each);
    let part = |(i, part): (usize, &[char])| Piece {
        text: part.iter().collect::<String>() + if i + 1 < count { "-" } else { "" },
        space_before: piece.space_before && i == 0,
        width: 0.0,
    };
    chars.chunks(each).enumerate().map(part).collect()
}

fn broken(pieces: &[Piece], width: f32, space: f32) -> Vec<Vec<&Piece>> {
    let mut lines: Vec<Vec<&Piece>> = Vec::new();
    let mut used = 0.0;
    for piece in pieces {
        let gap = if piece.space_before { space } else { 0.0 };
        match lines.last_mut() {
            Some(line) if used + gap + piece.width <= width => {
                used += gap + piece.width;
                line.push(piece);
            }
            _ => {
                lines.push(vec![piece]);
                used = piece.width;
            }
        }
    }
    lines
}

/// The narrowest setting with as many lines: no single word stands alone at the end.
fn balanced(pieces: &[Piece], width: f32, space: f32, count: usize) -> Vec<Vec<&Piece>> {
    let widest = pieces.iter().map(|piece| piece.width).fold(0.0, f32::max);
    let (mut low, mut high) = (widest, width);
    for _ in 0..12 {
        let middle = f32::midpoint(low, high);
        if broken(pieces, middle, space).len() > count { low = middle } else { high = middle }
    }
    broken(pieces, high, space)
}

fn texts(lines: &[Vec<&Piece>]) -> Vec<String> {
    let text = |line: &Vec<&Piece>| {
        let mut text = String::new();
        for piece in line {
            if piece.space_before && !text.is_empty() {
                text.push(' ');
            }
            text.push_str(&piece.text);
        }
        text
    };
    lines.iter().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn card(headline: &str) -> Card {
        Card {
            ground: "#0b5a6f".to_owned(),
            ink: "#ffffff".to_owned(),
            mark: Mark::Initial("F".to_owned()),
            name: "Presseraum der Messe Föhrwald".to_owned(),
            headline: headline.to_owned(),
            date: "5. November 2026".to_owned(),
            right_to_left: headline.starts_with('أ'),
        }
    }

    /// Every line of the card as it is drawn: within the picture, and none over another.
    fn assert_fits(headline: &str) -> usize {
        let mut card = card(headline);
        let fonts = fonts_for(&mut card).unwrap();
        let tree = parse(&layout(&card, &fonts).unwrap(), &fonts).unwrap();
        let mut lines = 0;
        for node in tree.root().children() {
            let usvg::Node::Text(text) = node else { continue };
            let area = text.abs_bounding_box();
            assert!(
                area.left() >= MARGIN - 2.0 && area.right() <= 1200.0 - MARGIN + 24.0,
                "{headline}: {area:?}"
            );
            assert!(area.top() >= 40.0 && area.bottom() <= 625.0, "{headline}: {area:?}");
            lines += 1;
        }
        lines
    }

    #[test]
    fn headlines_of_every_kind_stay_within_the_picture() {
        for headline in [
            "Kurz",
            "Zur Leitmesse kommen so viele Fachbesucherinnen und Fachbesucher wie nie zuvor nach Föhrwald",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft tagt in Wien",
            &"W".repeat(140),
            &"Wärmewende ".repeat(13),
            &"Kraft-Wärme-Kopplungs-".repeat(9),
            "أول محطة للحرارة من النهر تبدأ العمل في الربيع المقبل وتمد المدينة كلها بالطاقة",
        ] {
            let lines = assert_fits(headline);
            assert!((4..=7).contains(&lines), "{headline}: {lines}");
        }
        assert_eq!(draw(&card("Kurz")).unwrap(), draw(&card("Kurz")).unwrap());
    }

    #[test]
    fn what_no_font_can_write_is_left_out() {
        let mut signs = card("Neu \u{1f6b2} in Föhrwald \u{10fffd}");
        fonts_for(&mut signs).unwrap();
        assert!(!signs.headline.contains('\u{10fffd}') && signs.headline.contains("Föhrwald"));
        assert!(draw(&card("<&>\"' \u{0}\u{7}")).is_ok());
        assert!(draw(&card("")).is_ok());
    }

    #[test]
    fn lines_break_after_hyphens_and_between_ideographs() {
        let texts = |text: &str| pieces(text).into_iter().map(|piece| piece.text).collect::<Vec<_>>();
        assert_eq!(texts("Kraft-Wärme 2026"), ["Kraft-", "Wärme", "2026"]);
        assert_eq!(texts("新しい「展示」。A社"), ["新", "し", "い", "「展", "示」。", "A", "社"]);
    }
}

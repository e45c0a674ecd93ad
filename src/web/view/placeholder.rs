//! The colours of a picture that stand in its place until it is there.
//!
//! The content security policy forbids style attributes and data URLs, so the ThumbHash becomes a tiny inline
//! drawing of coloured cells, which the style sheet blurs.

use std::fmt::Write;

const COLUMNS: usize = 3;
const ROWS: usize = 3;

/// What a picture needs behind it to be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plate {
    /// Opaque: nothing.
    #[default]
    None,
    /// Transparent with dark content.
    Light,
    /// Transparent with light content, such as a logo for dark grounds.
    Dark,
}

impl Plate {
    /// The one for a picture with this hash.
    pub fn of(hash_base64: &str) -> Self {
        placeholder(hash_base64).1
    }

    pub const fn class(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Light => " plate-light",
            Self::Dark => " plate-dark",
        }
    }
}

/// Coloured cells as SVG, and what the picture needs behind it. An empty or broken hash gives nothing.
pub fn placeholder(hash_base64: &str) -> (String, Plate) {
    let Some(hash) = decode_base64(hash_base64) else { return Default::default() };
    // The decoder reads past short input; five bytes are the fixed part.
    if hash.len() < 5 {
        return Default::default();
    }
    let Ok((red, green, blue, alpha)) = thumbhash::thumb_hash_to_average_rgba(&hash) else {
        return Default::default();
    };
    if alpha < 0.95 {
        let luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
        return (String::new(), if luma > 0.6 { Plate::Dark } else { Plate::Light });
    }
    let Ok((width, height, rgba)) = thumbhash::thumb_hash_to_rgba(&hash) else {
        return Default::default();
    };
    let mut svg = format!(
        "<svg class=\"ph\" aria-hidden=\"true\" viewBox=\"0 0 {COLUMNS} {ROWS}\" preserveAspectRatio=\"none\">"
    );
    for row in 0..ROWS {
        for column in 0..COLUMNS {
            let [r, g, b] = mean(&rgba, width, height, column, row);
            // Writing to a String cannot fail.
            let _ =
                write!(svg, "<path fill=\"#{r:02x}{g:02x}{b:02x}\" d=\"M{column} {row}h1.1v1.1h-1.1z\"/>");
        }
    }
    svg.push_str("</svg>");
    (svg, Plate::None)
}

/// The mean colour of one cell.
fn mean(rgba: &[u8], width: usize, height: usize, column: usize, row: usize) -> [u8; 3] {
    let mut sum = [0_usize; 3];
    let mut count = 0;
    for y in row * height / ROWS..((row + 1) * height / ROWS).max(row * height / ROWS + 1) {
        for x in column * width / COLUMNS..((column + 1) * width / COLUMNS).max(column * width / COLUMNS + 1)
        {
            if let Some(pixel) = rgba.get((y * width + x) * 4..(y * width + x) * 4 + 3) {
                for (total, value) in sum.iter_mut().zip(pixel) {
                    *total += usize::from(*value);
                }
                count += 1;
            }
        }
    }
    sum.map(|total| u8::try_from(total / count.max(1)).unwrap_or(u8::MAX))
}

/// Standard base64 (RFC 4648), padded or not.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(text.len() * 3 / 4);
    let (mut buffer, mut bits) = (0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        buffer = (buffer << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            out.push(u8::try_from((buffer >> bits) & 0xff).ok()?);
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The reference implementation's hash of a sunset (evanw/thumbhash, "sunset").
    const SUNSET: &str = "1QcSHQRnh493V4dIh4eXh1h4kJUI";

    #[test]
    fn base64_reads_padded_and_unpadded() {
        assert_eq!(decode_base64("TWFu").as_deref(), Some(&b"Man"[..]));
        assert_eq!(decode_base64("TWE=").as_deref(), Some(&b"Ma"[..]));
        assert_eq!(decode_base64("TQ").as_deref(), Some(&b"M"[..]));
        assert_eq!(decode_base64("T Q"), None);
    }

    #[test]
    fn a_hash_becomes_nine_cells_of_its_colours() {
        let (svg, plate) = placeholder(SUNSET);
        assert_eq!(plate, Plate::None);
        assert_eq!(svg.matches("<path").count(), 9);
        assert!(!svg.contains("style="), "the content security policy forbids it");
    }

    #[test]
    fn broken_hashes_give_nothing() {
        for hash in ["", "AA", "!!!!", "TWFu"] {
            assert_eq!(placeholder(hash), (String::new(), Plate::None), "{hash}");
        }
    }

    #[test]
    fn a_light_logo_gets_a_dark_plate() {
        let logo = |value: u8| {
            let mut rgba = vec![0_u8; 16 * 16 * 4];
            for (i, pixel) in rgba.chunks_exact_mut(4).enumerate() {
                if i % 16 > 4 && i % 16 < 11 {
                    pixel.copy_from_slice(&[value, value, value, 255]);
                }
            }
            encode_base64(&thumbhash::rgba_to_thumb_hash(16, 16, &rgba))
        };
        assert_eq!(placeholder(&logo(255)).1, Plate::Dark);
        assert_eq!(placeholder(&logo(20)).1, Plate::Light);
    }

    fn encode_base64(bytes: &[u8]) -> String {
        const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
        let mut out = String::new();
        for chunk in bytes.chunks(3) {
            let word = chunk.iter().fold(0_u32, |word, byte| (word << 8) | u32::from(*byte));
            let word = word << (8 * (3 - chunk.len()));
            for i in 0..=chunk.len() {
                out.push(char::from(ALPHABET[(word >> (18 - 6 * i)) as usize & 63]));
            }
        }
        out
    }
}

//! XML in the encoding that its beginning tells, as UTF-8.

use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// The text of a file, or of its beginning. What has no sign of another encoding is left as it is.
pub fn in_utf8(bytes: &[u8]) -> Cow<'_, [u8]> {
    match encoding(bytes) {
        Some(encoding) => match encoding.decode_with_bom_removal(bytes).0 {
            Cow::Borrowed(text) => text.as_bytes().into(),
            Cow::Owned(text) => text.into_bytes().into(),
        },
        None => bytes.into(),
    }
}

fn encoding(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes {
        [0xFF, 0xFE, ..] | [b'<', 0, _, 0, ..] => return Some(UTF_16LE),
        [0xFE, 0xFF, ..] | [0, b'<', 0, _, ..] => return Some(UTF_16BE),
        _ => {}
    }
    // The declaration is plain letters in what is left.
    let declaration = bytes.strip_prefix(b"<?xml")?;
    let end = declaration.iter().take(256).position(|byte| *byte == b'>')?;
    let declaration = std::str::from_utf8(declaration.get(..end)?).ok()?;
    let value = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let label = value.get(1..)?.split(['"', '\'']).next()?;
    // A file that could be read so far is not in two bytes a letter, whatever it says.
    Encoding::for_label(label.as_bytes()).filter(|named| ![UTF_8, UTF_16LE, UTF_16BE].contains(named))
}

#[cfg(test)]
mod tests {
    use super::in_utf8;

    #[test]
    fn the_beginning_tells_how_to_read_the_rest() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-16\"?><svg>Größe</svg>";
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for file in [
            [b"\xff\xfe".to_vec(), little.clone()].concat(),
            [b"\xfe\xff".to_vec(), big.clone()].concat(),
            little,
            big,
            // It says so, and is not.
            text.as_bytes().to_vec(),
        ] {
            assert_eq!(in_utf8(&file), text.as_bytes());
        }
        let latin = b"<?xml version='1.0' encoding = 'iso-8859-1'?><svg>Gr\xf6\xdfe</svg>";
        assert!(std::str::from_utf8(&in_utf8(latin)).unwrap().ends_with("<svg>Größe</svg>"));
        for plain in [&b"<svg>Gr\xc3\xb6\xc3\x9fe</svg>"[..], b"<?xml version='1.0'?><svg/>", b"", b"<"] {
            assert_eq!(in_utf8(plain), plain);
        }
    }
}

//! Signs that fonts of symbols keep where other fonts have letters or nothing.

pub fn is_symbol_font(name: &str) -> bool {
    let name = name.to_lowercase();
    name.starts_with("wingdings") || name == "symbol" || name == "webdings" || name == "zapfdingbats"
}

/// The sign of a code in such a font, where Unicode has one that says the same.
pub fn sign(font: &str, code: u32) -> Option<char> {
    let code = if (0xF000..=0xF0FF).contains(&code) { code - 0xF000 } else { code };
    let is_wingdings = font.to_lowercase().starts_with("wingdings");
    let sign = match (is_wingdings, code) {
        (true, 0x28) => '☎',
        (true, 0x2A) => '✉',
        (true, 0x4A) => '☺',
        (true, 0x6C | 0x6E | 0x77 | 0x9F | 0xA7 | 0xA8) => '•',
        (true, 0xD8 | 0xE0 | 0xE8 | 0xF0) => '→',
        (true, 0xDF | 0xE7 | 0xEF) => '←',
        (true, 0xFB) => '✗',
        (true, 0xFC) => '✓',
        (true, 0xFE) => '☑',
        (false, 0xB7) => '•',
        (false, 0xB0) => '°',
        (false, 0xB1) => '±',
        (false, 0xB3) => '≥',
        (false, 0xA3) => '≤',
        (false, 0xB4) => '×',
        (false, 0xAE | 0xDE) => '→',
        (false, 0xAC) => '←',
        (false, 0xA5) => '∞',
        (false, 0xB9) => '≠',
        (false, 0xBB) => '≈',
        (false, 0x61) => 'α',
        (false, 0x62) => 'β',
        (false, 0x67) => 'γ',
        (false, 0x6D) => 'µ',
        (false, 0x70) => 'π',
        (false, 0x44) => 'Δ',
        (false, 0x53) => 'Σ',
        (false, 0x57) => 'Ω',
        (false, 0x2D) => '–',
        (_, 0x20) => ' ',
        _ => return None,
    };
    Some(sign)
}

/// Letters as raised or lowered signs, when all of them exist: CO₂, m².
pub fn shifted(text: &str, is_above: bool) -> Option<String> {
    let one = |c: char| {
        Some(match (is_above, c) {
            (true, '1') => '¹',
            (true, '2') => '²',
            (true, '3') => '³',
            (true, '0' | '4'..='9') => char::from_u32(0x2070 + u32::from(c) - u32::from('0'))?,
            (false, '0'..='9') => char::from_u32(0x2080 + u32::from(c) - u32::from('0'))?,
            (true, '+') => '⁺',
            (true, '-' | '−' | '–') => '⁻',
            (false, '+') => '₊',
            (false, '-' | '−') => '₋',
            (true, 'n') => 'ⁿ',
            (_, ' ') => ' ',
            _ => return None,
        })
    };
    text.chars().map(one).collect()
}

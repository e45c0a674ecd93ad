//! Tables for spreadsheets, and what comes back from them.

use std::borrow::Cow;

use axum::response::{IntoResponse as _, Response};

use crate::i18n::Lang;
use crate::web::page::{Page, Policy};

/// A table as a file. Spreadsheets take the separator that their language uses, and know UTF-8 by its mark. In the columns
/// of texts nothing is a number, whatever it looks like.
pub fn file(
    lang: Lang,
    name: &str,
    rows: impl IntoIterator<Item = Vec<String>>,
    is_text: impl Fn(usize) -> bool,
) -> Response {
    let separator = if lang == Lang::De { ";" } else { "," };
    let mut text = String::from("\u{feff}");
    for row in rows {
        let cells = row.iter().enumerate().map(|(column, cell)| quoted(cell, is_text(column)));
        let cells: Vec<String> = cells.collect();
        text.push_str(&cells.join(separator));
        text.push_str("\r\n");
    }
    let page = Page::new("text/csv; charset=utf-8", text, Policy::NoStore).download_as(name.to_owned());
    page.into_response()
}

/// A cell. What a spreadsheet would take for a formula is made a text by a mark: strangers write some of these words. So is
/// a text that it would take for a number, and write in its own way when the table is saved.
fn quoted(cell: &str, is_text: bool) -> String {
    let is_marked = may_be_formula(cell) || (is_text && may_be_number(cell));
    let cell = if is_marked { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', ';', '\n', '\r', '\'']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

/// Marks before it count as part of it, so that each one that was put there can be taken away.
fn may_be_formula(cell: &str) -> bool {
    cell.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

/// The same for numbers, dates, times, shares and sums of money.
fn may_be_number(cell: &str) -> bool {
    let cell = cell.trim_start_matches('\'').trim();
    let is_part = |c: char| {
        c.is_ascii_digit()
            || c.is_whitespace()
            || matches!(c, '.' | ',' | ':' | '/' | '-' | '%' | '€' | '$' | '£' | 'e' | 'E')
    };
    cell.contains(|c: char| c.is_ascii_digit()) && cell.chars().all(is_part)
}

/// A cell without the mark of [`quoted`].
pub fn unmarked(cell: &str) -> &str {
    let is_marked = |rest: &&str| may_be_formula(rest) || may_be_number(rest);
    cell.strip_prefix('\'').filter(is_marked).unwrap_or(cell)
}

/// Reads a table with the lines on which its rows begin. Spreadsheets write it with commas, semicolons or tabs, in
/// UTF-8, UTF-16 or the old Windows code page. `Err`: the line that cannot be read.
pub fn rows(bytes: &[u8]) -> Result<Vec<(u64, Vec<String>)>, u64> {
    let text = decoded(bytes);
    let (told, text, skipped) = match text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n')) {
        Some((separator, rest)) => (separator.bytes().next(), rest, 1),
        None => (None, text.as_ref(), 0),
    };
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(told.unwrap_or_else(|| separator(text)))
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let (mut rows, mut line, mut counted) = (Vec::new(), 1 + skipped, 0);
    for record in reader.records() {
        let record = record.map_err(|_| line)?;
        // The reader's own count stands before the line end that the row before left.
        let place = record.position().map_or(0, csv::Position::byte);
        let rest = text.as_bytes().get(counted..).unwrap_or_default();
        let before = usize::try_from(place).unwrap_or(0).saturating_sub(counted).min(rest.len());
        let ends = rest[before..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let passed = &rest[..before + ends];
        line += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        counted += passed.len();
        rows.push((line, record.iter().map(|cell| unmarked(cell).to_owned()).collect()));
    }
    Ok(rows)
}

fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    if let Some((encoding, mark_bytes)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling(bytes.get(mark_bytes..).unwrap_or_default()).0;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0,
    }
}

/// The separator that the first row has most of, outside of quotes.
fn separator(text: &str) -> u8 {
    let mut counts = [(b';', 0), (b',', 0), (b'\t', 0)];
    let mut is_quoted = false;
    for byte in text.bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' if !is_quoted => break,
            _ if is_quoted => {}
            _ => counts.iter_mut().filter(|(sign, _)| *sign == byte).for_each(|(_, count)| *count += 1),
        }
    }
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b';', |(sign, _)| *sign)
}

#[cfg(test)]
mod tests {
    use super::{quoted, rows};

    #[test]
    fn what_spreadsheets_write_is_read() {
        let plain = |bytes: &[u8]| rows(bytes).unwrap();
        let wanted = vec![
            (1, vec!["ID".to_owned(), "Größe; \"M\"".to_owned()]),
            (2, vec!["1".to_owned(), "zwei\nZeilen".to_owned()]),
        ];
        let semicolons = "ID;\"Größe; \"\"M\"\"\"\r\n1;\"zwei\nZeilen\"\r\n";
        assert_eq!(plain(semicolons.as_bytes()), wanted);
        assert_eq!(plain(format!("\u{feff}{semicolons}").as_bytes()), wanted);
        assert_eq!(plain(&encoding_rs::WINDOWS_1252.encode(semicolons).0), wanted);
        let commas = "ID,\"Größe; \"\"M\"\"\"\n1,\"zwei\nZeilen\"";
        assert_eq!(plain(commas.as_bytes()), wanted);
        let tabs = commas.replace(',', "\t");
        let utf16: Vec<u8> =
            [0xff, 0xfe].into_iter().chain(tabs.encode_utf16().flat_map(u16::to_le_bytes)).collect();
        assert_eq!(plain(&utf16), wanted);
        assert_eq!(plain(format!("sep=;\r\n{semicolons}").as_bytes())[1].0, 3, "the line in the file");
    }

    #[test]
    fn numbers_that_are_meant_stay_numbers() {
        assert_eq!((quoted("12", false), quoted("-5", false)), ("12".to_owned(), "\"'-5\"".to_owned()));
    }

    #[test]
    fn cells_are_text_whatever_is_in_them() {
        for (cell, written) in [
            ("Halle 4", "Halle 4"),
            ("Kran; \"groß\"", "\"Kran; \"\"groß\"\"\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("a\nb", "\"a\nb\""),
            ("", ""),
            ("'=1+1", "\"''=1+1\""),
            ("'s war einmal", "\"'s war einmal\""),
            ("007", "\"'007\""),
            ("3.12.2026", "\"'3.12.2026\""),
            ("10 %", "\"'10 %\""),
            ("1e5", "\"'1e5\""),
            ("'7", "\"''7\""),
            ("4 Hallen", "4 Hallen"),
        ] {
            assert_eq!(quoted(cell, true), written);
            let read = rows(format!("x,y\n{written},").as_bytes()).unwrap();
            assert_eq!(read[1].1[0], cell);
        }
    }
}

//! Tables for spreadsheets.

use axum::response::{IntoResponse as _, Response};

use crate::i18n::Lang;
use crate::web::page::{Page, Policy};

/// A table as a file. Spreadsheets take the separator that their language uses, and know UTF-8 by its mark.
pub fn file(lang: Lang, name: &str, rows: impl IntoIterator<Item = Vec<String>>) -> Response {
    let separator = if lang == Lang::De { ";" } else { "," };
    let mut text = String::from("\u{feff}");
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| quoted(cell)).collect();
        text.push_str(&cells.join(separator));
        text.push_str("\r\n");
    }
    let page = Page::new("text/csv; charset=utf-8", text, Policy::NoStore).download_as(name.to_owned());
    page.into_response()
}

/// A cell. What a spreadsheet would take for a formula is made a text: strangers write some of these words.
fn quoted(cell: &str) -> String {
    let is_formula = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let cell = if is_formula { format!("'{cell}") } else { cell.to_owned() };
    if cell.contains(['"', ',', ';', '\n', '\r', '\'']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn cells_are_text_whatever_is_in_them() {
        for (cell, written) in [
            ("Halle 4", "Halle 4"),
            ("Kran; \"groß\"", "\"Kran; \"\"groß\"\"\""),
            ("=HYPERLINK(1)", "\"'=HYPERLINK(1)\""),
            ("a\nb", "\"a\nb\""),
            ("", ""),
        ] {
            assert_eq!(quoted(cell), written);
        }
    }
}

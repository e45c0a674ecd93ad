//! Tables as workbooks of Excel, and what comes back from them: the same rows as those of `csv.rs`.

use std::collections::BTreeMap;
use std::io::{Cursor, Read as _};

use axum::response::{IntoResponse as _, Response};
use calamine::{
    CellErrorType, DataRef, ExcelDateTime, Reader as _, SheetType, SheetVisible, Xlsx, XlsxFormulaMetadata,
};
use rust_xlsxwriter::{DocProperties, ExcelDateTime as Moment, Format, FormatAlign, Workbook};
use zip::ZipArchive;

use crate::domain::Timestamp;
use crate::i18n::Lang;
use crate::web::Error;
use crate::web::page::{Page, Policy};

const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// A cell of Excel holds no more.
const MAX_CELL_CHARS: usize = 32_767;
/// What a workbook may be when it is unpacked, and what its cells may hold together.
const MAX_UNPACKED_BYTES: u64 = 32 << 20;
const MAX_PARTS: usize = 1000;
const MAX_COLUMNS: u32 = 200;
/// Readers make room for as many entries as a part announces: numbers of more digits are no table's.
const MAX_COUNT_DIGITS: usize = 6;

/// The widths of columns, in characters: what is short, and texts.
const NARROW: f64 = 18.0;
const WIDE: f64 = 48.0;

/// Why a workbook is not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// A ZIP, but no workbook.
    OtherKind,
    /// A workbook behind a password.
    Encrypted,
    /// A workbook as Excel wrote it until 2003.
    Old,
    Damaged,
    TooLarge,
}

/// Whether the bytes are a workbook or something of that kind, rather than text.
pub fn is_meant(bytes: &[u8]) -> bool {
    is_zip(bytes) || is_compound(bytes)
}

fn is_zip(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04") || bytes.starts_with(b"PK\x05\x06")
}

/// The container of old workbooks, and of encrypted ones.
fn is_compound(bytes: &[u8]) -> bool {
    bytes.starts_with(b"\xd0\xcf\x11\xe0")
}

/// A table as a workbook; `None` when a cell is longer than those of Excel. All cells are texts, and stay texts when
/// they are edited: Excel makes neither dates nor formulas of them.
pub fn file(
    name: &str,
    sheet: &str,
    now: Timestamp,
    rows: &[Vec<String>],
) -> Result<Option<Response>, Error> {
    if rows.iter().flatten().any(|cell| cell.chars().map(char::len_utf16).sum::<usize>() > MAX_CELL_CHARS) {
        return Ok(None);
    }
    let bytes = workbook(sheet, now, rows).map_err(|error| Error::Internal(error.into()))?;
    Ok(Some(Page::new(MEDIA_TYPE, bytes, Policy::NoStore).download_as(name.to_owned()).into_response()))
}

fn workbook(
    sheet: &str,
    now: Timestamp,
    rows: &[Vec<String>],
) -> Result<Vec<u8>, rust_xlsxwriter::XlsxError> {
    let text = Format::new().set_num_format("@").set_text_wrap().set_align(FormatAlign::Top);
    // As if an apostrophe had been typed before it.
    let marked = text.clone().set_quote_prefix();
    let head = Format::new().set_num_format("@").set_bold();
    let mut workbook = Workbook::new();
    workbook.set_properties(
        &DocProperties::new().set_creation_datetime(&Moment::from_timestamp(now.as_second())?),
    );
    let page = workbook.add_worksheet();
    page.set_name(sheet)?;
    page.set_freeze_panes(1, 2)?;
    for (row, cells) in (0u32..).zip(rows) {
        for (column, cell) in (0u16..).zip(cells) {
            let format = match cell.starts_with(['=', '+', '-', '@']) {
                _ if row == 0 => &head,
                true => &marked,
                false => &text,
            };
            page.write_string_with_format(row, column, cell, format)?;
        }
    }
    for column in 0..u16::try_from(rows.first().map_or(0, Vec::len)).unwrap_or(u16::MAX) {
        let is_long = rows.iter().any(|row| row.get(usize::from(column)).is_some_and(|cell| cell.len() > 60));
        page.set_column_width(column, if is_long { WIDE } else { NARROW })?;
    }
    workbook.save_to_buffer()
}

/// Reads the first sheet with anything in it, with the numbers that its rows have there. Of rows beyond `max_rows` and
/// the headings, one more is read.
pub fn rows(bytes: &[u8], lang: Lang, max_rows: usize) -> Result<Vec<(u64, Vec<String>)>, Fault> {
    if is_compound(bytes) {
        let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let is_encrypted = bytes.windows(name.len()).any(|window| window == name);
        return Err(if is_encrypted { Fault::Encrypted } else { Fault::Old });
    }
    weigh(bytes)?;
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| Fault::Damaged)?;
    let sheets: Vec<String> = workbook
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for sheet in sheets {
        let rows = sheet_rows(&mut workbook, &sheet, lang, max_rows + 2)?;
        if !rows.is_empty() {
            return Ok(rows);
        }
    }
    Ok(Vec::new())
}

/// Unpacks everything once without keeping it, before a parser sees any of it: sizes that a file declares prove
/// nothing, and neither do the numbers in it that parsers make room by.
fn weigh(bytes: &[u8]) -> Result<(), Fault> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Damaged)?;
    if archive.len() > MAX_PARTS {
        return Err(Fault::TooLarge);
    }
    let has = |start: &[u8]| {
        let mut names = archive.file_names_raw();
        names.any(|name| name.get(..start.len()).is_some_and(|first| first.eq_ignore_ascii_case(start)))
    };
    if !has(b"[Content_Types].xml") || !has(b"xl/") {
        return Err(Fault::OtherKind);
    }
    let mut left_bytes = MAX_UNPACKED_BYTES;
    for number in 0..archive.len() {
        let part = archive.by_index(number).map_err(|_| Fault::Damaged)?;
        let name = part.name_raw().to_ascii_lowercase();
        let is_xml = name.ends_with(b".xml") || name.ends_with(b".rels");
        let mut unpacked = Vec::new();
        part.take(left_bytes + 1).read_to_end(&mut unpacked).map_err(|_| Fault::Damaged)?;
        left_bytes = left_bytes.checked_sub(unpacked.len() as u64).ok_or(Fault::TooLarge)?;
        if is_xml && !is_harmless(&unpacked) {
            return Err(Fault::TooLarge);
        }
    }
    Ok(())
}

/// Whether a part announces no more than a table can have. UTF-16, in which this could not be seen, is written by nobody.
fn is_harmless(xml: &[u8]) -> bool {
    let announces_much = |name: &[u8]| {
        let mut places = xml.windows(name.len()).enumerate().filter(|(_, window)| *window == name);
        places.any(|(at, _)| {
            let mut rest = xml[at + name.len()..].iter().skip_while(|byte| byte.is_ascii_whitespace());
            let is_attribute = rest.next() == Some(&b'=');
            let digits = rest
                .skip_while(|byte| byte.is_ascii_whitespace() || matches!(**byte, b'"' | b'\'' | b'+'))
                .take_while(|byte| byte.is_ascii_digit());
            is_attribute && digits.count() > MAX_COUNT_DIGITS
        })
    };
    !xml.contains(&0) && !announces_much(b"uniqueCount") && !announces_much(b"si")
}

type Book<'a> = Xlsx<Cursor<&'a [u8]>>;

fn sheet_rows(
    workbook: &mut Book<'_>,
    sheet: &str,
    lang: Lang,
    max_rows: usize,
) -> Result<Vec<(u64, Vec<String>)>, Fault> {
    let mut cells = workbook.worksheet_cells_reader(sheet).map_err(|_| Fault::Damaged)?;
    let mut rows: BTreeMap<u32, Vec<String>> = BTreeMap::new();
    let mut left_bytes = MAX_UNPACKED_BYTES;
    // Cell after cell: a table of all that lies between the first and the last one could be as large as the sheet.
    while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(|_| Fault::Damaged)? {
        let (row, column) = cell.pos;
        let text = text_of(&cell.value, cell.formula.as_ref(), lang);
        if text.is_empty() || column >= MAX_COLUMNS {
            continue;
        }
        left_bytes = left_bytes.checked_sub(text.len() as u64).ok_or(Fault::TooLarge)?;
        if rows.len() == max_rows && !rows.contains_key(&row) {
            break;
        }
        let cells = rows.entry(row).or_default();
        let at = column as usize;
        if cells.len() <= at {
            cells.resize(at + 1, String::new());
        }
        cells[at] = text;
    }
    Ok(rows.into_iter().map(|(row, cells)| (u64::from(row) + 1, cells)).collect())
}

/// What stands in a cell for whoever looks at it.
fn text_of(value: &DataRef<'_>, formula: Option<&XlsxFormulaMetadata>, lang: Lang) -> String {
    match value {
        DataRef::String(text) => text.replace("\r\n", "\n"),
        DataRef::SharedString(text) => text.replace("\r\n", "\n"),
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => number_text(*number, lang),
        DataRef::Bool(is_true) => match (lang, is_true) {
            (Lang::De, true) => "WAHR",
            (Lang::De, false) => "FALSCH",
            (_, true) => "TRUE",
            (_, false) => "FALSE",
        }
        .to_owned(),
        DataRef::DateTime(moment) => moment_text(moment, lang),
        DataRef::DateTimeIso(text) => text.strip_suffix("T00:00:00").unwrap_or(text).to_owned(),
        DataRef::DurationIso(text) => text.clone(),
        DataRef::Error(error) => error.to_string(),
        // A program wrote what begins with `=` and did not reckon: nobody has seen anything else in this cell.
        DataRef::Empty => match formula {
            Some(XlsxFormulaMetadata::Normal { formula } | XlsxFormulaMetadata::Shared { formula, .. }) => {
                format!("={formula}")
            }
            Some(_) => CellErrorType::NA.to_string(),
            None => String::new(),
        },
    }
}

/// The fifteen digits that spreadsheets know of a number, with the sign that the language has for the fraction.
fn number_text(number: f64, lang: Lang) -> String {
    let rounded: f64 = format!("{number:.14e}").parse().unwrap_or(number);
    let text = format!("{rounded}");
    if lang == Lang::De { text.replace('.', ",") } else { text }
}

/// A date, a time of day or both, as they are written in the language.
fn moment_text(moment: &ExcelDateTime, lang: Lang) -> String {
    let (year, month, day, hour, minute, second, _) = moment.to_ymd_hms_milli();
    let date = match lang {
        Lang::De => format!("{day:02}.{month:02}.{year:04}"),
        _ => format!("{year:04}-{month:02}-{day:02}"),
    };
    let seconds = if second == 0 { String::new() } else { format!(":{second:02}") };
    if moment.is_duration() {
        let minutes = (moment.as_f64() * 24.0 * 60.0).round() as i64;
        return format!("{}:{:02}", minutes / 60, (minutes % 60).abs());
    }
    let has_time = (hour, minute, second) != (0, 0, 0);
    match moment.as_f64() {
        value if value < 1.0 => format!("{hour:02}:{minute:02}{seconds}"),
        _ if has_time => format!("{date} {hour:02}:{minute:02}{seconds}"),
        _ => date,
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const TYPES: &str = r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/></Types>"#;
    const RELATIONS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
    const BOOK: &str = r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="A" sheetId="1" r:id="r1"/></sheets></workbook>"#;
    const SHEETS: &str = r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="r3" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#;
    const STYLES: &str = r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\ hh:mm"/></numFmts><cellXfs count="4"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="20"/></cellXfs></styleSheet>"#;

    fn packed(parts: &[(&str, &[u8])]) -> Vec<u8> {
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in parts {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    /// A workbook of one sheet, as it stands in its XML, with the strings that cells share.
    fn book(cells: &str, strings: &str) -> Vec<u8> {
        let sheet = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{cells}</sheetData></worksheet>"#
        );
        packed(&[
            ("[Content_Types].xml", TYPES.as_bytes()),
            ("_rels/.rels", RELATIONS.as_bytes()),
            ("xl/workbook.xml", BOOK.as_bytes()),
            ("xl/_rels/workbook.xml.rels", SHEETS.as_bytes()),
            ("xl/styles.xml", STYLES.as_bytes()),
            ("xl/sharedStrings.xml", strings.as_bytes()),
            ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        ])
    }

    fn shared(strings: &str, count: &str) -> String {
        format!(
            r#"<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" uniqueCount="{count}">{strings}</sst>"#
        )
    }

    #[test]
    fn what_is_written_is_read_as_it_was() {
        let cells = [
            "=1+1",
            "-5",
            "+49 30 1",
            "@home",
            "'s war",
            "_x000D_",
            "a\nb",
            "007",
            "3.12.2026",
            "\u{1f4f7} „Größe“",
            "",
            "<b>&amp;</b>",
            "TRUE",
            "1e5",
            "  Rand  ",
            "tab\tda",
        ];
        let table = vec![
            cells.iter().map(|_| "Kopf".to_owned()).collect::<Vec<_>>(),
            cells.iter().map(|cell| (*cell).to_owned()).collect(),
        ];
        let bytes = workbook("Bilder", Timestamp::UNIX_EPOCH, &table).unwrap();
        let read = rows(&bytes, Lang::De, 10).unwrap();
        assert_eq!(read, vec![(1, table[0].clone()), (2, table[1].clone())]);
        let mut archive = ZipArchive::new(Cursor::new(&bytes)).unwrap();
        let mut sheet = String::new();
        archive.by_name("xl/worksheets/sheet1.xml").unwrap().read_to_string(&mut sheet).unwrap();
        assert!(!sheet.contains("<f>"), "no formulas: {sheet}");
        let long = vec![vec!["x".repeat(MAX_CELL_CHARS + 1)]];
        assert!(file("a.xlsx", "A", Timestamp::UNIX_EPOCH, &long).unwrap().is_none(), "nothing is cut off");
    }

    #[test]
    fn what_spreadsheets_made_of_a_cell_is_read_as_it_looks() {
        // 46359 is the 3rd of December 2026.
        let cells = r#"<row r="3"><c r="A3"><v>2026</v></c><c r="B3"><v>0.30000000000000004</v></c>
            <c r="C3" s="1"><v>46359</v></c><c r="D3" s="2"><v>46359.4375</v></c><c r="E3" s="3"><v>0.4375</v></c>
            <c r="F3" t="b"><v>1</v></c><c r="G3" t="e"><f>x</f><v>#NAME?</v></c><c r="H3"><f>1+1</f></c>
            <c r="I3"><f>1+1</f><v>2</v></c><c r="J3" t="s"><v>0</v></c><c r="K3" t="inlineStr"><is><t>in</t></is></c>
            <c r="L3" t="str"><f>A1</f><v>a_x000D_
b</v></c><c r="XFD3"><v>1</v></c></row>"#;
        let strings = shared(
            "<si><r><t xml:space=\"preserve\">Der </t></r><r><t>Kran</t></r><rPh sb=\"0\" eb=\"1\"><t>x</t></rPh></si>",
            "1",
        );
        let read = |lang| rows(&book(cells, &strings), lang, 10).unwrap();
        let wanted = [
            "2026",
            "0,3",
            "03.12.2026",
            "03.12.2026 10:30",
            "10:30",
            "WAHR",
            "#NAME?",
            "=1+1",
            "2",
            "Der Kran",
            "in",
            "a\nb",
        ];
        assert_eq!(read(Lang::De), vec![(3, wanted.map(str::to_owned).to_vec())]);
        let english = &read(Lang::En)[0].1;
        assert_eq!(english[1..6], ["0.3", "2026-12-03", "2026-12-03 10:30", "10:30", "TRUE"]);
    }

    #[test]
    fn what_is_no_workbook_or_too_much_is_refused_before_it_is_parsed() {
        let told = |bytes: &[u8]| rows(bytes, Lang::En, 10).unwrap_err();
        let none = shared("", "0");
        let good = book("<row r=\"1\"><c r=\"A1\"><v>1</v></c></row>", &none);
        assert_eq!(rows(&good, Lang::En, 10).unwrap().len(), 1);
        assert_eq!(told(b"PK\x03\x04rest"), Fault::Damaged);
        assert_eq!(told(&good[..good.len() / 2]), Fault::Damaged);
        assert_eq!(
            told(&packed(&[("mimetype", &b"application/vnd.oasis.opendocument.spreadsheet"[..])])),
            Fault::OtherKind
        );
        let text = [("[Content_Types].xml", TYPES.as_bytes()), ("word/document.xml", &b"<a/>"[..])];
        assert_eq!(told(&packed(&text)), Fault::OtherKind);
        let mut compound = b"\xd0\xcf\x11\xe0".to_vec();
        compound.extend([0; 600]);
        assert_eq!(told(&compound), Fault::Old);
        compound.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
        assert_eq!(told(&compound), Fault::Encrypted);
        // A hundred megabytes of spaces pack to a hundred kilobytes.
        let bomb = book(&" ".repeat(100 << 20), &none);
        assert!(bomb.len() < 1 << 20, "{}", bomb.len());
        assert_eq!(told(&bomb), Fault::TooLarge);
        // Numbers by which a parser would make room, a cell in the last corner, one text a million times.
        assert_eq!(told(&book("", &shared("", "99999999999999"))), Fault::TooLarge);
        let formula = r#"<row r="1"><c r="A1"><f t="shared" si = "99999999999">1</f></c></row>"#;
        assert_eq!(told(&book(formula, &none)), Fault::TooLarge);
        let corner =
            r#"<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>"#;
        assert_eq!(rows(&book(corner, &none), Lang::En, 10).unwrap().len(), 1);
        let many: String = (1..=3000)
            .map(|row| format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"))
            .collect();
        let long = shared(&format!("<si><t>{}</t></si>", "x".repeat(1 << 20)), "1");
        assert_eq!(rows(&book(&many, &long), Lang::En, 5000).unwrap_err(), Fault::TooLarge);
        assert_eq!(rows(&book(&many, &shared("<si><t>x</t></si>", "1")), Lang::En, 10).unwrap().len(), 12);
    }
}

//! Captions, credits and terms of a kit's files as text and as a table.

use std::fmt::Write as _;

use super::labels::Labels;
use super::press_kit::PlacedAsset;
use crate::text::plain;

/// One block per file, for reading.
pub fn as_text(files: &[PlacedAsset<'_>], labels: &Labels) -> String {
    let mut out = String::new();
    for file in files {
        let d = &file.asset.description;
        let caption = plain::clean(d.caption.trim());
        let _ = writeln!(out, "{}", file.path);
        let title = plain::clean(d.title.trim());
        if !title.is_empty() && title != caption {
            let _ = writeln!(out, "{title}");
        }
        let _ = writeln!(out, "{}", if caption.is_empty() { labels.no_caption } else { &caption });
        if !d.credit.is_empty() {
            let _ = writeln!(out, "{}", plain::clean(&labels.lang.credit_after(labels.credit, &d.credit)));
        }
        for (label, value) in facts(file, labels) {
            if !value.is_empty() {
                let _ = writeln!(out, "{}", plain::clean(&labels.lang.labelled(label, &value)));
            }
        }
        out.push('\n');
    }
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

fn facts(file: &PlacedAsset<'_>, labels: &Labels) -> [(&'static str, String); 7] {
    let d = &file.asset.description;
    [
        (labels.copyright, d.copyright_notice.clone()),
        (labels.creator, d.creator.clone()),
        (labels.usage_terms, file.terms.to_owned()),
        (labels.rights_until, file.rights_until.clone()),
        (labels.persons, d.persons.join(", ")),
        (labels.taken, labels.lang.day_of(&d.date_created)),
        (labels.place, d.location.clone()),
    ]
}

/// The same as a table: RFC 4180, every field quoted, with a byte order mark because Excel takes a file
/// without one for Windows-1252.
pub fn as_csv(files: &[PlacedAsset<'_>], labels: &Labels) -> String {
    let mut out = String::from('\u{feff}');
    let header = [
        labels.file,
        labels.title,
        labels.caption,
        labels.alt_text,
        labels.credit,
        labels.copyright,
        labels.creator,
        labels.usage_terms,
        labels.rights_until,
        labels.persons,
        labels.keywords,
        labels.taken,
        labels.place,
        labels.width,
        labels.height,
    ];
    row(&mut out, &header.map(str::to_owned));
    for file in files {
        let d = &file.asset.description;
        let (width, height) = file.pixels.unzip();
        let pixels = |n: Option<u32>| n.map(|n| n.to_string()).unwrap_or_default();
        row(
            &mut out,
            &[
                file.path.clone(),
                d.title.clone(),
                d.caption.clone(),
                d.alt_text.clone(),
                d.credit.clone(),
                d.copyright_notice.clone(),
                d.creator.clone(),
                file.terms.to_owned(),
                file.rights_until.clone(),
                d.persons.join(", "),
                d.keywords.join(", "),
                d.date_created.clone(),
                d.location.clone(),
                pixels(width),
                pixels(height),
            ],
        );
    }
    out
}

fn row(out: &mut String, fields: &[String]) {
    for (i, field) in fields.iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        let field = plain::clean(field.trim()).replace('"', "\"\"");
        let _ = write!(out, "\"{}{field}\"", if is_formula(&field) { "'" } else { "" });
    }
    out.push_str("\r\n");
}

/// Whether a spreadsheet would take the text for a formula; an apostrophe in front makes it text again.
fn is_formula(field: &str) -> bool {
    field.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::is_formula;

    #[test]
    fn formulas_are_seen_in_every_width() {
        for field in ["=1+1", "+49", "-2", "@SUM(A1)", "\t=1", "＝1"] {
            assert!(is_formula(field), "{field}");
        }
        assert!(!is_formula("Größe = 1") && !is_formula(""));
    }
}

//! The release of a kit as a word-processor document (Office Open XML, ISO/IEC 29500): named styles, so that a
//! desk can restyle it, and nothing else.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::labels::Labels;
use super::press_kit::{KitContents, ReleaseText};
use super::release_page::contact_lines;
use crate::domain::dateline::dateline;
use crate::text::document::{Block, Run, blocks};
use crate::text::plain;

/// The document; always the same bytes for the same release.
pub fn of_release(
    release: &ReleaseText<'_>,
    kit: &KitContents<'_>,
    labels: &Labels,
) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut body = Body::default();
    body.paragraph("Title", "", &plain_run(release.headline));
    for point in release.sub_headlines {
        body.paragraph("Subtitle", "", &plain_run(point));
    }
    let mut text = blocks(release.body, kit.base);
    let place = dateline(release.dateline_place, release.dateline_date, kit.language);
    if !place.is_empty() {
        let lead = Run { text: format!("{} – ", plain::clean(&place)), bold: true, ..Run::default() };
        match text.first_mut() {
            Some(Block::Paragraph(runs)) => runs.insert(0, lead),
            _ => text.insert(0, Block::Paragraph(vec![lead])),
        }
    }
    text.iter().for_each(|block| body.block(block));
    if !release.boilerplate.trim().is_empty() {
        if !release.boilerplate_title.trim().is_empty() {
            body.paragraph("Heading1", "", &plain_run(release.boilerplate_title));
        }
        blocks(release.boilerplate, kit.base).iter().for_each(|block| body.block(block));
    }
    if !kit.contacts.is_empty() {
        body.paragraph("Heading1", "", &plain_run(labels.contact));
        for contact in &kit.contacts {
            body.paragraph("Normal", "", &plain_run(&contact_lines(contact, kit, labels).join("\n")));
        }
    }
    if !kit.page_url.is_empty() {
        let link =
            Run { text: kit.page_url.to_owned(), link: Some(kit.page_url.to_owned()), ..Run::default() };
        let label = Run { text: labels.lang.labelled(labels.online, ""), ..Run::default() };
        body.paragraph("Normal", "", &[label, link]);
    }
    body.pack(release.headline, kit)
}

fn plain_run(text: &str) -> Vec<Run> {
    vec![Run { text: plain::clean(text.trim()), ..Run::default() }]
}

#[derive(Default)]
struct Body {
    xml: String,
    /// The targets of links in order: `rId1`, `rId2` …
    links: Vec<String>,
}

impl Body {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Heading(level, runs) => {
                self.paragraph(if *level <= 2 { "Heading1" } else { "Heading2" }, "", runs);
            }
            Block::Paragraph(runs) => self.paragraph("Normal", "", runs),
            Block::Quote(runs) => self.paragraph("Quote", "", runs),
            Block::Speaker(runs) => {
                let mut all = vec![Run { text: "— ".to_owned(), ..Run::default() }];
                all.extend(runs.iter().cloned());
                self.paragraph("Quote", "", &all);
            }
            Block::Item(depth, mark, runs) => {
                let indent = 360 * (depth + 1);
                let place = format!(
                    "<w:tabs><w:tab w:val=\"left\" w:pos=\"{indent}\"/></w:tabs>\
                     <w:ind w:left=\"{indent}\" w:hanging=\"{}\"/>",
                    if mark.is_empty() { 0 } else { 360 }
                );
                let mut all = Vec::with_capacity(runs.len() + 1);
                if !mark.is_empty() {
                    all.push(Run { text: format!("{mark}\t"), ..Run::default() });
                }
                all.extend(runs.iter().cloned());
                self.paragraph("ListParagraph", &place, &all);
            }
            Block::Table(rows) => self.table(rows),
        }
    }

    fn paragraph(&mut self, style: &str, place: &str, runs: &[Run]) {
        let _ = write!(self.xml, "<w:p><w:pPr><w:pStyle w:val=\"{style}\"/>{place}</w:pPr>");
        for run in runs {
            self.run(run);
        }
        self.xml.push_str("</w:p>");
    }

    fn run(&mut self, run: &Run) {
        if let Some(target) = &run.link {
            self.links.push(target.clone());
            let _ = write!(self.xml, "<w:hyperlink r:id=\"rId{}\">", self.links.len());
        }
        self.xml.push_str("<w:r><w:rPr>");
        if run.link.is_some() {
            self.xml.push_str("<w:rStyle w:val=\"Hyperlink\"/>");
        }
        for (is_on, mark) in [(run.bold, "<w:b/>"), (run.italic, "<w:i/>"), (run.struck, "<w:strike/>")] {
            if is_on {
                self.xml.push_str(mark);
            }
        }
        self.xml.push_str("</w:rPr>");
        for (i, line) in run.text.split('\n').enumerate() {
            if i > 0 {
                self.xml.push_str("<w:br/>");
            }
            for (i, piece) in line.split('\t').enumerate() {
                if i > 0 {
                    self.xml.push_str("<w:tab/>");
                }
                let _ = write!(self.xml, "<w:t xml:space=\"preserve\">{}</w:t>", escape(piece));
            }
        }
        self.xml.push_str("</w:r>");
        if run.link.is_some() {
            self.xml.push_str("</w:hyperlink>");
        }
    }

    fn table(&mut self, rows: &[Vec<Vec<Run>>]) {
        let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
        if columns == 0 {
            return;
        }
        self.xml.push_str("<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"0\" w:type=\"auto\"/></w:tblPr><w:tblGrid>");
        self.xml.push_str(&"<w:gridCol/>".repeat(columns));
        self.xml.push_str("</w:tblGrid>");
        for row in rows {
            self.xml.push_str("<w:tr>");
            for i in 0..columns {
                self.xml.push_str("<w:tc><w:tcPr/>");
                self.paragraph("Normal", "", row.get(i).map_or(&[], Vec::as_slice));
                self.xml.push_str("</w:tc>");
            }
            self.xml.push_str("</w:tr>");
        }
        self.xml.push_str("</w:tbl>");
        // Two tables in a row would become one.
        self.paragraph("Normal", "", &[]);
    }

    fn pack(self, title: &str, kit: &KitContents<'_>) -> Result<Vec<u8>, zip::result::ZipError> {
        let mut relations = String::new();
        for (i, target) in self.links.iter().enumerate() {
            let _ = write!(
                relations,
                "<Relationship Id=\"rId{}\" Type=\"{OFFICE}/hyperlink\" Target=\"{}\" TargetMode=\"External\"/>",
                i + 1,
                escape(target)
            );
        }
        let language = escape(kit.language);
        let created = kit.modified.strftime("%Y-%m-%dT%H:%M:%SZ");
        let files = [
            ("[Content_Types].xml", CONTENT_TYPES.to_owned()),
            ("_rels/.rels", PACKAGE_RELATIONS.to_owned()),
            (
                "word/document.xml",
                format!(
                    "{XML}<w:document xmlns:w=\"{WORD}\" xmlns:r=\"{OFFICE}\"><w:body>{}<w:sectPr>\
                     <w:pgSz w:w=\"11906\" w:h=\"16838\"/><w:pgMar w:top=\"1417\" w:right=\"1417\" \
                     w:bottom=\"1134\" w:left=\"1417\" w:header=\"708\" w:footer=\"708\" w:gutter=\"0\"/>\
                     </w:sectPr></w:body></w:document>",
                    self.xml
                ),
            ),
            ("word/styles.xml", STYLES.replace("{language}", &language)),
            (
                "word/_rels/document.xml.rels",
                format!(
                    "{XML}<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"styles\" \
                     Type=\"{OFFICE}/styles\" Target=\"styles.xml\"/>{relations}</Relationships>"
                ),
            ),
            (
                "docProps/core.xml",
                format!(
                    "{XML}<cp:coreProperties xmlns:cp=\"{PACKAGE}/metadata/core-properties\" \
                     xmlns:dc=\"http://purl.org/dc/elements/1.1/\" xmlns:dcterms=\"http://purl.org/dc/terms/\" \
                     xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>{}</dc:title>\
                     <dc:creator>{}</dc:creator><dc:language>{language}</dc:language>\
                     <dcterms:created xsi:type=\"dcterms:W3CDTF\">{created}</dcterms:created></cp:coreProperties>",
                    escape(title.trim()),
                    escape(kit.organisation)
                ),
            ),
        ];
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        // Without a time of its own each entry gets the first one that the format can say.
        let options = SimpleFileOptions::default()
            .compression_method(CompressionMethod::Deflated)
            .last_modified_time(zip::DateTime::default());
        for (name, text) in files {
            zip.start_file(name, options)?;
            zip.write_all(text.as_bytes())?;
        }
        Ok(zip.finish()?.into_inner())
    }
}

/// XML 1.0 has no place for control characters, whatever they are escaped as.
fn escape(text: &str) -> String {
    let allowed = text.chars().filter(|c| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}'));
    let mut out = String::with_capacity(text.len());
    for c in allowed {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
const WORD: &str = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
const OFFICE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";

const CONTENT_TYPES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">\
<Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>\
<Default Extension=\"xml\" ContentType=\"application/xml\"/>\
<Override PartName=\"/word/document.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>\
<Override PartName=\"/word/styles.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml\"/>\
<Override PartName=\"/docProps/core.xml\" ContentType=\"application/vnd.openxmlformats-package.core-properties+xml\"/>\
</Types>";

const PACKAGE_RELATIONS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
<Relationship Id=\"rId1\" Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\" Target=\"word/document.xml\"/>\
<Relationship Id=\"rId2\" Type=\"http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/>\
</Relationships>";

const STYLES: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n\
<w:styles xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\">\
<w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii=\"Calibri\" w:hAnsi=\"Calibri\" w:cs=\"Calibri\"/><w:sz w:val=\"22\"/><w:lang w:val=\"{language}\"/></w:rPr></w:rPrDefault>\
<w:pPrDefault><w:pPr><w:spacing w:after=\"160\" w:line=\"276\" w:lineRule=\"auto\"/></w:pPr></w:pPrDefault></w:docDefaults>\
<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Normal\"><w:name w:val=\"Normal\"/><w:qFormat/></w:style>\
<w:style w:type=\"paragraph\" w:styleId=\"Title\"><w:name w:val=\"Title\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:rPr><w:b/><w:sz w:val=\"40\"/></w:rPr></w:style>\
<w:style w:type=\"paragraph\" w:styleId=\"Subtitle\"><w:name w:val=\"Subtitle\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:rPr><w:b/><w:sz w:val=\"24\"/></w:rPr></w:style>\
<w:style w:type=\"paragraph\" w:styleId=\"Heading1\"><w:name w:val=\"heading 1\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:spacing w:before=\"240\"/><w:outlineLvl w:val=\"0\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"28\"/></w:rPr></w:style>\
<w:style w:type=\"paragraph\" w:styleId=\"Heading2\"><w:name w:val=\"heading 2\"/><w:basedOn w:val=\"Normal\"/><w:next w:val=\"Normal\"/><w:qFormat/><w:pPr><w:keepNext/><w:outlineLvl w:val=\"1\"/></w:pPr><w:rPr><w:b/><w:sz w:val=\"24\"/></w:rPr></w:style>\
<w:style w:type=\"paragraph\" w:styleId=\"ListParagraph\"><w:name w:val=\"List Paragraph\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr><w:contextualSpacing/></w:pPr></w:style>\
<w:style w:type=\"paragraph\" w:styleId=\"Quote\"><w:name w:val=\"Quote\"/><w:basedOn w:val=\"Normal\"/><w:qFormat/><w:pPr><w:ind w:left=\"567\"/></w:pPr><w:rPr><w:i/></w:rPr></w:style>\
<w:style w:type=\"character\" w:styleId=\"Hyperlink\"><w:name w:val=\"Hyperlink\"/><w:rPr><w:color w:val=\"0563C1\"/><w:u w:val=\"single\"/></w:rPr></w:style>\
<w:style w:type=\"table\" w:styleId=\"TableGrid\"><w:name w:val=\"Table Grid\"/><w:tblPr><w:tblBorders><w:top w:val=\"single\" w:sz=\"4\"/><w:left w:val=\"single\" w:sz=\"4\"/><w:bottom w:val=\"single\" w:sz=\"4\"/><w:right w:val=\"single\" w:sz=\"4\"/><w:insideH w:val=\"single\" w:sz=\"4\"/><w:insideV w:val=\"single\" w:sz=\"4\"/></w:tblBorders></w:tblPr></w:style>\
</w:styles>";

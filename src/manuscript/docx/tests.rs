//! Documents as different programs write them, put together here from their parts.

use std::io::{Cursor, Write as _};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::fuzz_tests::fuzz;
use crate::manuscript::{Draft, ManuscriptError, draft, excerpt, read_docx, read_picture};

const NAMESPACES: &str = "xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
     xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
     xmlns:mc=\"http://schemas.openxmlformats.org/markup-compatibility/2006\" \
     xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
     xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
     xmlns:wps=\"http://schemas.microsoft.com/office/word/2010/wordprocessingShape\" \
     xmlns:v=\"urn:schemas-microsoft-com:vml\"";
const TYPE: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";

/// A ZIP of these files.
fn zip_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// A document with this body, beside the other parts, whose kind is the start of their name.
fn docx(body: &str, parts: &[(&str, &str)], links: &str) -> Vec<u8> {
    let document = format!(
        "<?xml version=\"1.0\"?><w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>"
    );
    let main = format!(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">\
         <Relationship Id=\"rId1\" Type=\"{TYPE}/officeDocument\" Target=\"word/document.xml\"/></Relationships>"
    );
    let mut relations = String::from(
        "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">",
    );
    let mut files = Vec::new();
    for (at, (name, content)) in parts.iter().enumerate() {
        let kind = name.split('.').next().unwrap();
        relations.push_str(&format!("<Relationship Id=\"p{at}\" Type=\"{TYPE}/{kind}\" Target=\"{name}\"/>"));
        files.push((format!("word/{name}"), format!("<w:{kind} {NAMESPACES}>{content}</w:{kind}>")));
    }
    relations.push_str(links);
    relations.push_str("</Relationships>");
    let mut all: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", b"<Types/>"),
        ("_rels/.rels", main.as_bytes()),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", relations.as_bytes()),
        ("word/media/image1.png", b"\x89PNG\r\n\x1a\n"),
    ];
    all.extend(files.iter().map(|(name, content)| (name.as_str(), content.as_bytes())));
    zip_of(&all)
}

fn body(xml: &str) -> String {
    excerpt(&read_docx(&docx(xml, &[], "")).unwrap())
}

fn p(inner: &str) -> String {
    format!("<w:p>{inner}</w:p>")
}

fn r(text: &str) -> String {
    format!("<w:r><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

fn bold(text: &str) -> String {
    format!("<w:r><w:rPr><w:b/></w:rPr><w:t xml:space=\"preserve\">{text}</w:t></w:r>")
}

const STYLES: &str = "<w:style w:type=\"paragraph\" w:default=\"1\" w:styleId=\"Standard\"><w:name w:val=\"Normal\"/></w:style>\
    <w:style w:type=\"paragraph\" w:styleId=\"Titel\"><w:name w:val=\"Title\"/></w:style>\
    <w:style w:type=\"paragraph\" w:styleId=\"Untertitel\"><w:name w:val=\"Subtitle\"/></w:style>\
    <w:style w:type=\"paragraph\" w:styleId=\"berschrift2\"><w:name w:val=\"heading 2\"/></w:style>\
    <w:style w:type=\"paragraph\" w:styleId=\"Zwischen\"><w:name w:val=\"PM Zwischen\"/><w:basedOn w:val=\"berschrift2\"/></w:style>\
    <w:style w:type=\"paragraph\" w:styleId=\"Zitat\"><w:name w:val=\"Quote\"/><w:rPr><w:i/></w:rPr></w:style>\
    <w:style w:type=\"character\" w:styleId=\"Fett\"><w:name w:val=\"Strong\"/><w:rPr><w:b/></w:rPr></w:style>";

const NUMBERING: &str = "<w:abstractNum w:abstractNumId=\"0\"><w:lvl w:ilvl=\"0\"><w:numFmt w:val=\"bullet\"/></w:lvl>\
    <w:lvl w:ilvl=\"1\"><w:numFmt w:val=\"bullet\"/></w:lvl></w:abstractNum>\
    <w:abstractNum w:abstractNumId=\"1\"><w:lvl w:ilvl=\"0\"><w:start w:val=\"1\"/><w:numFmt w:val=\"decimal\"/></w:lvl>\
    <w:lvl w:ilvl=\"1\"><w:start w:val=\"1\"/><w:numFmt w:val=\"lowerLetter\"/></w:lvl></w:abstractNum>\
    <w:num w:numId=\"1\"><w:abstractNumId w:val=\"0\"/></w:num>\
    <w:num w:numId=\"2\"><w:abstractNumId w:val=\"1\"/></w:num>\
    <w:num w:numId=\"3\"><w:abstractNumId w:val=\"1\"/><w:lvlOverride w:ilvl=\"0\"><w:startOverride w:val=\"1\"/></w:lvlOverride></w:num>";

fn styled(style: &str, inner: &str) -> String {
    p(&format!("<w:pPr><w:pStyle w:val=\"{style}\"/></w:pPr>{inner}"))
}

fn item(list: u8, level: u8, text: &str) -> String {
    p(&format!(
        "<w:pPr><w:numPr><w:ilvl w:val=\"{level}\"/><w:numId w:val=\"{list}\"/></w:numPr></w:pPr>{}",
        r(text)
    ))
}

#[test]
fn a_whole_release_is_taken_apart() {
    let text = [
        p(&r("PRESSEMITTEILUNG")),
        p(&r("Sperrfrist: 3. Dezember 2026, 10 Uhr")),
        styled("Titel", &r("Die Messe öffnet")),
        styled("Untertitel", &r("Mehr Gäste als je zuvor")),
        item(1, 0, "Drei Tage"),
        item(1, 0, "Vier Hallen"),
        p(&(bold("Musterstadt, 3. Dezember 2026 – ")
            + &r("Am Mittwoch beginnt die Messe mit vielen Gästen."))),
        styled("Zwischen", &r("Was es gibt")),
        p(&r("Vieles gibt es zu sehen, und manches zu hören.")),
        styled("Zitat", &r("„Wir freuen uns sehr.“")),
        p(&r("— Ada Muster, Vorständin")),
        styled("Zwischen", &r("Über die Messe")),
        p(&r("Die Messe gibt es seit 1901.")),
        p(&bold("Pressekontakt")),
        p(&r("Bo Beispiel</w:t><w:br/><w:t>Pressesprecher</w:t><w:br/><w:t>Tel. 030 1234567")),
        p("<w:hyperlink r:id=\"mail\"><w:r><w:t>Nachricht senden</w:t></w:r></w:hyperlink>"),
        p(&r("– Ende –")),
    ];
    let links = format!(
        "<Relationship Id=\"mail\" Type=\"{TYPE}/hyperlink\" TargetMode=\"External\" Target=\"mailto:bo@messe.example\"/>"
    );
    let bytes = docx(&text.concat(), &[("styles.xml", STYLES), ("numbering.xml", NUMBERING)], &links);
    let found: Draft = draft(&read_docx(&bytes).unwrap());
    assert_eq!(found.headline, "Die Messe öffnet");
    assert_eq!(found.sub_headlines, ["Mehr Gäste als je zuvor", "Drei Tage", "Vier Hallen"]);
    assert_eq!(
        (found.dateline_place.as_str(), found.dateline_date.unwrap().to_string().as_str()),
        ("Musterstadt", "2026-12-03")
    );
    assert_eq!(
        found.body,
        "Am Mittwoch beginnt die Messe mit vielen Gästen.\n\n## Was es gibt\n\nVieles gibt es zu sehen, und manches zu \
         hören.\n\n> „Wir freuen uns sehr.“\n>\n> — Ada Muster, Vorständin"
    );
    assert_eq!(found.boilerplate, "## Über die Messe\n\nDie Messe gibt es seit 1901.");
    let [contact] = found.contacts.as_slice() else { panic!("{:?}", found.contacts) };
    assert_eq!(
        (contact.name.as_str(), contact.function.as_str(), contact.phone.as_str(), contact.email.as_str()),
        ("Bo Beispiel", "Pressesprecher", "030 1234567", "bo@messe.example")
    );
    let remarks = format!("{:?}", found.remarks);
    assert!(remarks.contains("2026-12-03T10:00:00") && !remarks.contains("LeftOut"), "{remarks}");
}

#[test]
fn changes_are_accepted_and_remarks_dropped() {
    let text = body(
        &[
            p(&format!(
                "{}<w:ins w:id=\"1\"><w:r><w:t>neu</w:t></w:r></w:ins><w:del w:id=\"2\"><w:r><w:delText>alt</w:delText>\
                 </w:r></w:del><w:moveFrom><w:r><w:t>weg</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t> hier</w:t></w:r></w:moveTo>\
                 <w:commentRangeStart w:id=\"0\"/><w:r><w:commentReference w:id=\"0\"/></w:r>",
                r("Ganz ")
            )),
            p(&format!("<w:pPr><w:rPr><w:del w:id=\"3\"/></w:rPr></w:pPr>{}", r("Ein Absatz, "))),
            p(&r("der weitergeht.")),
            p("<w:r><w:rPr><w:vanish/></w:rPr><w:t>geheim</w:t></w:r>"),
        ]
        .concat(),
    );
    assert_eq!(text, "Ganz neu hier\n\nEin Absatz, der weitergeht.");
}

#[test]
fn letters_that_only_lay_out_are_no_text() {
    let text = body(&[
        p("<w:r><w:t>Trenn\u{ad}strich, Binde</w:t><w:noBreakHyphen/><w:t>Strich, weich</w:t><w:softHyphen/><w:t>er, 10\u{a0}Uhr</w:t>\
           <w:tab/><w:t>und  zwei   Räume</w:t><w:br w:type=\"page\"/><w:t>.</w:t></w:r>"),
        p("<w:r><w:sym w:font=\"Wingdings\" w:char=\"F0E0\"/><w:t xml:space=\"preserve\"> mehr, CO</w:t></w:r>\
           <w:r><w:rPr><w:vertAlign w:val=\"subscript\"/></w:rPr><w:t>2</w:t></w:r>"),
        p("<w:r><w:t>Zeile</w:t><w:br/><w:t>noch eine</w:t></w:r>"),
    ].concat());
    assert_eq!(
        text,
        "Trennstrich, Binde-Strich, weicher, 10\u{a0}Uhr und zwei Räume.\n\n→ mehr, CO₂\n\nZeile\\\nnoch eine"
    );
}

#[test]
fn links_come_from_relations_and_from_fields() {
    let links = format!(
        "<Relationship Id=\"a\" Type=\"{TYPE}/hyperlink\" TargetMode=\"External\" Target=\"https://a.example/x_(y)\"/>\
         <Relationship Id=\"f\" Type=\"{TYPE}/hyperlink\" TargetMode=\"External\" Target=\"file:///C:/x.docx\"/>"
    );
    let text = [
        p(
            "<w:hyperlink r:id=\"a\"><w:r><w:rPr><w:rStyle w:val=\"Hyperlink\"/></w:rPr><w:t>A</w:t></w:r></w:hyperlink> \
           <w:hyperlink r:id=\"f\"><w:r><w:t>B</w:t></w:r></w:hyperlink><w:hyperlink w:anchor=\"m\"><w:r><w:t>C</w:t></w:r></w:hyperlink>",
        ),
        p(
            "<w:r><w:fldChar w:fldCharType=\"begin\"/></w:r><w:r><w:instrText> HYPERLINK \"https://b.</w:instrText></w:r>\
           <w:r><w:instrText>example\" \\o \"Tipp\" </w:instrText></w:r><w:r><w:fldChar w:fldCharType=\"separate\"/></w:r>\
           <w:r><w:t>Feld</w:t></w:r><w:r><w:fldChar w:fldCharType=\"end\"/></w:r><w:r><w:t>, danach</w:t></w:r>",
        ),
        p(
            "<w:fldSimple w:instr=\"PAGE\"><w:r><w:t>7</w:t></w:r></w:fldSimple><w:fldSimple w:instr=\"HYPERLINK www.c.example\">\
           <w:r><w:t>www.c.example</w:t></w:r></w:fldSimple>",
        ),
    ];
    let found = excerpt(&read_docx(&docx(&text.concat(), &[], &links)).unwrap());
    assert_eq!(
        found,
        "[A](https://a.example/x_%28y%29)BC\n\n[Feld](https://b.example), danach\n\nwww.c.example"
    );
}

#[test]
fn lists_keep_their_levels_and_numbers() {
    let text = [
        item(2, 0, "eins"),
        item(2, 0, "zwei"),
        item(2, 1, "zwei a"),
        item(1, 1, "Punkt"),
        item(2, 0, "drei"),
        p(&r("Dazwischen.")),
        item(2, 0, "vier"),
        p(&r("Neue Liste.")),
        item(3, 0, "wieder eins"),
        item(0, 0, "keine Liste"),
    ];
    let found = excerpt(&read_docx(&docx(&text.concat(), &[("numbering.xml", NUMBERING)], "")).unwrap());
    assert_eq!(
        found,
        "1. eins\n2. zwei\n   1. zwei a\n   - Punkt\n3. drei\n\nDazwischen.\n\n4. vier\n\nNeue Liste.\n\n1. wieder eins\n\nkeine Liste"
    );
}

#[test]
fn notes_become_numbers_with_their_texts_at_the_end() {
    let notes = "<w:footnote w:type=\"separator\" w:id=\"-1\"><w:p/></w:footnote><w:footnote w:id=\"2\"><w:p><w:r><w:footnoteRef/>\
                 </w:r><w:r><w:t xml:space=\"preserve\"> Quelle: eigene Zählung.</w:t></w:r></w:p></w:footnote>";
    let text =
        p(&format!("{}<w:r><w:footnoteReference w:id=\"2\"/></w:r>{}", r("Viele Gäste"), r(" kamen.")));
    let found = excerpt(&read_docx(&docx(&text, &[("footnotes.xml", notes)], "")).unwrap());
    assert_eq!(found, "Viele Gäste [1] kamen.\n\n[1] Quelle: eigene Zählung.");
}

#[test]
fn text_boxes_come_once_and_pictures_are_offered() {
    let picture = "<w:drawing><wp:inline><wp:docPr id=\"1\" name=\"x\" descr=\"Ein Baum\"/><a:graphic><a:blip r:embed=\"pic\"/></a:graphic></wp:inline></w:drawing>";
    let inner = "<w:txbxContent><w:p><w:r><w:t>Im Kasten</w:t></w:r></w:p></w:txbxContent>";
    let text = p(&format!(
        "{}<w:r><mc:AlternateContent><mc:Choice Requires=\"wps\"><w:drawing><wps:txbx>{inner}</wps:txbx></w:drawing></mc:Choice>\
         <mc:Fallback><w:pict><v:textbox>{inner}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r>{picture}</w:r>",
        r("Davor")
    ));
    let links = format!("<Relationship Id=\"pic\" Type=\"{TYPE}/image\" Target=\"media/image1.png\"/>");
    let bytes = docx(&text, &[], &links);
    let manuscript = read_docx(&bytes).unwrap();
    assert_eq!(excerpt(&manuscript), "Davor\n\nIm Kasten");
    let [picture] = manuscript.pictures.as_slice() else { panic!("{:?}", manuscript.pictures) };
    assert_eq!((picture.file_name.as_str(), picture.alt_text.as_str()), ("image1.png", "Ein Baum"));
    assert!(read_picture(&bytes, picture).unwrap().starts_with(b"\x89PNG"));
}

#[test]
fn tables_have_a_heading_and_merged_cells_speak_in_each_row() {
    let cell =
        |properties: &str, text: &str| format!("<w:tc><w:tcPr>{properties}</w:tcPr>{}</w:tc>", p(&r(text)));
    let row = |cells: &[String]| format!("<w:tr>{}</w:tr>", cells.concat());
    let text = format!(
        "<w:tbl>{}{}{}<w:tr><w:trPr><w:del w:id=\"1\"/></w:trPr>{}</w:tr></w:tbl>",
        row(&[cell("", "Jahr"), cell("", "A|B"), cell("", "")]),
        row(&[cell("<w:vMerge w:val=\"restart\"/>", "2026"), cell("<w:gridSpan w:val=\"2\"/>", "eins")]),
        row(&[cell("<w:vMerge/>", ""), cell("", "zwei"), cell("", "drei")]),
        cell("", "gelöscht")
    );
    assert_eq!(
        body(&text),
        "| Jahr | A\\|B |  |\n| --- | --- | --- |\n| 2026 | eins |  |\n| 2026 | zwei | drei |"
    );
    // One cell is no table but a frame.
    assert_eq!(body(&format!("<w:tbl>{}</w:tbl>", row(&[cell("", "Gerahmt")]))), "Gerahmt");
}

#[test]
fn files_of_other_kinds_are_named() {
    let odt = zip_of(&[("mimetype", b"application/vnd.oasis.opendocument.text"), ("content.xml", b"<x/>")]);
    let encrypted: Vec<u8> = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]
        .into_iter()
        .chain("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    for (bytes, expected) in [
        (odt, ManuscriptError::OtherKind(".odt")),
        (encrypted.clone(), ManuscriptError::Encrypted),
        (encrypted[..8].to_vec(), ManuscriptError::OtherKind(".doc")),
        (b"{\\rtf1}".to_vec(), ManuscriptError::OtherKind(".rtf")),
        (b"%PDF-1.7".to_vec(), ManuscriptError::OtherKind(".pdf")),
        (b"\xFFWPC\x10".to_vec(), ManuscriptError::OtherKind(".wpd")),
        (b"<!DOCTYPE html><html><body>Text</body></html>".to_vec(), ManuscriptError::OtherKind(".html")),
        (b"<?xml version=\"1.0\"?><office:document>".to_vec(), ManuscriptError::OtherKind(".fodt")),
        (b"<?xml version=\"1.0\"?><w:wordDocument>".to_vec(), ManuscriptError::OtherKind(".xml")),
        (zip_of(&[("Index/Document.iwa", b"x")]), ManuscriptError::OtherKind(".pages")),
        (zip_of(&[("xl/workbook.xml", b"<x/>")]), ManuscriptError::OtherKind(".xlsx")),
        (b"Nur Text".to_vec(), ManuscriptError::NotADocument),
        (b"PK\x03\x04kaputt".to_vec(), ManuscriptError::Damaged),
        (docx("", &[], ""), ManuscriptError::Empty),
        (docx(&p("<w:r><w:t>offen"), &[], ""), ManuscriptError::Damaged),
    ] {
        assert_eq!(read_docx(&bytes), Err(expected));
    }
}

#[test]
fn a_file_cannot_grow_without_bounds() {
    let deep = format!("{}{}", "<w:tbl><w:tr><w:tc>".repeat(200), "</w:tc></w:tr></w:tbl>".repeat(200));
    assert_eq!(read_docx(&docx(&deep, &[], "")), Err(ManuscriptError::TooLarge));
    let tables = "<w:tbl><w:tr><w:tc>".repeat(38);
    let just_deep = format!("{tables}{}{}", p(&r("Innen")), "</w:tc></w:tr></w:tbl>".repeat(38));
    assert_eq!(excerpt(&read_docx(&docx(&just_deep, &[], "")).unwrap()), "Innen");
    let wide = "<w:p/>".repeat(500_000);
    assert_eq!(read_docx(&docx(&wide, &[], "")), Err(ManuscriptError::TooLarge));
    let bomb = " ".repeat(30 << 20);
    assert_eq!(read_docx(&docx(&bomb, &[], "")), Err(ManuscriptError::TooLarge));
    let long = p(&r(&"Wort ".repeat(1000))).repeat(600);
    assert!(read_docx(&docx(&long, &[], "")).unwrap().is_cut);
    let entity = zip_of(&[(
        "word/document.xml",
        format!("<!DOCTYPE d [<!ENTITY x SYSTEM \"file:///etc/passwd\"><!ENTITY y \"a\">]><w:document {NAMESPACES}><w:body>\
                 <w:p><w:r><w:t>vor&x;&y;&amp;nach</w:t></w:r></w:p></w:body></w:document>").as_bytes(),
    )]);
    assert_eq!(excerpt(&read_docx(&entity).unwrap()), "vor&nach");
}

#[test]
fn any_bytes_are_a_document_or_none() {
    let text = [
        styled("Titel", &r("Titel")),
        item(2, 1, "eins"),
        p(&bold("Fett")),
        p(&r("Ort, 3. Dezember 2026 – Text")),
        format!(
            "<w:tbl><w:tr><w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr><w:tr><w:tc/></w:tr></w:tbl>",
            p(&r("a|b")),
            p("")
        ),
    ]
    .concat();
    let parts = [("styles.xml", STYLES), ("numbering.xml", NUMBERING)];
    let words: [&[u8]; 4] = [b"PK\x01\x02", b"PK\x05\x06", b"../", b"\xff\xff\xff\xff"];
    fuzz("docx", 150, &[docx(&text, &parts, "")], &words, |bytes| {
        let _ = read_docx(bytes).map(|manuscript| draft(&manuscript));
    });
    let words: [&[u8]; 7] = [
        b"<w:tbl>",
        b"</w:p>",
        b"<w:p>",
        b"&#x110000;",
        b"w:val=\"-1\"",
        b"<w:fldChar w:fldCharType=\"begin\"/>",
        b"\n\n",
    ];
    fuzz("docx-xml", 250, &[text.into_bytes()], &words, |bytes| {
        let document = docx(&String::from_utf8_lossy(bytes), &parts, "");
        let _ = read_docx(&document).map(|manuscript| draft(&manuscript));
    });
}

#[test]
fn tables_in_notes_are_read() {
    let note = "<w:footnote w:id=\"1\"><w:p><w:r><w:t>Quelle:</w:t></w:r></w:p><w:tbl><w:tr><w:tc><w:p><w:r><w:t>Statistikamt</w:t></w:r></w:p></w:tc></w:tr></w:tbl></w:footnote>";
    let main = p(&format!("{}<w:r><w:footnoteReference w:id=\"1\"/></w:r>", r("Die Preise steigen.")));
    let read = read_docx(&docx(&main, &[("footnotes.xml", note)], "")).unwrap();
    assert!(excerpt(&read).contains("Quelle: Statistikamt"), "{}", excerpt(&read));
}

#[test]
fn one_endless_paragraph_is_cut_and_not_lost() {
    let endless = format!("Anfang {}", "Wort ".repeat(200_000));
    let read = read_docx(&docx(&p(&r(&endless)), &[], "")).unwrap();
    assert!(read.is_cut);
    assert!(excerpt(&read).starts_with("Anfang Wort Wort"));
    // What is done for a line must not grow with its paragraph.
    let lines = p(&"<w:r><w:t>Zeile</w:t><w:br/></w:r>".repeat(40_000));
    let found = draft(&read_docx(&docx(&lines, &[], "")).unwrap());
    assert_eq!(found.body.matches("Zeile").count(), 40_000);
}

/// A release on few paragraphs with line breaks, as it comes from mail programs and by hand.
#[test]
fn line_breaks_stand_for_paragraphs() {
    let br = "<w:r><w:br/></w:r>";
    let italic = |text: &str| format!("<w:r><w:rPr><w:i/></w:rPr><w:t>{text}</w:t></w:r>");
    let body = [
        p(&format!("{}<w:r><w:tab/></w:r>{}", r("COMUNICATO STAMPA"), r("Bologna, 18 novembre 2026"))),
        p(&[
            bold("Bologna apre la prima biblioteca senza libri di carta"),
            br.into(),
            italic("Quarantamila titoli digitali"),
            br.into(),
            italic("Sessanta postazioni"),
        ]
        .concat()),
        p(&[
            r("Il Comune inaugura oggi la biblioteca digitale. Sono previsti:"),
            br.into(),
            r("• letture per bambini"),
            br.into(),
            r("• corsi serali"),
            br.into(),
            br.into(),
            bold("Orari di apertura"),
            br.into(),
            r("La biblioteca è aperta tutti i giorni dalle 9 alle 22."),
        ]
        .concat()),
        p(&bold("Contatti per la stampa")),
        p(&[
            r("Giulia Rinaldi"),
            br.into(),
            r("Ufficio stampa"),
            br.into(),
            r("Comune di Bologna"),
            br.into(),
            r("Tel. 051 219 4664"),
        ]
        .concat()),
    ]
    .concat();
    let found: Draft = draft(&read_docx(&docx(&body, &[], "")).unwrap());
    assert_eq!(found.headline, "Bologna apre la prima biblioteca senza libri di carta");
    assert_eq!(found.sub_headlines, ["Quarantamila titoli digitali", "Sessanta postazioni"]);
    assert_eq!(found.dateline_place, "Bologna");
    assert_eq!(found.dateline_date.map(|date| date.to_string()), Some("2026-11-18".into()));
    assert!(found.body.contains("\n\n- letture per bambini\n- corsi serali\n\n"), "{}", found.body);
    assert!(
        found
            .body
            .ends_with("## Orari di apertura\n\nLa biblioteca è aperta tutti i giorni dalle 9 alle 22."),
        "{}",
        found.body
    );
    let contact = &found.contacts[0];
    assert_eq!(found.contacts.len(), 1);
    assert_eq!(
        (contact.name.as_str(), contact.function.as_str(), contact.organisation.as_str()),
        ("Giulia Rinaldi", "Ufficio stampa", "Comune di Bologna")
    );
}

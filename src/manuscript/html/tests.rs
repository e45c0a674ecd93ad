//! Clipboards of the programs that press officers use, in words of our own.

use crate::fuzz_tests::fuzz;
use crate::manuscript::{draft, excerpt, read_html};

const WORD: &str = "<html xmlns:o=\"urn:schemas-microsoft-com:office:office\"><head><meta name=Generator content=\"Microsoft Word 15\">\
<!--[if gte mso 9]><xml><w:WordDocument/></xml><![endif]--><style><!--
 /* Style Definitions */
 p.MsoNormal, li.MsoNormal {mso-style-parent:\"\"; margin:0cm; font-size:11.0pt;}
 p.PMTitel, li.PMTitel {mso-style-name:\"PM Titel\"; mso-style-parent:\"Titel\"; font-size:20.0pt;}
 @list l0:level1 {mso-level-number-format:bullet; mso-level-text:\\F0B7;}
 @list l0:level2 {mso-level-number-format:bullet;}
 @list l1:level1 {mso-level-tab-stop:none;}
--></style></head><body lang=DE style='tab-interval:35.4pt'><!--StartFragment-->
<p class=MsoNormal style='mso-element:header'>Kopfzeile</p>
<p class=MsoNormal>PRESSEMITTEILUNG<o:p></o:p></p>
<p class=PMTitel>Die Messe<span style='mso-spacerun:yes'>  </span>öffnet<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt \"Times New Roman\"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>Drei
Tage<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp; </span></span>Vier Hallen<o:p></o:p></p>
<p class=MsoNormal><b>Musterstadt, 3.&nbsp;Dezember 2026 –</b> Am Mittwoch <del cite=\"mailto:x\" datetime=\"2026\">endet</del><ins
cite=\"mailto:x\" datetime=\"2026\">beginnt</ins> die <b style='mso-bidi-font-weight:normal'>Messe</b><a style='mso-footnote-id:ftn1'
href=\"#_ftn1\" name=\"_ftnref1\" title=\"\"><span class=MsoFootnoteReference><span style='mso-special-character:footnote'><![if !supportFootnotes]><span
class=MsoFootnoteReference>[1]</span><![endif]></span></span></a>.<a style='mso-comment-reference:A_1'></a><span
class=MsoCommentReference><span style='mso-special-character:comment'>&nbsp;<a class=msocomanchor id=\"_anchor_1\" href=\"#_msocom_1\"
name=\"_msoanchor_1\">[A1]</a></span></span><o:p></o:p></p>
<h2>Was es gibt<o:p></o:p></h2>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span><span style='mso-list:Ignore'>1.<span>&nbsp;&nbsp; </span></span></span><![endif]>Erstens</p>
<p class=MsoListParagraph style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp; </span></span>darunter</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><![if !supportLists]><span><span style='mso-list:Ignore'>2.<span>&nbsp;&nbsp; </span></span></span><![endif]>Zweitens</p>
<p class=MsoIntenseQuote>„Wir freuen uns.“</p><p class=MsoNormal>– Ada Muster, Vorständin</p>
<table class=MsoTableGrid border=1><tr><td style='border:solid'><p class=MsoNormal><b>Tag</b></p></td><td><p class=MsoNormal><b>Gäste</b></p></td></tr>
<tr><td><p class=MsoNormal>Mittwoch</p></td><td><p class=MsoNormal align=right style='text-align:right'>1.200</p></td></tr></table>
<p class=MsoNormal><b>Pressekontakt<o:p></o:p></b></p><p class=MsoNormal>Bo Beispiel, Tel. 030 1234567, <a href=\"mailto:bo@messe.example\">bo@messe.example</a></p>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr align=left size=1 width=\"33%\"><![endif]>
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href=\"#_ftnref1\" name=\"_ftn1\"><span
class=MsoFootnoteReference>[1]</span></a> Eigene Zählung</p></div></div>
<div style='mso-element:comment-list'><div style='mso-element:comment'><div id=\"_com_1\"><a name=\"_msocom_1\"></a><p class=MsoCommentText>Stimmt das?</p></div></div></div>
<!--EndFragment--></body></html>";

#[test]
fn the_clipboard_of_word_becomes_a_release() {
    let found = draft(&read_html(WORD));
    assert_eq!(found.headline, "Die Messe öffnet");
    assert_eq!(found.sub_headlines, ["Drei Tage", "Vier Hallen"]);
    assert_eq!(
        (found.dateline_place.as_str(), found.dateline_date.unwrap().to_string().as_str()),
        ("Musterstadt", "2026-12-03")
    );
    assert_eq!(
        found.body,
        "Am Mittwoch beginnt die **Messe** [1].\n\n## Was es gibt\n\n1. Erstens\n   - darunter\n2. Zweitens\n\n\
         > „Wir freuen uns.“\n>\n> — Ada Muster, Vorständin\n\n| Tag | Gäste |\n| --- | ---: |\n| **Mittwoch** | 1.200 |\n\n\
         [1] Eigene Zählung".replace("**Mittwoch**", "Mittwoch")
    );
    let [contact] = found.contacts.as_slice() else { panic!("{:?}", found.contacts) };
    assert_eq!((contact.name.as_str(), contact.email.as_str()), ("Bo Beispiel", "bo@messe.example"));
}

#[test]
fn google_docs_wraps_all_in_a_bold_that_is_none() {
    let html = "<meta charset='utf-8'><b style=\"font-weight:normal;\" id=\"docs-internal-guid-1a2b\">\
        <h1 dir=\"ltr\"><span style=\"font-size:20pt;font-weight:400;white-space:pre-wrap;\">Die Messe öffnet</span></h1>\
        <p dir=\"ltr\"><span style=\"font-weight:700;white-space:pre-wrap;\">Musterstadt, 3. Dezember 2026 – </span>\
        <span style=\"font-weight:400;white-space:pre-wrap;\">Am Mittwoch </span><span style=\"font-style:italic;white-space:pre-wrap;\">beginnt</span>\
        <span style=\"white-space:pre-wrap;\"> die </span><a href=\"https://www.google.com/url?q=https://messe.example/a%3Fb%3D1&amp;sa=D\"><span>Messe</span></a>\
        <span style=\"white-space:pre-wrap;\">.</span></p><br />\
        <ul><li dir=\"ltr\" style=\"list-style-type:disc;\" aria-level=\"1\"><p dir=\"ltr\" role=\"presentation\"><span>eins</span></p></li>\
        <ul><li dir=\"ltr\" aria-level=\"2\"><p dir=\"ltr\" role=\"presentation\"><span>darin</span></p></li></ul>\
        <li dir=\"ltr\" aria-level=\"1\"><p dir=\"ltr\"><span>zwei</span></p></li></ul>\
        <ol><li><p><span>erstens</span></p></li><li><p><span>zweitens</span></p></li></ol>\
        <p><span style=\"text-decoration:line-through\">weg</span> <span style=\"vertical-align:super;font-size:0.6em\">2</span></p></b>\
        <br class=\"Apple-interchange-newline\">";
    let found = draft(&read_html(html));
    assert_eq!(found.headline, "Die Messe öffnet");
    assert_eq!(found.dateline_place, "Musterstadt");
    assert_eq!(
        found.body,
        "Am Mittwoch *beginnt* die [Messe](https://messe.example/a?b=1).\n\n- eins\n  - darin\n- zwei\n\n1. erstens\n2. zweitens\n\n~~weg~~ ²"
    );
}

#[test]
fn libreoffice_mail_and_pages_are_read_too() {
    for (html, expected) in [
        (
            "<html><body lang=\"de-DE\"><p style=\"margin-bottom: 0cm\"><font face=\"Liberation Serif\"><font size=\"3\">Ein\nSatz\
             <sup><a class=\"sdfootnoteanc\" name=\"sdfootnote1anc\" href=\"#sdfootnote1sym\"><sup>1</sup></a></sup></font></font></p>\
             <ol start=\"3\"><li><p>drei</p></li></ol><div id=\"sdfootnote1\"><p class=\"sdfootnote\"><a class=\"sdfootnotesym\" \
             name=\"sdfootnote1sym\" href=\"#sdfootnote1anc\">1</a>Quelle</p></div></body></html>",
            "Ein Satz [1]\n\n3. drei\n\n[1] Quelle",
        ),
        (
            "<div dir=\"ltr\">Erste Zeile<div><br></div><div>Zweite <a href=\"https://eur01.safelinks.protection.outlook.com/?url=\
             https%3A%2F%2Fmesse.example%2F&amp;data=x\">Zeile</a></div></div>",
            "Erste Zeile\n\nZweite [Zeile](https://messe.example/)",
        ),
        (
            "<div class=\"OutlineElement\"><p class=\"Paragraph\" role=\"heading\" aria-level=\"2\"><span class=\"TextRun\">Titel</span></p></div>\
             <div class=\"ListContainerWrapper\"><ul role=\"list\"><li data-aria-level=\"1\"><p class=\"Paragraph\"><span>a</span></p></li></ul></div>\
             <div class=\"ListContainerWrapper\"><ul role=\"list\"><li data-aria-level=\"2\"><p class=\"Paragraph\"><span>b</span></p></li></ul></div>",
            "## Titel\n\n- a\n  - b",
        ),
        (
            "<nav>Menü</nav><article><h1>Kopf</h1><p>Text<br><br>Neuer Absatz<script>x()</script></p><blockquote><p>Gesagt</p>\
             <footer>— Ada Muster</footer></blockquote><img src=\"data:image/png;base64,AAAA\" onerror=\"x()\"><p style=\"display:none\">weg</p>\
             <p>[x](javascript:alert(1)) &lt;b&gt; <a href=\"javascript:x()\">kein Ziel</a></p></article>",
            "## Kopf\n\nText\n\nNeuer Absatz\n\n> Gesagt\n>\n> — Ada Muster\n\n[x\\](javascript:alert(1)) \\<b> kein Ziel",
        ),
        (
            "<p class=MsoListParagraph style='text-indent:-18.0pt'>·<span style='font:7.0pt'>&nbsp;&nbsp;&nbsp; </span>nur ein Zeichen</p>\
             <p>• auch so</p><p>1) eins</p><p>2) zwei</p><p>28. Oktober bleibt</p>",
            "- nur ein Zeichen\n- auch so\n\n1. eins\n2. zwei\n\n28\\. Oktober bleibt",
        ),
        (
            "<table><tr><th colspan=2>A</th></tr><tr><td rowspan=2>x</td><td>1</td></tr><tr><td>2</td></tr></table>",
            "| A |  |\n| --- | --- |\n| x | 1 |\n| x | 2 |",
        ),
        ("nur Text", ""),
    ] {
        assert_eq!(excerpt(&read_html(html)), expected, "{html}");
    }
}

#[test]
fn a_page_cannot_grow_without_bounds() {
    let deep = "<div><b>".repeat(50_000) + "Text";
    assert_eq!(excerpt(&read_html(&deep)), "**Text**");
    let attributes = format!("<p>vorher</p><p {}>", "a=1 ".repeat(100_000));
    let manuscript = read_html(&attributes);
    assert!(manuscript.is_cut);
    assert_eq!(excerpt(&manuscript), "vorher");
    let formats: String = (0..20_000).map(|n| format!("<b id={n}>x<p>")).collect();
    assert!(!excerpt(&read_html(&formats)).is_empty());
    let began = std::time::Instant::now();
    for page in [
        "<table><tr><td>".repeat(4_000),
        format!(
            "<table>{}</table>",
            "<tr><td colspan=64 rowspan=500>x</td><td colspan=64 rowspan=500>y</td></tr>".repeat(2_000)
        ),
        format!("<p>{}</p>", "<b>a</b>b<br>".repeat(8_000)),
        format!("<pre>{}</pre>", " ".repeat(800_000)),
        "<p>Über den Verein</p><h2>Eine Zeile mit vielen Worten</h2>".repeat(4_000),
        format!("<div id=_msocom_1>{}</div>", "<a href='#_msocom_1'>[a]</a>".repeat(8_000)),
        format!("<p>{}</p>", "<span style='font-size:1pt'>a</span>".repeat(8_000)),
        "[](".repeat(50_000) + "<p>x",
        format!("<p>{}</p>", "*_`~[".repeat(8_000)),
    ] {
        let manuscript = read_html(&page);
        let _ = (draft(&manuscript), excerpt(&manuscript));
    }
    assert!(began.elapsed().as_secs() < 60, "{:?}", began.elapsed());
}

#[test]
fn any_text_is_a_page_and_leaves_no_markup() {
    let words: [&[u8]; 8] = [
        b"<table>",
        b"<td>",
        b"</p>",
        b"<li>",
        b"<![if !supportLists]>",
        b"mso-list:l0 level9",
        b"<a href=\"#_ftn1\">1</a>",
        b"<",
    ];
    fuzz("clipboard", 300, &[WORD.as_bytes().to_vec()], &words, |bytes| {
        let manuscript = read_html(&String::from_utf8_lossy(bytes));
        let _ = (draft(&manuscript), excerpt(&manuscript));
    });
}

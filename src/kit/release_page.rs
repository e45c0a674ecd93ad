//! The release of a kit as text and as a page that needs nothing but the kit's own photos.

use std::fmt::Write as _;

use super::labels::Labels;
use super::press_kit::{KitContents, PlacedAsset, ReleaseText};
use crate::domain::asset::MEDIA_TYPES;
use crate::domain::contact::Contact;
use crate::domain::dateline::dateline;
use crate::feed::absolute_html;
use crate::text::{markdown, plain};

/// The release for pasting: headline, points, dateline and body, boilerplate, contacts, address.
pub fn as_text(release: &ReleaseText<'_>, kit: &KitContents<'_>, labels: &Labels) -> String {
    let mut blocks = vec![plain::clean(release.headline.trim())];
    let points: Vec<String> =
        release.sub_headlines.iter().map(|point| format!("– {}", plain::clean(point.trim()))).collect();
    blocks.push(points.join("\n"));
    let body = plain::with_base(release.body, kit.base);
    let dateline = dateline(release.dateline_place, release.dateline_date, kit.language);
    blocks.push(if dateline.is_empty() { body } else { format!("{} – {body}", plain::clean(&dateline)) });
    blocks.push(plain::clean(release.boilerplate_title.trim()));
    blocks.push(plain::with_base(release.boilerplate, kit.base));
    for (i, contact) in kit.contacts.iter().enumerate() {
        let heading = if i == 0 { format!("{}\n\n", labels.contact) } else { String::new() };
        blocks.push(format!("{heading}{}", contact_lines(contact, kit, labels).join("\n")));
    }
    if !kit.page_url.is_empty() {
        blocks.push(plain::clean(&labels.lang.labelled(labels.online, kit.page_url)));
    }
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

pub(super) fn contact_lines(contact: &Contact, kit: &KitContents<'_>, labels: &Labels) -> Vec<String> {
    let mut lines = vec![
        contact.name.clone(),
        contact.role.get(kit.language, kit.default_language).to_owned(),
        contact.organisation.clone(),
    ];
    let lang = labels.lang;
    let numbers = contact.phones.iter();
    lines.extend(numbers.map(|phone| lang.labelled(&lang.phone_kind(&phone.kind), &phone.number)));
    if !contact.email.is_empty() {
        lines.push(lang.labelled(labels.email, &contact.email));
    }
    lines.retain(|line| !line.trim().is_empty());
    lines.iter().map(|line| plain::clean(line.trim())).collect()
}

/// The release as one HTML file that shows the photos next to it in the kit.
pub fn as_html(
    release: &ReleaseText<'_>,
    kit: &KitContents<'_>,
    files: &[PlacedAsset<'_>],
    labels: &Labels,
) -> String {
    let mut out = String::new();
    let headline = escape(release.headline.trim());
    let _ = write!(
        out,
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<title>{headline}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n<h1>{headline}</h1>\n",
        escape(kit.language)
    );
    if !release.sub_headlines.is_empty() {
        out.push_str("<ul>\n");
        for point in release.sub_headlines {
            let _ = writeln!(out, "<li>{}</li>", escape(point));
        }
        out.push_str("</ul>\n");
    }
    let dateline = dateline(release.dateline_place, release.dateline_date, kit.language);
    if !dateline.is_empty() {
        let _ = writeln!(out, "<p class=\"dateline\">{}</p>", escape(&dateline));
    }
    out.push_str(&absolute_html(kit.base, &markdown::to_html(release.body)));
    if !release.boilerplate.trim().is_empty() {
        if !release.boilerplate_title.is_empty() {
            let _ = writeln!(out, "<h2>{}</h2>", escape(release.boilerplate_title));
        }
        out.push_str(&absolute_html(kit.base, &markdown::to_html(release.boilerplate)));
    }
    if !kit.contacts.is_empty() {
        let _ = writeln!(out, "<h2>{}</h2>", labels.contact);
        for contact in &kit.contacts {
            let lines: Vec<String> = contact_lines(contact, kit, labels).iter().map(|l| escape(l)).collect();
            let _ = writeln!(out, "<p>{}</p>", lines.join("<br>"));
        }
    }
    for file in files {
        figure(&mut out, file, labels);
    }
    if !kit.page_url.is_empty() {
        let url = escape(kit.page_url);
        let link = labels.lang.labelled(labels.online, &format!("<a href=\"{url}\">{url}</a>"));
        let _ = writeln!(out, "<p>{link}</p>");
    }
    out.push_str("</body>\n</html>\n");
    out
}

fn figure(out: &mut String, file: &PlacedAsset<'_>, labels: &Labels) {
    let d = &file.asset.description;
    let path = escape(&file.path);
    out.push_str("<figure>\n");
    if shown_by_browsers(&file.path) {
        let alt = escape(&d.alt_text);
        let _ = writeln!(out, "<a href=\"{path}\"><img src=\"{path}\" alt=\"{alt}\" loading=\"lazy\"></a>");
    }
    let _ = write!(out, "<figcaption>{}", escape(d.caption.trim()));
    if !d.credit.is_empty() {
        let credit = labels.lang.credit_after(labels.credit, &d.credit);
        let _ = write!(out, " <span>{}</span>", escape(&credit));
    }
    let _ = write!(out, " <a href=\"{path}\">{path}</a></figcaption>\n</figure>\n");
}

fn shown_by_browsers(path: &str) -> bool {
    let extension = path.rsplit('.').next().unwrap_or_default();
    MEDIA_TYPES.iter().any(|(media_type, e, _)| {
        *e == extension && matches!(*media_type, "image/jpeg" | "image/png" | "image/webp" | "image/gif")
    })
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

const STYLE: &str = "body{font:1.0625rem/1.6 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;\
color:#1a1a1a;background:#fff}h1,h2,h3{line-height:1.25}figure{margin:2rem 0}img{max-width:100%;height:auto}\
figcaption{font-size:.9375rem;color:#444}figure.quote{border-left:3px solid #888;padding-left:1rem}\
figure.quote blockquote{margin:0}table{border-collapse:collapse}td,th{padding:.25rem .75rem;border:1px solid #888}\
.dateline{font-weight:600}";

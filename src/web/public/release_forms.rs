//! A release in the forms that desks take over: plain text, word processor, HTML, Markdown, ninjs.

use crate::domain::dateline::dateline;
use crate::feed::ninjs;
use crate::i18n::Lang;
use crate::kit::press_kit;
use crate::web::page::{Page, Policy};
use crate::web::url;

use super::release_facts::ReleaseFacts;

/// Suffix of the address and name of each form.
pub const FORMS: [(&str, &str); 5] =
    [("txt", "Text"), ("docx", "Word"), ("html", "HTML"), ("md", "Markdown"), ("json", "JSON (ninjs)")];
/// The media type of a document of a word processor.
pub const WORD: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";

/// `extension` is one of [`FORMS`]; anything else gives `None`.
pub fn page(facts: &ReleaseFacts<'_>, extension: &str, policy: Policy) -> Option<Page> {
    let site = facts.site;
    let page_url = site.absolute(&url::release(&site.newsroom, facts.release));
    let page = match extension {
        "txt" => {
            let text = press_kit::release_as_text(&facts.as_kit(&page_url));
            Page::new("text/plain; charset=utf-8", text, policy)
        }
        "docx" => {
            let document = press_kit::release_as_docx(&facts.as_kit(&page_url))?;
            Page::new(WORD, document, policy).download_as(format!("{}.docx", facts.release.slug))
        }
        "html" => {
            let text = press_kit::release_as_html(&facts.as_kit(&page_url));
            let page = Page::new("text/html; charset=utf-8", text, policy);
            // The page itself is at the address without a suffix; this one is a file to be kept.
            page.download_as(format!("{}.html", facts.release.slug))
        }
        "md" => Page::new("text/markdown; charset=utf-8", as_markdown(facts, &page_url), policy),
        "json" => {
            let value = ninjs::release(&facts.public(), site.state.base(), site.now);
            Page::new(ninjs::MEDIA_TYPE, serde_json::to_vec_pretty(&value).unwrap_or_default(), policy)
        }
        _ => return None,
    };
    Some(page.language(&facts.release.language).last_modified(facts.release.updated_at))
}

/// The release as its author wrote it, with what stands around the body.
fn as_markdown(facts: &ReleaseFacts<'_>, page_url: &str) -> String {
    let release = facts.release;
    let mut blocks = vec![format!("# {}", release.headline)];
    blocks.push(release.sub_headlines.iter().map(|line| format!("- {line}")).collect::<Vec<_>>().join("\n"));
    let place_and_date = dateline(&release.dateline_place, release.dateline_date, &release.language);
    if !place_and_date.is_empty() {
        blocks.push(format!("**{place_and_date}**"));
    }
    blocks.push(facts.texts.body.trim().to_owned());
    if !facts.texts.boilerplate_title.is_empty() {
        blocks.push(format!("## {}", facts.texts.boilerplate_title));
    }
    blocks.push(facts.texts.boilerplate.trim().to_owned());
    for contact in &facts.contacts {
        let mut lines = vec![format!("**{}**", contact.name)];
        lines.push(contact.role.get(&release.language, &facts.site.newsroom.default_language).to_owned());
        let lang = Lang::for_tag(&release.language);
        let numbers = contact.phones.iter();
        lines.extend(numbers.map(|phone| lang.labelled(&lang.phone_kind(&phone.kind), &phone.number)));
        lines.push(contact.email.clone());
        lines.retain(|line| !line.is_empty());
        // Two spaces at the end of a line keep the line break.
        blocks.push(lines.join("  \n"));
    }
    blocks.push(format!("<{page_url}>"));
    blocks.retain(|block| !block.is_empty());
    blocks.join("\n\n") + "\n"
}

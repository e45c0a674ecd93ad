//! Files in Office Open XML (ISO/IEC 29500), as Word, LibreOffice, Google Docs, pandoc and libraries write them.

mod body;
mod numbering;
mod package;
pub mod styles;
pub mod symbols;
mod tables;
#[cfg(test)]
mod tests;
mod xml;

use std::collections::HashMap;

use super::{Manuscript, ManuscriptError, Picture};
use body::Walker;
use numbering::Numbering;
use package::Package;
use styles::Styles;
use xml::Node;

/// More pictures than this are not offered.
const MAX_PICTURES: usize = 40;

pub fn read(bytes: &[u8]) -> Result<Manuscript, ManuscriptError> {
    let mut package = Package::open(bytes)?;
    let main = package.main_part()?;
    let document = package.xml(&main)?.ok_or(ManuscriptError::NotADocument)?;
    let body = document.child("w:body").ok_or(ManuscriptError::NotADocument)?;
    let relations = package.relations(&main);
    let part = |kind: &str| {
        relations
            .values()
            .find(|r| r.kind == kind && !r.is_external)
            .map(|r| r.target.clone())
            .unwrap_or_default()
    };
    let styles = package.optional_xml(&part("styles"));
    let styles = Styles::read(styles.as_ref());
    let numbering = package.optional_xml(&part("numbering"));
    let numbering = Numbering::read(numbering.as_ref());
    let comments = package.optional_xml(&part("comments"));
    let comments = comments.map_or(0, |root| root.all("w:comment").count());
    let footnotes = package.optional_xml(&part("footnotes"));
    let footnote_relations = package.relations(&part("footnotes"));
    let endnotes = package.optional_xml(&part("endnotes"));
    let endnote_relations = package.relations(&part("endnotes"));

    let mut walker = Walker::new(&styles, numbering, &relations);
    walker.notes.add("w:footnoteReference", footnotes.as_ref().map(notes), &footnote_relations);
    walker.notes.add("w:endnoteReference", endnotes.as_ref().map(notes), &endnote_relations);
    walker.blocks(&body.children);
    let embedded: Vec<String> = walker.embedded.clone();
    let (mut manuscript, wanted) = walker.finish();
    manuscript.comments = comments;
    // Programs that convert from HTML put it into the file as it is and leave the work to Word.
    for id in embedded {
        let Some(relation) = relations.get(&id).filter(|relation| !relation.is_external) else { continue };
        if let Ok(bytes) = package.bytes(&relation.target, 8 << 20) {
            manuscript.blocks.extend(super::html::read(&super::html::mail::page(&bytes)).blocks);
        }
    }
    manuscript.pictures = wanted
        .into_iter()
        .filter(|(path, _)| package.has(path))
        .take(MAX_PICTURES)
        .map(|(part, alt_text)| {
            let file_name = part.rsplit('/').next().unwrap_or_default().to_owned();
            Picture { file_name, alt_text, part }
        })
        .collect();
    Ok(manuscript)
}

/// The bytes of a picture by its path.
pub fn picture(bytes: &[u8], part: &str) -> Result<Vec<u8>, ManuscriptError> {
    Package::open(bytes)?.picture(part)
}

/// Notes by their id; the lines between text and notes are notes too in the format, and left out.
fn notes(root: &Node) -> HashMap<&str, &Node> {
    root.children
        .iter()
        .filter(|note| matches!(note.attribute("type"), None | Some("normal")))
        .filter_map(|note| Some((note.attribute("id")?, note)))
        .collect()
}

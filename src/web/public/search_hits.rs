//! Hits of the index as rows of the search page. The index says what matched; what is shown comes from the
//! records, and of those only what the public may see at this moment.

use std::collections::HashMap;
use std::fmt::Write;

use crate::domain::album::Album;
use crate::domain::contact::Contact;
use crate::domain::event::Event;
use crate::domain::release::Release;
use crate::domain::visibility::Exposure;
use crate::domain::{Id, Kind};
use crate::search::{Highlighted, Hit};
use crate::store::Record;
use crate::store::record::find_all;
use crate::web::view::Picture;
use crate::web::view::search::HitView;
use crate::web::{Error, url};

use super::cards::picture;
use super::site::Site;

pub async fn hits(site: &Site, hits: &[Hit]) -> Result<Vec<HitView>, Error> {
    let releases: HashMap<Id, Release> = found(site, hits).await?;
    let contacts: HashMap<Id, Contact> = found(site, hits).await?;
    let albums: HashMap<Id, Album> = found(site, hits).await?;
    let events: HashMap<Id, Event> = found(site, hits).await?;
    let mut ids: Vec<Id> = hits.iter().filter(|hit| hit.kind == Kind::Asset).map(|hit| hit.id).collect();
    ids.extend(releases.values().filter_map(|release| release.assets.first()));
    ids.extend(contacts.values().filter_map(|contact| contact.portrait));
    ids.extend(albums.values().filter_map(|album| album.assets.first()));
    let assets = site.assets(&ids).await?;
    let picture_of = |id: Option<&Id>| id.and_then(|id| assets.get(id)).and_then(picture);
    let rows = hits.iter().filter_map(|hit| {
        let row = Row { site, hit };
        match hit.kind {
            Kind::Release => {
                let release = releases.get(&hit.id).filter(|release| site.is_open(&release.exposure()))?;
                let address = url::release(&site.newsroom, release);
                let mut view =
                    row.view(site.lang.t("kind-release"), address, picture_of(release.assets.first()));
                view.language.clone_from(&release.language);
                if let Some(day) = site.day_of(release) {
                    (view.date, view.date_iso) = (site.lang.date(day), day.to_string());
                }
                Some(view)
            }
            Kind::Asset => {
                let asset = assets.get(&hit.id)?;
                Some(row.view(site.lang.t("kind-photo"), site.urls.photo(&asset.slug), picture(asset)))
            }
            Kind::Contact => {
                let contact = contacts.get(&hit.id)?;
                let address = site.urls.contact(&contact.slug);
                Some(row.view(site.lang.t("kind-contact"), address, picture_of(contact.portrait.as_ref())))
            }
            Kind::Album => {
                let album = albums.get(&hit.id).filter(|album| is_open(site, album.public_from()))?;
                let address = site.urls.album(&album.slug);
                Some(row.view(site.lang.t("kind-album"), address, picture_of(album.assets.first())))
            }
            Kind::Event => {
                let event = events.get(&hit.id).filter(|event| is_open(site, event.public_from()))?;
                let address = format!("{}#{}", site.urls.events(), event.slug);
                let mut view = row.view(site.lang.t("kind-event"), address, None);
                let day = event.starts_at.local.date();
                (view.date, view.date_iso) = (site.lang.date(day), day.to_string());
                Some(view)
            }
            Kind::Topic | Kind::Newsroom => None,
        }
    });
    Ok(rows.collect())
}

async fn found<R: Record>(site: &Site, hits: &[Hit]) -> Result<HashMap<Id, R>, Error> {
    let ids: Vec<Id> = hits.iter().filter(|hit| hit.kind == R::KIND).map(|hit| hit.id).collect();
    let records: Vec<R> = find_all(&site.state.ctx.db, &ids).await?;
    Ok(records.into_iter().map(|record| (record.id(), record)).collect())
}

fn is_open(site: &Site, public_from: Option<crate::domain::Timestamp>) -> bool {
    site.is_open(&Exposure { public_from, ..Exposure::default() })
}

struct Row<'a> {
    site: &'a Site,
    hit: &'a Hit,
}

impl Row<'_> {
    fn view(&self, kind: String, url: String, picture: Option<Picture>) -> HitView {
        HitView {
            kind,
            title_html: marked(&self.hit.title),
            url,
            language: self.site.code.clone(),
            snippet_html: marked(&self.hit.snippet),
            date: String::new(),
            date_iso: String::new(),
            picture,
        }
    }
}

/// Escaped text with `<mark>` around what matched.
fn marked(text: &Highlighted) -> String {
    let mut out = String::with_capacity(text.text.len() + 16 * text.marks.len());
    let mut at = 0;
    for mark in &text.marks {
        let (Some(before), Some(inside)) = (text.text.get(at..mark.start), text.text.get(mark.clone()))
        else {
            continue;
        };
        // Writing to a String cannot fail.
        let _ = write!(out, "{}<mark>{}</mark>", escape(before), escape(inside));
        at = mark.end;
    }
    out.push_str(&escape(text.text.get(at..).unwrap_or_default()));
    out
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_matched_is_marked_and_everything_is_escaped() {
        let text = Highlighted { text: "<b>Messe</b> & mehr Messe".to_owned(), marks: vec![3..8, 20..25] };
        assert_eq!(marked(&text), "&lt;b&gt;<mark>Messe</mark>&lt;/b&gt; &amp; mehr <mark>Messe</mark>");
    }
}

//! Addresses that the server leads on from: earlier slugs, and the paths that releases had before they came here.
//! A web server that only has files cannot do so, and gives a small page that does.

use std::collections::BTreeSet;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::domain::newsroom::Newsroom;
use crate::domain::{Kind, slug};
use crate::newsroom::Context;
use crate::store::record;
use crate::web::url::Urls;

/// What a path can hold when it is read, but not when it travels. What travels already stays: `%` is not in it.
const UNREADY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');
/// Longer names many file systems do not take.
const NAME_BYTES: usize = 200;

/// The addresses that may lead to another; the server says which do.
pub async fn old_addresses(ctx: &Context, newsroom: &Newsroom) -> anyhow::Result<Vec<String>> {
    let mut addresses = Vec::new();
    for kind in [Kind::Release, Kind::Asset, Kind::Contact, Kind::Album, Kind::Event] {
        let owners = record::slugs(&ctx.db, kind).await?;
        for old in owners.into_iter().filter(|owner| !owner.is_current).map(|owner| owner.slug) {
            if kind == Kind::Release {
                addresses.extend(from_elsewhere(&old));
            }
            if !slug::is_slug(&old) {
                continue;
            }
            for language in &newsroom.languages {
                let urls = Urls::new(newsroom, language);
                addresses.push(match kind {
                    Kind::Release => format!("{}/{old}", urls.releases()),
                    Kind::Asset => urls.photo(&old),
                    Kind::Contact => urls.contact(&old),
                    Kind::Album => urls.album(&old),
                    _ => urls.event(&old),
                });
            }
        }
    }
    Ok(addresses)
}

/// An imported path as an address of this site, if a file can stand at it.
fn from_elsewhere(path: &str) -> Option<String> {
    let address = format!("/{}", utf8_percent_encode(path.trim_start_matches('/'), UNREADY));
    file_for(&address).map(|_| address)
}

/// The file for an address that leads on. An ending that a web server would not call a page becomes a folder.
pub fn file_for(address: &str) -> Option<String> {
    let path = percent_decode_str(address.trim_matches('/')).decode_utf8().ok()?;
    let is_name = |name: &str| {
        !matches!(name, "" | "." | "..")
            && name.len() <= NAME_BYTES
            && !name.starts_with(".pressroom-site")
            && !name.contains(|c: char| c.is_control() || matches!(c, '?' | '#' | '\\'))
    };
    if !path.split('/').all(is_name) {
        return None;
    }
    let is_page = [".html", ".htm"].iter().any(|ending| path.ends_with(ending));
    Some(if is_page { path.into_owned() } else { format!("{path}/index.html") })
}

/// Whether a file can lie beside the others: none of them is where it needs a folder, nor the other way round.
pub fn has_room(file: &str, others: &BTreeSet<String>) -> bool {
    let below = format!("{file}/");
    !others.contains(file)
        && !others.range(below.clone()..).next().is_some_and(|other| other.starts_with(&below))
        && !file.match_indices('/').any(|(at, _)| others.contains(&file[..at]))
}

/// A page that leads on at once; `to` is a path from the root.
pub fn page(base: &str, to: &str) -> String {
    let to = to.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;");
    format!(
        "<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>{to}</title>\n<link rel=\"canonical\" href=\"{base}{to}\">\n\
         <meta http-equiv=\"refresh\" content=\"0; url={to}\">\n<p><a href=\"{to}\">{base}{to}</a></p>\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_path_has_a_file_that_a_web_server_gives_as_a_page() {
        let file = |path: &str| from_elsewhere(path).and_then(|address| file_for(&address));
        assert_eq!(file("/presse/2019/alt.html").as_deref(), Some("presse/2019/alt.html"));
        assert_eq!(file("presse/alt/").as_deref(), Some("presse/alt/index.html"));
        assert_eq!(file("/presse.php").as_deref(), Some("presse.php/index.html"));
        assert_eq!(file("/grüße aus 2019").as_deref(), Some("grüße aus 2019/index.html"));
        assert_eq!(file("/gr%C3%BC%C3%9Fe").as_deref(), Some("grüße/index.html"));
        for nowhere in ["/a/../b", "/a/%2e%2e/b", "/", "/a//b", "/a?id=5", "/a%00", "/.pressroom-site.json"] {
            assert_eq!(file(nowhere), None, "{nowhere}");
        }
    }

    #[test]
    fn a_file_that_is_there_is_not_in_the_way() {
        let others: BTreeSet<String> = ["feed.atom", "a/b/index.html"].map(ToOwned::to_owned).into();
        assert!(has_room("a/c.html", &others));
        assert!(!has_room("feed.atom", &others));
        assert!(!has_room("feed.atom/index.html", &others));
        assert!(!has_room("a/b", &others));
    }
}

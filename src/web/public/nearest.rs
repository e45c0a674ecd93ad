//! The releases nearest to another or to some words, by the engine that answers searches: for the end of a release, and for
//! an address that leads nowhere.

use crate::domain::release::Release;
use crate::domain::{Id, Kind};
use crate::search::{Answer, Query};
use crate::store::record::find_all;
use crate::web::Error;
use crate::web::found::{Found, resolve};

use super::search::ask_index;
use super::site::Site;

/// More words tell nothing more.
const MAX_WORDS: usize = 24;
/// What is worth less than this part of the best hit has little in common with it.
const WORTH: f32 = 0.2;

/// At most `limit` releases in the language of the page that are about the same as another, the nearest first, as far as they
/// are open to the public now. None where the index fails: no page is worth less without them.
pub async fn related(site: &Site, id: Id, limit: usize) -> Vec<Release> {
    let (index, language, now) = (site.state.index.clone(), site.code.clone(), site.now);
    let asked = tokio::task::spawn_blocking(move || index.related(id, &language, now, limit)).await;
    let found = async {
        let ids = asked.map_err(|error| Error::Internal(error.into()))??;
        let mut releases: Vec<Release> = find_all(&site.state.ctx.db, &ids).await?;
        releases.retain(|release| site.is_open(&release.exposure()));
        Ok::<_, Error>(releases)
    };
    found.await.unwrap_or_else(told)
}

fn told(error: Error) -> Vec<Release> {
    tracing::error!(%error, "What is near could not be found");
    Vec::new()
}

/// At most `limit` releases in the language of the page that are open to the public now, the nearest first; with words
/// that nobody has used also those with similar ones. None where the index fails: no page is worth less without them.
pub async fn releases(site: &Site, words: &str, limit: usize) -> Vec<Release> {
    look(site, words, limit).await.unwrap_or_else(told)
}

async fn look(site: &Site, words: &str, limit: usize) -> Result<Vec<Release>, Error> {
    let words = plain(words);
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut answer = ask(site, words, limit).await?;
    if answer.hits.is_empty()
        && let Some(better) = answer.correction.take()
    {
        answer = ask(site, better, limit).await?;
    }
    let best = answer.hits.first().map_or(0.0, |hit| hit.score);
    answer.hits.retain(|hit| hit.score >= best * WORTH);
    let found = resolve(site, &answer.hits).await?;
    Ok(found
        .into_iter()
        .filter_map(|(_, found)| match found {
            Found::Release(release) => Some(*release),
            Found::Photo(_) | Found::Contact(_) | Found::Album(_) | Found::Event(_) => None,
        })
        .collect())
}

async fn ask(site: &Site, text: String, limit: usize) -> Result<Answer, Error> {
    let query = Query {
        text,
        kinds: vec![Kind::Release],
        language: Some(site.code.clone()),
        reader_language: site.code.clone(),
        limit,
        ..Query::everything(site.now)
    };
    ask_index(site, query).await
}

/// Nothing of it is meant as a phrase, an exclusion or a field.
fn plain(words: &str) -> String {
    let words = words.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.take(MAX_WORDS).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn nothing_is_an_instruction() {
        assert_eq!(
            plain("KI: „Was jetzt gilt“ -- -Netz topic:wasser"),
            "KI Was jetzt gilt Netz topic wasser"
        );
        assert_eq!(plain("--- :"), "");
    }
}

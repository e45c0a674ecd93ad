//! Addresses that stand bare in a text become links: `https://…`, `www.…` and e-mail.

use pulldown_cmark::{Event, LinkType, Tag, TagEnd};

use crate::domain::contact::plausible_email;

/// Appends a run of text with its addresses as links. The caller keeps texts inside links and code away.
pub(super) fn push<'a>(text: &str, out: &mut Vec<Event<'a>>) {
    let mut done = 0;
    for (start, token) in tokens(text) {
        let Some(target) = target(token) else { continue };
        push_text(text.get(done..start), out);
        out.push(Event::Start(Tag::Link {
            link_type: LinkType::Inline,
            dest_url: target.into(),
            title: "".into(),
            id: "".into(),
        }));
        push_text(Some(token), out);
        out.push(Event::End(TagEnd::Link));
        done = start + token.len();
    }
    push_text(text.get(done..), out);
}

fn push_text(text: Option<&str>, out: &mut Vec<Event<'_>>) {
    if let Some(text) = text.filter(|text| !text.is_empty()) {
        out.push(Event::Text(text.to_owned().into()));
    }
}

/// Words with their position, without the punctuation around them.
fn tokens(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(char::is_whitespace).map(move |word| {
        let start = text.get(at..).and_then(|rest| rest.find(word)).map_or(at, |found| at + found);
        at = start + word.len();
        let inner = word.trim_start_matches(['(', '[', '<', '„', '“', '"', '‚', '‘', '\'', '»', '«']);
        (start + word.len() - inner.len(), without_closing(inner))
    })
}

/// A closing parenthesis stays when the word itself opened it: `https://x.example/Halle_(Saale)`.
fn without_closing(mut word: &str) -> &str {
    while let Some(last) = word.chars().next_back() {
        let closes = match last {
            '.' | ',' | ';' | ':' | '!' | '?' | ']' | '>' | '“' | '”' | '"' | '‘' | '’' | '\'' | '»'
            | '«' => true,
            ')' => word.matches(')').count() > word.matches('(').count(),
            _ => false,
        };
        if !closes {
            break;
        }
        word = word.strip_suffix(last).unwrap_or_default();
    }
    word
}

fn target(word: &str) -> Option<String> {
    let url = if word.starts_with("https://") || word.starts_with("http://") {
        word.to_owned()
    } else if word.starts_with("www.") {
        format!("https://{word}")
    } else {
        let (_, domain) = word.rsplit_once('@')?;
        return (plausible_email(word) && domain.contains('.')).then(|| format!("mailto:{word}"));
    };
    let host = url::Url::parse(&url).ok()?.host_str()?.to_owned();
    host.trim_start_matches("www.").contains('.').then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn targets(text: &str) -> Vec<String> {
        let mut events = Vec::new();
        push(text, &mut events);
        let shown: String =
            events.iter().filter_map(|e| if let Event::Text(t) = e { Some(&**t) } else { None }).collect();
        assert_eq!(shown, text, "nothing is lost");
        events
            .into_iter()
            .filter_map(|e| {
                if let Event::Start(Tag::Link { dest_url, .. }) = e {
                    Some(dest_url.to_string())
                } else {
                    None
                }
            })
            .collect()
    }

    #[test]
    fn addresses_are_found_without_their_punctuation() {
        assert_eq!(targets("Mehr (siehe https://x.example/a_b?c=1&d)."), ["https://x.example/a_b?c=1&d"]);
        assert_eq!(
            targets("unter www.x.example, www.x.example und"),
            ["https://www.x.example", "https://www.x.example"]
        );
        assert_eq!(targets("an „presse@x.example“!"), ["mailto:presse@x.example"]);
        assert_eq!(targets("https://x.example/Halle_(Saale)"), ["https://x.example/Halle_(Saale)"]);
    }

    #[test]
    fn what_only_looks_like_one_stays_text() {
        for text in
            ["www. und http://", "a@b", "@person", "https://", "javascript://x.example", "3.5 e.V. z.B.", ""]
        {
            assert!(targets(text).is_empty(), "{text}");
        }
    }
}

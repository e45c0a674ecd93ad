//! Quotes: a block quote that ends with a line naming its speaker, `— Speaker, function`.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{markdown, plain};

/// Something somebody said, ready to be copied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Plain text, as written, quotation marks included.
    pub text: String,
    /// As written after the dash: usually name and function.
    pub speaker: String,
}

impl Quote {
    /// The speaker's name: what stands before the first comma.
    pub fn name(&self) -> &str {
        self.speaker.split_once(',').map_or(self.speaker.as_str(), |(name, _)| name).trim()
    }

    /// What stands after the first comma, or nothing.
    pub fn function(&self) -> &str {
        self.speaker.split_once(',').map_or("", |(_, function)| function).trim()
    }
}

/// The quotes of a text in order. The first one has the anchor `q1` in [`markdown::to_html`], and so on.
pub fn quotes(markdown: &str) -> Vec<Quote> {
    let mut quotes = Vec::new();
    for block in blocks(Parser::new_ext(markdown, markdown::OPTIONS)) {
        if let Block::Quote { said, speaker: Some(speaker) } = block {
            let text = plain::of_events(said.into_iter(), plain::Links::Hidden);
            let speaker = plain::of_events(speaker.into_iter(), plain::Links::Hidden);
            quotes.push(Quote { text, speaker });
        }
    }
    quotes
}

/// A stretch of a document as far as quotes are concerned.
pub(super) enum Block<'a> {
    Other(Event<'a>),
    /// The events inside a block quote, its own tags left out, and those of the line that names the speaker.
    Quote {
        said: Vec<Event<'a>>,
        speaker: Option<Vec<Event<'a>>>,
    },
}

/// Cuts an event stream into outermost block quotes and everything else.
pub(super) fn blocks<'a>(events: impl Iterator<Item = Event<'a>>) -> impl Iterator<Item = Block<'a>> {
    let mut events = events;
    std::iter::from_fn(move || {
        let event = events.next()?;
        if !matches!(event, Event::Start(Tag::BlockQuote(_))) {
            return Some(Block::Other(event));
        }
        let mut inside = Vec::new();
        let mut depth = 1;
        for event in events.by_ref() {
            match event {
                Event::Start(Tag::BlockQuote(_)) => depth += 1,
                Event::End(TagEnd::BlockQuote(_)) => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                break;
            }
            inside.push(event);
        }
        let (said, speaker) = split_speaker(inside);
        Some(Block::Quote { said, speaker })
    })
}

/// Takes the last line of the last paragraph off when it begins with a dash.
fn split_speaker(mut events: Vec<Event<'_>>) -> (Vec<Event<'_>>, Option<Vec<Event<'_>>>) {
    if !matches!(events.last(), Some(Event::End(TagEnd::Paragraph))) {
        return (events, None);
    }
    let before_line = events.iter().rposition(|event| {
        matches!(event, Event::SoftBreak | Event::HardBreak | Event::Start(Tag::Paragraph))
    });
    let Some(before_line) = before_line else { return (events, None) };
    let name = match events.get(before_line + 1) {
        Some(Event::Text(text)) => without_dash(text),
        _ => None,
    };
    let Some(name) = name else { return (events, None) };
    let mut speaker = events.split_off(before_line + 1);
    speaker.pop();
    if let Some(first) = speaker.first_mut() {
        *first = Event::Text(name.into());
    }
    // What stays: the paragraph without its last line, or no paragraph when the line was all of it.
    match events.pop() {
        Some(Event::Start(Tag::Paragraph)) | None => {}
        Some(_) => events.push(Event::End(TagEnd::Paragraph)),
    }
    // A dash and a name alone are no quote.
    if events.is_empty() {
        let mut paragraph = vec![Event::Start(Tag::Paragraph)];
        paragraph.append(&mut speaker);
        paragraph.push(Event::End(TagEnd::Paragraph));
        return (paragraph, None);
    }
    (events, Some(speaker))
}

fn without_dash(text: &str) -> Option<String> {
    let rest = ["—", "–", "--", "―"].iter().find_map(|dash| text.strip_prefix(dash))?;
    rest.starts_with([' ', '\u{a0}', '\u{202f}']).then(|| rest.trim_start().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_speaker_may_stand_in_a_paragraph_or_a_line_of_its_own() {
        let text = "Vorher.\n\n> „Eins.“\n> Noch ein Satz.\n>\n> — Dr. Ada Muster, Vorständin, Messe\n\n\
            > „Zwei“\n> — **Bo** Beispiel\n\n> Kein Zitat – nur eingerückt.\n";
        let found = quotes(text);
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].text, "„Eins.“ Noch ein Satz.");
        assert_eq!(found[0].speaker, "Dr. Ada Muster, Vorständin, Messe");
        assert_eq!(found[0].name(), "Dr. Ada Muster");
        assert_eq!(found[0].function(), "Vorständin, Messe");
        assert_eq!((found[1].text.as_str(), found[1].speaker.as_str()), ("„Zwei“", "Bo Beispiel"));
    }

    #[test]
    fn a_dash_alone_makes_no_quote() {
        assert!(quotes("> — Jemand\n").is_empty());
        assert!(quotes("> —ohne Abstand\n> mehr\n").is_empty());
        assert!(quotes("> - Punkt\n").is_empty());
    }
}

//! The beginning of a text, cut where a reader would pause.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::{markdown, photos, plain};

/// The beginning of a body's sentences, without headings and tables, as one line of at most `max_chars`
/// characters. It ends with a sentence when one ends in the last two fifths, otherwise with a word and "…".
pub fn excerpt(markdown: &str, max_chars: usize) -> String {
    // Pictures in markup go too: their captions are no sentences, and a photo may be closed.
    let text = photos::none(markdown);
    let sentences = plain::of_events(sentences(&text), plain::Links::Hidden);
    cut(&one_line(&sentences), max_chars)
}

/// What of a body can be read on in one line: list items become paragraphs, headings, tables, code and the words that
/// stand for pictures go.
fn sentences(markdown: &str) -> impl Iterator<Item = Event<'_>> {
    let mut skipped = 0;
    Parser::new_ext(markdown, markdown::OPTIONS).filter_map(move |event| {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Table(_) | Tag::CodeBlock(_) | Tag::Image { .. }) => {
                skipped += 1;
            }
            Event::End(TagEnd::Heading(_) | TagEnd::Table | TagEnd::CodeBlock | TagEnd::Image) => {
                skipped -= 1;
                return None;
            }
            _ => {}
        }
        match event {
            _ if skipped > 0 => None,
            Event::Start(Tag::List(_)) | Event::End(TagEnd::List(_)) => None,
            Event::Start(Tag::Item) => Some(Event::Start(Tag::Paragraph)),
            Event::End(TagEnd::Item) => Some(Event::End(TagEnd::Paragraph)),
            event => Some(event),
        }
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Cuts one line of plain text.
pub fn cut(line: &str, max_chars: usize) -> String {
    let Some((limit, _)) = line.char_indices().nth(max_chars) else { return line.to_owned() };
    let head = line.get(..limit).unwrap_or_default();
    let earliest = line.char_indices().nth(max_chars * 3 / 5).map_or(0, |(at, _)| at);
    if let Some(end) = last_sentence_end(line, limit).filter(|end| *end >= earliest) {
        return head.get(..end).unwrap_or(head).to_owned();
    }
    // One character is needed for the ellipsis; scripts without spaces are cut anywhere.
    let room = head.char_indices().next_back().map_or(0, |(at, _)| at);
    let room_head = head.get(..room).unwrap_or_default();
    let end = room_head.rfind(' ').filter(|end| *end >= earliest).unwrap_or(room);
    let words = room_head.get(..end).unwrap_or_default().trim_end_matches([' ', ',', ';', ':', '–', '-']);
    format!("{words}…")
}

/// Where the last sentence that fits ends, in bytes.
fn last_sentence_end(line: &str, limit: usize) -> Option<usize> {
    let mut last = None;
    let mut previous_word = 0;
    let mut chars = line.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if at >= limit {
            break;
        }
        let ends = match c {
            '!' | '?' | '。' | '！' | '？' => true,
            // "26. Oktober", "Dr. Muster" and "Mio. Euro" are no ends: a real last word is longer.
            '.' => previous_word >= 5,
            _ => false,
        };
        previous_word = if c.is_alphabetic() { previous_word + 1 } else { 0 };
        if !ends {
            continue;
        }
        let mut end = at + c.len_utf8();
        while let Some((_, mark)) =
            chars.next_if(|(_, c)| matches!(c, '“' | '”' | '«' | '"' | '’' | ')' | '」'))
        {
            end += mark.len_utf8();
        }
        let pause = chars.peek().is_none_or(|(_, next)| *next == ' ') || c.len_utf8() > 1;
        if pause && end <= limit {
            last = Some(end);
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn short_texts_stay_whole() {
        assert_eq!(excerpt("Ein *kurzer* Text.\n\nUnd noch einer.", 100), "Ein kurzer Text. Und noch einer.");
        assert_eq!(excerpt("", 10), "");
        assert_eq!(
            excerpt("## Titel\n\n- Eins.\n- Zwei.\n\n|A|\n|-|\n|1|\n\nDrei.", 100),
            "Eins. Zwei. Drei."
        );
        assert_eq!(excerpt("![Ein Kran](/photos/kran/large.jpg)\n\nDer Kran steht.", 100), "Der Kran steht.");
        let markup = "<figure><img src=\"/photos/kran/large.jpg\"><figcaption>Ein Kran</figcaption></figure>\n\nDer Kran steht.";
        assert_eq!(excerpt(markup, 100), "Der Kran steht.");
    }

    #[test]
    fn the_cut_is_at_a_sentence_when_one_is_near() {
        let text = "Mit 10.600 Teilnehmern endet heute die erste digitale Messe. Zu den Höhepunkten gehörten Vorträge.";
        assert_eq!(excerpt(text, 70), "Mit 10.600 Teilnehmern endet heute die erste digitale Messe.");
    }

    #[test]
    fn dates_titles_and_numbers_are_no_sentences() {
        let text = "Die Messe findet vom 26. Oktober an mit Prof. Dr. Muster statt und dauert lange";
        let short = excerpt(text, 56);
        assert_eq!(short, "Die Messe findet vom 26. Oktober an mit Prof. Dr.…");
        assert!(short.chars().count() <= 56);
    }

    #[test]
    fn scripts_without_spaces_are_cut_too() {
        assert_eq!(excerpt("東京で開催された展示会には一万人が来場した", 8), "東京で開催され…");
        assert_eq!(excerpt("一万人が来場。次の文はとても長いです", 9), "一万人が来場。");
    }
}

//! The words with which parts of a release begin, in the languages in which releases are mostly written.

use super::label_words::{
    ABOUT_STARTS, ABOUTS, CONTACT_MANNERS, CONTACT_STARTS, CONTACTS, EMBARGOES, FOR_RELEASE, KINDS,
    MATERIAL_STARTS,
};

/// What a line says about itself or about what follows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Label {
    /// "Pressemitteilung": what every release is.
    Kind,
    Embargo,
    /// "Zur sofortigen Veröffentlichung".
    ForRelease,
    Contact,
    /// "Über …": what the organisation always says of itself.
    About,
    /// "Pressefotos": pictures, downloads, notes of the text itself.
    Material,
    /// "###": nothing follows that is meant for readers.
    End,
}

/// The letters of a line as labels are compared: in lower case, without what frames them.
fn bare(text: &str) -> String {
    let text = text.to_lowercase().replace(['’', '`'], "'").replace('\u{a0}', " ");
    text.trim_matches(|c: char| c.is_whitespace() || "+*#-–—_=:|/•>!.".contains(c)).to_owned()
}

/// A label and, when it stands in front of text on the same line, where that text begins.
pub fn label(line: &str) -> Option<(Label, usize)> {
    let whole = line.len();
    if is_end(line) {
        return Some((Label::End, whole));
    }
    let text = bare(line);
    if text.chars().count() > 160 {
        return with_colon(line);
    }
    let short = text.chars().count() <= 80;
    if EMBARGOES.iter().any(|word| starts_as_word(&text, word)) {
        return Some((Label::Embargo, whole));
    }
    if short && FOR_RELEASE.iter().any(|word| text.starts_with(word)) {
        return Some((Label::ForRelease, whole));
    }
    if short && is_kind(&text) {
        // "Pressemitteilung: Die Messe beginnt" is a headline behind its kind.
        if let Some(at) = line.find(':') {
            let behind = line[at + 1..].trim();
            if behind.split_whitespace().count() > 2 && super::dateline::find_date(behind).is_none() {
                return Some((Label::Kind, whole - line[at + 1..].trim_start().len()));
            }
        }
        return Some((Label::Kind, whole));
    }
    if short && (CONTACTS.contains(&text.as_str()) || asks_for(&text)) {
        return Some((Label::Contact, whole));
    }
    if short && (ABOUTS.contains(&text.as_str()) || is_about(line, &text)) {
        return Some((Label::About, whole));
    }
    if MATERIAL_STARTS.iter().any(|word| text.starts_with(word)) {
        return Some((Label::Material, 0));
    }
    with_colon(line)
}

/// "Pressekontakt: Ada Muster, …", "Über die Messe: Sie ist …".
fn with_colon(line: &str) -> Option<(Label, usize)> {
    let at = line.find(':').filter(|at| *at < 90)?;
    let head = bare(&line[..at]);
    let begins = line.len() - line[at + 1..].trim_start().len();
    if CONTACTS.contains(&head.as_str()) || is_contact_of(&head) {
        return Some((Label::Contact, begins));
    }
    (ABOUTS.contains(&head.as_str()) || is_about(&line[..at], &head)).then_some((Label::About, begins))
}

/// "Pressekontakt Messe Berlin", "Kontakt für Medien: …".
fn is_contact_of(head: &str) -> bool {
    let is_named = ["pressekontakt ", "medienkontakt ", "media contact ", "press contact ", "kontakt für "]
        .iter()
        .any(|start| head.starts_with(start))
        && head.split_whitespace().count() <= 6;
    is_named || asks_for(head)
}

/// "Ansprechpartnerin für die Presse", "Fachliche Rückfragen an": nothing but whom to ask and who may.
fn asks_for(head: &str) -> bool {
    let words: Vec<&str> =
        head.split(|c: char| c.is_whitespace() || c == '/').filter(|w| !w.is_empty()).collect();
    (1..=8).contains(&words.len())
        && words.iter().any(|word| CONTACT_STARTS.contains(word))
        && words.iter().all(|word| CONTACT_STARTS.contains(word) || CONTACT_MANNERS.contains(word))
}

pub fn is_contact_line(line: &str) -> bool {
    matches!(label(line), Some((Label::Contact, _))) || is_contact_of(&bare(line))
}

/// "Über die Messe", not "Über 10.000 Menschen kamen".
fn is_about(line: &str, text: &str) -> bool {
    let Some(rest) = ABOUT_STARTS.iter().find_map(|start| text.strip_prefix(start)) else { return false };
    let last = line.split_whitespace().next_back().unwrap_or_default();
    // "Über den Verein e.V.", "About Example Inc."
    let is_short_form = last.ends_with('.')
        && (last.starts_with(char::is_uppercase) || last.starts_with("e."))
        && last.len() < 6;
    let ends_as_sentence = line.trim_end().ends_with(['.', '!', '?', ',', ';']) && !is_short_form;
    let words = rest.split_whitespace().count();
    !rest.starts_with(|c: char| c.is_ascii_digit()) && !ends_as_sentence && (1..=9).contains(&words)
}

fn is_kind(text: &str) -> bool {
    KINDS.iter().any(|kind| starts_as_word(text, kind))
        || (text.split_whitespace().count() <= 6 && KINDS.iter().any(|kind| text.ends_with(kind)))
}

fn starts_as_word(text: &str, word: &str) -> bool {
    text.strip_prefix(word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
}

/// Marks of the end and counts of characters, which are for editors.
fn is_end(line: &str) -> bool {
    let text = line.trim();
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    if text.chars().count() > 100 || text.is_empty() {
        return false;
    }
    if letters.is_empty() {
        return text.chars().count() >= 3
            && text.chars().all(|c| c.is_whitespace() || "#*-–—_=/~+•.".contains(c))
            && text != "...";
    }
    if matches!(letters.as_str(), "ende" | "end" | "ends" | "fin" | "30" | "endederpressemitteilung" | "fine")
        && letters.len() < text.chars().count() + 1
    {
        return letters != "30" || text.contains(['-', '–', '—', '#']);
    }
    let lower = text.to_lowercase();
    let has_count = letters.chars().any(|c| c.is_ascii_digit());
    has_count
        && text.split_whitespace().count() <= 9
        && (["zeichen", "anschläge", "wörter", "umfang", "word count", "words:", "characters"]
            .iter()
            .any(|word| lower.trim_start_matches(['(', '[']).starts_with(word))
            || [
                "zeichen",
                "zeichen (mit leerzeichen)",
                "zeichen (inkl. leerzeichen)",
                "zeichen mit leerzeichen",
                "wörter",
                "anschläge",
                "words",
            ]
            .iter()
            .any(|word| {
                let text = lower.trim_matches(|c: char| "()[].: ".contains(c));
                text.strip_suffix(word.trim_end_matches(')')).is_some_and(|n| {
                    n.trim().chars().all(|c| c.is_ascii_digit() || ". ,'ca".contains(c))
                        && !n.trim().is_empty()
                })
            }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_say_what_they_are() {
        let kind = |line| label(line).map(|(label, _)| label);
        for line in
            ["PRESSEMITTEILUNG", "Pressemitteilung Nr. 12/2020", "Press Release", "P R E S S E".trim()]
        {
            assert_eq!(kind(line), if line.starts_with("P R") { None } else { Some(Label::Kind) }, "{line}");
        }
        assert_eq!(label("Pressemitteilung: Die Messe beginnt heute"), Some((Label::Kind, 18)));
        assert_eq!(kind("Pressemitteilungen sind keine Bücher, sagt Ada Muster und lacht dabei sehr"), None);
        for line in ["Sperrfrist: 28.10.2020, 10 Uhr", "EMBARGOED UNTIL Oct. 28", "+++ SPERRFRIST +++"] {
            assert_eq!(kind(line), Some(Label::Embargo), "{line}");
        }
        for line in ["Kontakt", "Pressekontakt:", "Media Contact", "Contact presse :", "Rückfragen bitte an:"]
        {
            assert_eq!(kind(line), Some(Label::Contact), "{line}");
        }
        assert_eq!(label("Pressekontakt: Ada Muster"), Some((Label::Contact, 15)));
        for line in [
            "Über die Messe Musterstadt",
            "About Example Corp.:",
            "À propos de la Foire",
            "Hintergrund:",
            "About Example Corp.",
        ] {
            assert_eq!(kind(line), Some(Label::About), "{line}");
        }
        assert_eq!(kind("Über 10.000 Gäste"), None);
        assert_eq!(kind("Über den Erfolg freute sich Ada Muster."), None);
        for line in
            ["###", "- 30 -", "– Ende –", "(Ende)", "Zeichen: 1.234", "(1.234 Zeichen)", "***", "ENDS"]
        {
            assert_eq!(kind(line), Some(Label::End), "{line}");
        }
        for line in ["30", "Endes", "Ende gut, alles gut", "1.234 Menschen"] {
            assert_eq!(kind(line), None, "{line}");
        }
        assert_eq!(kind("Pressefotos finden Sie hier."), Some(Label::Material));
    }
}

//! Words made from a word, and that it may be made from. More are named than there are: who asks takes those that the
//! index knows.

/// Prefixes that part from their verb and stand before the "ge" of its participle: "vorgestellt".
const PARTING: [&str; 21] = [
    "zusammen", "zuruck", "statt", "nach", "fest", "frei", "teil", "auf", "aus", "bei", "ein", "her", "hin",
    "mit", "vor", "weg", "ab", "an", "um", "zu", "fort",
];
/// Prefixes that stay, with which participles have no "ge": "verpflichtet".
const STAYING: [&str; 9] = ["unter", "uber", "ent", "emp", "ver", "zer", "miss", "be", "er"];

/// Nouns that look like participles.
const NO_PARTICIPLES: [&str; 10] = [
    "gesicht",
    "gewicht",
    "gericht",
    "gedicht",
    "gerucht",
    "geschlecht",
    "gefecht",
    "geflecht",
    "geschaft",
    "gesamt",
];

/// Verbs whose vowel changes: present, past and participle (without "ge") after the base of the infinitive, and the noun
/// that is made of them with a prefix.
const STRONG: [[&str; 5]; 24] = [
    ["nehm", "nimmt", "nahm", "nommen", "nahme"],
    ["geb", "gibt", "gab", "geben", "gabe"],
    ["schliess", "schliesst", "schloss", "schlossen", "schluss"],
    ["biet", "bietet", "bot", "boten", "gebot"],
    ["treff", "trifft", "traf", "troffen", "treffen"],
    ["sprech", "spricht", "sprach", "sprochen", "sprache"],
    ["trag", "tragt", "trug", "tragen", "trag"],
    ["steh", "steht", "stand", "standen", "stand"],
    ["geh", "geht", "ging", "gangen", "gang"],
    ["halt", "halt", "hielt", "halten", "halt"],
    ["schreib", "schreibt", "schrieb", "schrieben", "schrift"],
    ["zieh", "zieht", "zog", "zogen", "zug"],
    ["steig", "steigt", "stieg", "stiegen", "stieg"],
    ["fall", "fallt", "fiel", "fallen", "fall"],
    ["lauf", "lauft", "lief", "laufen", "lauf"],
    ["schlag", "schlagt", "schlug", "schlagen", "schlag"],
    ["fahr", "fahrt", "fuhr", "fahren", "fahrt"],
    ["werb", "wirbt", "warb", "worben", "werb"],
    ["brech", "bricht", "brach", "brochen", "bruch"],
    ["lass", "lasst", "liess", "lassen", "lass"],
    ["seh", "sieht", "sah", "sehen", "sicht"],
    ["komm", "kommt", "kam", "kommen", "kommen"],
    ["ruf", "ruft", "rief", "rufen", "ruf"],
    ["bind", "bindet", "band", "bunden", "bindung"],
];

/// "Sperrung" and "gesperrt", "impfen" and "Impfung", "Demonstration" and "demonstrieren", "Übernahme" and "übernimmt",
/// "Ehrenamt" and "ehrenamtlich", "pünktlich" and "Pünktlichkeit". All folded.
pub fn derived(word: &str) -> Vec<String> {
    let mut out = vec![];
    for base in verb_bases(word) {
        verb_forms(&base, &mut out);
    }
    strong_forms(word, &mut out);
    if let Some(base) = word.strip_suffix("ation").or_else(|| word.strip_suffix("ition")) {
        out.push(format!("{base}ieren"));
    } else if let Some(base) = word.strip_suffix("ieren") {
        out.extend([format!("{base}ation"), format!("{base}ition")]);
    }
    // "Ernte" and "geerntet".
    if let Some(base) = word.strip_suffix('e').filter(|base| base.len() >= 4) {
        out.extend([format!("{base}et"), format!("ge{base}t"), format!("ge{base}et")]);
    }
    let quality = word.strip_suffix("en").unwrap_or(word);
    if let Some(base) = quality.strip_suffix("keit").or_else(|| quality.strip_suffix("heit")) {
        out.push(base.to_owned());
    }
    let bare = without_adjective_ending(word);
    let adjective = if is_adjective(bare) { bare } else { word };
    if is_adjective(adjective) {
        out.push(format!("{adjective}keit"));
        let noun = adjective.strip_suffix("lich").or_else(|| adjective.strip_suffix("isch"));
        out.extend(noun.into_iter().flat_map(|noun| [noun.to_owned(), format!("{noun}e")]));
    } else {
        out.push(format!("{word}lich"));
    }
    out.retain(|form| form.len() >= 4);
    out.sort_unstable();
    out.dedup();
    out
}

fn is_adjective(word: &str) -> bool {
    word.len() >= 7 && ["lich", "isch", "ig", "sam", "bar"].iter().any(|end| word.ends_with(end))
}

fn without_adjective_ending(word: &str) -> &str {
    ["em", "en", "er", "es", "e"].iter().find_map(|end| word.strip_suffix(end)).unwrap_or(word)
}

/// What the word may be a form of, without the ending of the infinitive: of "Vorstellung", "vorstellen" and
/// "vorgestellt" it is "vorstell".
fn verb_bases(word: &str) -> Vec<String> {
    let singular = word.strip_suffix("en").filter(|noun| noun.ends_with("ung")).unwrap_or(word);
    if let Some(base) = singular.strip_suffix("ung") {
        return if base.len() >= 4 { vec![base.to_owned()] } else { vec![] };
    }
    let participle = if word.ends_with('t') { word } else { without_adjective_ending(word) };
    let mut bases = participle_bases(participle);
    if let Some(base) =
        word.strip_suffix("en").or_else(|| word.strip_suffix('n')).filter(|base| base.len() >= 4)
    {
        bases.push(base.to_owned());
    }
    bases
}

fn participle_bases(word: &str) -> Vec<String> {
    let Some(stem) = word.strip_suffix('t').filter(|_| !NO_PARTICIPLES.contains(&word)) else {
        return vec![];
    };
    if stem.ends_with("ier") {
        return if stem.len() >= 6 { vec![stem.to_owned()] } else { vec![] };
    }
    let mut bases = vec![];
    for stem in [Some(stem), stem.strip_suffix('e')].into_iter().flatten() {
        bases.extend(stem.strip_prefix("ge").filter(|base| base.len() >= 4).map(str::to_owned));
        bases.extend(PARTING.iter().find_map(|prefix| {
            let base = stem.strip_prefix(prefix)?.strip_prefix("ge").filter(|base| base.len() >= 3)?;
            Some(format!("{prefix}{base}"))
        }));
        if STAYING.iter().any(|prefix| stem.strip_prefix(prefix).is_some_and(|base| base.len() >= 4)) {
            bases.push(stem.to_owned());
        }
    }
    bases
}

/// Infinitive, noun, present and participles of a verb.
fn verb_forms(base: &str, out: &mut Vec<String>) {
    // "Verpflicht-et", "sperr-t"; "eröffn-et", but "abgestimm-t".
    let endings: &[&str] = match base.as_bytes().last() {
        Some(b't' | b'd') => &["et"],
        Some(b'n' | b'm') => &["et", "t"],
        _ => &["t"],
    };
    out.extend([format!("{base}en"), format!("{base}n"), format!("{base}ung")]);
    for ending in endings {
        out.extend([format!("{base}{ending}"), format!("ge{base}{ending}")]);
    }
    if let Some((prefix, rest)) = parted(base) {
        out.push(format!("{prefix}zu{rest}en"));
        out.extend(endings.iter().map(|ending| format!("{prefix}ge{rest}{ending}")));
    }
}

fn parted(word: &str) -> Option<(&'static str, &str)> {
    PARTING
        .iter()
        .find_map(|prefix| Some((*prefix, word.strip_prefix(prefix).filter(|rest| rest.len() >= 3)?)))
}

/// The other forms of a verb whose vowel changes, if the word is one of its forms.
fn strong_forms(word: &str, out: &mut Vec<String>) {
    let staying = || STAYING.iter().find_map(|prefix| Some((*prefix, word.strip_prefix(prefix)?)));
    let of = |prefix: &str, rest: &str, parts: bool, out: &mut Vec<String>| {
        let participle = if parts { rest.strip_prefix("ge").unwrap_or(rest) } else { rest };
        let plain = rest.strip_suffix("en").unwrap_or(rest);
        for [base, present, past, done, noun] in STRONG {
            let is_form = [base, present, past, noun].contains(&plain)
                || [present, past, noun].contains(&rest)
                || participle == done;
            if is_form {
                let mark = if parts { "ge" } else { "" };
                out.extend([
                    format!("{prefix}{base}en"),
                    format!("{prefix}{base}ung"),
                    format!("{prefix}{present}"),
                    format!("{prefix}{past}"),
                    format!("{prefix}{past}en"),
                    format!("{prefix}{mark}{done}"),
                    format!("{prefix}{noun}"),
                ]);
            }
        }
    };
    if let Some((prefix, rest)) = parted(word) {
        of(prefix, rest, true, out);
    } else if let Some((prefix, rest)) = staying() {
        of(prefix, rest, false, out);
    }
}

#[cfg(test)]
mod tests {
    use super::derived;

    #[test]
    fn words_lead_to_those_they_are_made_from() {
        for (word, other) in [
            ("digitalisieren", "digitalisierung"),
            ("sperrung", "gesperrt"),
            ("demonstration", "demonstrieren"),
            ("investieren", "investition"),
            ("punktlichkeit", "punktlich"),
            ("sicherheiten", "sicher"),
            ("ehrenamtlicher", "ehrenamt"),
            ("genossenschaftlich", "genossenschaft"),
            ("kirchlich", "kirche"),
            ("ehrenamt", "ehrenamtlich"),
            ("eroffnung", "eroffnet"),
            ("verpflichtungen", "verpflichtet"),
            ("auszeichnung", "ausgezeichnet"),
            ("vorstellung", "vorgestellt"),
            ("abstimmung", "abgestimmt"),
            ("ausgezeichnete", "auszeichnung"),
            ("saniert", "sanierung"),
            ("sanierte", "sanieren"),
            ("geimpft", "impfung"),
            ("entschadigt", "entschadigung"),
            ("gesenkt", "senkung"),
            ("gegrundet", "grunden"),
            ("umgerustet", "umrustung"),
            ("ernte", "geerntet"),
            ("ubernahme", "ubernimmt"),
            ("ubernommen", "ubernahme"),
            ("beschluss", "beschlossen"),
            ("angebot", "angeboten"),
            ("einschreiben", "eingeschrieben"),
            ("abgeschlossen", "abschluss"),
        ] {
            assert!(derived(word).contains(&other.to_owned()), "{word}: {:?}", derived(word));
        }
    }

    #[test]
    fn nouns_that_look_like_participles_lead_nowhere() {
        for (word, other) in
            [("gesicht", "sicht"), ("gewicht", "wicht"), ("suche", "sucht"), ("zug", "gezogen")]
        {
            assert!(!derived(word).contains(&other.to_owned()), "{word}: {:?}", derived(word));
        }
    }
}

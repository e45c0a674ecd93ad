//! A line of a contact in its parts: names, functions, numbers, addresses.

use super::contact_words::{is_address, is_button, is_function, is_name, is_organisation, without_address};

/// What a part of a line is.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece {
    Email(String),
    Phone(String),
    Mobile(String),
    Name(String),
    Function(String),
    Organisation(String),
    /// Fax numbers, addresses, web addresses, words of buttons: known and of no use here.
    Known,
    Other(String),
}

/// A line in its parts: "Ada Muster, Pressesprecherin, Tel.: 030 123-45 | a.muster@messe.example".
pub fn pieces(line: &str) -> Vec<Piece> {
    if let Some(piece) = whole(line) {
        return vec![piece];
    }
    let mut pieces = Vec::new();
    for part in parts(line) {
        let part = part.trim_matches(|c: char| c.is_whitespace() || ",;|·•–—".contains(c));
        if part.is_empty() {
            continue;
        }
        // A function may follow in brackets.
        if let Some((before, inside)) = part.strip_suffix(')').and_then(|part| part.split_once('('))
            && is_name(before.trim())
        {
            pieces.push(Piece::Name(before.trim().to_owned()));
            pieces.push(Piece::Function(inside.trim().to_owned()));
            continue;
        }
        match whole(part) {
            Some(piece) => pieces.push(piece),
            None => pieces.push(Piece::Other(part.to_owned())),
        }
    }
    // Behind a name and a comma stands what they do.
    if let [Piece::Name(_), rest @ ..] = pieces.as_mut_slice()
        && let Some(Piece::Other(function)) = rest.first()
        && function.chars().count() <= 80
    {
        rest[0] = Piece::Function(function.clone());
    }
    if pieces.iter().all(|piece| matches!(piece, Piece::Other(_))) {
        return vec![Piece::Other(line.to_owned())];
    }
    pieces
}

/// Cuts where one thing ends and another begins: at bars, semicolons, commas, and before labels and addresses.
fn parts(line: &str) -> Vec<String> {
    let mut marked = line.replace([';', '|', '·', '•', '\t'], "\n").replace(", ", "\n");
    marked = without_number_slashes(&marked).replace(" / ", "\n");
    marked = marked.replace(" – ", "\n").replace(" — ", "\n").replace(" - ", "\n");
    let mut parts = Vec::new();
    for part in marked.lines() {
        let mut rest = part.trim();
        // Before a label or an address that follows something else.
        while let Some(at) = next_start(rest) {
            parts.push(rest[..at].to_owned());
            rest = rest[at..].trim_start();
        }
        parts.push(rest.to_owned());
    }
    parts
}

/// "04821 / 55 01-233" is one number.
fn without_number_slashes(line: &str) -> String {
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(" / ") {
        let (before, behind) = (&rest[..at], &rest[at + 3..]);
        let is_number = before.ends_with(|c: char| c.is_ascii_digit() || c == ')')
            && behind.starts_with(|c: char| c.is_ascii_digit())
            && !behind.starts_with('0');
        out.push_str(before);
        out.push_str(if is_number { "/" } else { " / " });
        rest = behind;
    }
    out + rest
}

/// Where, behind the first word, a label of a number or an address begins.
fn next_start(text: &str) -> Option<usize> {
    let mut from = text.find(char::is_whitespace)?;
    // "Tel. +49 …", "E-Mail: a@b": a label and its value stay together.
    while let Some(space) = text.get(from..).and_then(|rest| rest.find(|c: char| !c.is_whitespace())) {
        let at = from + space;
        let word = text[at..].split_whitespace().next()?;
        let before = text[..at].trim_end();
        let is_value = phone_label(before).is_some() || is_mail_label(before);
        let starts_mail = word.contains('@') || is_mail_label(word);
        let starts_phone = phone_label(word).is_some()
            && text[at + word.len()..].trim_start().starts_with(['+', '0', '(', ':']);
        if !is_value && (starts_mail || starts_phone) {
            return Some(at);
        }
        from = at + word.len();
        text.get(from..).filter(|rest| !rest.is_empty())?;
    }
    None
}

fn whole(text: &str) -> Option<Piece> {
    let text = text.trim();
    if let Some((head, tail)) = text.split_once(':') {
        let tail = tail.trim();
        if is_mail_label(head) {
            return find_email(tail).map(Piece::Email).or(Some(Piece::Known));
        }
        if let Some(kind) = phone_label(head) {
            return number(tail).map(|n| kind.piece(n));
        }
        if is_known_label(head) {
            return Some(Piece::Known);
        }
    }
    if let Some(email) = find_email(text).filter(|_| text.split_whitespace().count() <= 4) {
        let rest = text.replace(&email, "");
        if text.split_whitespace().count() == 1
            || is_mail_label(&rest)
            || rest.trim().is_empty()
            || text.contains("(at)")
            || text.contains("[at]")
        {
            return Some(Piece::Email(email));
        }
    }
    let digits_at = text.find(|c: char| c.is_ascii_digit() || c == '+' || c == '(');
    if let Some(at) = digits_at
        && let Some(number) = number(&text[at..])
    {
        let head = text[..at].trim();
        if head.is_empty() {
            return Some(if is_mobile(&number) { Piece::Mobile(number) } else { Piece::Phone(number) });
        }
        if let Some(kind) = phone_label(head) {
            return Some(kind.piece(number));
        }
    }
    let lower = text.to_lowercase();
    if lower.starts_with("http") || lower.starts_with("www.") || is_address(text) || is_button(&lower) {
        return Some(Piece::Known);
    }
    if is_name(text) && !is_function(text) {
        return Some(Piece::Name(without_address(text).to_owned()));
    }
    let is_several = text.split_once(", ").is_some_and(|(first, _)| is_name(first))
        || text.contains('@')
        || text.chars().filter(char::is_ascii_digit).count() > 4;
    if is_several || text.chars().count() > 100 || text.ends_with(':') || text.split_whitespace().count() > 10
    {
        return None;
    }
    // "Pressestelle der Messe GmbH" is a desk; "Messe GmbH" is none.
    if is_function(text) && !text.ends_with('.') {
        return Some(Piece::Function(text.to_owned()));
    }
    is_organisation(text).then(|| Piece::Organisation(text.to_owned()))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Line {
    Work,
    Mobile,
    Fax,
}

impl Line {
    fn piece(self, number: String) -> Piece {
        match self {
            Self::Work if is_mobile(&number) => Piece::Mobile(number),
            Self::Work => Piece::Phone(number),
            Self::Mobile => Piece::Mobile(number),
            Self::Fax => Piece::Known,
        }
    }
}

fn is_mobile(number: &str) -> bool {
    let bare: String =
        number.replace("(0)", "").chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
    ["+4915", "+4916", "+4917", "004915", "004916", "004917", "015", "016", "017"]
        .iter()
        .any(|p| bare.starts_with(p))
}

fn phone_label(text: &str) -> Option<Line> {
    // French puts a space before the colon.
    let text = text.trim_end();
    let last = text.rsplit(|c: char| c.is_whitespace() || c == ',').next().unwrap_or_default();
    // "Ada Muster, Tel." is more than a label.
    let before = text[..text.len() - last.len()].trim();
    if before.contains([',', ';']) || before.ends_with(',') || is_name(before) {
        return None;
    }
    let bare = last.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
    // A single letter is a label only by itself, and words before a label may be what kind of phone it is.
    let is_alone = text.split_whitespace().count() <= 3;
    match bare.as_str() {
        "tel" | "telefon" | "telephone" | "phone" | "fon" | "ph" | "tél" | "téléphone" | "teléfono"
        | "telefono" | "durchwahl" | "office" | "direct" | "telefoon" | "telefonnummer" | "rufnummer"
        | "call" | "hotline" | "festnetz" | "puh" | "puhelin" | "telefone" | "tlf" | "電話" | "тел"
        | "هاتف"
            if is_alone =>
        {
            Some(Line::Work)
        }
        "t" | "p" | "d" if text.trim().chars().count() <= 3 => Some(Line::Work),
        "mobil" | "mobile" | "handy" | "cell" | "mob" | "móvil" | "portable" | "mobiltelefon"
        | "cellulare" | "natel" | "port" | "gsm" | "cel" | "mobiel" | "kom" | "telemóvel" | "celular" => {
            Some(Line::Mobile)
        }
        "m" | "c" if text.trim().chars().count() <= 3 => Some(Line::Mobile),
        "fax" | "telefax" | "facsimile" | "télécopie" => Some(Line::Fax),
        "f" if text.trim().chars().count() <= 3 => Some(Line::Fax),
        _ if text.contains('☎') || text.contains('✆') || text.contains('📞') => Some(Line::Work),
        _ => None,
    }
}

fn is_mail_label(text: &str) -> bool {
    let bare: String = text.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_lowercase();
    matches!(
        bare.as_str(),
        "email" | "mail" | "emailadresse" | "courriel" | "correo" | "correoelectrónico" | "mél"
    ) || (matches!(bare.as_str(), "e") && text.trim().chars().count() <= 2)
}

fn is_known_label(text: &str) -> bool {
    let bare = text.trim().to_lowercase();
    matches!(
        bare.as_str(),
        "web"
            | "website"
            | "internet"
            | "homepage"
            | "url"
            | "www"
            | "http"
            | "https"
            | "twitter"
            | "x"
            | "linkedin"
            | "facebook"
            | "instagram"
            | "mastodon"
            | "bluesky"
            | "adresse"
            | "anschrift"
            | "address"
            | "site web"
            | "page web"
            | "sitio web"
            | "w"
    )
}

/// A phone number with at least six digits and nothing behind it.
fn number(text: &str) -> Option<String> {
    let end =
        text.find(|c: char| !(c.is_ascii_digit() || c.is_whitespace() || "+()/-–.\u{2011}".contains(c)));
    let (number, rest) = text.split_at(end.unwrap_or(text.len()));
    let number = number.trim_end_matches(|c: char| !(c.is_ascii_digit() || c == ')')).trim();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    let rest = rest.trim();
    let is_end = rest.is_empty() || rest.starts_with(['(', 'e', 'x', 'E', 'D']) && rest.len() < 20;
    let starts = number.starts_with(['+', '0', '(']) || digits >= 7;
    ((6..=18).contains(&digits) && is_end && starts && !is_date(number)).then(|| number.replace('–', "-"))
}

/// "Telefon 030 123456" and nothing else.
pub fn is_number_line(text: &str) -> bool {
    matches!(whole(text), Some(Piece::Phone(_) | Piece::Mobile(_) | Piece::Email(_)))
}

fn is_date(text: &str) -> bool {
    super::dateline::date_at(text).is_some()
}

pub fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    !local.is_empty()
        && domain.contains('.')
        && !domain.starts_with('.')
        && !domain.ends_with('.')
        && text.chars().all(|c| c.is_alphanumeric() || "@.-_+'%".contains(c))
        && text.matches('@').count() == 1
}

/// The first address in a text, also where "@" is written out against robots.
pub fn find_email(text: &str) -> Option<String> {
    let mut plain = text.to_owned();
    for at in [" (at) ", " [at] ", "(at)", "[at]", "{at}", " at ", "(ät)"] {
        if !plain.contains('@')
            && (at != " at " || plain.matches(" at ").count() == 1 && plain.contains("dot"))
        {
            plain = plain.replace(at, "@");
        }
    }
    for dot in [" (dot) ", " [dot] ", "(dot)", "[dot]", "(punkt)", " dot "] {
        if plain.contains('@') {
            plain = plain.replace(dot, ".");
        }
    }
    plain
        .split(|c: char| c.is_whitespace() || ",;|<>()[]".contains(c))
        .map(|word| word.trim_start_matches("mailto:").rsplit(':').next().unwrap_or_default())
        .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
        .find(|word| is_email(word))
        .map(str::to_owned)
}

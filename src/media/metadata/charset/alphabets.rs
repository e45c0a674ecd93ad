//! Which letters beyond ASCII the languages of the world's press are written with, where one byte is one letter.

use encoding_rs::{
    Encoding, IBM866, ISO_8859_2, ISO_8859_5, ISO_8859_7, ISO_8859_13, KOI8_R, KOI8_U, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1253, WINDOWS_1254, WINDOWS_1257,
};

/// The languages of Western Europe, small letters of each.
pub const WESTERN: [&str; 12] = [
    "äöüßéèàáâçêëñ",    // German, with the names that come in it
    "éèêëàâçîïôùûüœæÿ", // French
    "áéíóúüñçº",        // Spanish, Catalan in part
    "àèéíïòóúüç",       // Catalan
    "áâãàçéêíóôõúü",    // Portuguese
    "àèéìíîòóùú",       // Italian
    "åäöéüà",           // Swedish, Finnish
    "æøåéèêóòôàäöü",    // Danish, Norwegian
    "áéíóúýðþæö",       // Icelandic
    "áàéèëïíóöüúêûô",   // Dutch
    "áéíóú",            // Irish
    "äöõüšž",           // Estonian
];

/// The languages that other code pages are for. The first ones write their names beside German and French ones.
const HUNGARIAN: &str = "áéíóöőúüűäß";
const CENTRAL: [&str; 7] = [
    "ąćęłńóśźżäöüßé",       // Polish
    "áčďéěíňóřšťúůýžäöüß",  // Czech
    "áäčďéíĺľňóôŕšťúýžöüß", // Slovak
    HUNGARIAN,
    "čćđšžäöüßé",   // Croatian, Slovene, Bosnian
    "ăâîșțşţäöüßé", // Romanian
    "ëçäöüßé",      // Albanian
];
const CYRILLIC: [&str; 4] = [
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", // Russian, Bulgarian
    "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя", // Ukrainian
    "абвгдеёжзійклмнопрстуўфхцчшыьэюя",  // Belarusian
    "абвгдђѓежзѕијкќлљмнњопрстћуфхцчџш", // Serbian, Macedonian
];
const GREEK: [&str; 1] = ["αάβγδεέζηήθιίϊΐκλμνξοόπρσςτυύϋΰφχψωώ"];
const TURKISH: [&str; 1] = ["çğıiöşüâîûäßé"];
const BALTIC: [&str; 3] = ["ąčęėįšųūžäöüõß", "āčēģīķļņšūžōŗäöüõß", "äöõüšž"];

/// The languages that an encoding is for.
pub fn of(encoding: &'static Encoding) -> &'static [&'static str] {
    let is = |one: &[&'static Encoding]| one.contains(&encoding);
    if is(&[WINDOWS_1250, ISO_8859_2]) {
        &CENTRAL
    } else if is(&[WINDOWS_1251, ISO_8859_5, KOI8_R, KOI8_U, IBM866]) {
        &CYRILLIC
    } else if is(&[WINDOWS_1253, ISO_8859_7]) {
        &GREEK
    } else if is(&[WINDOWS_1254]) {
        &TURKISH
    } else if is(&[WINDOWS_1257, ISO_8859_13]) {
        &BALTIC
    } else {
        &[]
    }
}

/// Whether all letters of a text beyond ASCII belong to one of the languages, and there are some.
pub fn cover(languages: &[&str], text: &str) -> bool {
    let mut letters: Vec<char> = text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic()).collect();
    letters.sort_unstable();
    letters.dedup();
    let belongs = |letter: &char, language: &str| {
        // A capital İ is small in two characters.
        let small = letter.to_lowercase().next().unwrap_or(*letter);
        language.contains(small) || language.contains(*letter)
    };
    languages.iter().any(|language| letters.iter().all(|letter| belongs(letter, language)))
}

/// Whether a text is Hungarian, with letters that only Hungarian has. In the encoding of the West those are õ and û, of
/// which the first hardly stands anywhere but in the Portuguese "õe".
pub fn is_hungarian(text: &str) -> bool {
    let next = text.chars().skip(1).chain([' ']);
    let telling = text.chars().zip(next).filter(|(letter, next)| "őŐűŰ".contains(*letter) && *next != 'e');
    telling.count() >= 2 && cover(&[HUNGARIAN], text)
}

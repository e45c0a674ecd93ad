//! What words of a contact are: a person, what they do, whom they work for, where that is.

pub fn is_address(text: &str) -> bool {
    let lower = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let has_number = words.iter().any(|word| word.chars().any(|c| c.is_ascii_digit()));
    let is_code = |word: &&str| {
        let bare = word.trim_start_matches(|c: char| c.is_ascii_uppercase() || c == '-');
        (4..=5).contains(&bare.len()) && bare.chars().all(|c| c.is_ascii_digit())
    };
    let is_street = [
        "str.",
        "straße",
        "strasse",
        "platz",
        "allee",
        "weg ",
        "ufer",
        "damm",
        "gasse",
        "street",
        "avenue",
        "road",
        "rue ",
        "calle ",
        "boulevard",
        "postfach",
        "p.o. box",
        "ring ",
    ]
    .iter()
    .any(|word| lower.contains(word));
    has_number && (is_street || (words.len() <= 6 && words.first().is_some_and(is_code)))
}

/// Words of links that were copied from a page.
pub fn is_button(lower: &str) -> bool {
    [
        "download pressefoto",
        "nachricht senden",
        "send message",
        "e-mail senden",
        "vcard",
        "zum profil",
        "kontaktformular",
    ]
    .contains(&lower)
}

const TITLES: &[&str] = &[
    "dr.",
    "dr",
    "prof.",
    "prof",
    "herr",
    "frau",
    "mr.",
    "mr",
    "mrs.",
    "ms.",
    "ms",
    "dipl.-ing.",
    "mag.",
    "med.",
    "rer.",
    "nat.",
    "phil.",
    "jur.",
    "ing.",
    "h.c.",
    "m.a.",
    "b.a.",
    "m.sc.",
    "b.sc.",
    "mba",
    "ph.d.",
    "pol.",
    "oec.",
    "mme",
    "m.",
    "mlle",
    "sr.",
    "sra.",
    "don",
    "sir",
    "univ.-prof.",
    "pd",
];
const PARTICLES: &[&str] = &[
    "von", "van", "de", "der", "den", "zu", "zum", "zur", "di", "da", "del", "della", "la", "le", "du", "al",
    "el", "bin", "ibn", "ter", "ten", "af", "y", "e", "dos", "und", "vom",
];

pub fn is_name(text: &str) -> bool {
    let text = without_address(text);
    let words: Vec<&str> = text.split_whitespace().collect();
    let real: Vec<&&str> = words
        .iter()
        .filter(|word| !TITLES.contains(&word.trim_end_matches(',').to_lowercase().as_str()))
        .filter(|word| !PARTICLES.contains(word))
        .collect();
    let looks_like = |word: &&&str| {
        let mut letters = word.chars();
        let first = letters.next().is_some_and(|c| c.is_uppercase() || c == '’' || c == '\'');
        first && word.chars().all(|c| c.is_alphabetic() || "-.'’".contains(c))
    };
    text.chars().count() <= 60
        && (2..=5).contains(&real.len())
        && words.len() <= 8
        && real.iter().all(looks_like)
        && real.iter().any(|word| word.chars().count() > 2)
        && !is_organisation(text)
        && !is_sentence_like(text)
}

/// "Frau Ada Muster": how one speaks to somebody is no part of the name.
pub fn without_address(text: &str) -> &str {
    ["Herr ", "Herrn ", "Frau ", "Mr. ", "Mr ", "Mrs. ", "Ms. ", "Ms ", "Mme ", "Mlle "]
        .iter()
        .find_map(|title| text.strip_prefix(title))
        .unwrap_or(text)
        .trim()
}

fn is_sentence_like(text: &str) -> bool {
    let lower = text.to_lowercase();
    let has = |words: &[&str]| {
        words.iter().any(|word| lower.split(|c: char| !c.is_alphanumeric()).any(|w| w == *word))
    };
    text.ends_with([':', '!', '?'])
        || has(&[
            "pressefotos",
            "pressefoto",
            "fotos",
            "download",
            "downloads",
            "link",
            "seite",
            "webseite",
            "website",
            "uhr",
            "mehr",
            "more",
            "informationen",
            "information",
            "kontakt",
            "contact",
            "presse",
            "press",
            "media",
            "medien",
            "bild",
            "bilder",
        ])
}

pub fn is_organisation(text: &str) -> bool {
    const WORDS: &[&str] = &[
        "gmbh",
        "ag",
        "se",
        "kg",
        "ohg",
        "ug",
        "mbh",
        "inc",
        "ltd",
        "llc",
        "plc",
        "corp",
        "corporation",
        "company",
        "co",
        "sa",
        "sas",
        "sarl",
        "srl",
        "spa",
        "bv",
        "nv",
        "ab",
        "oy",
        "verein",
        "verband",
        "stiftung",
        "foundation",
        "ministerium",
        "ministry",
        "universität",
        "university",
        "université",
        "universidad",
        "hochschule",
        "institut",
        "institute",
        "messe",
        "stadt",
        "landkreis",
        "agentur",
        "agency",
        "group",
        "gruppe",
        "holding",
        "association",
        "co.kg",
        "museum",
        "theater",
        "amt",
        "behörde",
        "bank",
        "kammer",
        "e.v",
        "ev",
        "eg",
        "ggmbh",
        "partner",
        "partners",
        "communications",
        "consulting",
        "verlag",
        "redaktion",
        "netzwerk",
    ];
    let has = text
        .split(|c: char| c.is_whitespace() || "/,()&".contains(c))
        .map(|word| word.trim_matches('.'))
        // "ab" is a word, "AB" a company.
        .filter(|word| word.len() > 2 || word.chars().all(char::is_uppercase) || *word == "eG")
        .any(|word| WORDS.contains(&word.to_lowercase().as_str()));
    let lower = text.to_lowercase();
    has || lower.contains("e. v.")
        || [
            "verband",
            "stiftung",
            "ministerium",
            "gesellschaft",
            "universität",
            "verlag",
            "behörde",
            "agentur",
            "kammer",
        ]
        .iter()
        .any(|end| lower.split_whitespace().any(|word| word.trim_end_matches(['s', '.', ',']).ends_with(end)))
}

pub fn is_function(text: &str) -> bool {
    const STEMS: &[&str] = &[
        "sprecher",
        "leiter",
        "leitung",
        "manager",
        "referent",
        "director",
        "direktor",
        "directeur",
        "directora",
        "direttore",
        "head of",
        "officer",
        "pressestelle",
        "presseabteilung",
        "pressebüro",
        "presseteam",
        "pressereferat",
        "kommunikation",
        "communication",
        "comunicación",
        "öffentlichkeitsarbeit",
        "public relations",
        "projekt",
        "project",
        "assisten",
        "geschäftsführ",
        "vorstand",
        "vorständ",
        "vorsitzend",
        "chair",
        "president",
        "präsident",
        "président",
        "presidente",
        "chief",
        "ceo",
        "cfo",
        "cto",
        "coo",
        "cmo",
        "responsable",
        "chargé",
        "attaché",
        "jefe",
        "jefa",
        "consultant",
        "berater",
        "koordinat",
        "coordinat",
        "spokes",
        "porte-parole",
        "portavoz",
        "press office",
        "press officer",
        "media relations",
        "media team",
        "press team",
        "volontär",
        "redakteur",
        "editor",
        "pressearbeit",
        "presse und",
        "presse &",
        "presse- und",
        "service de presse",
        "marketing",
        "secretary",
        "sekretär",
        "partner ",
        "inhaber",
        "owner",
        "founder",
        "gründer",
        "beauftragt",
        "bürgermeister",
        "mayor",
        "minister",
        "senator",
        "kurator",
        "intendant",
        "abteilung",
        "department",
        "team ",
        "relations",
        "woordvoerder",
        "persvoorlichter",
        "rzeczni",
        "addetto stampa",
        "addetta stampa",
        "ufficio stampa",
        "responsabile",
        "porta-voz",
        "assessor",
        "imprensa",
        "presschef",
        "pressechef",
        "talsperson",
        "talesperson",
        "mluvčí",
        "medienstelle",
        "schreiber",
        "stadtrat",
        "stadträtin",
        "regierungsrat",
        "prof. für",
        "広報",
    ];
    let lower = format!("{} ", text.to_lowercase());
    STEMS.iter().any(|stem| lower.contains(stem))
        || lower.trim() == "pr"
        || lower.starts_with("pr ")
        || lower.ends_with(" pr ")
}

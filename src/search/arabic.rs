//! Light stemming of folded Arabic words: the article with what is written to it, and the commonest endings.

const PREFIXES: [&str; 6] = ["وال", "بال", "كال", "فال", "ال", "لل"];
const SUFFIXES: [&str; 10] = ["ها", "ان", "ات", "ون", "ين", "يه", "يا", "ه", "ي", "ا"];
/// Letters that stay.
const SHORTEST: usize = 3;

pub fn stem(word: &str) -> &str {
    let length = |text: &str| text.chars().count();
    let fits = |rest: &&str| length(rest) >= SHORTEST;
    let word = PREFIXES
        .iter()
        .find_map(|prefix| word.strip_prefix(prefix).filter(fits))
        .or_else(|| word.strip_prefix('و').filter(|rest| length(rest) > SHORTEST))
        .unwrap_or(word);
    SUFFIXES.iter().find_map(|suffix| word.strip_suffix(suffix).filter(fits)).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_a_word_share_a_stem() {
        assert_eq!(stem("البيانات"), stem("بيانات"));
        assert_eq!(stem("المستشفي"), stem("مستشفي"));
        assert_eq!(stem("والشركات"), stem("شركه"));
        assert_eq!(stem("كتب"), "كتب");
    }
}

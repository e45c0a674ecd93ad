//! What differs between languages: words that carry no meaning in a query, and how words are cut to stems.

use std::collections::HashSet;
use std::sync::LazyLock;

use tantivy::tokenizer::Language as Snowball;

use super::fold::fold;

/// The languages with an analysis of their own; each has its own fields in the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    German,
    English,
    French,
    Spanish,
    Italian,
    /// Every other language: words as they are, without stemming.
    Other,
}

impl Group {
    pub const ALL: [Self; 6] =
        [Self::German, Self::English, Self::French, Self::Spanish, Self::Italian, Self::Other];

    /// The group of a BCP 47 language tag.
    pub fn of(language: &str) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|group| group.code().eq_ignore_ascii_case(primary)).unwrap_or(Self::Other)
    }

    /// The name in field and analyzer names.
    pub const fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Italian => "it",
            Self::Other => "xx",
        }
    }

    /// The stemmer that cuts this language's folded words; German has its own ([`super::german`]).
    pub const fn snowball(self) -> Option<Snowball> {
        match self {
            Self::German | Self::Other => None,
            Self::English => Some(Snowball::English),
            Self::French => Some(Snowball::French),
            Self::Spanish => Some(Snowball::Spanish),
            Self::Italian => Some(Snowball::Italian),
        }
    }

    /// Whether a word, folded as this group folds, carries no meaning of its own in a query.
    pub fn is_stop_word(self, folded: &str) -> bool {
        STOP_WORDS[self as usize].contains(folded)
    }
}

static STOP_WORDS: LazyLock<[HashSet<String>; 6]> = LazyLock::new(|| {
    Group::ALL.map(|group| {
        let words = match group {
            Group::German => GERMAN,
            Group::English => ENGLISH,
            Group::French => FRENCH,
            Group::Spanish => SPANISH,
            Group::Italian => ITALIAN,
            Group::Other => "",
        };
        words.split_whitespace().map(|word| fold(word, group == Group::German)).collect()
    })
});

/// All stop words in a row: part of the index format.
pub const ALL_STOP_WORDS: [&str; 5] = [GERMAN, ENGLISH, FRENCH, SPANISH, ITALIAN];

const GERMAN: &str = "
    der die das den dem des ein eine einer eines einem einen kein keine keiner keines keinem keinen
    und oder aber denn sondern doch sowie als wie wenn weil dass ob damit obwohl während bevor nachdem
    in im ins an am ans auf aus bei beim bis durch für gegen mit nach ohne um unter über von vom vor zu zum zur
    zwischen seit hinter neben wegen trotz ab
    ich du er sie es wir ihr mich dich sich uns euch ihn ihm ihnen mein dein sein seine seiner seines seinem seinen
    ihre ihrer ihres ihrem ihren unser unsere unserer unseres unserem unseren dies diese dieser dieses diesem diesen
    jene jener jenes jede jeder jedes jedem jeden welche welcher welches welchem welchen was wer wen wem wo wann
    warum wieso man etwas alle allen aller alles viele vieler mehr sehr nicht nichts nur noch nun auch so da dann
    dort hier schon wieder immer bereits selbst
    ist sind war waren wird werden wurde wurden worden sein bin bist gewesen hat haben hatte hatten habe kann können
    konnte könnten soll sollen sollte sollten muss müssen musste will wollen wollte würde würden darf dürfen mag
    gibt es gab beim davon dazu dabei daran darauf daraus damit dafür";

const ENGLISH: &str = "
    a an and are as at be been but by can could did do does for from had has have he her his how i if in into is it
    its me my no nor not of on or our she so some such than that the their them then there these they this those to
    was we were what when where which who why will with would you your about after also am any because before being
    both each more most other over own same should s t too under until up very whom";

const FRENCH: &str = "
    le la les l un une des du de d et ou mais donc or ni car à au aux en dans par pour sur sous avec sans chez vers
    ce cet cette ces c qui que qu quoi dont où quand comment je tu il elle on nous vous ils elles me te se s lui leur
    leurs mon ma mes ton ta tes son sa ses notre nos votre vos est sont était étaient été être a ont avait avoir ne
    pas plus y n j m t si";

const SPANISH: &str = "
    el la los las lo un una unos unas de del y e o u pero a al en por para con sin sobre entre hasta desde como que
    quien cuando donde cual se su sus mi mis tu tus nuestro nuestra le les me te nos es son era eran fue fueron ser
    está están ha han había este esta estos estas ese esa eso no ni más muy ya si";

const ITALIAN: &str = "
    il lo la i gli le l un uno una di del dello della dei degli delle d e ed o ma a al allo alla ai agli alle da dal
    dalla in nel nello nella nei nelle con su sul sulla per tra fra che chi cui come quando dove si se suo sua suoi
    sue mio mia loro è sono era erano stato essere ha hanno aveva questo questa questi queste non più ci vi ne";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_fall_into_groups() {
        assert_eq!(Group::of("de-AT"), Group::German);
        assert_eq!(Group::of("EN"), Group::English);
        assert_eq!(Group::of("pl"), Group::Other);
        assert_eq!(Group::of(""), Group::Other);
    }

    #[test]
    fn stop_words_are_folded_like_the_text() {
        assert!(Group::German.is_stop_word("fur"));
        assert!(Group::French.is_stop_word("etait"));
        assert!(!Group::English.is_stop_word("die"));
    }
}

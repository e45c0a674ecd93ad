//! What differs between languages: words that carry no meaning in a query, and how words are cut to stems.

use std::collections::HashSet;
use std::sync::LazyLock;

use tantivy::tokenizer::Language as Snowball;

use super::fold::fold;

/// The languages with an analysis of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    German,
    English,
    French,
    Spanish,
    Italian,
    Dutch,
    Portuguese,
    Swedish,
    Danish,
    Norwegian,
    Finnish,
    Hungarian,
    Romanian,
    Russian,
    Greek,
    Turkish,
    Arabic,
    /// Every other language: words as they are, without stemming. Chinese and Japanese are among them, since their
    /// words are cut by the tokenizer whatever the language.
    Other,
}

pub const GROUPS: usize = 18;

impl Group {
    pub const ALL: [Self; GROUPS] = [
        Self::German,
        Self::English,
        Self::French,
        Self::Spanish,
        Self::Italian,
        Self::Dutch,
        Self::Portuguese,
        Self::Swedish,
        Self::Danish,
        Self::Norwegian,
        Self::Finnish,
        Self::Hungarian,
        Self::Romanian,
        Self::Russian,
        Self::Greek,
        Self::Turkish,
        Self::Arabic,
        Self::Other,
    ];

    /// The group of a BCP 47 language tag.
    pub fn of(language: &str) -> Self {
        let primary = language.split(['-', '_']).next().unwrap_or_default();
        if primary.eq_ignore_ascii_case("nb") || primary.eq_ignore_ascii_case("nn") {
            return Self::Norwegian;
        }
        Self::ALL.into_iter().find(|group| group.code().eq_ignore_ascii_case(primary)).unwrap_or(Self::Other)
    }

    /// Its name in index terms; always two letters.
    pub const fn code(self) -> &'static str {
        match self {
            Self::German => "de",
            Self::English => "en",
            Self::French => "fr",
            Self::Spanish => "es",
            Self::Italian => "it",
            Self::Dutch => "nl",
            Self::Portuguese => "pt",
            Self::Swedish => "sv",
            Self::Danish => "da",
            Self::Norwegian => "no",
            Self::Finnish => "fi",
            Self::Hungarian => "hu",
            Self::Romanian => "ro",
            Self::Russian => "ru",
            Self::Greek => "el",
            Self::Turkish => "tr",
            Self::Arabic => "ar",
            Self::Other => "xx",
        }
    }

    /// The stemmer that cuts this language's folded words; German and Arabic have their own.
    pub const fn snowball(self) -> Option<Snowball> {
        Some(match self {
            Self::German | Self::Arabic | Self::Other => return None,
            Self::English => Snowball::English,
            Self::French => Snowball::French,
            Self::Spanish => Snowball::Spanish,
            Self::Italian => Snowball::Italian,
            Self::Dutch => Snowball::Dutch,
            Self::Portuguese => Snowball::Portuguese,
            Self::Swedish => Snowball::Swedish,
            Self::Danish => Snowball::Danish,
            Self::Norwegian => Snowball::Norwegian,
            Self::Finnish => Snowball::Finnish,
            Self::Hungarian => Snowball::Hungarian,
            Self::Romanian => Snowball::Romanian,
            Self::Russian => Snowball::Russian,
            Self::Greek => Snowball::Greek,
            Self::Turkish => Snowball::Turkish,
        })
    }

    /// Whether a word, folded as this group folds, carries no meaning of its own in a query.
    pub fn is_stop_word(self, folded: &str) -> bool {
        STOP_WORDS[self as usize].contains(folded)
    }

    const fn stop_words(self) -> &'static str {
        match self {
            Self::German => GERMAN,
            Self::English => ENGLISH,
            Self::French => FRENCH,
            Self::Spanish => SPANISH,
            Self::Italian => ITALIAN,
            Self::Dutch => DUTCH,
            Self::Portuguese => PORTUGUESE,
            Self::Swedish => SWEDISH,
            Self::Danish => DANISH,
            Self::Norwegian => NORWEGIAN,
            Self::Finnish => FINNISH,
            Self::Hungarian => HUNGARIAN,
            Self::Romanian => ROMANIAN,
            Self::Russian => RUSSIAN,
            Self::Greek => GREEK,
            Self::Turkish => TURKISH,
            Self::Arabic => ARABIC,
            Self::Other => "",
        }
    }
}

static STOP_WORDS: LazyLock<[HashSet<String>; GROUPS]> = LazyLock::new(|| {
    Group::ALL.map(|group| {
        group.stop_words().split_whitespace().map(|word| fold(word, group == Group::German).into()).collect()
    })
});

/// All stop words in a row: part of the index format.
pub fn all_stop_words() -> impl Iterator<Item = &'static str> {
    Group::ALL.into_iter().map(Group::stop_words)
}

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

const DUTCH: &str = "
    de het een en of maar want in op aan bij met van voor naar over uit tot door om onder tegen tussen na zonder sinds
    ik je jij u hij zij ze wij we jullie hen hun hem haar mijn jouw zijn ons onze dit dat deze die er hier daar wat wie
    waar wanneer hoe welke als dan ook niet geen nog wel al is was waren wordt werd worden heeft had hebben kan kunnen
    zal zullen moet te zo meer veel alle";

const PORTUGUESE: &str = "
    o a os as um uma uns umas de do da dos das e ou mas em no na nos nas ao aos à às por pelo pela pelos pelas para com
    sem sobre entre até desde como que quem quando onde qual se seu sua seus suas meu minha nosso nossa lhe lhes me te
    eu ele ela eles elas é são era eram foi foram ser está estão ter tem têm há este esta estes estas esse essa isso
    não nem mais muito já também";

const SWEDISH: &str = "
    en ett den det de och eller men i på av till för med om från ut över under vid efter mellan utan mot som att är var
    blir blev vara har hade ha kan ska skall skulle jag du han hon vi ni dem sig sin sitt sina min mitt mina din vår
    denna detta dessa här där vad vem när hur vilken så inte också nu än alla mycket mer";

const DANISH: &str = "
    en et den det de og eller men i på af til for med om fra ud over under ved efter mellem uden mod som at er var
    bliver blev være har havde have kan skal skulle jeg du han hun vi dem sig sin sit sine min mit mine din vores denne
    dette disse her der hvad hvem når hvor hvilken så ikke også nu end alle meget mere";

const NORWEGIAN: &str = "
    en et ei den det de og eller men i på av til for med om fra ut over under ved etter mellom uten mot som at å er var
    blir ble være har hadde ha kan skal skulle jeg du han hun vi dem seg sin sitt sine min mitt mine din vår denne dette
    disse her der hva hvem når hvor hvilken så ikke også nå enn alle mye mer";

const FINNISH: &str = "
    ja tai mutta on oli ovat olivat olla ei en et emme ette eivät se ne tämä nämä tuo joka jotka mikä mitä kuka kun
    kuin jos että niin myös vain hän he me te minä sinä sen sitä siitä siinä tämän ennen jälkeen kanssa ilman";

const HUNGARIAN: &str = "
    a az egy és vagy de hogy nem is ha mint csak már még meg el ki le fel be ez ezt azt ezek azok aki ami amely én te ő
    mi ti ők van volt vannak lesz lett után alatt között szerint minden";

const ROMANIAN: &str = "
    un o unei unui și sau dar în pe la de din cu fără pentru prin către după între ca că să nu mai cel cea cei cele
    acest această aceste acel care ce cine când unde cum eu tu el ea noi voi ei ele este sunt era au are am fi fost al
    ai ale a";

const RUSSIAN: &str = "
    и в во не что он на я с со как а то все она так его но да ты к у же вы за бы по только ее мне было вот от меня еще
    о из ему когда даже ну ли если уже или ни быть был него до вас уж вам там потом себя ей они тут где есть для мы тебя
    их чем была сам чтоб без чего раз тоже себе под будет при об это этот эта эти";

const GREEK: &str = "
    ο η το οι τα του της των τον την και ή αλλά σε στο στη στην στον στα στις από με για ως προς κατά μετά χωρίς που πως
    ότι αν όταν δεν μην να θα είναι ήταν έχει έχουν αυτό αυτή αυτός αυτά ένας μια ένα";

const TURKISH: &str = "
    ve veya ya da de ama fakat ile için gibi kadar bu şu o bir çok daha en mi mı mu mü ne ki ben sen biz siz onlar
    olan olarak oldu var yok değil her";

const ARABIC: &str = "
    في من على إلى الى عن مع هذا هذه ذلك تلك التي الذي الذين ما لا لم لن أن ان إن كان كانت يكون هو هي هم و أو او ثم
    قد كل بعد قبل بين حتى عند كما";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_fall_into_groups() {
        assert_eq!(Group::of("de-AT"), Group::German);
        assert_eq!(Group::of("EN"), Group::English);
        assert_eq!(Group::of("pl"), Group::Other);
        assert_eq!(Group::of("nb-NO"), Group::Norwegian);
        assert!(Group::ALL.iter().enumerate().all(|(at, group)| *group as usize == at));
        assert_eq!(Group::of(""), Group::Other);
    }

    #[test]
    fn stop_words_are_folded_like_the_text() {
        assert!(Group::German.is_stop_word("fur"));
        assert!(Group::French.is_stop_word("etait"));
        assert!(!Group::English.is_stop_word("die"));
    }
}

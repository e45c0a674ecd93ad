"""Derives wiktionary/*.txt from the package german-nouns.

    pip install german-nouns && python derive.py

nouns.txt   nouns that are not made of other nouns, folded
places.txt  names of places, which must not be taken apart
forms.txt   forms of nouns that the stemming rules do not bring to the stem of the noun: form, noun
"""

import csv
import pathlib
import re
import sysconfig

HERE = pathlib.Path(__file__).parent
SOURCE = pathlib.Path(sysconfig.get_paths()["purelib"]) / "german_nouns/nouns.csv"
PLAIN = dict(zip("äöüßéèêáàâóôíçñ", ["a", "o", "u", "ss"] + list("eeeaaaooicn")))
NO_WORDS = ("Eigenname", "Nachname", "Vorname", "Abkürzung", "Affix", "uffix", "Dekliniert", "Wortverbindung", "Flektiert")
LINKS = ["", "s", "n", "en", "es", "er", "e"]
LEFT_OUT = {"neubau", "schaft"}  # a village, and a pole, whose names hide what everybody means
LONGEST_FORM = 16
LONG = 11  # such a word that ends in a noun is a compound, whatever it begins with


def fold(word):
    """As fold.rs does for German."""
    out, plain = [], False
    for letter in word.lower():
        if letter in PLAIN:
            out.extend(PLAIN[letter])
            plain = False
        elif letter == "e" and plain and out and (out[-1] in "ao" or (out[-1] == "u" and (out[-2:-1] or " ")[0] not in "aeiouyq")):
            plain = False
        else:
            out.append(letter)
            plain = True
    return "".join(out)


def stem(word):
    """As the rules of german.rs do."""
    def cut(count):
        return word[:-count]
    if len(word) > 7 and word.endswith("innen"):
        word = cut(3)
    if len(word) > 7 and word.endswith("erin"):
        word = cut(2)
    if len(word) > 5 and word.endswith(("ers", "eln", "els")):
        word = cut(1)
    size = len(word)
    if size > 7 and word.endswith("bauten"):
        word = cut(3)
    elif size > 7 and word.endswith("nisse"):
        word = cut(2)
    elif size > 8 and word.endswith(("nissen", "nisses")):
        word = cut(3)
    elif size > 7 and word.endswith("alien"):
        word = cut(3)
    elif size > 5 and word.endswith("ern"):
        word = cut(3)
    elif size > 4 and word[-2] == "e" and word[-1] in "mnrs":
        word = cut(2)
    elif size > 3 and word[-1] == "e":
        word = cut(1)
    elif size > 3 and word[-1] == "s" and word[-2] in "bdfghklmnprtvw":
        word = cut(1)
    elif size > 4 and word[-1] == "s" and word[-2] in "aoy":
        word = cut(1)
    size = len(word)
    if size > 5 and word.endswith("est"):
        word = cut(3)
    elif size > 4 and word[-2] == "e" and word[-1] in "rn":
        word = cut(2)
    elif size > 4 and word.endswith("st") and word[-3] in "bdfghklmnt":
        word = cut(2)
    return word


def own(name):
    lines = (HERE / name).read_text().splitlines()
    return {fold(word) for line in lines for word in line.split("#")[0].split()}


def write(name, entries):
    target = HERE / "wiktionary" / name
    target.parent.mkdir(exist_ok=True)
    head = "# Derived from the German Wiktionary; CC BY-SA 4.0, see ../README.md\n"
    target.write_text(head + "".join(f"{entry}\n" for entry in sorted(entries)))
    print(name, len(entries))


def main():
    nouns, places = {}, set()
    for row in csv.DictReader(SOURCE.open()):
        lemma, kind = row["lemma"], row["pos"]
        if not re.fullmatch("[A-ZÄÖÜ][a-zäöüßéèêáàâóôíçñ]+", lemma) or fold(lemma) in LEFT_OUT:
            continue
        if "Toponym" in kind:
            places.add(fold(lemma))
        elif not any(mark in kind for mark in NO_WORDS):
            nouns.setdefault(fold(lemma), []).append(row)
    known = own("nouns.txt")
    modifiers = own("modifiers.txt")
    last = {word for word in nouns if len(word) >= 4} | known
    first = last | modifiers | {word[:-1] for word in last if len(word) > 5 and word.endswith("e")}

    def is_compound(word):
        for at in range(3, len(word) - 2):
            if word[:at] not in first or (at < 4 and word[:at] not in known | modifiers):
                continue
            for link in LINKS:
                tail = word[at + len(link):]
                if word.startswith(link, at) and tail in last and (len(tail) >= 4 or tail in known):
                    return True
        return False

    def ends_in_noun(word):
        return len(word) >= LONG and any(word[at:] in last for at in range(3, len(word) - 4))

    def is_useful(word, rows):
        if len(word) < 5 or word in known or is_compound(word) or ends_in_noun(word):
            return False
        plural = any(value for row in rows for key, value in row.items() if key.startswith("nominativ plural"))
        if word.endswith(("en", "eln", "ern")) and rows[0]["genus"] == "n" and not plural:
            return False  # a verb used as a noun
        if word.endswith("in") and (word[:-2] in nouns or word[:-2] + "e" in nouns):
            return False
        return "adjektivische" not in rows[0]["pos"]

    simple = {word for word, rows in nouns.items() if is_useful(word, rows)}
    forms = {}
    for word in simple | known:
        for row in nouns.get(word, []):
            for key, value in row.items():
                if not value or key.split()[0] not in ("nominativ", "genitiv", "dativ", "akkusativ"):
                    continue
                for form in map(fold, re.findall("[A-Za-zäöüßÄÖÜ]+", value)):
                    fits = 4 <= len(form) <= LONGEST_FORM and form not in nouns and form[:3] == word[:3]
                    if fits and stem(form) != stem(word):
                        forms.setdefault(form, set()).add(word)
    write("nouns.txt", simple)
    write("places.txt", {place for place in places if len(place) >= 6 and place not in simple | known})
    write("forms.txt", {f"{form} {min(of)}" for form, of in forms.items() if len({stem(word) for word in of}) == 1})


if __name__ == "__main__":
    main()

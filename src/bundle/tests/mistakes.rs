//! Mistakes are named where they are, and everything else is taken in.

use super::{house, png, write};
use crate::bundle::import;
use crate::domain::contact::Contact;
use crate::domain::release::Release;

#[tokio::test]
async fn every_mistake_has_its_file_and_line() {
    let house = house().await;
    let bundle = house.folder.path().join("bundle");
    write(
        &bundle,
        &[
            ("newsroom.toml", b"organisation = \"Haus\"\n\n[[topics]]\nslug = \"energie\"\nname = \"Energie\"\n"),
            (
                "contacts/anna.toml",
                b"name = \"Anna\"\nrole = 5\norganisation = \"Haus\"\nphons = []\nemail = 7\n",
            ),
            ("contacts/bert.toml", b"name = \"Bert\"\nemail = \"not an address\"\n"),
            ("contacts/Carla Groß.toml", b"name = \"Carla\"\n"),
            ("contacts/dora.toml", b"name = \"Dora\"\nphones = [ {number = \"+49 30 1\" \n"),
            ("contacts/emil.toml", b"name = \"Emil\"\n"),
            ("contacts/fritz.toml", b"name = \"Fritz\"\n# Stra\xdfe\n"),
            (
                "releases/unknown.md",
                "+++\nheadline = \"Ü\"\nlanguage = \"de\"\ntopics = [\n  \"energie\",\n  \"nirgends\",\n]\n\
                 assets = [\"fehlt.jpg\"]\ncontacts = [\"emil\", \"anna\"]\n+++\nText\n"
                    .as_bytes(),
            ),
            (
                "releases/gap.md",
                b"+++\nheadline = \"Gap\"\nstate = \"embargoed\"\n\
                  embargo_until = { local = \"2027-03-28T02:30\", zone = \"Europe/Berlin\" }\n+++\nText\n",
            ),
            ("releases/yaml.md", b"---\ntitle: x\n---\nText\n"),
            ("releases/open.md", b"+++\nheadline = \"x\"\nText\n"),
            ("releases/plan.md", b"+++\nheadline = \"x\"\nstate = \"scheduled\"\n+++\nText\n"),
            ("releases/state.md", b"+++\nheadline = \"x\"\nstate = \"online\"\n+++\nText\n"),
            (
                "releases/good.md",
                b"+++\nheadline = \"Good\"\ncontacts = [\"emil\", \"anna\"]\nrelated = [\"gap\"]\n+++\nText\n",
            ),
            ("release/typo.md", b"x"),
            ("photos/text.jpg", b"This is not a picture"),
            ("photos/a.png", &png(1)),
            ("photos/a.png.toml", b"captoin = \"x\"\n"),
            ("photos/lost.jpg.toml", b"title = \"x\"\n"),
        ],
    );
    let report = import(&house.ctx, &bundle).await.unwrap();
    let said = report.to_string();
    for expected in [
        "contacts/anna.toml:2:8: An integer stands where a text",
        "contacts/anna.toml:4:1: Unknown field `phons`, expected one of `name`",
        "contacts/anna.toml:5:9: Invalid type: integer `7`, expected a string",
        "contacts/bert.toml:2: email: This is not an e-mail address",
        "contacts/Carla Groß.toml: The file's name is the record's slug and may hold only a-z, 0-9 and hyphens, such as `carla-gross`",
        "contacts/dora.toml:2:",
        "contacts/fritz.toml:2: The text is not UTF-8",
        "releases/unknown.md:6:3: topics: There is no topic `nirgends`",
        "releases/unknown.md:8:11: assets: There is no file `fehlt.jpg` in photos/",
        "releases/gap.md:4: embargo_until: 02:30 does not exist on 2027-03-28 in Europe/Berlin",
        "releases/yaml.md:1: The front matter is TOML: put it between lines of +++",
        "releases/open.md:1: The front matter has no end",
        "releases/plan.md:3: state: `scheduled` needs publish_at",
        "releases/state.md:3:9: Unknown variant `online`, expected one of `draft`",
        "release/: This belongs to no part of a bundle",
        "photos/text.jpg: This kind of file cannot be taken",
        "photos/a.png.toml:1:1: Unknown field `captoin`",
        "photos/lost.jpg.toml: There is no file `photos/lost.jpg`",
    ] {
        assert!(said.contains(expected), "{expected}\nis missing in\n{said}");
    }
    assert_eq!(report.problems.len(), 18, "{said}");
    assert!(house.is_there::<Contact>("emil").await);
    assert!(!house.is_there::<Contact>("anna").await);
    assert!(!house.is_there::<Release>("unknown").await);
    // Its own file is right: what it names and what is broken elsewhere comes with the next import.
    let good: Release = house.find("good").await;
    assert_eq!((good.contacts.len(), good.related.len(), report.left_out), (1, 0, 2));

    write(
        &bundle,
        &[
            ("contacts/anna.toml", b"name = \"Anna\"\n"),
            ("releases/gap.md", b"+++\nheadline = \"Gap\"\n+++\nText\n"),
        ],
    );
    import(&house.ctx, &bundle).await.unwrap();
    let good: Release = house.find("good").await;
    assert_eq!((good.contacts.len(), good.related.len()), (2, 1));
}

#[tokio::test]
async fn a_mistake_leaves_the_record_as_it_was() {
    let house = house().await;
    let bundle = house.folder.path().join("bundle");
    write(&bundle, &[("contacts/anna.toml", b"name = \"Anna\"\norder = 1\n")]);
    import(&house.ctx, &bundle).await.unwrap();
    write(&bundle, &[("contacts/anna.toml", b"name = \"Anna Neu\"\nportrait = \"nirgends.jpg\"\n")]);
    let report = import(&house.ctx, &bundle).await.unwrap();
    assert_eq!(report.problems.len(), 1, "{report}");
    assert_eq!(house.find::<Contact>("anna").await.name, "Anna");
}

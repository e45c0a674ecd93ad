//! People and desks to ask, read from the lines under "Kontakt".

use super::contact_lines::{Piece, find_email, is_email, pieces};
use super::contact_words::is_organisation;
use crate::manuscript::{Paragraph, tidy};

const MAX_CONTACTS: usize = 20;

/// Somebody who answers, as the document names them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoundContact {
    pub name: String,
    pub function: String,
    pub organisation: String,
    pub phone: String,
    pub mobile: String,
    pub email: String,
}

impl FoundContact {
    fn is_useful(&self) -> bool {
        let says = [&self.function, &self.phone, &self.mobile, &self.email];
        !self.name.is_empty() && says.iter().any(|text| !text.is_empty())
    }
}

/// The contacts in some paragraphs, and the lines that say something else.
pub fn read(paragraphs: &[Paragraph]) -> (Vec<FoundContact>, Vec<String>) {
    let mut reader = Reader::default();
    for paragraph in paragraphs {
        for line in tidy::lines_of(paragraph) {
            let text = line.text();
            let mails = line.runs.iter().filter_map(|run| run.link.as_deref()?.strip_prefix("mailto:"));
            let mail =
                mails.map(|mail| mail.split('?').next().unwrap_or_default()).find(|mail| is_email(mail));
            let has_other_link = line.runs.iter().any(|run| run.link.is_some()) && mail.is_none();
            if has_other_link && line.runs.iter().all(|run| run.link.is_some() || run.text.trim().is_empty())
            {
                // Links alone are buttons: "Download Pressefoto".
                if find_email(&text).is_none() {
                    continue;
                }
            }
            reader.line(&text, mail);
        }
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    done: Vec<FoundContact>,
    current: FoundContact,
    /// Named above the people, for all of them.
    organisation: String,
    left: Vec<String>,
    /// The last line was a name: what follows without a label is what they do.
    after_name: bool,
}

impl Reader {
    fn line(&mut self, text: &str, mail: Option<&str>) {
        // Spaces that keep "Dr." and a name together keep them from being found again.
        let text = &text.replace('\u{a0}', " ");
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let mut has_mail = false;
        let pieces = pieces(text);
        let is_single = pieces.len() == 1;
        for piece in pieces {
            has_mail |= matches!(piece, Piece::Email(_));
            self.take(piece, is_single);
        }
        if let Some(mail) = mail.filter(|_| !has_mail) {
            self.take(Piece::Email(mail.to_owned()), false);
            // The words of the link: "Nachricht senden".
            self.left.retain(|line| line != text);
        }
    }

    fn take(&mut self, piece: Piece, is_single: bool) {
        let was_after_name = std::mem::take(&mut self.after_name);
        match piece {
            Piece::Name(name) if self.is_house(&name) => self.current.organisation = name,
            Piece::Name(name) => {
                if !self.current.name.is_empty() {
                    self.close();
                }
                self.current.name = name;
                self.after_name = true;
            }
            Piece::Function(function) => {
                if self.current.name.is_empty()
                    && self.current.email.is_empty()
                    && is_single
                    && self.done.is_empty()
                {
                    // A desk in place of a person, unless a name follows.
                    self.current.function = function;
                } else if self.current.function.is_empty() {
                    self.current.function = function;
                    self.after_name = was_after_name;
                } else if self.current.organisation.is_empty() && is_organisation(&function) {
                    self.current.organisation = function;
                } else {
                    self.current.function = format!("{}, {function}", self.current.function);
                }
            }
            Piece::Organisation(organisation) => {
                if self.current.name.is_empty() {
                    if !self.current.email.is_empty() || !self.current.phone.is_empty() {
                        self.close();
                    }
                    self.organisation = organisation;
                } else if self.current.organisation.is_empty()
                    && (was_after_name || self.current.email.is_empty())
                {
                    self.current.organisation = organisation;
                } else {
                    self.close();
                    self.organisation = organisation;
                }
            }
            Piece::Email(email) => {
                if !self.current.email.is_empty() && !self.current.email.eq_ignore_ascii_case(&email) {
                    self.close();
                }
                self.current.email = email;
            }
            Piece::Phone(phone) if self.current.phone.is_empty() => self.current.phone = phone,
            Piece::Mobile(phone) if self.current.mobile.is_empty() => self.current.mobile = phone,
            Piece::Phone(_) | Piece::Mobile(_) | Piece::Known => {}
            Piece::Other(text) => {
                let is_function = was_after_name
                    && self.current.function.is_empty()
                    && text.chars().count() <= 80
                    && !text.ends_with(['.', ':', '!', '?'])
                    && !text.chars().any(|c| c.is_ascii_digit());
                if is_function {
                    self.current.function = text;
                } else if self.is_house(&text) {
                    self.current.organisation = text;
                } else {
                    self.left.push(text);
                }
            }
        }
    }

    /// Whether words behind a name and what they do, and before any number, say for whom: "Warm Homes Trust" looks
    /// like a name too.
    fn is_house(&self, text: &str) -> bool {
        let current = &self.current;
        let is_waiting = current.phone.is_empty() && current.mobile.is_empty() && current.email.is_empty();
        !current.name.is_empty()
            && !current.function.is_empty()
            && current.organisation.is_empty()
            && is_waiting
            && text.chars().count() <= 80
            && text.starts_with(char::is_uppercase)
            && !text.ends_with(['.', ':', '!', '?'])
            && !text.chars().any(|c| c.is_ascii_digit())
    }

    fn close(&mut self) {
        let mut contact = std::mem::take(&mut self.current);
        if contact.name.is_empty() && !(contact.email.is_empty() && contact.phone.is_empty()) {
            // "Pressestelle der Stadt": a desk that answers.
            contact.name = if contact.function.is_empty() {
                self.organisation.clone()
            } else {
                std::mem::take(&mut contact.function)
            };
            if contact.name.is_empty() {
                contact.name = contact.email.split('@').next().unwrap_or_default().to_owned();
            }
        }
        let own = contact.organisation.clone();
        if contact.organisation.is_empty() && contact.name != self.organisation {
            contact.organisation.clone_from(&self.organisation);
        }
        if contact.is_useful() && self.done.len() < MAX_CONTACTS && !self.done.contains(&contact) {
            self.done.push(contact);
        } else {
            let said = [contact.name, contact.function, own, contact.phone, contact.mobile];
            self.left.extend(said.into_iter().filter(|text| !text.is_empty()));
        }
    }

    fn finish(mut self) -> (Vec<FoundContact>, Vec<String>) {
        self.close();
        (self.done, self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manuscript::Run;

    fn found(text: &str) -> (Vec<FoundContact>, Vec<String>) {
        let paragraphs: Vec<Paragraph> = text
            .split("\n\n")
            .map(|text| Paragraph { runs: vec![Run::plain(text)], ..Paragraph::default() })
            .collect();
        read(&paragraphs)
    }

    fn one(text: &str) -> FoundContact {
        let (mut contacts, left) = found(text);
        assert_eq!((contacts.len(), left), (1, Vec::new()), "{text}: {contacts:?}");
        contacts.remove(0)
    }

    #[test]
    fn a_contact_is_read_in_lines_and_in_one_line() {
        let ada = FoundContact {
            name: "Ada Muster".into(),
            function: "Pressesprecherin".into(),
            phone: "+49 30 27576-112".into(),
            email: "a.muster@messe.example".into(),
            ..FoundContact::default()
        };
        for text in [
            "Ada Muster\n\nPressesprecherin\n\nTelefon: +49 30 27576-112\n\nE-Mail: a.muster@messe.example",
            "Ada Muster\nPressesprecherin\nT +49 30 27576-112\na.muster@messe.example\nwww.messe.example",
            "Ada Muster, Pressesprecherin, Tel.: +49 30 27576-112, E-Mail: a.muster@messe.example",
            "Ada Muster (Pressesprecherin) | Tel. +49 30 27576-112 | a.muster@messe.example",
            "Frau Ada Muster – Pressesprecherin – Telefon +49 30 27576-112 – Mail a.muster@messe.example",
            "Ada Muster\nPressesprecherin\nMusterstraße 10\n10117 Berlin\nTel.: +49 30 27576-112 Fax: +49 30 27576-400\nE-Mail: a.muster(at)messe.example",
            "Ada Muster, Pressesprecherin, +49 30 27576-112, a.muster@messe.example",
        ] {
            assert_eq!(one(text), ada, "{text}");
        }
    }

    #[test]
    fn several_people_and_desks_are_told_apart() {
        let (contacts, left) = found(
            "Messe Musterstadt GmbH\nDr. Ada von Muster\nLeiterin Kommunikation\nMobil: 0171 1234567\nada@messe.example\n\n\
             Bo Beispiel\nProjektleiter Messen & Events\nTel: (030) 12 34 56 - 7",
        );
        assert_eq!(left, Vec::<String>::new());
        assert_eq!(contacts.len(), 2);
        assert_eq!(contacts[0].name, "Dr. Ada von Muster");
        assert_eq!(contacts[0].mobile, "0171 1234567");
        assert_eq!(contacts[1].name, "Bo Beispiel");
        assert_eq!(contacts[1].function, "Projektleiter Messen & Events");
        assert_eq!(contacts[1].phone, "(030) 12 34 56 - 7");
        assert!(contacts.iter().all(|contact| contact.organisation == "Messe Musterstadt GmbH"));
        let desk = one("Pressestelle der Stadt Musterstadt\nTel. 030 1234567\npresse@stadt.example");
        assert_eq!(
            (desk.name.as_str(), desk.email.as_str()),
            ("Pressestelle der Stadt Musterstadt", "presse@stadt.example")
        );
        let us = one(
            "Jane Example\nDirector of Communications\nExample Corp.\nPhone: (212) 555-0123\njane@corp.example",
        );
        assert_eq!(
            (us.function.as_str(), us.organisation.as_str(), us.phone.as_str()),
            ("Director of Communications", "Example Corp.", "(212) 555-0123")
        );
    }

    #[test]
    fn an_organisation_that_reads_like_a_name_is_none() {
        for (text, organisation) in [
            (
                "Joel Whitcombe\nSenior Press Officer\nWarm Homes Trust\nTel: +44 20 7946 0321\npress@homes.example",
                "Warm Homes Trust",
            ),
            (
                "Pelayo Suárez\nJefe de prensa\nAutoridad Portuaria de Gijón\nTel.: +34 985 17 96 00\nprensa@puerto.example",
                "Autoridad Portuaria de Gijón",
            ),
            (
                "Insa Behrends\nPressestelle\nPolizeiinspektion Göttingen\nTelefon: 0551 491-2020\npresse@polizei.example",
                "Polizeiinspektion Göttingen",
            ),
        ] {
            assert_eq!(one(text).organisation, organisation, "{text}");
        }
        let (contacts, _) = found(
            "Ada Muster\nPressesprecherin\nTel. 030 1234567\n\nBo Beispiel\nReferent\nTel. 030 7654321",
        );
        assert_eq!(contacts.len(), 2, "a second person stays one: {contacts:?}");
    }

    #[test]
    fn numbers_are_read_as_they_are_written_elsewhere() {
        assert_eq!(one("Anne Exemple\nTél. : 05 61 39 58 60").phone, "05 61 39 58 60");
        assert_eq!(one("Malte Muster, Sprecher, Tel.: 04821 / 55 01-233").phone, "04821/55 01-233");
        assert_eq!(one("Dr.\u{a0}Ada Muster\nTel. 030 1234567").name, "Dr. Ada Muster");
    }

    #[test]
    fn a_number_behind_a_name_leaves_the_name() {
        let ada = one("Ada Muster, Tel. 030 1234567");
        assert_eq!((ada.name.as_str(), ada.phone.as_str()), ("Ada Muster", "030 1234567"));
        let bo = one("Bo Beispiel Mobil 0171 2345678");
        assert_eq!((bo.name.as_str(), bo.mobile.as_str()), ("Bo Beispiel", "0171 2345678"));
        assert_eq!(found("Tel. 030 1234567").1, ["030 1234567"], "nothing is lost in silence");
    }

    #[test]
    fn what_is_no_contact_is_told() {
        let (contacts, left) = found("Bitte beachten Sie die neue Anschrift ab dem 1. Januar.");
        assert!(contacts.is_empty());
        assert_eq!(left.len(), 1);
    }
}

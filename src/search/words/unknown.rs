//! Words the index does not know: unfinished, mistyped, or two words written as one.

use tantivy::Term;
use tantivy::query::PhraseQuery;
use tantivy::tokenizer::Token;

use super::{Boxed, SCATTERED, Words, boost, members, term};
use crate::search::fold::is_unspaced;

/// Words that begin with what the reader typed, and words near to it.
const COMPLETED: f32 = 0.5;
const CORRECTED: f32 = 0.6;

impl Words<'_> {
    /// A word the index does not know: unfinished, mistyped, or two words written as one.
    pub(super) fn unknown(
        &mut self,
        word: &str,
        exact: &[Token],
    ) -> tantivy::Result<(Vec<Boxed>, Option<String>)> {
        if self.lookups == 0 || exact.is_empty() {
            return Ok((vec![], None));
        }
        self.lookups -= 1;
        let [token] = exact else { return self.unknown_in_chain(word, exact) };
        let field = self.vocabulary.fields.exact;
        let typed = token.text.clone();
        if typed.chars().count() >= 3 || typed.starts_with(is_unspaced) {
            let mut longer = self.vocabulary.beginning_with(field, &typed, 12)?;
            longer.retain(|(term, _)| {
                term.chars().any(char::is_alphabetic) && self.vocabulary.has(field, term)
            });
            if !longer.is_empty() {
                self.marks.exact.extend(longer.iter().map(|(term, _)| term.clone()));
                let queries = longer.iter().map(|(longer, _)| boost(term(field, longer), COMPLETED));
                return Ok((queries.collect(), None));
            }
        }
        let mut out = vec![];
        let mut meant = None;
        let nearest = self.vocabulary.corrections(&typed, 3)?;
        // Two words of the index are nearer than one that is two slips away.
        let is_near = nearest.iter().any(|near| near.distance < 2);
        let two = if is_near { None } else { self.two_words(&typed)? };
        for near in nearest.into_iter().filter(|_| two.is_none()) {
            let Some(written) = self.vocabulary.written(&near.term)? else { continue };
            let weight = CORRECTED / f32::from(near.distance);
            out.extend(self.stems(&written, weight, true));
            out.extend(self.german_parts(&written).into_iter().map(|query| boost(query, weight)));
            out.push(boost(term(field, &near.term), weight));
            self.marks.exact.insert(near.term);
            meant = meant.or(Some(written));
        }
        if let Some((first, second)) = two {
            let terms = vec![Term::from_field_text(field, &first), Term::from_field_text(field, &second)];
            out.push(boost(Box::new(PhraseQuery::new(terms)), CORRECTED));
            let written = (self.vocabulary.written(&first)?, self.vocabulary.written(&second)?);
            if let (Some(a), Some(b)) = written {
                meant = Some(format!("{a} {b}"));
            }
            out.extend(self.stems(&first, SCATTERED, true));
            out.extend(self.stems(&second, SCATTERED, true));
            self.marks.phrases.push(vec![first, second]);
        }
        Ok((out, meant.filter(|meant| meant != word)))
    }

    /// A chain of words of which one is mistyped.
    fn unknown_in_chain(
        &mut self,
        word: &str,
        exact: &[Token],
    ) -> tantivy::Result<(Vec<Boxed>, Option<String>)> {
        let field = self.vocabulary.fields.exact;
        let mut unknown =
            members(exact).0.into_iter().filter(|token| !self.vocabulary.has(field, &token.text));
        let (Some(token), None) = (unknown.next(), unknown.next()) else { return Ok((vec![], None)) };
        let Some(near) = self.vocabulary.corrections(&token.text, 1)?.pop() else {
            return Ok((vec![], None));
        };
        let Some(written) = self.vocabulary.written(&near.term)? else { return Ok((vec![], None)) };
        let (Some(before), Some(after)) = (word.get(..token.offset_from), word.get(token.offset_to..)) else {
            return Ok((vec![], None));
        };
        let meant = format!("{before}{written}{after}");
        let out = self.stems(&meant, CORRECTED / f32::from(near.distance), true);
        let correction = (!out.is_empty() && meant != word).then_some(meant);
        Ok((out, correction))
    }

    /// The one place where an unknown word comes apart into two the index knows.
    fn two_words(&self, typed: &str) -> tantivy::Result<Option<(String, String)>> {
        if !typed.is_ascii() || !(7..=40).contains(&typed.len()) {
            return Ok(None);
        }
        let field = self.vocabulary.fields.exact;
        for at in 3..=typed.len() - 3 {
            let (first, second) = typed.split_at(at);
            if self.vocabulary.has(field, first)
                && self.vocabulary.has(field, second)
                && self.vocabulary.is_public(field, first)?
                && self.vocabulary.is_public(field, second)?
            {
                return Ok(Some((first.to_owned(), second.to_owned())));
            }
        }
        Ok(None)
    }
}

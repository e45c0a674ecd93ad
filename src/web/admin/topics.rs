//! Topics.

use super::desk::{Desk, DeskResult, Section};
use super::field::Make;
use super::form::{Mistakes, Values};
use super::record::{Family, Row, html};
use crate::domain::FieldError;
use crate::domain::topic::Topic;
use crate::newsroom::fields::TopicFields;
use crate::store::list::Order;

pub struct Topics;

impl Family for Topics {
    type Fields = TopicFields;
    const FOLDER: &'static str = "topics";
    const SECTION: Section = Section::Topics;
    const LIST: &'static str = "desk-topics-title";
    const NEW: &'static str = "desk-topics-new";
    const NONE: &'static str = "desk-topics-none";
    const ORDER: Order = Order::Rising;

    fn title(desk: &Desk, fields: &TopicFields) -> String {
        desk.pick(&fields.name).to_owned()
    }

    fn row(desk: &Desk, topic: &Topic) -> Row {
        Row {
            id: topic.id,
            title: desk.pick(&topic.name).to_owned(),
            facts: topic.slug.clone(),
            thumb: None,
            badge: String::new(),
        }
    }

    fn fill(desk: &Desk, values: &Values, fields: &mut TopicFields) -> Vec<FieldError> {
        fields.name = values.localized("name", &desk.newsroom.languages, &fields.name);
        fields.order = values.line("order").parse().unwrap_or(0);
        Vec::new()
    }

    async fn inputs(
        desk: &Desk,
        fields: &TopicFields,
        mistakes: &Mistakes,
        _query: &str,
    ) -> DeskResult<Vec<String>> {
        let make = Make::new(desk, mistakes);
        let mut parts = make.localized(desk, "name", "desk-field-name", &fields.name, 0);
        parts.push(make.input("order", "desk-field-order", "number", fields.order.to_string()).short());
        Ok(html(&parts))
    }
}

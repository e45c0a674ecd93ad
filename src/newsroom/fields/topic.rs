//! What may be written of a topic.

use serde::{Deserialize, Serialize};

use super::{COMMON_READ_ONLY, Fields, Setting};
use crate::domain::topic::Topic;
use crate::domain::{Id, Localized};
use crate::newsroom::{Error, Result};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TopicFields {
    pub slug: Option<String>,
    pub name: Localized,
    pub order: i64,
}

impl Fields for TopicFields {
    type Record = Topic;
    const READ_ONLY: &'static [(&'static str, &'static str)] = COMMON_READ_ONLY;

    fn of(topic: &Topic) -> Self {
        Self { slug: Some(topic.slug.clone()), name: topic.name.clone(), order: topic.order }
    }

    fn apply(self, topic: &mut Topic, _setting: Setting<'_>) -> Result<Option<String>> {
        let new = topic.slug.is_empty();
        if !new && self.slug.as_deref().is_some_and(|slug| slug != topic.slug) {
            return Err(Error::field(
                "slug",
                "read_only",
                "A topic's slug stands in releases and cannot change",
            ));
        }
        topic.name = self.name;
        topic.order = self.order;
        Ok(self.slug)
    }

    fn create(self, id: Id, setting: Setting<'_>) -> Result<(Topic, Option<String>)> {
        let mut topic = Topic {
            id,
            slug: String::new(),
            version: 0,
            name: Localized::default(),
            order: 0,
            created_at: setting.now,
            updated_at: setting.now,
        };
        let slug = self.apply(&mut topic, setting)?;
        Ok((topic, slug))
    }
}

//! `newsroom.toml`

use std::collections::BTreeMap;

use serde::Deserialize;

use super::values::{Moment, Reference, Words};
use crate::domain::account::FactorDuty;
use crate::domain::newsroom::{Boilerplate, Newsroom, Pin, StandingPage};
use crate::domain::preflight::Weights;
use crate::domain::style::Style;

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NewsroomSheet {
    pub name: Option<Words>,
    pub organisation: Option<String>,
    pub organisation_url: Option<String>,
    pub default_language: Option<String>,
    pub languages: Option<Vec<String>>,
    pub time_zone: Option<String>,
    /// Used where a photo says nothing.
    pub default_usage_terms: Option<Words>,
    /// Positions and serial numbers stay in the photos that are offered.
    pub keep_camera_data: Option<bool>,
    /// The slug of a photo, and of one for dark grounds.
    pub logo: Option<String>,
    pub logo_dark: Option<String>,
    /// Text and data mining is reserved.
    pub reserve_mining: Option<bool>,
    pub require_approval: Option<bool>,
    /// Days after which messages to contacts are deleted.
    pub message_days: Option<u16>,
    /// Who must have a second factor at the desk: `nobody`, `admins` or `all`.
    pub second_factor: Option<FactorDuty>,
    /// Rules before publication by their codes: `off`, `hint` or `duty`.
    pub preflight: Option<Weights>,
    pub colours: Option<BTreeMap<String, String>>,
    /// Typefaces, room and corners: what is not named is as usual.
    pub style: Option<Style>,
    pub boilerplates: Option<Vec<Boilerplate>>,
    /// In their order.
    pub topics: Vec<TopicEntry>,
    pub pages: Option<Vec<StandingPage>>,
    /// What stands first when a reader searches for certain words.
    pub pins: Option<Vec<Pin>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TopicEntry {
    pub slug: Reference,
    pub name: Words,
    /// The place in the list when left out.
    pub order: Option<i64>,
    pub created_at: Option<Moment>,
    pub updated_at: Option<Moment>,
}

impl NewsroomSheet {
    /// Puts what is said into the settings; what is not mentioned stays.
    pub fn apply(self, newsroom: &mut Newsroom) {
        fn put<T>(place: &mut T, value: Option<T>) {
            if let Some(value) = value {
                *place = value;
            }
        }
        put(&mut newsroom.name, self.name.map(|words| words.0));
        put(&mut newsroom.organisation, self.organisation);
        put(&mut newsroom.organisation_url, self.organisation_url);
        put(&mut newsroom.default_language, self.default_language);
        put(&mut newsroom.languages, self.languages);
        put(&mut newsroom.time_zone, self.time_zone);
        put(&mut newsroom.default_usage_terms, self.default_usage_terms.map(|words| words.0));
        put(&mut newsroom.keep_camera_data, self.keep_camera_data);
        put(&mut newsroom.logo, self.logo);
        put(&mut newsroom.logo_dark, self.logo_dark);
        put(&mut newsroom.reserve_mining, self.reserve_mining);
        put(&mut newsroom.require_approval, self.require_approval);
        put(&mut newsroom.message_days, self.message_days);
        put(&mut newsroom.second_factor, self.second_factor);
        put(&mut newsroom.preflight, self.preflight);
        put(&mut newsroom.colours, self.colours);
        put(&mut newsroom.style, self.style);
        put(&mut newsroom.boilerplates, self.boilerplates);
        put(&mut newsroom.pages, self.pages);
        put(&mut newsroom.pins, self.pins);
    }
}

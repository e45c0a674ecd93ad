//! What the visual editor says, in the language of the desk.

use serde_json::{Map, Value};

use super::desk::Shell;

/// The name of a word in the script, and its key.
const WORDS: [(&str, &str); 39] = [
    ("tools", "desk-editor-tools"),
    ("view", "desk-editor-view"),
    ("visual", "desk-editor-visual"),
    ("text", "desk-editor-text"),
    ("raw", "desk-editor-raw"),
    ("speaker", "desk-editor-speaker"),
    ("heading", "desk-editor-heading"),
    ("subheading", "desk-editor-subheading"),
    ("bold", "desk-md-bold"),
    ("italic", "desk-md-italic"),
    ("list", "desk-md-list"),
    ("numbers", "desk-editor-numbers"),
    ("deeper", "desk-editor-deeper"),
    ("higher", "desk-editor-higher"),
    ("quote", "desk-md-quote"),
    ("link", "desk-md-link"),
    ("photo", "desk-editor-photo"),
    ("table", "desk-editor-table"),
    ("rowAdd", "desk-editor-row-add"),
    ("columnAdd", "desk-editor-column-add"),
    ("rowDrop", "desk-editor-row-drop"),
    ("columnDrop", "desk-editor-column-drop"),
    ("tableDrop", "desk-editor-table-drop"),
    ("undo", "desk-editor-undo"),
    ("redo", "desk-editor-redo"),
    ("cancel", "desk-editor-cancel"),
    ("linkAddress", "desk-editor-link-address"),
    ("linkWrong", "desk-editor-link-wrong"),
    ("linkSet", "desk-editor-link-set"),
    ("linkDrop", "desk-editor-link-drop"),
    ("photoChoose", "desk-editor-photo-choose"),
    ("photoSearch", "desk-editor-photo-search"),
    ("photoLook", "desk-editor-photo-look"),
    ("photoNone", "desk-editor-photo-none"),
    ("photoFailed", "desk-editor-photo-failed"),
    ("photoAlt", "desk-editor-photo-alt"),
    ("photoCaption", "desk-editor-photo-caption"),
    ("photoSet", "desk-editor-photo-set"),
    ("photoChange", "desk-editor-photo-change"),
];

impl Shell {
    /// As JSON, for an attribute.
    pub fn editor_words(&self) -> String {
        let words = WORDS.iter().map(|(name, key)| ((*name).to_owned(), Value::String(self.t(key))));
        Value::Object(Map::from_iter(words)).to_string()
    }
}

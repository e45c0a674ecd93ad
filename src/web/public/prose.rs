//! Running text in a page.

use crate::text::markdown;

use super::site::Site;

impl Site {
    /// Markdown as the page shows it: a table that is wider than its column is moved within it, by keyboard too.
    pub fn prose(&self, text: &str) -> String {
        let html = markdown::to_html(text);
        if !html.contains("<table>") {
            return html;
        }
        let label = self.lang.t("prose-table");
        let open =
            format!("<div class=\"table\" role=\"group\" aria-label=\"{label}\" tabindex=\"0\"><table>");
        html.replace("<table>", &open).replace("</table>", "</table></div>")
    }
}

//! The line form that calendars and address cards share (RFC 5545 and RFC 6350, both section 3):
//! `NAME;PARAM=value:value`, folded, ended by CRLF.

/// The most octets of one line, its end left out.
const MAX_LEN_BYTES: usize = 75;

/// A text value: commas, semicolons, backslashes and line feeds escaped, other control characters left out.
pub fn text(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ',' | ';' => {
                out.push('\\');
                out.push(c);
            }
            '\n' | '\r' => out.push_str("\\n"),
            '\t' => out.push(' '),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// Texts as one list value.
pub fn list<'a>(values: impl IntoIterator<Item = &'a str>) -> String {
    values.into_iter().map(text).collect::<Vec<_>>().join(",")
}

/// A value that is not escaped, such as a URI; line ends cannot get in.
pub fn raw(value: &str) -> String {
    value.chars().filter(|c| !c.is_control()).collect()
}

/// Appends a line, folded so that no part is longer than 75 octets and no character is torn.
pub fn push(out: &mut String, name: &str, value: &str) {
    let mut room = MAX_LEN_BYTES;
    for c in name.chars().chain([':']).chain(value.chars()) {
        if c.len_utf8() > room {
            out.push_str("\r\n ");
            room = MAX_LEN_BYTES - 1;
        }
        out.push(c);
        room -= c.len_utf8();
    }
    out.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_fold_between_characters() {
        let value = "Größe 展示会 ".repeat(20);
        let mut out = String::new();
        push(&mut out, "NOTE", &value);
        assert!(out.ends_with("\r\n"));
        for line in out.trim_end().split("\r\n") {
            assert!(line.len() <= 75, "{} {line}", line.len());
        }
        assert_eq!(out.replace("\r\n ", ""), format!("NOTE:{value}\r\n"));
    }

    #[test]
    fn nothing_can_end_a_line_early() {
        assert_eq!(text("a, b; c\\d\r\nEND:VCARD\u{7}"), "a\\, b\\; c\\\\d\\nEND:VCARD");
        assert_eq!(raw("https://x/\r\nEND:VCARD"), "https://x/END:VCARD");
        assert_eq!(list(["a,b", "c"]), "a\\,b,c");
    }
}

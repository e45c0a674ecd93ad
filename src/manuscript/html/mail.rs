//! Web pages in files: as they are, or as the first page of a MIME archive (RFC 2557).

/// The page in the bytes of a file.
pub fn page(bytes: &[u8]) -> String {
    let text = encoding_rs::UTF_8.decode(bytes).0;
    if !text.trim_start().to_ascii_lowercase().starts_with("mime-version") {
        return text.into_owned();
    }
    let lower = text.to_ascii_lowercase();
    let Some(at) = lower.find("content-type: text/html") else { return String::new() };
    let part = text.get(at..).unwrap_or_default();
    let Some((head, body)) = part.split_once("\r\n\r\n").or_else(|| part.split_once("\n\n")) else {
        return String::new();
    };
    let body = body.split("\n--").next().unwrap_or_default();
    let head = head.to_ascii_lowercase();
    if head.contains("quoted-printable") {
        return encoding_rs::UTF_8.decode(&unquoted(body)).0.into_owned();
    }
    body.to_owned()
}

fn unquoted(text: &str) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'=' {
            out.push(*byte);
            at += 1;
            continue;
        }
        let pair = bytes.get(at + 1..at + 3).and_then(|pair| std::str::from_utf8(pair).ok());
        match pair.and_then(|pair| u8::from_str_radix(pair, 16).ok()) {
            Some(value) => {
                out.push(value);
                at += 3;
            }
            // The line goes on in the next one.
            None if bytes.get(at + 1) == Some(&b'\n') => at += 2,
            None if bytes.get(at + 1..at + 3) == Some(b"\r\n") => at += 3,
            None => {
                out.push(b'=');
                at += 1;
            }
        }
    }
    out
}

//! Where mails are handed over, by a URL: `smtps://user:password@mail.example.org`, `smtp://…` with STARTTLS.

use url::{Host, Url};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Security {
    /// On the machine itself, or where the URL says `?tls=none`.
    Plain,
    StartTls,
    Tls,
}

#[derive(Clone, PartialEq, Eq)]
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// User and password.
    pub credentials: Option<(String, String)>,
}

impl SmtpServer {
    /// The error never repeats the URL: it may hold a password.
    pub fn parse(text: &str) -> Result<Self, String> {
        const WANTED: &str = "Must be like smtp://user:password@mail.example.org:587 or smtps://…";
        let url = Url::parse(text).map_err(|_| WANTED.to_owned())?;
        let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(|| WANTED.to_owned())?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(WANTED.to_owned());
        }
        let is_local = match Host::parse(host) {
            Ok(Host::Domain(name)) => name == "localhost",
            Ok(Host::Ipv4(address)) => address.is_loopback(),
            Ok(Host::Ipv6(address)) => address.is_loopback(),
            Err(_) => return Err(WANTED.to_owned()),
        };
        let security = match (url.scheme(), url.query()) {
            ("smtps", None) => Security::Tls,
            ("smtp", Some("tls=none")) => Security::Plain,
            ("smtp", None) if is_local => Security::Plain,
            ("smtp", None) => Security::StartTls,
            _ => return Err(WANTED.to_owned()),
        };
        let port = url.port().unwrap_or(match security {
            Security::Plain => 25,
            Security::StartTls => 587,
            Security::Tls => 465,
        });
        let decode = |part: &str| {
            let plus = part.replace('+', "%2B");
            url::form_urlencoded::parse(format!("x={plus}").as_bytes())
                .next()
                .map_or_else(String::new, |(_, value)| value.into_owned())
        };
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, Some(password)) if !user.is_empty() => Some((decode(user), decode(password))),
            _ => return Err("User and password belong together".to_owned()),
        };
        if credentials.is_some() && security == Security::Plain && !is_local {
            return Err("A password is not sent without TLS".to_owned());
        }
        // An IPv6 address without the brackets that it has in a URL.
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        Ok(Self { host, port, security, credentials })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_where_and_how() {
        let server =
            SmtpServer::parse("smtp://desk%40messe.example:p%40ss+w%C3%B6rt@mail.messe.example").unwrap();
        assert_eq!(
            (server.host.as_str(), server.port, server.security),
            ("mail.messe.example", 587, Security::StartTls)
        );
        assert_eq!(server.credentials, Some(("desk@messe.example".to_owned(), "p@ss+wört".to_owned())));
        let server = SmtpServer::parse("smtps://mail.messe.example").unwrap();
        assert_eq!((server.port, server.security, server.credentials), (465, Security::Tls, None));
        let server = SmtpServer::parse("smtp://127.0.0.1:1025").unwrap();
        assert_eq!((server.port, server.security), (1025, Security::Plain));
        assert_eq!(SmtpServer::parse("smtp://[::1]").unwrap().host, "::1");
        assert_eq!(SmtpServer::parse("smtp://relay:25?tls=none").unwrap().security, Security::Plain);
    }

    #[test]
    fn mistakes_are_told_without_the_password() {
        for wrong in [
            "mail.messe.example",
            "http://mail.messe.example",
            "smtp://",
            "smtp://u:geheim@relay?tls=none",
            "smtp://u:geheim@h/path",
            "smtp://geheim@h",
            "smtps://h?tls=none",
        ] {
            let error = SmtpServer::parse(wrong).err().unwrap_or_else(|| panic!("{wrong} was taken"));
            assert!(!error.contains("geheim"), "{error}");
        }
    }
}

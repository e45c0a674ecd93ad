//! What the operator decides: `pressroom.toml` in the data folder, then `PRESSROOM_*` variables, then flags.
//! Everything is checked before a port is opened.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

mod mail;
mod networks;
mod oidc;

use serde::Deserialize;
use url::Url;

pub use mail::{Security, SmtpServer};
pub use networks::Networks;
pub use oidc::{OidcClient, is_safe};

#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}: {detail}")]
    Parse { path: PathBuf, detail: String },
    #[error("{name}: {detail}")]
    Value { name: &'static str, detail: String },
}

/// A value with the place it came from, for `pressroom config show`.
#[derive(Clone, Debug)]
pub struct Sourced<T> {
    pub value: T,
    pub source: &'static str,
}

impl<T> std::ops::Deref for Sourced<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

#[derive(Clone, Debug)]
pub struct Config {
    pub data: PathBuf,
    pub listen: Sourced<SocketAddr>,
    /// Without a trailing slash.
    pub public_url: Sourced<String>,
    /// `sqlite:PATH` or `postgres://…`
    pub database_url: Sourced<String>,
    /// `file:PATH` or `s3://bucket/prefix`
    pub blob_url: Sourced<String>,
    pub max_upload_bytes: Sourced<u64>,
    /// Pictures rendered at the same time.
    pub render_jobs: Sourced<usize>,
    /// Memory that all pictures in work may take together.
    pub render_memory_mib: Sourced<u32>,
    /// Memory for ready pages, in bytes.
    pub page_cache_bytes: Sourced<u64>,
    /// Whether `X-Forwarded-For` is believed whoever connects: for a proxy whose address is not known.
    pub trust_proxy: Sourced<bool>,
    /// The proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Sourced<Networks>,
    /// Certificate chain and key (PEM) for TLS of our own; both or none.
    pub tls_certificate: Sourced<Option<PathBuf>>,
    pub tls_key: Sourced<Option<PathBuf>>,
    /// Searches and own selections that one address may ask for in a minute; 0 is no limit.
    pub searches_per_minute: Sourced<u32>,
    /// A location of the proxy in front that reads the blob folder; it then sends the bytes of downloads.
    pub accel_redirect: Sourced<Option<String>>,
    /// Whether the S3 store sends the bytes of originals to visitors itself.
    pub s3_redirect: Sourced<bool>,
    /// Where mails are handed over; without it none are sent.
    pub smtp_url: Sourced<Option<String>>,
    /// Whom mails come from: an address, or `Name <address>`.
    pub mail_from: Sourced<String>,
    /// Where people sign in besides here, if anywhere.
    pub oidc: Option<OidcClient>,
    oidc_written: oidc::Written,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, default)]
struct File {
    listen: Option<String>,
    public_url: Option<String>,
    database_url: Option<String>,
    blob_url: Option<String>,
    max_upload_bytes: Option<u64>,
    render_jobs: Option<u64>,
    render_memory_mib: Option<u64>,
    page_cache_bytes: Option<u64>,
    trust_proxy: Option<bool>,
    trusted_proxies: Option<Vec<String>>,
    tls_certificate: Option<String>,
    tls_key: Option<String>,
    searches_per_minute: Option<u64>,
    accel_redirect: Option<String>,
    s3_redirect: Option<bool>,
    smtp_url: Option<String>,
    mail_from: Option<String>,
    oidc_issuer: Option<String>,
    oidc_client_id: Option<String>,
    oidc_client_secret: Option<String>,
    oidc_name: Option<String>,
    oidc_scope: Option<String>,
    oidc_default_role: Option<String>,
    oidc_role_claim: Option<String>,
    oidc_roles: Option<Vec<String>>,
    oidc_trust_email: Option<bool>,
    oidc_only: Option<bool>,
}

/// Values from the command line, which win over all others.
#[derive(Debug, Default, Clone)]
pub struct Flags {
    pub listen: Option<String>,
}

impl Config {
    pub fn load(data: &Path, flags: &Flags) -> Result<Self, ConfigError> {
        Self::load_with(data, flags, |name| std::env::var(name).ok().filter(|v| !v.is_empty()))
    }

    fn load_with(
        data: &Path,
        flags: &Flags,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, ConfigError> {
        let file = read_file(&data.join("pressroom.toml"))?;
        let pick = |flag: Option<String>, name: &str, file: Option<String>, default: &str| {
            flag.map(|value| Sourced { value, source: "flag" })
                .or_else(|| variable(name).map(|value| Sourced { value, source: "environment" }))
                .or_else(|| file.map(|value| Sourced { value, source: "pressroom.toml" }))
                .unwrap_or_else(|| Sourced { value: default.to_owned(), source: "default" })
        };
        let listen = pick(flags.listen.clone(), "PRESSROOM_LISTEN", file.listen, "127.0.0.1:8080");
        let listen = parse("listen", &listen, "an address such as 127.0.0.1:8080")?;
        let has_tls = file.tls_certificate.is_some() || variable("PRESSROOM_TLS_CERTIFICATE").is_some();
        let own_url = format!("{}://{}", if has_tls { "https" } else { "http" }, listen.value);
        let public_url = pick(None, "PRESSROOM_PUBLIC_URL", file.public_url, &own_url);
        let public_url = Sourced { value: check_public_url(&public_url)?, source: public_url.source };
        let sqlite = format!("sqlite:{}", data.join("pressroom.db").display());
        let database_url = pick(None, "PRESSROOM_DATABASE_URL", file.database_url, &sqlite);
        let is_known =
            ["sqlite:", "postgres://", "postgresql://"].iter().any(|s| database_url.starts_with(s));
        if !is_known {
            return Err(value("database_url", "Must begin with sqlite: or postgres://"));
        }
        let folder = format!("file:{}", data.join("blobs").display());
        let blob_url = pick(None, "PRESSROOM_BLOB_URL", file.blob_url, &folder);
        if !blob_url.starts_with("s3://") && !blob_url.starts_with("file:") {
            return Err(value("blob_url", "Must begin with s3:// or file:"));
        }
        let number = |name: &'static str, variable: &str, file: Option<u64>, default: u64| {
            parse(
                name,
                &pick(None, variable, file.map(|n| n.to_string()), &default.to_string()),
                "a whole number",
            )
        };
        let max_upload_bytes =
            number("max_upload_bytes", "PRESSROOM_MAX_UPLOAD_BYTES", file.max_upload_bytes, 2 << 30)?;
        let render_jobs: Sourced<u64> =
            number("render_jobs", "PRESSROOM_RENDER_JOBS", file.render_jobs, default_render_jobs())?;
        let render_jobs = Sourced {
            value: usize::try_from(render_jobs.value.clamp(1, 64)).unwrap_or(1),
            source: render_jobs.source,
        };
        let render_memory_mib: Sourced<u64> = number(
            "render_memory_mib",
            "PRESSROOM_RENDER_MEMORY_MIB",
            file.render_memory_mib,
            DEFAULT_RENDER_MEMORY_MIB,
        )?;
        let render_memory_mib = Sourced {
            value: u32::try_from(render_memory_mib.value.clamp(64, 1 << 20)).unwrap_or(1 << 20),
            source: render_memory_mib.source,
        };
        let page_cache_bytes =
            number("page_cache_bytes", "PRESSROOM_PAGE_CACHE_BYTES", file.page_cache_bytes, 32 << 20)?;
        let searches_per_minute: Sourced<u64> =
            number("searches_per_minute", "PRESSROOM_SEARCHES_PER_MINUTE", file.searches_per_minute, 600)?;
        let searches_per_minute = Sourced {
            value: u32::try_from(searches_per_minute.value).unwrap_or(u32::MAX),
            source: searches_per_minute.source,
        };
        let switch = |name: &'static str, variable: &str, file: Option<bool>| {
            parse(name, &pick(None, variable, file.map(|b| b.to_string()), "false"), "true or false")
        };
        let trust_proxy = switch("trust_proxy", "PRESSROOM_TRUST_PROXY", file.trust_proxy)?;
        let s3_redirect = switch("s3_redirect", "PRESSROOM_S3_REDIRECT", file.s3_redirect)?;
        if *s3_redirect && !blob_url.starts_with("s3://") {
            return Err(value("s3_redirect", "Needs a blob_url that begins with s3://"));
        }
        let proxies = file.trusted_proxies.map(|list| list.join(","));
        let proxies = pick(None, "PRESSROOM_TRUSTED_PROXIES", proxies, "");
        let trusted_proxies =
            parse("trusted_proxies", &proxies, "a list of addresses or networks such as 10.0.0.0/8")?;
        let filled = |picked: Sourced<String>| Sourced {
            value: Some(picked.value).filter(|text| !text.is_empty()),
            source: picked.source,
        };
        let path = |picked: Sourced<String>| {
            let Sourced { value, source } = filled(picked);
            Sourced { value: value.map(PathBuf::from), source }
        };
        let tls_certificate = path(pick(None, "PRESSROOM_TLS_CERTIFICATE", file.tls_certificate, ""));
        let tls_key = path(pick(None, "PRESSROOM_TLS_KEY", file.tls_key, ""));
        if tls_certificate.is_some() != tls_key.is_some() {
            return Err(value("tls_certificate", "tls_certificate and tls_key belong together"));
        }
        let accel_redirect = filled(pick(None, "PRESSROOM_ACCEL_REDIRECT", file.accel_redirect, ""));
        if accel_redirect.as_deref().is_some_and(|place| !place.starts_with('/') || !place.ends_with('/')) {
            return Err(value("accel_redirect", "Must be a location such as /blobs/"));
        }
        if accel_redirect.is_some() && blob_url.starts_with("s3://") {
            return Err(value("accel_redirect", "Needs blobs in a folder; for S3 there is s3_redirect"));
        }
        let smtp_url = filled(pick(None, "PRESSROOM_SMTP_URL", file.smtp_url, ""));
        if let Some(url) = &*smtp_url {
            SmtpServer::parse(url).map_err(|detail| value("smtp_url", detail))?;
        }
        let mail_from = pick(None, "PRESSROOM_MAIL_FROM", file.mail_from, &default_sender(&public_url));
        if mail_from.parse::<lettre::message::Mailbox>().is_err() {
            let detail =
                format!("`{}` must be like press@example.org or Press desk <press@example.org>", *mail_from);
            return Err(value("mail_from", detail));
        }
        let roles = file.oidc_roles.map(|list| list.join("\n"));
        let oidc_written = oidc::Written {
            issuer: filled(pick(None, "PRESSROOM_OIDC_ISSUER", file.oidc_issuer, "")),
            client_id: filled(pick(None, "PRESSROOM_OIDC_CLIENT_ID", file.oidc_client_id, "")),
            client_secret: filled(pick(None, "PRESSROOM_OIDC_CLIENT_SECRET", file.oidc_client_secret, "")),
            name: filled(pick(None, "PRESSROOM_OIDC_NAME", file.oidc_name, "")),
            scope: pick(None, "PRESSROOM_OIDC_SCOPE", file.oidc_scope, oidc::SCOPE),
            default_role: filled(pick(None, "PRESSROOM_OIDC_DEFAULT_ROLE", file.oidc_default_role, "")),
            role_claim: pick(None, "PRESSROOM_OIDC_ROLE_CLAIM", file.oidc_role_claim, "groups"),
            roles: match variable("PRESSROOM_OIDC_ROLES") {
                Some(list) => Sourced { value: list.replace(',', "\n"), source: "environment" },
                None => pick(None, "PRESSROOM_OIDC_ROLES", roles, ""),
            },
            trust_email: switch("oidc_trust_email", "PRESSROOM_OIDC_TRUST_EMAIL", file.oidc_trust_email)?,
            only: switch("oidc_only", "PRESSROOM_OIDC_ONLY", file.oidc_only)?,
        };
        Ok(Self {
            data: data.to_owned(),
            listen,
            public_url,
            database_url,
            blob_url,
            max_upload_bytes,
            render_jobs,
            render_memory_mib,
            page_cache_bytes,
            trust_proxy,
            trusted_proxies,
            tls_certificate,
            tls_key,
            searches_per_minute,
            accel_redirect,
            s3_redirect,
            smtp_url,
            mail_from,
            oidc: oidc_written.client()?,
            oidc_written,
        })
    }

    /// Scratch space for work in progress; swept at start.
    pub fn scratch(&self) -> PathBuf {
        self.data.join("scratch")
    }

    pub fn search_dir(&self) -> PathBuf {
        self.data.join("search")
    }

    /// Whether visitors come over TLS.
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// The effective values and where each came from; passwords are not shown.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut line =
            |name: &str, value: &str, source: &str| writeln!(f, "{name:<18} {value:<48} ({source})");
        line("data", &self.data.display().to_string(), "--data")?;
        line("listen", &self.listen.value.to_string(), self.listen.source)?;
        line("public_url", &self.public_url.value, self.public_url.source)?;
        line("database_url", &redact(&self.database_url.value), self.database_url.source)?;
        line("blob_url", &redact(&self.blob_url.value), self.blob_url.source)?;
        line("max_upload_bytes", &self.max_upload_bytes.value.to_string(), self.max_upload_bytes.source)?;
        line("render_jobs", &self.render_jobs.value.to_string(), self.render_jobs.source)?;
        line("render_memory_mib", &self.render_memory_mib.value.to_string(), self.render_memory_mib.source)?;
        line("page_cache_bytes", &self.page_cache_bytes.value.to_string(), self.page_cache_bytes.source)?;
        line("trust_proxy", &self.trust_proxy.value.to_string(), self.trust_proxy.source)?;
        line("trusted_proxies", &self.trusted_proxies.to_string(), self.trusted_proxies.source)?;
        let path =
            |path: &Option<PathBuf>| path.as_ref().map(|p| p.display().to_string()).unwrap_or_default();
        line("tls_certificate", &path(&self.tls_certificate), self.tls_certificate.source)?;
        line("tls_key", &path(&self.tls_key), self.tls_key.source)?;
        let searches = self.searches_per_minute.value.to_string();
        line("searches_per_minute", &searches, self.searches_per_minute.source)?;
        let accel = self.accel_redirect.value.as_deref().unwrap_or_default();
        line("accel_redirect", accel, self.accel_redirect.source)?;
        line("s3_redirect", &self.s3_redirect.value.to_string(), self.s3_redirect.source)?;
        let smtp = self.smtp_url.value.as_deref().map(redact).unwrap_or_default();
        line("smtp_url", &smtp, self.smtp_url.source)?;
        line("mail_from", &self.mail_from.value, self.mail_from.source)?;
        self.oidc_written.shown().iter().try_for_each(|(name, value, source)| line(name, value, source))
    }
}

const DEFAULT_RENDER_MEMORY_MIB: u64 = 1024;

fn default_render_jobs() -> u64 {
    // Each picture is encoded on two cores already; one at a time on small machines keeps pages quick.
    std::thread::available_parallelism().map_or(1, |n| (n.get() as u64 / 2).max(1))
}

fn read_file(path: &Path) -> Result<File, ConfigError> {
    match std::fs::read_to_string(path) {
        Ok(text) => toml::from_str(&text)
            .map_err(|error| ConfigError::Parse { path: path.to_owned(), detail: error.to_string() }),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(File::default()),
        Err(source) => Err(ConfigError::Read { path: path.to_owned(), source }),
    }
}

fn value(name: &'static str, detail: impl Into<String>) -> ConfigError {
    ConfigError::Value { name, detail: detail.into() }
}

fn parse<T: std::str::FromStr>(
    name: &'static str,
    text: &Sourced<String>,
    wanted: &str,
) -> Result<Sourced<T>, ConfigError> {
    match text.value.parse() {
        Ok(value) => Ok(Sourced { value, source: text.source }),
        Err(_) => Err(value(name, format!("`{}` ({}) is not {wanted}", text.value, text.source))),
    }
}

/// `press@` the host that visitors use, if that is a name.
fn default_sender(public_url: &str) -> String {
    match Url::parse(public_url).ok().as_ref().and_then(Url::host) {
        Some(url::Host::Domain(name)) => format!("press@{name}"),
        _ => "press@localhost".to_owned(),
    }
}

fn check_public_url(text: &str) -> Result<String, ConfigError> {
    let url = Url::parse(text).map_err(|_| value("public_url", format!("`{text}` is not a URL")))?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.path() == "/"
        && url.query().is_none()
        && url.fragment().is_none();
    if !plain {
        return Err(value("public_url", format!("`{text}` must be like https://press.example.org")));
    }
    Ok(text.trim_end_matches('/').to_owned())
}

fn redact(url: &str) -> String {
    match Url::parse(url) {
        Ok(mut parsed) if parsed.password().is_some() => match parsed.set_password(Some("…")) {
            Ok(()) => parsed.to_string(),
            Err(()) => "(hidden)".to_owned(),
        },
        _ => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::account::Role;

    #[test]
    fn flags_win_over_variables_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("pressroom.toml"), "listen = \"127.0.0.1:1\"\nmax_upload_bytes = 5\n")
            .unwrap();
        let env = |name: &str| (name == "PRESSROOM_LISTEN").then(|| "127.0.0.1:2".to_owned());
        let config = Config::load_with(dir.path(), &Flags::default(), env).unwrap();
        assert_eq!((config.listen.port(), *config.max_upload_bytes), (2, 5));
        let flags = Flags { listen: Some("127.0.0.1:3".to_owned()) };
        assert_eq!(Config::load_with(dir.path(), &flags, env).unwrap().listen.port(), 3);
    }

    #[test]
    fn mistakes_are_named() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("pressroom.toml"), "lisen = \"x\"\n").unwrap();
        let error = Config::load_with(dir.path(), &Flags::default(), |_| None).unwrap_err().to_string();
        assert!(error.contains("lisen"), "{error}");
        std::fs::remove_file(dir.path().join("pressroom.toml")).unwrap();
        let env = |name: &str| (name == "PRESSROOM_DATABASE_URL").then(|| "mysql://x".to_owned());
        let error = Config::load_with(dir.path(), &Flags::default(), env).unwrap_err().to_string();
        assert!(error.contains("database_url"), "{error}");
    }

    #[test]
    fn what_belongs_together_comes_together() {
        let dir = tempfile::tempdir().unwrap();
        let load = |pairs: &[(&str, &str)]| {
            let env = |name: &str| {
                pairs.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
            };
            Config::load_with(dir.path(), &Flags::default(), env).map_err(|error| error.to_string())
        };
        assert!(load(&[("PRESSROOM_TLS_KEY", "k.pem")]).unwrap_err().contains("tls_key"));
        let both = load(&[("PRESSROOM_TLS_KEY", "k.pem"), ("PRESSROOM_TLS_CERTIFICATE", "c.pem")]).unwrap();
        assert!(both.is_https(), "{}", *both.public_url);
        assert!(load(&[("PRESSROOM_S3_REDIRECT", "true")]).unwrap_err().contains("s3://"));
        assert!(load(&[("PRESSROOM_ACCEL_REDIRECT", "blobs")]).unwrap_err().contains("/blobs/"));
        assert!(load(&[("PRESSROOM_TRUSTED_PROXIES", "here")]).unwrap_err().contains("10.0.0.0/8"));
        assert!(load(&[("PRESSROOM_OIDC_ONLY", "true")]).unwrap_err().contains("oidc_issuer"));
        let plain =
            [("PRESSROOM_OIDC_ISSUER", "http://login.messe.example"), ("PRESSROOM_OIDC_CLIENT_ID", "p")];
        assert!(load(&plain).unwrap_err().contains("oidc_issuer"));
        let whole = load(&[
            ("PRESSROOM_OIDC_ISSUER", "https://login.messe.example/realm/"),
            ("PRESSROOM_OIDC_CLIENT_ID", "press"),
            ("PRESSROOM_OIDC_CLIENT_SECRET", "geheim"),
            ("PRESSROOM_OIDC_ROLES", "/presse=editor, a=b=admin"),
        ])
        .unwrap();
        assert!(!whole.to_string().contains("geheim") && !format!("{whole:?}").contains("geheim"));
        let client = whole.oidc.unwrap();
        assert_eq!(
            (client.issuer.as_str(), client.name.as_str()),
            ("https://login.messe.example/realm", "login.messe.example")
        );
        let roles = [("/presse".to_owned(), Role::Editor), ("a=b".to_owned(), Role::Admin)];
        assert_eq!((client.roles.as_slice(), client.default_role, client.is_only), (&roles[..], None, false));
    }

    #[test]
    fn passwords_are_not_shown() {
        assert!(!redact("postgres://me:secret@localhost/x").contains("secret"));
    }
}

//! What the operator decides: `pressroom.toml` in the data folder, then `PRESSROOM_*` variables, then flags.
//! Everything is checked before a port is opened.

use std::fmt;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use url::Url;

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
    /// Whether `X-Forwarded-For` and `-Proto` of a proxy in front are believed.
    pub trust_proxy: Sourced<bool>,
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
        let own_url = format!("http://{}", listen.value);
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
        let trust_proxy = parse(
            "trust_proxy",
            &pick(None, "PRESSROOM_TRUST_PROXY", file.trust_proxy.map(|b| b.to_string()), "false"),
            "true or false",
        )?;
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
        line("trust_proxy", &self.trust_proxy.value.to_string(), self.trust_proxy.source)
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
    fn passwords_are_not_shown() {
        assert!(!redact("postgres://me:secret@localhost/x").contains("secret"));
    }
}

//! TLS of our own, where no proxy stands in front: certificate and key from files, read again when they change.

use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use anyhow::Context as _;
use rustls::crypto::ring::{Ticketer, default_provider};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{Acceptor, ClientHello};
use rustls::{CipherSuite, ServerConfig};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::LazyConfigAcceptor;
use tokio_rustls::server::TlsStream;

/// How often the files are looked at for a renewed certificate.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The certificate in use.
pub struct Tls {
    certificate: PathBuf,
    key: PathBuf,
    current: RwLock<Ways>,
}

/// The same certificate with two orders of ciphers.
#[derive(Clone)]
struct Ways {
    /// The server's order: AES with short keys first, which costs a quarter less than with long ones.
    quick: Arc<ServerConfig>,
    /// The client's order, for one whose processor has no AES and which says so by what it puts first.
    asked: Arc<ServerConfig>,
}

impl Tls {
    /// Reads certificate chain and key, both PEM.
    pub fn open(certificate: &Path, key: &Path) -> anyhow::Result<Arc<Self>> {
        Ok(Arc::new(Self {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            current: RwLock::new(read(certificate, key)?),
        }))
    }

    /// Agrees on keys with a client.
    pub async fn accept<S: AsyncRead + AsyncWrite + Unpin>(
        &self,
        stream: S,
    ) -> std::io::Result<TlsStream<S>> {
        let begun = LazyConfigAcceptor::new(Acceptor::default(), stream).await?;
        let ways = self.current.read().unwrap_or_else(PoisonError::into_inner).clone();
        let config = if is_without_aes(&begun.client_hello()) { ways.asked } else { ways.quick };
        begun.into_stream(config).await
    }

    /// Takes a renewed certificate into use; connections that are open keep theirs.
    pub async fn follow_files(self: Arc<Self>) {
        let mut seen = self.changed_at();
        loop {
            tokio::time::sleep(LOOK_EVERY).await;
            let now = self.changed_at();
            if now == seen {
                continue;
            }
            match read(&self.certificate, &self.key) {
                Ok(config) => {
                    *self.current.write().unwrap_or_else(PoisonError::into_inner) = config;
                    seen = now;
                    tracing::info!("A renewed certificate is in use");
                }
                // Perhaps half of the pair is written: the old one serves until both fit.
                Err(error) => tracing::warn!(error = format!("{error:#}"), "The new certificate is not used"),
            }
        }
    }

    fn changed_at(&self) -> [Option<SystemTime>; 2] {
        [&self.certificate, &self.key]
            .map(|path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok())
    }
}

fn is_without_aes(hello: &ClientHello<'_>) -> bool {
    let known = default_provider().cipher_suites;
    let first = hello.cipher_suites().iter().find(|suite| known.iter().any(|known| known.suite() == **suite));
    first.is_some_and(|suite| Cost::of(*suite) == Cost::WithoutAes)
}

/// What a cipher costs a processor that has AES.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Cost {
    ShortKeys,
    LongKeys,
    WithoutAes,
}

impl Cost {
    fn of(suite: CipherSuite) -> Self {
        match suite {
            CipherSuite::TLS13_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 => Self::ShortKeys,
            CipherSuite::TLS13_CHACHA20_POLY1305_SHA256
            | CipherSuite::TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256
            | CipherSuite::TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256 => Self::WithoutAes,
            _ => Self::LongKeys,
        }
    }
}

fn read(certificate: &Path, key: &Path) -> anyhow::Result<Ways> {
    let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_file_iter(certificate)
        .and_then(Iterator::collect)
        .map_err(anyhow::Error::from)
        .with_context(|| format!("tls_certificate: {}", certificate.display()))?;
    anyhow::ensure!(!chain.is_empty(), "tls_certificate: {} holds no certificate", certificate.display());
    let key_der = PrivateKeyDer::from_pem_file(key)
        .map_err(anyhow::Error::from)
        .with_context(|| format!("tls_key: {}", key.display()))?;
    let mut provider = default_provider();
    provider.cipher_suites.sort_by_key(|suite| Cost::of(suite.suite()));
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(chain, key_der)
        .context("Certificate and key do not fit together")?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.ticketer = Ticketer::new()?;
    let asked = Arc::new(config.clone());
    config.ignore_client_order = true;
    Ok(Ways { quick: Arc::new(config), asked })
}

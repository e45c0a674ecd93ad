//! Where the newsroom's people sign in besides here: an identity provider (OpenID Connect).

use url::{Host, Url};

use super::{ConfigError, Sourced, value};
use crate::domain::account::Role;

/// Scopes that every provider knows and that carry name and e-mail.
pub(super) const SCOPE: &str = "openid email profile";

#[derive(Clone)]
pub struct OidcClient {
    /// Without a slash at its end.
    pub issuer: String,
    pub client_id: String,
    /// Without one the provider must take the client for a public one.
    pub secret: Option<String>,
    /// On the button.
    pub name: String,
    pub scope: String,
    /// What somebody becomes for whom there is no account; `None`: nobody is let in.
    pub default_role: Option<Role>,
    /// The claim that names groups; parts of a path are divided by dots.
    pub role_claim: String,
    /// Group and role. When there are any, they decide at each sign-in.
    pub roles: Vec<(String, Role)>,
    /// Whether the provider's e-mail addresses are believed that it does not call verified.
    pub trusts_email: bool,
    /// Whether passwords open no door any more.
    pub is_only: bool,
}

impl std::fmt::Debug for OidcClient {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcClient").field("issuer", &self.issuer).finish_non_exhaustive()
    }
}

/// The settings as they were written.
#[derive(Clone)]
pub(super) struct Written {
    pub issuer: Sourced<Option<String>>,
    pub client_id: Sourced<Option<String>>,
    pub client_secret: Sourced<Option<String>>,
    pub name: Sourced<Option<String>>,
    pub scope: Sourced<String>,
    pub default_role: Sourced<Option<String>>,
    pub role_claim: Sourced<String>,
    /// One `group=role` in a line.
    pub roles: Sourced<String>,
    pub trust_email: Sourced<bool>,
    pub only: Sourced<bool>,
}

impl std::fmt::Debug for Written {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Written").finish_non_exhaustive()
    }
}

impl Written {
    pub(super) fn client(&self) -> Result<Option<OidcClient>, ConfigError> {
        let Some(issuer) = self.issuer.as_deref() else {
            let is_lone = self.client_id.is_some() || self.client_secret.is_some() || *self.only;
            return if is_lone { Err(value("oidc_issuer", "Is missing")) } else { Ok(None) };
        };
        let (issuer, host) = check_issuer(issuer)?;
        let client_id = self.client_id.value.clone();
        let client_id = client_id.ok_or_else(|| value("oidc_client_id", "Belongs to oidc_issuer"))?;
        let role = |name, text: &str| {
            let wanted = || format!("`{text}` must be admin, editor or author");
            Role::parse(text).ok_or_else(|| value(name, wanted()))
        };
        let default_role =
            self.default_role.as_deref().map(|text| role("oidc_default_role", text)).transpose()?;
        let lines = self.roles.lines().map(str::trim).filter(|line| !line.is_empty());
        let roles = lines.map(|line| {
            // The name of a group may have the sign in it.
            let (group, text) = line
                .rsplit_once('=')
                .ok_or_else(|| value("oidc_roles", format!("`{line}` must be like group=editor")))?;
            Ok((group.trim().to_owned(), role("oidc_roles", text.trim())?))
        });
        let scope = self.scope.value.clone();
        if !scope.split(' ').any(|word| word == "openid") {
            return Err(value("oidc_scope", "Must contain openid"));
        }
        Ok(Some(OidcClient {
            issuer,
            client_id,
            secret: self.client_secret.value.clone(),
            name: self.name.value.clone().unwrap_or(host),
            scope,
            default_role,
            role_claim: self.role_claim.value.clone(),
            roles: roles.collect::<Result<_, ConfigError>>()?,
            trusts_email: *self.trust_email,
            is_only: *self.only,
        }))
    }

    /// Name, value and source of each, for `config show`.
    pub(super) fn shown(&self) -> [(&'static str, String, &'static str); 10] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let secret = if self.client_secret.is_some() { "(hidden)" } else { "" };
        [
            ("oidc_issuer", text(&self.issuer), self.issuer.source),
            ("oidc_client_id", text(&self.client_id), self.client_id.source),
            ("oidc_client_secret", secret.to_owned(), self.client_secret.source),
            ("oidc_name", text(&self.name), self.name.source),
            ("oidc_scope", self.scope.value.clone(), self.scope.source),
            ("oidc_default_role", text(&self.default_role), self.default_role.source),
            ("oidc_role_claim", self.role_claim.value.clone(), self.role_claim.source),
            ("oidc_roles", self.roles.replace('\n', ", "), self.roles.source),
            ("oidc_trust_email", self.trust_email.to_string(), self.trust_email.source),
            ("oidc_only", self.only.to_string(), self.only.source),
        ]
    }
}

/// The issuer and its host. Only on the machine itself it may do without TLS.
fn check_issuer(text: &str) -> Result<(String, String), ConfigError> {
    let wrong =
        || value("oidc_issuer", format!("`{text}` must be like https://login.example.org/realms/press"));
    let url = Url::parse(text).map_err(|_| wrong())?;
    let host = url.host_str().ok_or_else(wrong)?.to_owned();
    let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !is_plain || !is_safe(&url) {
        return Err(wrong());
    }
    Ok((text.trim_end_matches('/').to_owned(), host))
}

/// Whether nobody on the way can read or change what goes to this address.
pub fn is_safe(url: &Url) -> bool {
    let is_local = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => return false,
    };
    url.scheme() == "https" || (url.scheme() == "http" && is_local)
}

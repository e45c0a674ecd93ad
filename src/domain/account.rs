//! Who works in the newsroom, and what each role may do.

use super::{Id, Timestamp};
use serde::{Deserialize, Serialize};

/// Roles in rising order: who may do more stands later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Writes drafts and uploads photos.
    Author,
    /// Publishes, withdraws, deletes.
    Editor,
    /// Accounts, tokens, settings.
    Admin,
}

impl Role {
    pub const ALL: [Self; 3] = [Self::Author, Self::Editor, Self::Admin];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Author => "author",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

/// A person with a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    pub id: Id,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Argon2id in PHC string form; empty where an identity provider made the account and no password was set since.
    pub password_hash: String,
    pub created_at: Timestamp,
    /// Whether a code is asked for when this person signs in.
    pub has_second_factor: bool,
    /// How many passkeys this person can sign in with instead of the password.
    pub passkeys: usize,
}

impl Account {
    /// Whether a stolen password is not enough: a passkey is two factors in one.
    pub const fn has_strong_sign_in(&self) -> bool {
        self.has_second_factor || self.passkeys > 0
    }
}

/// Who must have a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FactorDuty {
    #[default]
    Nobody,
    Admins,
    All,
}

impl FactorDuty {
    pub const ALL: [Self; 3] = [Self::Nobody, Self::Admins, Self::All];

    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::Admins => "admins",
            Self::All => "all",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|duty| duty.as_str() == text)
    }

    pub fn holds_for(self, role: Role) -> bool {
        match self {
            Self::Nobody => false,
            Self::Admins => role == Role::Admin,
            Self::All => true,
        }
    }
}

/// What makes the codes of an account.
#[derive(Clone, PartialEq, Eq)]
pub struct SecondFactor {
    /// In hexadecimal form.
    pub secret: String,
    pub is_confirmed: bool,
    /// The time step of the last code that was taken.
    pub last_step: i64,
}

/// A key in a device or a password manager that signs in by itself.
#[derive(Clone, PartialEq, Eq)]
pub struct Passkey {
    pub id: Id,
    pub account: Id,
    /// As its owner calls it.
    pub name: String,
    /// By which the device names it, in hexadecimal form.
    pub credential_id: String,
    /// SubjectPublicKeyInfo (RFC 5280), in hexadecimal form.
    pub public_key: String,
    /// COSE's number of the kind of signature.
    pub algorithm: i64,
    /// How often the device says it has signed; zero when it does not count.
    pub counter: u32,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkPurpose {
    /// The account is made by following the link.
    Invitation,
    /// A new password for an account that is there.
    Recovery,
}

impl LinkPurpose {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Recovery => "recovery",
        }
    }

    pub fn parse(text: &str) -> Option<Self> {
        [Self::Invitation, Self::Recovery].into_iter().find(|purpose| purpose.as_str() == text)
    }
}

/// A link by which somebody sets a password of their own, once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AccountLink {
    pub id: Id,
    pub purpose: LinkPurpose,
    pub email: String,
    pub name: String,
    pub role: Role,
    /// Who made it, as the audit log names them.
    pub created_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A script's key to the API; only the SHA-256 of the secret is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiToken {
    pub id: Id,
    pub name: String,
    pub role: Role,
    pub created_at: Timestamp,
    pub last_used_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
}

/// Who does something, for the audit log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// An account's e-mail, `token:NAME`, or `system:import` and the like.
    pub name: String,
    pub role: Role,
}

impl Actor {
    pub fn system(what: &str) -> Self {
        Self { name: format!("system:{what}"), role: Role::Admin }
    }

    /// Whether nobody at the desk or the API acts, but who runs the server.
    pub fn is_system(&self) -> bool {
        self.name.starts_with("system:")
    }
}

//! The two ceremonies of WebAuthn (Level 3, 7.1 and 7.2), as far as they go where no attestation is asked for and the
//! device must have verified its user.
//!
//! Without attestation nothing vouches for what a browser says of a new key, so its own decoded form of the key is as good
//! as the one inside the attestation object. What matters is signed at every sign-in, and `ring` verifies that.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_ASN1, ED25519, RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey, VerificationAlgorithm,
};
use serde::de::{DeserializeOwned, Error as _};
use serde::{Deserialize, Deserializer};
use sha2::{Digest as _, Sha256};

/// COSE's numbers of the signatures that are taken, the one liked best first: ES256, EdDSA, RS256.
pub const ALGORITHMS: [i64; 3] = [-7, -8, -257];
/// An answer is a few hundred bytes.
const MAX_ANSWER_BYTES: usize = 32 << 10;
/// A device's name for a key has at most so many (WebAuthn, 4).
const MAX_CREDENTIAL_ID_BYTES: usize = 1023;

const USER_PRESENT: u8 = 1;
const USER_VERIFIED: u8 = 1 << 2;
const BACKUP_ELIGIBLE: u8 = 1 << 3;
const BACKED_UP: u8 = 1 << 4;
const WITH_CREDENTIAL: u8 = 1 << 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the answer cannot be read")]
    Malformed,
    #[error("it answers something else")]
    OtherPurpose,
    #[error("it comes from another origin")]
    OtherOrigin,
    #[error("the key belongs to another site")]
    OtherSite,
    #[error("the device has not verified its user")]
    NotVerified,
    #[error("the kind of key is not taken")]
    OtherAlgorithm,
    #[error("the signature is wrong")]
    WrongSignature,
    /// There are two of the key.
    #[error("the counter has not risen")]
    CounterBehind,
}

/// Bytes that stand as base64url in JSON.
#[derive(Debug, Default)]
struct Bytes(Vec<u8>);

impl<'de> Deserialize<'de> for Bytes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        URL_SAFE_NO_PAD.decode(text).map(Self).map_err(D::Error::custom)
    }
}

/// Where keys are made for and used.
pub struct Site<'a> {
    pub id: &'a str,
    pub origin: &'a str,
}

/// A browser's answer, of which the rest is still to be verified (`RegistrationResponseJSON`, `AuthenticationResponseJSON`).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer<R> {
    raw_id: Bytes,
    response: R,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Made {
    #[serde(rename = "clientDataJSON")]
    client_data: Bytes,
    authenticator_data: Bytes,
    /// SubjectPublicKeyInfo (RFC 5280).
    public_key: Bytes,
    public_key_algorithm: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Signed {
    #[serde(rename = "clientDataJSON")]
    client_data: Bytes,
    authenticator_data: Bytes,
    signature: Bytes,
    user_handle: Bytes,
}

/// A key as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub credential_id: Vec<u8>,
    pub public_key: Vec<u8>,
    pub algorithm: i64,
    pub counter: u32,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ClientData {
    #[serde(rename = "type")]
    kind: String,
    challenge: Bytes,
    origin: String,
    #[serde(default)]
    cross_origin: bool,
}

/// What the device says (WebAuthn, 6.1).
struct DeviceData<'a> {
    flags: u8,
    counter: u32,
    /// What stands behind the fixed part.
    rest: &'a [u8],
}

impl<R: DeserializeOwned> Answer<R> {
    pub fn parse(text: &str) -> Result<Self, Refusal> {
        if text.len() > MAX_ANSWER_BYTES {
            return Err(Refusal::Malformed);
        }
        serde_json::from_str(text).map_err(|_| Refusal::Malformed)
    }

    pub fn credential_id(&self) -> &[u8] {
        &self.raw_id.0
    }
}

/// What a browser says it was asked.
fn client_data(bytes: &[u8], kind: &str, site: &Site<'_>) -> Result<ClientData, Refusal> {
    let data: ClientData = serde_json::from_slice(bytes).map_err(|_| Refusal::Malformed)?;
    if data.kind != kind {
        return Err(Refusal::OtherPurpose);
    }
    if data.origin != site.origin || data.cross_origin {
        return Err(Refusal::OtherOrigin);
    }
    Ok(data)
}

fn device_data<'a>(bytes: &'a [u8], site: &Site<'_>) -> Result<DeviceData<'a>, Refusal> {
    let (site_hash, rest) = bytes.split_at_checked(32).ok_or(Refusal::Malformed)?;
    let (flags, rest) = rest.split_first().ok_or(Refusal::Malformed)?;
    let (counter, rest) = rest.split_first_chunk::<4>().ok_or(Refusal::Malformed)?;
    if site_hash != Sha256::digest(site.id).as_slice() {
        return Err(Refusal::OtherSite);
    }
    if flags & USER_PRESENT == 0 || flags & USER_VERIFIED == 0 {
        return Err(Refusal::NotVerified);
    }
    if flags & BACKED_UP != 0 && flags & BACKUP_ELIGIBLE == 0 {
        return Err(Refusal::Malformed);
    }
    Ok(DeviceData { flags: *flags, counter: u32::from_be_bytes(*counter), rest })
}

impl Answer<Made> {
    /// The challenge that is answered, once all that can be verified without it is.
    pub fn verify(&self, site: &Site<'_>) -> Result<(Vec<u8>, Key), Refusal> {
        let Made { client_data: client, authenticator_data, public_key, public_key_algorithm } =
            &self.response;
        let client = client_data(&client.0, "webauthn.create", site)?;
        let device = device_data(&authenticator_data.0, site)?;
        // The model of the device, the length of the name, the name, the key.
        let (_model, rest) = device.rest.split_at_checked(16).ok_or(Refusal::Malformed)?;
        let (length, rest) = rest.split_first_chunk::<2>().ok_or(Refusal::Malformed)?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (id, _key) = rest.split_at_checked(length).ok_or(Refusal::Malformed)?;
        let is_named = (1..=MAX_CREDENTIAL_ID_BYTES).contains(&length) && id == self.raw_id.0;
        if device.flags & WITH_CREDENTIAL == 0 || !is_named {
            return Err(Refusal::Malformed);
        }
        verifier(*public_key_algorithm, &public_key.0)?;
        let key = Key {
            credential_id: id.to_vec(),
            public_key: public_key.0.clone(),
            algorithm: *public_key_algorithm,
            counter: device.counter,
        };
        Ok((client.challenge.0, key))
    }
}

impl Answer<Signed> {
    /// Whose key it is, as the device says.
    pub fn user(&self) -> &[u8] {
        &self.response.user_handle.0
    }

    /// The challenge that is answered, and the device's counter, once the signature is verified.
    pub fn verify(&self, site: &Site<'_>, key: &Key) -> Result<(Vec<u8>, u32), Refusal> {
        let Signed { client_data: client, authenticator_data, signature, .. } = &self.response;
        let data = client_data(&client.0, "webauthn.get", site)?;
        let device = device_data(&authenticator_data.0, site)?;
        let signed = [authenticator_data.0.as_slice(), Sha256::digest(&client.0).as_slice()].concat();
        verifier(key.algorithm, &key.public_key)?
            .verify(&signed, &signature.0)
            .map_err(|_| Refusal::WrongSignature)?;
        // Devices that do not count, and those that share their keys, stay at zero.
        if (device.counter != 0 || key.counter != 0) && device.counter <= key.counter {
            return Err(Refusal::CounterBehind);
        }
        Ok((data.challenge.0, device.counter))
    }
}

/// The key inside a SubjectPublicKeyInfo, whose beginning is the same for all keys of a kind.
fn verifier(algorithm: i64, info: &[u8]) -> Result<UnparsedPublicKey<&[u8]>, Refusal> {
    const P256: &[u8] = b"\x30\x59\x30\x13\x06\x07\x2a\x86\x48\xce\x3d\x02\x01\x06\x08\x2a\x86\x48\xce\x3d\x03\x01\x07\x03\x42\x00";
    const EDWARDS: &[u8] = b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00";
    const RSA: &[u8] = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
    let found: Option<(&'static dyn VerificationAlgorithm, &[u8])> = match algorithm {
        -7 => info
            .strip_prefix(P256)
            .filter(|point| point.len() == 65)
            .map(|point| (&ECDSA_P256_SHA256_ASN1 as _, point)),
        -8 => {
            info.strip_prefix(EDWARDS).filter(|point| point.len() == 32).map(|point| (&ED25519 as _, point))
        }
        -257 => long(info, 0x30)
            .and_then(|inner| inner.strip_prefix(RSA))
            .and_then(|bits| long(bits, 0x03))
            .and_then(|bits| bits.strip_prefix(&[0]))
            .map(|key| (&RSA_PKCS1_2048_8192_SHA256 as _, key)),
        _ => None,
    };
    let (algorithm, key) = found.ok_or(Refusal::OtherAlgorithm)?;
    Ok(UnparsedPublicKey::new(algorithm, key))
}

/// What is inside a DER element whose length takes two bytes, as that of every RSA key of at least 2048 bits does.
fn long(der: &[u8], tag: u8) -> Option<&[u8]> {
    let ([first, 0x82, high, low], inner) = der.split_first_chunk::<4>()? else { return None };
    (*first == tag && inner.len() == usize::from(u16::from_be_bytes([*high, *low]))).then_some(inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::rand::SystemRandom;
    use ring::signature::{Ed25519KeyPair, KeyPair as _};
    use serde_json::json;

    const SITE: Site<'_> = Site { id: "presse.example", origin: "https://presse.example" };

    fn data(flags: u8, counter: u32) -> Vec<u8> {
        [Sha256::digest(SITE.id).as_slice(), &[flags], &counter.to_be_bytes()].concat()
    }

    fn encoded(bytes: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(bytes)
    }

    fn pair() -> (Ed25519KeyPair, Key) {
        let pair = Ed25519KeyPair::generate_pkcs8(&SystemRandom::new()).unwrap();
        let pair = Ed25519KeyPair::from_pkcs8(pair.as_ref()).unwrap();
        let info = [b"\x30\x2a\x30\x05\x06\x03\x2b\x65\x70\x03\x21\x00", pair.public_key().as_ref()].concat();
        let key = Key { credential_id: vec![1], public_key: info, algorithm: -8, counter: 3 };
        (pair, key)
    }

    fn signed(pair: &Ed25519KeyPair, data: &[u8], client: &serde_json::Value) -> Answer<Signed> {
        let client = client.to_string();
        let signature = pair.sign(&[data, Sha256::digest(&client).as_slice()].concat());
        let answer = json!({ "rawId": encoded([1]), "response": {
            "clientDataJSON": encoded(client), "authenticatorData": encoded(data),
            "signature": encoded(signature), "userHandle": encoded([9]),
        } });
        Answer::parse(&answer.to_string()).unwrap_or_else(|_| panic!("{answer}"))
    }

    #[test]
    fn an_answer_is_for_this_site_now_and_from_its_user() {
        let (pair, key) = pair();
        let client = json!({ "type": "webauthn.get", "challenge": encoded("c"), "origin": SITE.origin });
        let verified =
            |data: &[u8], client: &serde_json::Value| signed(&pair, data, client).verify(&SITE, &key);
        assert_eq!(verified(&data(5, 4), &client), Ok((b"c".to_vec(), 4)));
        let with = |name: &str, value: serde_json::Value| {
            let mut client = client.clone();
            client[name] = value;
            verified(&data(5, 4), &client)
        };
        assert_eq!(with("type", json!("webauthn.create")), Err(Refusal::OtherPurpose));
        assert_eq!(with("origin", json!("https://presse.example.evil.example")), Err(Refusal::OtherOrigin));
        assert_eq!(with("crossOrigin", json!(true)), Err(Refusal::OtherOrigin));
        assert_eq!(verified(&data(4, 4), &client), Err(Refusal::NotVerified));
        assert_eq!(verified(&data(1, 4), &client), Err(Refusal::NotVerified));
        assert_eq!(verified(&data(5 | BACKED_UP, 4), &client), Err(Refusal::Malformed));
        assert_eq!(verified(&data(5, 3), &client), Err(Refusal::CounterBehind));
        assert_eq!(verified(&data(5, 0), &client), Err(Refusal::CounterBehind));
        let mut elsewhere = data(5, 4);
        elsewhere[0] ^= 1;
        assert_eq!(verified(&elsewhere, &client), Err(Refusal::OtherSite));
        for length in 0..37 {
            assert_eq!(verified(&data(5, 4)[..length], &client), Err(Refusal::Malformed), "{length}");
        }
        let shared = Key { counter: 0, ..key.clone() };
        assert_eq!(signed(&pair, &data(5, 0), &client).verify(&SITE, &shared), Ok((b"c".to_vec(), 0)));
        let other = Key { public_key: self::pair().1.public_key, ..key.clone() };
        assert_eq!(signed(&pair, &data(5, 4), &client).verify(&SITE, &other), Err(Refusal::WrongSignature));
    }

    #[test]
    fn keys_are_of_kinds_that_are_known() {
        // `openssl genrsa 2048 | openssl rsa -pubout -outform DER`: 294 bytes, the key 270 of them.
        let mut rsa = b"\x30\x82\x01\x22\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00\x03\x82\x01\x0f\x00".to_vec();
        rsa.extend([7; 270]);
        assert!(verifier(-257, &rsa).is_ok());
        assert!(verifier(-257, &rsa[..293]).is_err() && verifier(-7, &rsa).is_err());
        assert!(verifier(-8, &pair().1.public_key).is_ok() && verifier(-36, &pair().1.public_key).is_err());
        for length in 0..rsa.len() {
            assert!(ALGORITHMS.iter().all(|algorithm| verifier(*algorithm, &rsa[..length]).is_err()));
        }
    }
}

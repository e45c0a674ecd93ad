//! ID tokens: signature and claims (OpenID Connect Core 1.0, section 3.1.3.7).

use jsonwebtoken::crypto::{CryptoProvider, JwtSigner, JwtVerifier, KeyUtils};
use jsonwebtoken::errors::{ErrorKind, Result as JwtResult};
use jsonwebtoken::jwk::{Jwk, PublicKeyUse};
use jsonwebtoken::signature::{Error as SignatureError, Verifier};
use jsonwebtoken::{
    Algorithm, AlgorithmFamily, DecodingKey, DecodingKeyKind, EncodingKey, Validation, decode, decode_header,
};
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, RsaPublicKeyComponents,
    UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

/// The provider's clock and ours may differ by this much.
const SKEW_SECS: f64 = 60.0;

pub type Claims = Map<String, Value>;

/// What this sign-in expects of its token.
pub struct Expected<'a> {
    pub issuer: &'a str,
    pub client_id: &'a str,
    pub nonce: &'a str,
    pub now_secs: i64,
}

/// Why a token is not believed.
#[derive(Debug, PartialEq, Eq)]
pub enum Fault {
    /// No known key has signed it; there may be newer ones.
    Signature,
    Content(String),
}

fn content(text: impl Into<String>) -> Fault {
    Fault::Content(text.into())
}

/// The claims of a token that the provider signed for us, for this sign-in, just now.
pub fn verify(token: &str, keys: &[Jwk], expected: &Expected<'_>) -> Result<Claims, Fault> {
    // `none` is no algorithm here.
    let header = decode_header(token).map_err(|error| content(format!("It cannot be read: {error}")))?;
    if header.alg.family() == AlgorithmFamily::Hmac {
        return Err(content("It is signed with a shared secret"));
    }
    let mut rules = Validation::new(header.alg);
    rules.set_required_spec_claims(&["iss", "sub", "aud", "exp"]);
    rules.set_issuer(&[expected.issuer]);
    rules.set_audience(&[expected.client_id]);
    // By the newsroom's clock, below.
    rules.validate_exp = false;
    let named = |key: &&Jwk| header.kid.is_none() || key.common.key_id == header.kid;
    let fits = |key: &&Jwk| {
        !matches!(key.common.public_key_use, Some(PublicKeyUse::Encryption))
            && key.common.key_algorithm.is_none_or(|alg| alg.to_string() == format!("{:?}", header.alg))
    };
    for key in keys.iter().filter(named).filter(fits) {
        let Ok(key) = DecodingKey::from_jwk(key) else { continue };
        match decode::<Claims>(token, &key, &rules) {
            Ok(found) => return check(found.claims, expected),
            Err(error) => match error.kind() {
                ErrorKind::InvalidSignature | ErrorKind::InvalidAlgorithm | ErrorKind::InvalidKeyFormat => {}
                _ => return Err(content(error.to_string())),
            },
        }
    }
    Err(Fault::Signature)
}

/// What is left to check of claims whose signature, issuer and audience are right.
fn check(claims: Claims, expected: &Expected<'_>) -> Result<Claims, Fault> {
    let has_others = claims.get("aud").and_then(Value::as_array).is_some_and(|all| all.len() > 1);
    let party = claims.get("azp").and_then(Value::as_str);
    if party.map_or(has_others, |party| party != expected.client_id) {
        return Err(content("It was issued to another client"));
    }
    let now = expected.now_secs as f64;
    let time = |name: &str| claims.get(name).and_then(Value::as_f64);
    if time("exp").is_none_or(|exp| exp < now - SKEW_SECS) {
        return Err(content("It has expired"));
    }
    if [time("iat"), time("nbf")].into_iter().flatten().any(|begin| begin > now + SKEW_SECS) {
        return Err(content("It is from the future"));
    }
    let nonce = claims.get("nonce").and_then(Value::as_str).unwrap_or_default();
    if !bool::from(nonce.as_bytes().ct_eq(expected.nonce.as_bytes())) {
        return Err(content("It belongs to another sign-in"));
    }
    Ok(claims)
}

/// Verifies with ring, the crypto provider of the whole build; nothing is ever signed.
static RING: CryptoProvider = CryptoProvider {
    signer_factory: no_signer,
    verifier_factory: verifier,
    key_utils: KeyUtils::new_unimplemented(),
};

/// To be called before the first token is verified; further calls change nothing.
pub fn use_ring() {
    let _already = RING.install_default();
}

fn no_signer(_: &Algorithm, _: &EncodingKey) -> JwtResult<Box<dyn JwtSigner>> {
    Err(ErrorKind::UnsupportedAlgorithm.into())
}

/// Only for a key of the algorithm's family, so that a token cannot choose how its key is taken.
fn verifier(algorithm: &Algorithm, key: &DecodingKey) -> JwtResult<Box<dyn JwtVerifier>> {
    if algorithm.family() != key.family() || key.family() == AlgorithmFamily::Hmac {
        return Err(ErrorKind::InvalidAlgorithm.into());
    }
    Ok(Box::new(RingVerifier { algorithm: *algorithm, key: key.clone() }))
}

struct RingVerifier {
    algorithm: Algorithm,
    key: DecodingKey,
}

impl JwtVerifier for RingVerifier {
    fn algorithm(&self) -> Algorithm {
        self.algorithm
    }
}

impl Verifier<Vec<u8>> for RingVerifier {
    fn verify(&self, message: &[u8], signature: &Vec<u8>) -> Result<(), SignatureError> {
        let rsa = |with: &'static RsaParameters| match self.key.kind() {
            DecodingKeyKind::RsaModulusExponent { n, e } => {
                RsaPublicKeyComponents { n, e }.verify(with, message, signature)
            }
            DecodingKeyKind::SecretOrDer(_) => Err(ring::error::Unspecified),
        };
        let curve = |with: &'static dyn VerificationAlgorithm| match self.key.kind() {
            DecodingKeyKind::SecretOrDer(point) => {
                UnparsedPublicKey::new(with, point).verify(message, signature)
            }
            DecodingKeyKind::RsaModulusExponent { .. } => Err(ring::error::Unspecified),
        };
        let verified = match self.algorithm {
            Algorithm::RS256 => rsa(&RSA_PKCS1_2048_8192_SHA256),
            Algorithm::RS384 => rsa(&RSA_PKCS1_2048_8192_SHA384),
            Algorithm::RS512 => rsa(&RSA_PKCS1_2048_8192_SHA512),
            Algorithm::PS256 => rsa(&RSA_PSS_2048_8192_SHA256),
            Algorithm::PS384 => rsa(&RSA_PSS_2048_8192_SHA384),
            Algorithm::PS512 => rsa(&RSA_PSS_2048_8192_SHA512),
            Algorithm::ES256 => curve(&ECDSA_P256_SHA256_FIXED),
            Algorithm::ES384 => curve(&ECDSA_P384_SHA384_FIXED),
            Algorithm::EdDSA => curve(&ED25519),
            _ => Err(ring::error::Unspecified),
        };
        verified.map_err(|_| SignatureError::new())
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _};
    use serde_json::json;

    use super::*;

    /// The key and the signatures were made by OpenSSL.
    #[test]
    fn rsa_signatures_are_verified() {
        use_ring();
        let key: Jwk = serde_json::from_value(json!({
            "kty": "RSA", "e": "AQAB",
            "n": "vxwvK51ZG6nNKjGhR3dzmTs8i82VLppdSHzUdlx1t6dAKPKdOVK3bzRx5vRral7e6ALP1enRpZkmjMAEmtyzXoj8I2BK0Yo_AgcvtHL0py-gUzdl9ME8qvzOFBd2h3Ky6YttBvVzBEYQFCeUq6NQcLkX1vt0kIoD-NZ_lNjG-JUhVg3EVOb0KYfvcPOt8yKD-MdfFIlXGTyOA7O9IJjSM9qwJXg96ieMX_yHbAb0sFmIqfEWuTKh1Sd-Mp-FLgui2Ouf_OyO6wTPR0JJOaMQKbJ_jeK0b2TkRlaTshkRDkq4v8_Q2da44e52g5QVhno_b4yXAxVH2-08PrTq2Xc_aQ"
        }))
        .unwrap();
        let claims =
            "eyJpc3MiOiJqb2UiLCJzdWIiOiI3IiwiYXVkIjoicHJlc3MiLCJub25jZSI6Im4iLCJleHAiOjEzMDA4MTkzODB9";
        let rs256 = "ZQUpz0a1Vbw6PRKvJSXcle6nme2YklTd1wCC-Jaf7JH4RnnkXFPsGn7XSLyNJ9BVYxurWDfowgUXZQdoNI3J6L0T1FVmaUrrycHPxoRllIbwAFPrURAJIkWwDkZp4XaglJ3dt6IAqHhxlWRnyfha-FEhIx9qFgEBV1roFM148_KQmdlU5nfjAHWDNSrbxFi5r6gLnoBOKofNoWQWjV8fx36-1Z_mjd13S5XPig6th1S0qCYx_7ikPWbTEshJOtl-p__Mz-Yyp_AMXEAvgdy6U9lb2MOkZxj2-dKryijxDjWhZpM0rZtNj5eXOPXSvVYnOX5JPtZvJA7cy1--9Qn1Dg";
        let ps256 = "YcsASNyzmQLpHblanBZHaoLJPNiJnbtpCp-YtplCtEbcjebkxvkwqWChuTaRmrwS_I7J4Y3em7QsFKup2Qul-mAYyCO66Wg9jq9V_BB7CnrxSmxhoRUOcbZzIfLpQ0knPzIu0hy0M24K534l4OCuFqTmC6EKDNkzIgNrZX9kG_obdHljn6oEnzxSFvpW2oF6Y7ZfdfXZArtMm79TGWTMVGE1fq1AY069_GSSHaj48RRzjPHRfaAgXlwOOVE8e7XQ_bYG8_OTwEuczqTwx2t3M4ggxU8NKOiaPlb9II1KQZXd250eMNVeoMYNIIq0oe6wNmt2fngLKeCkYeKpjV-utg";
        let expected = Expected { issuer: "joe", client_id: "press", nonce: "n", now_secs: 1_300_819_000 };
        let told = |header: &str, signature: &str, now_secs: i64| {
            let token = format!("{}.{claims}.{signature}", URL_SAFE_NO_PAD.encode(header));
            verify(&token, std::slice::from_ref(&key), &Expected { now_secs, ..expected })
        };
        let (rs, ps, now) = (r#"{"alg":"RS256"}"#, r#"{"alg":"PS256"}"#, expected.now_secs);
        assert_eq!(told(rs, rs256, now).unwrap()["sub"], "7");
        assert_eq!(told(ps, ps256, now).unwrap()["sub"], "7");
        assert_eq!(told(rs, ps256, now), Err(Fault::Signature));
        assert_eq!(told(r#"{"alg":"RS512"}"#, rs256, now), Err(Fault::Signature));
        assert_eq!(told(rs, rs256, now + 500), Err(content("It has expired")));
    }

    #[test]
    fn a_key_says_how_it_is_taken_and_a_token_does_not() {
        use_ring();
        let random = SystemRandom::new();
        let ec = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let ec = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, ec.as_ref(), &random).unwrap();
        let ed =
            Ed25519KeyPair::from_pkcs8(Ed25519KeyPair::generate_pkcs8(&random).unwrap().as_ref()).unwrap();
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let point = ec.public_key().as_ref();
        let keys: Vec<Jwk> = serde_json::from_value(json!([
            {"kty": "EC", "crv": "P-256", "kid": "a", "x": encode(&point[1..33]), "y": encode(&point[33..])},
            {"kty": "OKP", "crv": "Ed25519", "kid": "b", "alg": "EdDSA", "x": encode(ed.public_key().as_ref())},
        ]))
        .unwrap();
        let expected =
            Expected { issuer: "https://i.example", client_id: "press", nonce: "n", now_secs: 1000 };
        let good = json!({"iss": "https://i.example", "sub": "7", "aud": "press", "exp": 1300.5, "iat": 1000, "nonce": "n"});
        let made = |header: Value, claims: &Value| {
            let signed = format!(
                "{}.{}",
                encode(header.to_string().as_bytes()),
                encode(claims.to_string().as_bytes())
            );
            let signature = match header["alg"].as_str() {
                Some("ES256") => ec.sign(&random, signed.as_bytes()).unwrap().as_ref().to_vec(),
                Some("EdDSA") => ed.sign(signed.as_bytes()).as_ref().to_vec(),
                _ => Vec::new(),
            };
            verify(&format!("{signed}.{}", encode(&signature)), &keys, &expected)
        };
        let es256 = || json!({"alg": "ES256", "kid": "a"});
        assert_eq!(made(es256(), &good).unwrap()["sub"], "7");
        made(json!({"alg": "EdDSA", "kid": "b"}), &good).unwrap();
        made(json!({"alg": "ES256"}), &good).unwrap();
        assert_eq!(made(json!({"alg": "EdDSA", "kid": "a"}), &good), Err(Fault::Signature));
        assert_eq!(made(json!({"alg": "ES256", "kid": "c"}), &good), Err(Fault::Signature));
        for wrong in ["none", "HS256", "None"] {
            assert!(matches!(made(json!({"alg": wrong}), &good), Err(Fault::Content(_))), "{wrong}");
        }
        for (name, value) in [
            ("iss", json!("https://other.example")),
            ("aud", json!("other")),
            ("aud", json!(["press", "other"])),
            ("azp", json!("other")),
            ("exp", json!(900)),
            ("exp", json!("soon")),
            ("iat", json!(2000)),
            ("nonce", json!("m")),
            ("nonce", Value::Null),
            ("sub", Value::Null),
        ] {
            let mut claims = good.clone();
            claims[name] = value.clone();
            assert!(matches!(made(es256(), &claims), Err(Fault::Content(_))), "{name} {value}");
        }
        for garbage in ["", ".", "..", "a.b.c", "e30.e30.", "ä.ö.ü"] {
            assert!(verify(garbage, &keys, &expected).is_err());
        }
    }
}

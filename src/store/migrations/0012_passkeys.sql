-- Keys of accounts in devices and password managers (WebAuthn): one signs in without password and code.
CREATE TABLE passkey (
    id            TEXT   PRIMARY KEY,
    account_id    TEXT   NOT NULL,
    -- as its owner calls it
    name          TEXT   NOT NULL,
    -- by which a device names it, in hexadecimal form: no two accounts share one
    credential_id TEXT   NOT NULL UNIQUE,
    -- SubjectPublicKeyInfo, in hexadecimal form, and COSE's number of the kind of signature
    public_key    TEXT   NOT NULL,
    algorithm     BIGINT NOT NULL,
    -- how often the device has signed; 0 when it does not count
    counter       BIGINT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_used_at  BIGINT
);
CREATE INDEX passkey_by_account ON passkey (account_id);
-- Challenges that were answered rightly, until they are too old to be answered: none is taken twice.
CREATE TABLE passkey_challenge (
    challenge_hash TEXT   PRIMARY KEY,
    used_at        BIGINT NOT NULL
);

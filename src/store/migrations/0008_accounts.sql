-- Links by which somebody sets a password of their own. Used or revoked ones are deleted; the audit log remembers.
CREATE TABLE account_link (
    id          TEXT   PRIMARY KEY,
    -- invitation: the account is made by it; recovery: there is one
    purpose     TEXT   NOT NULL,
    email       TEXT   NOT NULL,
    -- what the account will be, of an invitation
    name        TEXT   NOT NULL,
    role        TEXT   NOT NULL,
    secret_hash TEXT   NOT NULL UNIQUE,
    created_by  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX account_link_by_email ON account_link (email, purpose);
-- The second factor of an account: codes by time (RFC 6238).
CREATE TABLE second_factor (
    account_id   TEXT   PRIMARY KEY,
    -- in hexadecimal form
    secret       TEXT   NOT NULL,
    -- NULL until a code has shown that it works
    confirmed_at BIGINT,
    -- the time step of the last code that was taken: none is taken twice
    last_step    BIGINT NOT NULL
);
CREATE TABLE recovery_code (
    account_id TEXT   NOT NULL,
    code_hash  TEXT   NOT NULL,
    used_at    BIGINT,
    PRIMARY KEY (account_id, code_hash)
);
-- Sign-ins whose password was right and whose code is still to come.
CREATE TABLE sign_in_ticket (
    secret_hash TEXT   PRIMARY KEY,
    account_id  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    -- wrong codes so far
    misses      BIGINT NOT NULL
);

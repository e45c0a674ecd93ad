-- Everything a newsroom publishes. `doc` is the whole record; the columns beside it are what queries ask for.
CREATE TABLE record (
    id          TEXT   PRIMARY KEY,
    kind        TEXT   NOT NULL,
    slug        TEXT   NOT NULL,
    state       TEXT   NOT NULL,
    -- assets: photo, logo, …; other kinds: empty
    form        TEXT   NOT NULL,
    language    TEXT   NOT NULL,
    title       TEXT   NOT NULL,
    -- the order in lists: microseconds since the epoch, or a given order
    sort_key    BIGINT NOT NULL,
    -- from when the public may see it, in microseconds since the epoch; NULL is never
    public_from BIGINT,
    -- from when it must not be shown any more (the end of an asset's usage rights); NULL is never
    public_until BIGINT,
    -- the SHA-256 of an asset's original
    digest      TEXT,
    version     BIGINT NOT NULL,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    doc         TEXT   NOT NULL
);
CREATE INDEX record_by_order ON record (kind, sort_key, id);
CREATE INDEX record_by_publication ON record (kind, language, public_from, id);
CREATE INDEX record_by_time ON record (public_from);
CREATE INDEX record_by_end ON record (public_until);
CREATE INDEX record_by_digest ON record (digest);
CREATE INDEX record_by_state ON record (kind, state, sort_key, id);

-- Every slug a record has ever had; permalinks never die.
CREATE TABLE slug (
    kind      TEXT NOT NULL,
    slug      TEXT NOT NULL,
    record_id TEXT NOT NULL,
    PRIMARY KEY (kind, slug)
);
CREATE INDEX slug_by_record ON slug (record_id);

-- References between records, in order. `target` is an id, for topics a slug.
CREATE TABLE link (
    source   TEXT   NOT NULL,
    rel      TEXT   NOT NULL,
    target   TEXT   NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (source, rel, target)
);
CREATE INDEX link_by_target ON link (target, rel);

CREATE TABLE setting (
    name    TEXT   PRIMARY KEY,
    version BIGINT NOT NULL,
    doc     TEXT   NOT NULL
);

-- Counters that are raised inside the transaction they number, so the numbers are gap-free in commit order.
CREATE TABLE sequence (
    name  TEXT   PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO sequence (name, value) VALUES ('change_log', 0);

CREATE TABLE change_log (
    seq       BIGINT PRIMARY KEY,
    at        BIGINT NOT NULL,
    kind      TEXT   NOT NULL,
    record_id TEXT   NOT NULL,
    action    TEXT   NOT NULL
);

CREATE TABLE audit_log (
    id        TEXT   PRIMARY KEY,
    at        BIGINT NOT NULL,
    actor     TEXT   NOT NULL,
    action    TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    record_id TEXT   NOT NULL,
    before    TEXT,
    after     TEXT
);
CREATE INDEX audit_by_record ON audit_log (record_id, id);

CREATE TABLE account (
    id            TEXT   PRIMARY KEY,
    email         TEXT   NOT NULL UNIQUE,
    name          TEXT   NOT NULL,
    role          TEXT   NOT NULL,
    password_hash TEXT   NOT NULL,
    created_at    BIGINT NOT NULL
);

CREATE TABLE api_token (
    id           TEXT   PRIMARY KEY,
    name         TEXT   NOT NULL,
    role         TEXT   NOT NULL,
    secret_hash  TEXT   NOT NULL UNIQUE,
    created_at   BIGINT NOT NULL,
    last_used_at BIGINT,
    revoked_at   BIGINT
);

CREATE TABLE session (
    secret_hash TEXT   PRIMARY KEY,
    account_id  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    seen_at     BIGINT NOT NULL,
    user_agent  TEXT   NOT NULL
);
CREATE INDEX session_by_account ON session (account_id);

CREATE TABLE job (
    id          TEXT   PRIMARY KEY,
    name        TEXT   NOT NULL,
    payload     TEXT   NOT NULL,
    -- at most one waiting or running job has a given key
    dedup_key   TEXT   UNIQUE,
    state       TEXT   NOT NULL,
    priority    BIGINT NOT NULL,
    attempt     BIGINT NOT NULL,
    run_at      BIGINT NOT NULL,
    lease_owner TEXT,
    lease_until BIGINT,
    error       TEXT,
    created_at  BIGINT NOT NULL,
    finished_at BIGINT
);
CREATE INDEX job_by_turn ON job (state, run_at, priority);

-- Searches whose new hits readers get by mail.
CREATE TABLE alert (
    id           TEXT   PRIMARY KEY,
    -- of the form it was typed in: sent twice, it is one
    form_hash    TEXT   NOT NULL UNIQUE,
    -- in lower case
    email        TEXT   NOT NULL,
    -- words and filters, as JSON with its keys in one order
    search       TEXT   NOT NULL,
    -- of the page it was asked for on
    language     TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    -- NULL: nothing but the request to confirm it is ever sent
    confirmed_at BIGINT,
    -- the last mail with news
    sent_at      BIGINT
);
CREATE INDEX alert_by_email ON alert (email);
-- What an alert has found and has not told yet.
CREATE TABLE alert_hit (
    alert_id     TEXT   NOT NULL,
    release_id   TEXT   NOT NULL,
    PRIMARY KEY (alert_id, release_id)
);
-- Releases that all alerts were asked about, once and for all.
CREATE TABLE alert_release (
    release_id   TEXT   PRIMARY KEY,
    -- when it became public
    public_from  BIGINT NOT NULL
);
CREATE INDEX alert_release_by_time ON alert_release (public_from);

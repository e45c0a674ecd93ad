-- Mails to be sent, written in the transaction that causes them.
CREATE TABLE mail (
    id           TEXT   PRIMARY KEY,
    recipient    TEXT   NOT NULL,
    reply_to     TEXT   NOT NULL,
    subject      TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    -- an address that ends what the mail is part of (RFC 8058); empty: none
    unsubscribe  TEXT   NOT NULL,
    -- the same at each try, so that a second delivery can be told
    message_id   TEXT   NOT NULL,
    -- 1: the text holds a secret and is forgotten as soon as it is sent
    confidential BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    -- when it is too late to send it; NULL is never
    expires_at   BIGINT,
    sent_at      BIGINT,
    -- when it was given up
    failed_at    BIGINT,
    -- why the last try failed; empty: none did
    error        TEXT   NOT NULL
);
CREATE INDEX mail_by_failure ON mail (sent_at, error);

-- People whose accounts were removed: an identity provider that still knows them gives them none by itself.
CREATE TABLE removed_account (
    account_id TEXT   PRIMARY KEY,
    email      TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    removed_by TEXT   NOT NULL,
    removed_at BIGINT NOT NULL
);
CREATE INDEX removed_account_by_email ON removed_account (email);

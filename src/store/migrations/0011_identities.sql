-- Who somebody is at an identity provider (OpenID Connect).
CREATE TABLE account_identity (
    issuer     TEXT   NOT NULL,
    subject    TEXT   NOT NULL,
    -- NULL: the account was removed, and does not come back by itself
    account_id TEXT,
    linked_at  BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX account_identity_by_account ON account_identity (account_id);
-- 1: an identity provider let them in, and our own second step is not asked for
ALTER TABLE session ADD COLUMN by_provider BIGINT NOT NULL DEFAULT 0;

-- Who has which release open at the desk. Each page says so every few seconds; what is old is over.
CREATE TABLE presence (
    record_id  TEXT   NOT NULL,
    account_id TEXT   NOT NULL,
    name       TEXT   NOT NULL,
    since      BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    PRIMARY KEY (record_id, account_id)
);
CREATE INDEX presence_by_time ON presence (seen_at);

-- Releases that wait for an approval.
CREATE INDEX record_by_form ON record (kind, form, updated_at);

-- What readers write to press contacts by the form on the site.
CREATE TABLE message (
    id           TEXT   PRIMARY KEY,
    contact_id   TEXT   NOT NULL,
    -- of the form it was typed in: sent twice, it is stored once
    form_hash    TEXT   NOT NULL UNIQUE,
    sender       TEXT   NOT NULL,
    email        TEXT   NOT NULL,
    outlet       TEXT   NOT NULL,
    body         TEXT   NOT NULL,
    -- of the page
    language     TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    read_at      BIGINT
);
CREATE INDEX message_by_time ON message (created_at);

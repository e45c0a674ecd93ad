-- Files on their way in, piece by piece. The pieces' bytes are in the blob store; what is listed here has arrived.
CREATE TABLE upload (
    id             TEXT   PRIMARY KEY,
    -- who began it, as the audit log names them: nobody else goes on with it
    owner          TEXT   NOT NULL,
    file_name      TEXT   NOT NULL,
    size_bytes     BIGINT NOT NULL,
    received_bytes BIGINT NOT NULL,
    -- the SHA-256 of the whole file, where the sender has told it
    digest         TEXT,
    -- what the sender said of the file, as JSON
    fields         TEXT   NOT NULL,
    -- what the sender wrote in `Upload-Metadata`, to be given back
    metadata       TEXT   NOT NULL,
    -- the request that is writing, and until when it is believed to live
    writer         TEXT,
    writer_until   BIGINT,
    -- the asset that it became
    asset_id       TEXT,
    created_at     BIGINT NOT NULL,
    expires_at     BIGINT NOT NULL
);
CREATE INDEX upload_by_end ON upload (expires_at);
CREATE INDEX upload_by_owner ON upload (owner, digest);

CREATE TABLE upload_piece (
    upload_id  TEXT   NOT NULL,
    first_byte BIGINT NOT NULL,
    size_bytes BIGINT NOT NULL,
    -- the request that wrote it: with it, no two requests write to one place
    writer     TEXT   NOT NULL,
    PRIMARY KEY (upload_id, first_byte)
);

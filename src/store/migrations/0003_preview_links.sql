-- Links that show a release to somebody without an account before it is public.
CREATE TABLE preview_link (
    id          TEXT   PRIMARY KEY,
    release_id  TEXT   NOT NULL,
    -- the secret itself is shown once and not kept
    secret_hash TEXT   NOT NULL UNIQUE,
    -- for whom it was made, as the officer wrote it
    recipient   TEXT   NOT NULL,
    created_by  TEXT   NOT NULL,
    created_at  BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL,
    revoked_at  BIGINT,
    seen_at     BIGINT,
    seen_count  BIGINT NOT NULL
);
CREATE INDEX preview_link_by_release ON preview_link (release_id, id);

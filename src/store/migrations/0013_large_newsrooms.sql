-- What is read of many records at once stands in narrow tables beside them: nothing here is known only here.

-- Each photo that a public release or album shows, and from when.
CREATE TABLE gallery (
    asset_id     TEXT   NOT NULL,
    listed_from  BIGINT NOT NULL,
    -- the end of its usage rights, and its kind, as in its record
    public_until BIGINT,
    form         TEXT   NOT NULL
);
INSERT INTO gallery (asset_id, listed_from, public_until, form)
    SELECT a.id, MIN(r.public_from), a.public_until, a.form
    FROM link l JOIN record r ON r.id = l.source JOIN record a ON a.id = l.target
    WHERE l.rel = 'asset' AND a.kind = 'asset' AND r.public_from IS NOT NULL
    GROUP BY a.id, a.public_until, a.form;
CREATE INDEX gallery_by_asset ON gallery (asset_id, listed_from, public_until, form);
CREATE INDEX gallery_by_time ON gallery (listed_from, asset_id, public_until, form);

-- The words that the desk finds releases and photos by, in lower case, with what its lists are narrowed down by.
CREATE TABLE heading (
    record_id TEXT   PRIMARY KEY,
    kind      TEXT   NOT NULL,
    state     TEXT   NOT NULL,
    form      TEXT   NOT NULL,
    sort_key  BIGINT NOT NULL,
    words     TEXT   NOT NULL
);
INSERT INTO heading (record_id, kind, state, form, sort_key, words)
    SELECT id, kind, state, form, sort_key, LOWER(title) || ' ' || slug FROM record WHERE kind IN ('release', 'asset');

-- In the order of ids, of publication with what public lists leave out, and of making within one kind of file.
CREATE INDEX record_by_id ON record (kind, id);
CREATE INDEX record_by_date ON record (kind, public_from, id, language, state);
CREATE INDEX record_by_making ON record (kind, form, sort_key, id);
-- What there is of a relation, and who has it, without reading the links themselves.
CREATE INDEX link_by_rel ON link (rel, target, source);

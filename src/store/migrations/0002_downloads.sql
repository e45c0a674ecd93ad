-- How often something was downloaded, by day; no visitor is told apart from another.
CREATE TABLE download_count (
    -- ISO 8601, in UTC
    day       TEXT   NOT NULL,
    kind      TEXT   NOT NULL,
    record_id TEXT   NOT NULL,
    -- which file of it: original.tif, large.jpg, kit-print, kit-web, in-kit
    form      TEXT   NOT NULL,
    count     BIGINT NOT NULL,
    PRIMARY KEY (day, record_id, form)
);

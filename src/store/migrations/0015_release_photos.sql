-- How often photos went out by themselves, for each release that showed them then. Told from download_count for the time
-- before, by what the releases show today.
CREATE TABLE release_photo_count (
    -- ISO 8601, in UTC
    day        TEXT   NOT NULL,
    release_id TEXT   NOT NULL,
    count      BIGINT NOT NULL,
    PRIMARY KEY (day, release_id)
);
INSERT INTO release_photo_count (day, release_id, count)
    SELECT d.day, l.source, CAST(SUM(d.count) AS BIGINT)
    FROM download_count d JOIN link l ON l.target = d.record_id JOIN record r ON r.id = l.source
    WHERE d.kind = 'asset' AND d.form <> 'in-kit' AND l.rel = 'asset' AND r.kind = 'release'
    GROUP BY d.day, l.source;

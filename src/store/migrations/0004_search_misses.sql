-- What readers searched for and did not find, by day; no reader is told apart from another.
CREATE TABLE search_miss (
    -- ISO 8601, in UTC
    day   TEXT   NOT NULL,
    -- lower case, without space around it
    query TEXT   NOT NULL,
    count BIGINT NOT NULL,
    PRIMARY KEY (day, query)
);

-- The token buckets of limits, each under a keyed hash of the limit and whom it limits. A bucket that is full can be
-- deleted: one that is not there is full.
CREATE TABLE limit_bucket (
    id      bytea PRIMARY KEY CHECK (octet_length(id) = 32),
    state   bytea,
    full_at timestamptz
);

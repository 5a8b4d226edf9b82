-- The journals of revocations that the servers of this database write into their data folders, by the ids that stand in
-- them: a backup says by this which journals a restore has to be given.
CREATE TABLE revocation_journal (
    id         text PRIMARY KEY CHECK (octet_length(id) = 22),
    since      timestamptz NOT NULL DEFAULT now(),
    started_at timestamptz NOT NULL DEFAULT now()
);

-- Each time that a backup was brought back: what was ended between the two moments may be missing here, so that everything
-- which depends on that asks this table. Written by the command that restores, in the transaction that does so.
CREATE TABLE restore (
    epoch       bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    snapshot_at timestamptz NOT NULL,
    restored_at timestamptz NOT NULL DEFAULT now()
);

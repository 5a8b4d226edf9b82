-- A pepper is under construction until current_since is set, which is the switch: one row, one moment, for every replica.
-- The newest that has it is in use; those before it are accepted for a while and then deleted. Entries are made in the
-- order of association ids; built_to is how far that has come, kept in the transaction that makes them.
ALTER TABLE pepper
    ADD COLUMN current_since timestamptz,
    ADD COLUMN built_to      bigint NOT NULL DEFAULT 0;
UPDATE pepper SET current_since = created_at;
CREATE UNIQUE INDEX pepper_under_construction ON pepper ((current_since IS NULL)) WHERE current_since IS NULL;

-- What an operator's command leaves here is done by whichever server sees it first; pepper_id then says by which pepper.
CREATE TABLE pepper_rotation_request (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    requested_at timestamptz NOT NULL DEFAULT now(),
    pepper_id    bigint REFERENCES pepper ON DELETE CASCADE
);

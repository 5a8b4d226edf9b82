-- The keys themselves lie in files outside the database. Their ids are recorded here, so that a server whose files lack
-- a key that something was written with refuses to start.
CREATE TABLE key_in_use (
    purpose text NOT NULL,
    key_id  text NOT NULL,
    since   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (purpose, key_id)
);

-- The peppers that clients hash addresses with: public, and kept until no entry is of them.
CREATE TABLE pepper (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    value      text NOT NULL UNIQUE,
    created_at timestamptz NOT NULL
);

-- What lookups are answered from: for each association, and each spelling that clients hash, a keyed hash of the hash
-- that a client sends. One set of entries for each pepper. The user id stands here too, so that a lookup is one probe.
CREATE TABLE lookup_entry (
    pepper_id      bigint NOT NULL REFERENCES pepper,
    entry_hash     bytea NOT NULL CHECK (octet_length(entry_hash) = 32),
    entry_key      text NOT NULL,
    association_id bigint NOT NULL REFERENCES association ON DELETE CASCADE,
    user_id        text NOT NULL,
    PRIMARY KEY (pepper_id, entry_hash)
);
CREATE INDEX lookup_entry_association_id ON lookup_entry (association_id);

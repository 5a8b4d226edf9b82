-- Which user an address belongs to. The address itself is sealed (AES-256-GCM, the envelope names its key) and found by a
-- keyed hash; both keys lie outside the database, so that a stolen copy of it tells no address.
CREATE TABLE association (
    id             bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    address_sealed bytea NOT NULL,
    address_hash   bytea NOT NULL UNIQUE CHECK (octet_length(address_hash) = 32),
    address_key    text NOT NULL,
    user_id        text NOT NULL CHECK (octet_length(user_id) <= 255),
    proven_at      timestamptz NOT NULL,
    bound_at       timestamptz NOT NULL,
    discoverable   boolean NOT NULL
);
CREATE INDEX association_user_id ON association (user_id);

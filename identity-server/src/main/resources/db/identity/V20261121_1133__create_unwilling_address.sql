-- Addresses, as keyed hashes, whose owners want no more mail about invitations.
CREATE TABLE unwilling_address (
    address_hash bytea PRIMARY KEY CHECK (octet_length(address_hash) = 32),
    since        timestamptz NOT NULL
);

-- Addresses that nothing is sent to and that nobody can prove or bind, by the operator's word. As keyed hashes: the list tells
-- nobody's address.
CREATE TABLE blocked_address (
    address_hash bytea PRIMARY KEY CHECK (octet_length(address_hash) = 32),
    since        timestamptz NOT NULL DEFAULT now(),
    reason       text CHECK (octet_length(reason) <= 1024)
);

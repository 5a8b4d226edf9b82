-- Chains of operations, as the identities signed them: an identity is the hash of its first operation, and no handle stands
-- in any of them. A chain is kept for as long as a handle names its identity here.
CREATE TABLE identity (
    id   text PRIMARY KEY CHECK (octet_length(id) = 54),
    seq  integer NOT NULL,
    head text NOT NULL CHECK (octet_length(head) = 43)
);

CREATE TABLE operation (
    id  text NOT NULL REFERENCES identity ON DELETE CASCADE,
    seq integer NOT NULL,
    jws text NOT NULL CHECK (octet_length(jws) <= 24576),
    PRIMARY KEY (id, seq)
);

-- Codes by which the operator lets somebody register one handle. Only their hashes: a code is 160 random bits.
CREATE TABLE invite (
    code_hash  bytea PRIMARY KEY CHECK (octet_length(code_hash) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX invite_expires_at ON invite (expires_at);

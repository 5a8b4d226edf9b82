-- What registrations must answer, once and within minutes: hashes of 32 random bytes, each for one account.
CREATE TABLE challenge (
    nonce_hash   bytea PRIMARY KEY CHECK (octet_length(nonce_hash) = 32),
    account_hash bytea NOT NULL CHECK (octet_length(account_hash) = 32),
    expires_at   timestamptz NOT NULL
);
CREATE INDEX challenge_expires_at ON challenge (expires_at);

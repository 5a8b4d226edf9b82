-- Proofs of owning an address, under way or complete. Client secrets and tokens are kept as hashes only.
CREATE TABLE validation_session (
    sid            text PRIMARY KEY,
    user_id        text NOT NULL CHECK (octet_length(user_id) <= 255),
    secret_hash    bytea NOT NULL CHECK (octet_length(secret_hash) = 32),
    address_sealed bytea NOT NULL,
    address_hash   bytea NOT NULL CHECK (octet_length(address_hash) = 32),
    address_key    text NOT NULL,
    typed_sealed   bytea,
    next_link      text,
    send_attempt   bigint NOT NULL,
    wrong_tokens   integer NOT NULL DEFAULT 0,
    discoverable   boolean NOT NULL,
    modified_at    timestamptz NOT NULL,
    validated_at   timestamptz,
    disowned_at    timestamptz
);
CREATE UNIQUE INDEX validation_session_proof ON validation_session (address_hash, secret_hash, user_id);
CREATE INDEX validation_session_modified_at ON validation_session (modified_at);

CREATE TABLE validation_token (
    sid        text NOT NULL REFERENCES validation_session ON DELETE CASCADE,
    token_hash bytea NOT NULL CHECK (octet_length(token_hash) = 32),
    sent_at    timestamptz NOT NULL,
    PRIMARY KEY (sid, token_hash)
);

-- What lets somebody see or end what is kept of a user: links that are used once, and the pages behind them. Only hashes
-- are kept. Each ends with the access token that asked for it.
CREATE TABLE overview_secret (
    secret_hash bytea PRIMARY KEY CHECK (octet_length(secret_hash) = 32),
    purpose     text NOT NULL CHECK (purpose IN ('LINK', 'VIEW', 'WITHDRAWN', 'ERASED')),
    user_id     text NOT NULL CHECK (octet_length(user_id) <= 255),
    token_hash  bytea NOT NULL REFERENCES access_token ON DELETE CASCADE,
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL
);
CREATE INDEX overview_secret_token_hash ON overview_secret (token_hash);
CREATE INDEX overview_secret_expires_at ON overview_secret (expires_at);

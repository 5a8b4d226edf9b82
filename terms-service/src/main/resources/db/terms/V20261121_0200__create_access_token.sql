-- An account is nothing but its live tokens: only their hashes are kept, and a row is deleted when its token has ended.
CREATE TABLE access_token (
    token_hash bytea PRIMARY KEY CHECK (octet_length(token_hash) = 32),
    user_id    text NOT NULL CHECK (octet_length(user_id) <= 255),
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX access_token_user_id ON access_token (user_id);
CREATE INDEX access_token_expires_at ON access_token (expires_at);

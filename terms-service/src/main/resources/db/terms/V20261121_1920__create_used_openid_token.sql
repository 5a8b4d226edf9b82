-- OpenID tokens that were exchanged already, so that whoever gets hold of one later gets no account by it: keyed hashes, kept
-- until the homeserver itself no longer knows the token.
CREATE TABLE used_openid_token (
    hash       bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
    expires_at timestamptz NOT NULL
);
CREATE INDEX used_openid_token_expires_at ON used_openid_token (expires_at);

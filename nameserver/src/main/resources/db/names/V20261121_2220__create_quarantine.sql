-- Handles that were given up or have run out, as keyed hashes: nobody but the same identity gets such a handle, and it must go
-- on from its last binding and a chain that is no older than the one it had. Without an end it is for ever.
CREATE TABLE quarantine (
    handle_hash  bytea PRIMARY KEY CHECK (octet_length(handle_hash) = 32),
    fold_hash    bytea NOT NULL CHECK (octet_length(fold_hash) = 32),
    id_hash      bytea NOT NULL CHECK (octet_length(id_hash) = 32),
    last_hash    bytea NOT NULL CHECK (octet_length(last_hash) = 32),
    chain_hash   bytea NOT NULL CHECK (octet_length(chain_hash) = 32),
    account_hash bytea CHECK (octet_length(account_hash) = 32),
    was_active   boolean NOT NULL,
    began_at     timestamptz NOT NULL,
    ends_at      timestamptz
);
CREATE INDEX quarantine_fold_hash ON quarantine (fold_hash);
CREATE INDEX quarantine_account_hash ON quarantine (account_hash);
CREATE INDEX quarantine_ends_at ON quarantine (ends_at);

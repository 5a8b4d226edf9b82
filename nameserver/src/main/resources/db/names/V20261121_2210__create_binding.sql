-- The newest binding of each handle. Handles are public, one by one; the account that registered one is a keyed hash, for its
-- quota and for ending what depends on its consent. The fold tells handles apart that people could not (Unicode confusables),
-- with the version that made it; it is not unique, as a newer version may find that two owners have had the same for years.
CREATE TABLE binding (
    handle         text PRIMARY KEY CHECK (octet_length(handle) <= 286),
    domain         text NOT NULL,
    fold           text NOT NULL,
    fold_version   integer NOT NULL,
    id             text NOT NULL REFERENCES identity,
    seq            bigint NOT NULL,
    op_id          text NOT NULL CHECK (octet_length(op_id) = 43),
    jws            text NOT NULL CHECK (octet_length(jws) <= 24576),
    state          text NOT NULL CHECK (state IN ('active', 'moved')),
    expires_at     timestamptz NOT NULL,
    account_hash   bytea NOT NULL CHECK (octet_length(account_hash) = 32),
    registered_at  timestamptz NOT NULL,
    agreed_at      timestamptz NOT NULL,
    reclaimed      boolean NOT NULL,
    suspended      boolean NOT NULL DEFAULT false,
    withdrawn      boolean NOT NULL DEFAULT false
);
CREATE INDEX binding_fold ON binding (domain, fold);
CREATE INDEX binding_id ON binding (id);
CREATE INDEX binding_account_hash ON binding (account_hash);
CREATE INDEX binding_expires_at ON binding (expires_at);
CREATE INDEX binding_fold_version ON binding (fold_version);

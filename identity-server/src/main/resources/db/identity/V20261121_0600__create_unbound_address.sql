-- When an address that is bound to nobody was last proven, as far as sessions of that time can still be used: an older proof
-- does not bind an address that was unbound on a newer one. Nothing here says whose the address was.
CREATE TABLE unbound_address (
    address_hash bytea PRIMARY KEY CHECK (octet_length(address_hash) = 32),
    proven_at    timestamptz NOT NULL
);
CREATE INDEX unbound_address_proven_at ON unbound_address (proven_at);

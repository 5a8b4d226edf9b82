-- Invitations that wait for their address to be bound and then for the homeserver to take them; afterwards the row is
-- deleted. The token is public, as it names a state event of the room. What the invitation says, the seed of its own key
-- included, is sealed.
CREATE TABLE invitation (
    token          text PRIMARY KEY CHECK (octet_length(token) <= 255),
    address_sealed bytea NOT NULL,
    address_hash   bytea NOT NULL CHECK (octet_length(address_hash) = 32),
    address_key    text NOT NULL,
    payload_sealed bytea NOT NULL,
    signing_key    text NOT NULL,
    created_at     timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    assigned_to    text CHECK (octet_length(assigned_to) <= 255),
    delivery       text,
    refusals       integer NOT NULL DEFAULT 0,
    CHECK ((assigned_to IS NULL) = (delivery IS NULL))
);
CREATE INDEX invitation_address_hash ON invitation (address_hash);
CREATE INDEX invitation_delivery ON invitation (delivery) WHERE delivery IS NOT NULL;
CREATE INDEX invitation_expires_at ON invitation (expires_at);

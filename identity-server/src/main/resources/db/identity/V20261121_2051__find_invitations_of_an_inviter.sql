-- Whoever is erased takes the invitations along that they sent. Who sent one is sealed within it, so they are found by a
-- keyed hash of the inviter. One that was stored before has none, is not found, and runs out as it would have.
ALTER TABLE invitation ADD COLUMN inviter_hash bytea CHECK (octet_length(inviter_hash) = 32);
CREATE INDEX invitation_inviter_hash ON invitation (inviter_hash);

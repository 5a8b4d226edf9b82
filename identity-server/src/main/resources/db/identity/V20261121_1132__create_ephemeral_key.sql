-- The public half of every key that was ever made for an invitation, as the text that was handed out. Homeservers ask
-- for it whenever they check the room's event, also years after the invitation is gone: nothing is ever deleted here.
CREATE TABLE ephemeral_key (
    public_key text PRIMARY KEY CHECK (octet_length(public_key) = 43)
);

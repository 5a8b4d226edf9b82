-- Homeservers whose users the operator does not serve from now on, written as in federation.denied-homeservers. Servers look
-- every second or so.
CREATE TABLE homeserver_block (
    pattern text PRIMARY KEY CHECK (octet_length(pattern) <= 300),
    since   timestamptz NOT NULL DEFAULT now(),
    reason  text CHECK (octet_length(reason) <= 1024)
);

-- What operators changed by commands, each written in the transaction of the change. Whom or what a command was about stands
-- in plain only where it says nothing of a person (a homeserver, a mail domain, a key's id); else as a keyed hash, by which
-- whoever knows the address, user or handle finds it again.
CREATE TABLE operator_action (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at          timestamptz NOT NULL DEFAULT now(),
    operator    text NOT NULL CHECK (octet_length(operator) <= 512),
    command     text NOT NULL CHECK (octet_length(command) <= 128),
    object      text CHECK (octet_length(object) <= 512),
    object_kind text,
    object_hash bytea CHECK (octet_length(object_hash) = 32),
    reason      text CHECK (octet_length(reason) <= 1024),
    outcome     text NOT NULL CHECK (octet_length(outcome) <= 1024)
);
CREATE INDEX operator_action_at ON operator_action (at);
CREATE INDEX operator_action_object_hash ON operator_action (object_hash);

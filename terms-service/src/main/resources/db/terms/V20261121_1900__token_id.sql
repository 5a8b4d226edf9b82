-- Users see and end their tokens by an id that says nothing of the token. The default is for rows that are here already, and
-- for servers of the version before that run beside this one; this version draws 128 bits itself.
ALTER TABLE access_token
    ADD COLUMN id bytea NOT NULL DEFAULT uuid_send(gen_random_uuid()) CHECK (octet_length(id) = 16);
CREATE UNIQUE INDEX access_token_of_user ON access_token (user_id, id);
DROP INDEX access_token_user_id;

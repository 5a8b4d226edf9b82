-- Who took their consent back, when: only ever appended to. What was accepted before points here and does not count any
-- more, so that no clock decides which of the two came first. Of users who were erased nothing stands here.
CREATE TABLE withdrawal (
    id           bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id      text NOT NULL CHECK (octet_length(user_id) <= 255),
    withdrawn_at timestamptz NOT NULL
);
CREATE INDEX withdrawal_user_id ON withdrawal (user_id);
ALTER TABLE acceptance ADD COLUMN withdrawal_id bigint REFERENCES withdrawal;
CREATE INDEX acceptance_withdrawal_id ON acceptance (withdrawal_id) WHERE withdrawal_id IS NOT NULL;

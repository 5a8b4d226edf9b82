-- Who accepted what, when: only ever appended to.
CREATE TABLE acceptance (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    user_id     text NOT NULL CHECK (octet_length(user_id) <= 255),
    policy      text NOT NULL,
    version     text NOT NULL,
    language    text NOT NULL,
    url         text NOT NULL,
    accepted_at timestamptz NOT NULL
);
CREATE INDEX acceptance_user_id ON acceptance (user_id);

-- What was signed for a user about an acceptance: made once, and handed out as it is ever after.
CREATE TABLE receipt (
    acceptance_id bigint PRIMARY KEY REFERENCES acceptance ON DELETE CASCADE,
    jws           text NOT NULL
);

-- Whoever comes back accepts the same text once more, which is another acceptance with a receipt of its own.
CREATE UNIQUE INDEX acceptance_once_current ON acceptance (user_id, policy, version, language)
    WHERE withdrawal_id IS NULL;
CREATE INDEX acceptance_user_id ON acceptance (user_id);
DROP INDEX acceptance_once;

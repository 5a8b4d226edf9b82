-- Clients send all they ever agreed to each time: a row for each would grow without end, and every request reads them.
DELETE FROM acceptance later USING acceptance earlier
WHERE earlier.id < later.id AND earlier.user_id = later.user_id AND earlier.policy = later.policy
    AND earlier.version = later.version AND earlier.language = later.language;
CREATE UNIQUE INDEX acceptance_once ON acceptance (user_id, policy, version, language);
DROP INDEX acceptance_user_id;

-- A code of six digits lives for minutes only, while its session lives on and may be sent another. Tokens are kept under
-- a keyed hash from now on; those that were kept otherwise would never be found.
DELETE FROM validation_token;
ALTER TABLE validation_token ADD COLUMN expires_at timestamptz NOT NULL;

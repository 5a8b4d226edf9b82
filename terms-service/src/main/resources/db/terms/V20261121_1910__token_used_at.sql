-- When a token was last used, for its user to see and for choosing which goes when there are too many. Null until a server of
-- this version sees the token used: the version before wrote only when it ends.
ALTER TABLE access_token ADD COLUMN used_at timestamptz;

-- Since when an address has been its user's, however often it was bound anew: of several, the one held longest may confirm that
-- the user is forgotten. Without a value it is bound_at, as in rows of the version before.
ALTER TABLE association ADD COLUMN held_since timestamptz;

-- Clients hash other spellings of an address than the canonical one (Element only lower-cases, the specification folds).
-- They are kept with the association, sealed, so that a lookup entry of each can be made for the next pepper.
ALTER TABLE association ADD COLUMN spellings_sealed bytea;

-- What an operator wants to know of a letter that waits: since when, and why it could not be delivered the last time (no
-- address, nothing of its content). Servers of the version before write neither: letters of theirs wait since they do not know when.
ALTER TABLE scheduled_tasks
    ADD COLUMN waiting_since timestamptz,
    ADD COLUMN failure       text CHECK (octet_length(failure) <= 1024);
ALTER TABLE scheduled_tasks ALTER COLUMN waiting_since SET DEFAULT now();

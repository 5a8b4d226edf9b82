-- Built without locking the table: waits for every open transaction, also for one that held the migration lock.
CREATE INDEX CONCURRENTLY note_by_body ON one.note (body);

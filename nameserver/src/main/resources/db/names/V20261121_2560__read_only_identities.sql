-- A chain from a backup may lack what its owner has signed since, a device thrown out for one. The number of the restore
-- stands here until a client that speaks for the identity has shown its newest chain; until then nothing changes it.
ALTER TABLE identity ADD COLUMN restored_in bigint;

-- A chain that was forgotten can come back with the same operations, signed by other keys of the identity. Servers that keep
-- chains in memory tell the two apart by this number, which no chain has after another.
ALTER TABLE identity ADD COLUMN number bigint GENERATED ALWAYS AS IDENTITY;

-- The same version as in the other schema: each has its own history.
CREATE TABLE two.note (id bigint PRIMARY KEY);

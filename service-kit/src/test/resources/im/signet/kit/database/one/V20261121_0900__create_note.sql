-- Something to migrate.
CREATE TABLE one.note (id bigint PRIMARY KEY, body text NOT NULL UNIQUE);

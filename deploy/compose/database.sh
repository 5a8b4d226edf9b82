#!/bin/sh
# PostgreSQL's image runs this once, when it makes the database: Signet gets a role that is no superuser, and a database of its own.
# The superuser logs in from inside its container only, without a password:
#   docker compose exec -u postgres database psql
set -eu
psql -v ON_ERROR_STOP=1 -U postgres -d postgres <<'END'
\getenv password POSTGRES_PASSWORD
CREATE ROLE signet LOGIN PASSWORD :'password';
CREATE DATABASE signet OWNER signet ENCODING 'UTF8' TEMPLATE template0;
ALTER ROLE postgres PASSWORD NULL;
END

#!/usr/bin/env bash
# Makes the two roles and the database, as docs/operations.md says. Postgres' image runs it once, for a new database.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -U postgres -v owner="$OWNER_PASSWORD" -v app="$APP_PASSWORD" <<'SQL'
CREATE ROLE data_api_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'owner';
CREATE ROLE data_api_app   LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS PASSWORD :'app';
CREATE DATABASE data_api OWNER data_api_owner;
REVOKE TEMPORARY ON DATABASE data_api FROM PUBLIC;
SQL

-- Why: people rotate on a day of the week at an hour of theirs, which no period says. It is a table of its own, without a foreign key, for the
-- reasons of 0027; what purges a secret drops its row.
-- +goose Up
-- The five fields of a cron expression and the time zone in which they count, each after a space. Servers of the version before go by the seconds that
-- the row of the secret has, which are those between the next two times. If they end or replace the schedule, the seconds differ from those here, and
-- the row counts no more.
CREATE TABLE rotation_cron (
    workspace_id uuid NOT NULL,
    secret_id    uuid NOT NULL,
    every_seconds bigint NOT NULL,
    spec         text NOT NULL CHECK (octet_length(spec) BETWEEN 11 AND 255),
    PRIMARY KEY (workspace_id, secret_id)
);
ALTER TABLE rotation_cron ENABLE ROW LEVEL SECURITY;
ALTER TABLE rotation_cron FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON rotation_cron USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON rotation_cron TO data_api_app;

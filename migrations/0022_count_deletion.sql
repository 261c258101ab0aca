-- Why: the objects of a deletion were counted in the request, under the lock that all writers of its datastore wait for. They are counted later.
-- +goose Up
-- A deletion has a row while it is being counted: how many objects were counted, and the last key among them. It is a table of its own, without
-- a foreign key, because a change of `deletion` would have servers of the version before wait.
CREATE TABLE deletion_count (
    workspace_id uuid NOT NULL,
    deletion_id  uuid NOT NULL,
    passed       text COLLATE "C" NOT NULL DEFAULT '',
    objects      bigint NOT NULL DEFAULT 0 CHECK (objects >= 0),
    PRIMARY KEY (workspace_id, deletion_id)
);
ALTER TABLE deletion_count ENABLE ROW LEVEL SECURITY;
ALTER TABLE deletion_count FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON deletion_count USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON deletion_count TO data_api_app;

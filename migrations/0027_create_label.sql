-- Why: datastores and secrets bear labels, and lists are filtered by them. They are tables of their own, without a foreign key, because a change of
-- `datastore` or `secret` would have servers of the version before wait; what deletes the thing deletes its labels.
-- +goose Up
CREATE TABLE datastore_label (
    workspace_id uuid NOT NULL,
    datastore_id uuid NOT NULL,
    key          text COLLATE "C" NOT NULL CHECK (key ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    value        text COLLATE "C" NOT NULL CHECK (char_length(value) <= 63),
    PRIMARY KEY (workspace_id, datastore_id, key)
);
-- What has a label, whatever its value or with one value.
CREATE INDEX datastore_label_value ON datastore_label (workspace_id, key, value, datastore_id);
ALTER TABLE datastore_label ENABLE ROW LEVEL SECURITY;
ALTER TABLE datastore_label FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON datastore_label USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON datastore_label TO data_api_app;

CREATE TABLE secret_label (
    workspace_id uuid NOT NULL,
    secret_id    uuid NOT NULL,
    key          text COLLATE "C" NOT NULL CHECK (key ~ '^[a-z0-9][a-z0-9._-]{0,62}$'),
    value        text COLLATE "C" NOT NULL CHECK (char_length(value) <= 63),
    PRIMARY KEY (workspace_id, secret_id, key)
);
CREATE INDEX secret_label_value ON secret_label (workspace_id, key, value, secret_id);
ALTER TABLE secret_label ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret_label FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON secret_label USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON secret_label TO data_api_app;

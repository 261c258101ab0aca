-- Why: an upload that was allowed, from its signed URL to the object version that it became or the reason why it did not.
-- +goose Up
CREATE TABLE upload (
    workspace_id          uuid NOT NULL,
    id                    uuid NOT NULL,
    datastore_id          uuid NOT NULL,
    key                   text COLLATE "C" NOT NULL CONSTRAINT upload_key_length CHECK (octet_length(key) BETWEEN 1 AND 900),
    content_type          text NOT NULL,
    max_bytes             bigint NOT NULL CHECK (max_bytes >= 0),
    md5                   text,
    if_version            integer CHECK (if_version >= 0),
    metadata              jsonb NOT NULL,
    state                 text NOT NULL CHECK (state IN ('OPEN', 'COMPLETED', 'REJECTED', 'CANCELLED', 'EXPIRED')),
    rejection             text,
    -- The version that it became; no foreign key, for that version may be gone while this stays on record.
    version_id            uuid,
    expires_at            timestamptz NOT NULL,
    -- When the API key that asked ends; null for one without end, and for a user.
    credential_expires_at timestamptz,
    created_at            timestamptz NOT NULL DEFAULT now(),
    created_by_kind       text NOT NULL,
    created_by_id         text NOT NULL,
    created_by_label      text NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, datastore_id) REFERENCES datastore,
    CONSTRAINT upload_rejection CHECK ((state = 'REJECTED') = (rejection IS NOT NULL)),
    CONSTRAINT upload_version CHECK ((state = 'COMPLETED') = (version_id IS NOT NULL))
);
CREATE INDEX upload_open_key ON upload (workspace_id, datastore_id, key) WHERE state = 'OPEN';
CREATE INDEX upload_datastore ON upload (workspace_id, datastore_id, id);
CREATE INDEX upload_open_expiry ON upload (workspace_id, expires_at) WHERE state = 'OPEN';
ALTER TABLE upload ENABLE ROW LEVEL SECURITY;
ALTER TABLE upload FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON upload USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE ON upload TO data_api_app;

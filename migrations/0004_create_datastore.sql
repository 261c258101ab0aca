-- Why: datastores and the index of what they hold. Storage has immutable blobs under names that the server chose;
-- which blob a key means is decided here. Keys sort by their bytes (collation C), as cursors need.
-- +goose Up
CREATE TABLE datastore (
    workspace_id     uuid NOT NULL REFERENCES workspace,
    id               uuid NOT NULL,
    name             text COLLATE "C" NOT NULL CONSTRAINT datastore_name_length CHECK (char_length(name) BETWEEN 1 AND 120),
    description      text CONSTRAINT datastore_description_length CHECK (char_length(description) <= 2000),
    object_count     bigint NOT NULL DEFAULT 0 CHECK (object_count >= 0),
    used_bytes       bigint NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
    created_at       timestamptz NOT NULL DEFAULT now(),
    updated_at       timestamptz NOT NULL DEFAULT now(),
    -- A deleted datastore is gone for everyone; its row stays for what refers to it.
    deleted_at       timestamptz,
    created_by_kind  text NOT NULL,
    created_by_id    text NOT NULL,
    created_by_label text NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX datastore_name ON datastore (workspace_id, name) WHERE deleted_at IS NULL;
ALTER TABLE datastore ENABLE ROW LEVEL SECURITY;
ALTER TABLE datastore FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON datastore USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON datastore TO data_api_app;

-- A blob that no version refers to any more has refs = 0 until storage has dropped it.
CREATE TABLE blob (
    workspace_id uuid NOT NULL REFERENCES workspace,
    id           uuid NOT NULL,
    refs         integer NOT NULL CHECK (refs >= 0),
    PRIMARY KEY (workspace_id, id)
);
CREATE INDEX blob_unreferenced ON blob (workspace_id, id) WHERE refs = 0;
ALTER TABLE blob ENABLE ROW LEVEL SECURITY;
ALTER TABLE blob FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON blob USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON blob TO data_api_app;

CREATE TABLE object (
    workspace_id    uuid NOT NULL,
    id              uuid NOT NULL,
    datastore_id    uuid NOT NULL,
    key             text COLLATE "C" NOT NULL CONSTRAINT object_key_length CHECK (octet_length(key) BETWEEN 1 AND 900),
    current_version integer NOT NULL CHECK (current_version >= 1),
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, datastore_id) REFERENCES datastore
);
CREATE UNIQUE INDEX object_key ON object (workspace_id, datastore_id, key);
ALTER TABLE object ENABLE ROW LEVEL SECURITY;
ALTER TABLE object FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON object USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON object TO data_api_app;

CREATE TABLE object_version (
    workspace_id     uuid NOT NULL,
    id               uuid NOT NULL,
    object_id        uuid NOT NULL,
    version          integer NOT NULL CHECK (version >= 1),
    blob_id          uuid NOT NULL,
    size_bytes       bigint NOT NULL CHECK (size_bytes >= 0),
    content_type     text NOT NULL,
    crc32c           text NOT NULL,
    md5              text,
    metadata         jsonb NOT NULL,
    -- When storage had all the bytes, by storage's own clock: what orders the uploads of one key.
    landed_at        timestamptz NOT NULL,
    created_at       timestamptz NOT NULL DEFAULT now(),
    created_by_kind  text NOT NULL,
    created_by_id    text NOT NULL,
    created_by_label text NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, object_id) REFERENCES object ON DELETE CASCADE,
    FOREIGN KEY (workspace_id, blob_id) REFERENCES blob
);
CREATE UNIQUE INDEX object_version_number ON object_version (workspace_id, object_id, version);
ALTER TABLE object_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE object_version FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON object_version USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON object_version TO data_api_app;

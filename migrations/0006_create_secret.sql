-- Why: the names, states and version numbers of secrets. Values are in the vault alone; each version keeps the vault's own
-- number of it, because a lost race burns one there. A PENDING row holds its name while the vault is being written.
-- +goose Up
CREATE TABLE secret (
    workspace_id     uuid NOT NULL REFERENCES workspace,
    id               uuid NOT NULL,
    name             text COLLATE "C" NOT NULL CONSTRAINT secret_name_length CHECK (char_length(name) BETWEEN 1 AND 120),
    description      text CONSTRAINT secret_description_length CHECK (char_length(description) <= 2000),
    state            text NOT NULL CHECK (state IN ('PENDING', 'ACTIVE', 'DELETED')),
    format           text NOT NULL CHECK (format IN ('TEXT', 'JSON', 'BINARY')),
    current_version  integer CHECK (current_version >= 1),
    created_at       timestamptz NOT NULL DEFAULT now(),
    created_by_kind  text NOT NULL,
    created_by_id    text NOT NULL,
    created_by_label text NOT NULL,
    rotated_at       timestamptz NOT NULL DEFAULT now(),
    last_revealed_at timestamptz,
    deleted_at       timestamptz,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT secret_has_version CHECK ((state = 'PENDING') = (current_version IS NULL)),
    CONSTRAINT secret_deleted CHECK ((state = 'DELETED') = (deleted_at IS NOT NULL))
);
CREATE UNIQUE INDEX secret_name ON secret (workspace_id, name) WHERE state <> 'DELETED';
ALTER TABLE secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON secret USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON secret TO data_api_app;

CREATE TABLE secret_version (
    workspace_id     uuid NOT NULL,
    secret_id        uuid NOT NULL,
    version          integer NOT NULL CHECK (version >= 1),
    vault_number     bigint NOT NULL CHECK (vault_number >= 1),
    format           text NOT NULL CHECK (format IN ('TEXT', 'JSON', 'BINARY')),
    -- A keyed hash of the value, which tells the same value again; without the server's key it tells nothing.
    fingerprint      bytea NOT NULL CONSTRAINT secret_version_fingerprint_length CHECK (octet_length(fingerprint) = 32),
    created_at       timestamptz NOT NULL DEFAULT now(),
    created_by_kind  text NOT NULL,
    created_by_id    text NOT NULL,
    created_by_label text NOT NULL,
    PRIMARY KEY (workspace_id, secret_id, version),
    FOREIGN KEY (workspace_id, secret_id) REFERENCES secret
);
CREATE UNIQUE INDEX secret_version_vault_number ON secret_version (workspace_id, secret_id, vault_number);
ALTER TABLE secret_version ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret_version FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON secret_version USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT ON secret_version TO data_api_app;

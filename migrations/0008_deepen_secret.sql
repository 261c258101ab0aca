-- Why: what the product says of secrets beyond a name and a value: versions that are retained and then destroyed, fields of
-- JSON secrets, schedules of rotation, deletions that can be undone for a while, and who uses which secret.
-- +goose Up
ALTER TABLE secret
    -- The names of the current version's top-level fields; none unless it is a JSON object.
    ADD COLUMN fields               text[] NOT NULL DEFAULT '{}',
    ADD COLUMN last_injected_at     timestamptz,
    -- Once deleted: when it is destroyed for good.
    ADD COLUMN purge_at             timestamptz,
    ADD COLUMN rotate_every_seconds bigint CONSTRAINT secret_rotate_every CHECK (rotate_every_seconds >= 3600),
    ADD COLUMN rotate_at            timestamptz,
    -- What makes the next value; null where people do.
    ADD COLUMN rotate_length        integer CHECK (rotate_length BETWEEN 8 AND 1024),
    ADD COLUMN rotate_alphabet      text CHECK (rotate_alphabet IN ('ALPHANUMERIC', 'SAFE_PUNCTUATION', 'HEX')),
    -- Why the last rotation by schedule failed; null while all goes well.
    ADD COLUMN rotate_error         text,
    -- When it was put on record that a rotation is due; null until the next one is.
    ADD COLUMN rotate_noted_at      timestamptz,
    ADD CONSTRAINT secret_rotation CHECK ((rotate_every_seconds IS NULL) = (rotate_at IS NULL)),
    ADD CONSTRAINT secret_generator CHECK ((rotate_length IS NULL) = (rotate_alphabet IS NULL) AND (rotate_length IS NULL OR rotate_at IS NOT NULL));
-- Row-level security holds the owner too, but not while the rows of before are filled in.
ALTER TABLE secret NO FORCE ROW LEVEL SECURITY;
UPDATE secret SET purge_at = deleted_at + interval '30 days' WHERE state = 'DELETED';
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
ALTER TABLE secret ADD CONSTRAINT secret_purge CHECK ((state = 'DELETED') = (purge_at IS NOT NULL));
CREATE INDEX secret_due ON secret (rotate_at) WHERE state = 'ACTIVE' AND rotate_at IS NOT NULL;
CREATE INDEX secret_purgeable ON secret (purge_at) WHERE state = 'DELETED';
CREATE INDEX secret_pending ON secret (created_at) WHERE state = 'PENDING';

ALTER TABLE secret_version
    ADD COLUMN fields       text[] NOT NULL DEFAULT '{}',
    -- Once replaced: when its value is destroyed; null for the current one.
    ADD COLUMN destroy_at   timestamptz,
    -- From when on nobody is given the value any more.
    ADD COLUMN destroyed_at timestamptz,
    -- When the vault had destroyed it too.
    ADD COLUMN erased_at    timestamptz,
    ADD CONSTRAINT secret_version_erased CHECK (erased_at IS NULL OR destroyed_at IS NOT NULL);
ALTER TABLE secret NO FORCE ROW LEVEL SECURITY;
ALTER TABLE secret_version NO FORCE ROW LEVEL SECURITY;
UPDATE secret_version v SET destroy_at = now() + interval '30 days' FROM secret s
    WHERE s.workspace_id = v.workspace_id AND s.id = v.secret_id AND v.version <> s.current_version;
ALTER TABLE secret FORCE ROW LEVEL SECURITY;
ALTER TABLE secret_version FORCE ROW LEVEL SECURITY;
CREATE INDEX secret_version_destroyable ON secret_version (destroy_at) WHERE destroyed_at IS NULL AND destroy_at IS NOT NULL;
CREATE INDEX secret_version_erasable ON secret_version (destroyed_at) WHERE destroyed_at IS NOT NULL AND erased_at IS NULL;
GRANT UPDATE, DELETE ON secret_version TO data_api_app;

-- Uses of a secret by configuration. The consumer is the platform's own; its name is as it was last declared.
CREATE TABLE secret_reference (
    workspace_id uuid NOT NULL,
    secret_id    uuid NOT NULL,
    kind         text COLLATE "C" NOT NULL CHECK (kind IN ('AGENT', 'SKILL', 'CONNECTION', 'WORKFLOW')),
    external_id  text COLLATE "C" NOT NULL CONSTRAINT secret_reference_external_id CHECK (octet_length(external_id) BETWEEN 1 AND 128),
    name         text NOT NULL,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, kind, external_id, secret_id),
    FOREIGN KEY (workspace_id, secret_id) REFERENCES secret ON DELETE CASCADE
);
CREATE INDEX secret_reference_secret ON secret_reference (workspace_id, secret_id, kind, external_id);
ALTER TABLE secret_reference ENABLE ROW LEVEL SECURITY;
ALTER TABLE secret_reference FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON secret_reference USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON secret_reference TO data_api_app;

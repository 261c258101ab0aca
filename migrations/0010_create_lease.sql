-- Why: runs are handed the secrets that their consumer references. A lease holds the versions that a run was given first, so
-- that its later steps get the same ones and its output is redacted of them. Values are sealed to a registered runtime key.
-- +goose Up
CREATE TABLE runtime_key (
    workspace_id     uuid NOT NULL REFERENCES workspace,
    id               uuid NOT NULL,
    name             text NOT NULL CONSTRAINT runtime_key_name_length CHECK (char_length(name) BETWEEN 1 AND 120),
    -- X25519.
    public_key       bytea NOT NULL CONSTRAINT runtime_key_length CHECK (octet_length(public_key) = 32),
    created_at       timestamptz NOT NULL,
    created_by_kind  text NOT NULL,
    created_by_id    text NOT NULL,
    created_by_label text NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
-- Removing a key ends it, for there is no second one like it.
CREATE UNIQUE INDEX runtime_key_public_key ON runtime_key (workspace_id, public_key);
ALTER TABLE runtime_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE runtime_key FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON runtime_key USING (workspace_id = bound_workspace());
-- UPDATE is what locking a row takes.
GRANT SELECT, INSERT, UPDATE, DELETE ON runtime_key TO data_api_app;

CREATE TABLE lease (
    workspace_id  uuid NOT NULL REFERENCES workspace,
    id            uuid NOT NULL,
    -- The API key that it belongs to.
    principal_id  text NOT NULL,
    run_id        text COLLATE "C" NOT NULL CONSTRAINT lease_run_id CHECK (octet_length(run_id) BETWEEN 1 AND 128),
    consumer_kind text COLLATE "C" NOT NULL CHECK (consumer_kind IN ('AGENT', 'SKILL', 'CONNECTION', 'WORKFLOW')),
    consumer_id   text COLLATE "C" NOT NULL CONSTRAINT lease_consumer_id CHECK (octet_length(consumer_id) BETWEEN 1 AND 128),
    created_at    timestamptz NOT NULL DEFAULT now(),
    expires_at    timestamptz NOT NULL,
    ended_at      timestamptz,
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT lease_expires CHECK (expires_at > created_at)
);
CREATE INDEX lease_expiry ON lease (workspace_id, expires_at);
ALTER TABLE lease ENABLE ROW LEVEL SECURITY;
ALTER TABLE lease FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON lease USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON lease TO data_api_app;

-- Each injection under a lease has a token of its own: a step keeps its token while others get theirs.
CREATE TABLE lease_token (
    workspace_id   uuid NOT NULL,
    lease_id       uuid NOT NULL,
    -- A keyed hash; without the server's key it tells nothing, and nothing of it can be chosen.
    hash           bytea NOT NULL CONSTRAINT lease_token_hash_length CHECK (octet_length(hash) = 32),
    step_id        text COLLATE "C" NOT NULL CONSTRAINT lease_token_step_id CHECK (octet_length(step_id) BETWEEN 1 AND 128),
    -- What it was sealed to, which may be removed by now.
    runtime_key_id uuid NOT NULL,
    created_at     timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, lease_id, hash),
    FOREIGN KEY (workspace_id, lease_id) REFERENCES lease ON DELETE CASCADE
);
ALTER TABLE lease_token ENABLE ROW LEVEL SECURITY;
ALTER TABLE lease_token FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON lease_token USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, DELETE ON lease_token TO data_api_app;

-- The versions that a lease pins. It names a secret for as long as the lease is kept, even if the secret is no more: then nothing can be
-- redacted, which must be refused, not forgotten. So no foreign key leads to the version.
CREATE TABLE lease_secret (
    workspace_id uuid NOT NULL,
    lease_id     uuid NOT NULL,
    secret_id    uuid NOT NULL,
    version      integer NOT NULL CHECK (version >= 1),
    PRIMARY KEY (workspace_id, lease_id, secret_id),
    FOREIGN KEY (workspace_id, lease_id) REFERENCES lease ON DELETE CASCADE
);
CREATE INDEX lease_secret_version ON lease_secret (workspace_id, secret_id, version);
ALTER TABLE lease_secret ENABLE ROW LEVEL SECURITY;
ALTER TABLE lease_secret FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON lease_secret USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, DELETE ON lease_secret TO data_api_app;

-- From when on leases that pin it are over: for a leaked value. It is kept here, not in the leases, so that no injection that is under way can pin
-- the version unseen, and none has to keep a rotation waiting.
ALTER TABLE secret_version ADD COLUMN leases_ended_at timestamptz;

-- Whether anything more is handed out or redacted under a lease.
CREATE FUNCTION lease_is_open(l lease) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT l.ended_at IS NULL AND l.expires_at > now() AND NOT EXISTS (
        SELECT FROM lease_secret p JOIN secret_version v ON v.workspace_id = p.workspace_id AND v.secret_id = p.secret_id AND v.version = p.version
        WHERE p.workspace_id = l.workspace_id AND p.lease_id = l.id AND v.leases_ended_at IS NOT NULL)
$$;

-- Jobs destroy no version that an open lease pins: its value is still needed. They look before a workspace is bound, as the owner.
CREATE POLICY owner ON lease TO CURRENT_USER USING (true);
CREATE POLICY owner ON lease_secret TO CURRENT_USER USING (true);
CREATE OR REPLACE FUNCTION version_is_pinned(in_workspace uuid, of_secret uuid, number integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM lease_secret p JOIN lease l ON l.workspace_id = p.workspace_id AND l.id = p.lease_id
        WHERE p.workspace_id = in_workspace AND p.secret_id = of_secret AND p.version = number AND lease_is_open(l))
$$;

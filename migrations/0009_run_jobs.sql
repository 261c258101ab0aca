-- Why: some things must happen without anybody asking: what a crash left is swept, values whose time is over are destroyed, rotations
-- fall due. The queue is River's, in a schema of its own, as River's migrations 1 to 8 make it; a test compares the two.
-- Which work there is must be known before a workspace is bound: the functions say where it is, and nothing more of it.
-- +goose Up
CREATE SCHEMA river;
CREATE TYPE river.river_job_state AS ENUM ('available', 'cancelled', 'completed', 'discarded', 'pending', 'retryable', 'running', 'scheduled');
-- +goose StatementBegin
CREATE FUNCTION river.river_job_state_in_bitmask(bitmask bit, state river.river_job_state) RETURNS boolean
    LANGUAGE sql IMMUTABLE
    AS $$
    SELECT CASE state
        WHEN 'available' THEN get_bit(bitmask, 7)
        WHEN 'cancelled' THEN get_bit(bitmask, 6)
        WHEN 'completed' THEN get_bit(bitmask, 5)
        WHEN 'discarded' THEN get_bit(bitmask, 4)
        WHEN 'pending'   THEN get_bit(bitmask, 3)
        WHEN 'retryable' THEN get_bit(bitmask, 2)
        WHEN 'running'   THEN get_bit(bitmask, 1)
        WHEN 'scheduled' THEN get_bit(bitmask, 0)
        ELSE 0
    END = 1;
$$;
-- +goose StatementEnd
CREATE TABLE river.river_job (
    id           bigserial PRIMARY KEY,
    state        river.river_job_state NOT NULL DEFAULT 'available',
    attempt      smallint NOT NULL DEFAULT 0,
    max_attempts smallint NOT NULL DEFAULT 25,
    attempted_at timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    finalized_at timestamptz,
    scheduled_at timestamptz NOT NULL DEFAULT now(),
    priority     smallint NOT NULL DEFAULT 1,
    args         jsonb NOT NULL,
    attempted_by text[],
    errors       jsonb[],
    kind         text NOT NULL,
    metadata     jsonb NOT NULL DEFAULT '{}',
    queue        text NOT NULL DEFAULT 'default',
    tags         varchar(255)[] NOT NULL DEFAULT '{}',
    unique_key   bytea,
    unique_states bit(8),
    CONSTRAINT finalized_or_finalized_at_null CHECK (
        (finalized_at IS NULL AND state NOT IN ('cancelled', 'completed', 'discarded')) OR
        (finalized_at IS NOT NULL AND state IN ('cancelled', 'completed', 'discarded'))),
    CONSTRAINT max_attempts_is_positive CHECK (max_attempts > 0),
    CONSTRAINT priority_in_range CHECK (priority >= 1 AND priority <= 4),
    CONSTRAINT queue_length CHECK (char_length(queue) > 0 AND char_length(queue) < 128),
    CONSTRAINT kind_length CHECK (char_length(kind) > 0 AND char_length(kind) < 128)
);
CREATE INDEX river_job_kind ON river.river_job (kind);
CREATE INDEX river_job_state_and_finalized_at_index ON river.river_job (state, finalized_at) WHERE finalized_at IS NOT NULL;
CREATE INDEX river_job_prioritized_fetching_index ON river.river_job (state, queue, priority, scheduled_at, id);
CREATE INDEX river_job_args_index ON river.river_job USING gin (args);
CREATE INDEX river_job_metadata_index ON river.river_job USING gin (metadata);
CREATE UNIQUE INDEX river_job_unique_idx ON river.river_job (unique_key)
    WHERE unique_key IS NOT NULL AND unique_states IS NOT NULL AND river.river_job_state_in_bitmask(unique_states, state);
CREATE UNLOGGED TABLE river.river_leader (
    elected_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    leader_id  text NOT NULL,
    name       text PRIMARY KEY DEFAULT 'default',
    CONSTRAINT name_length CHECK (name = 'default'),
    CONSTRAINT leader_id_length CHECK (char_length(leader_id) > 0 AND char_length(leader_id) < 128)
);
CREATE TABLE river.river_queue (
    name       text PRIMARY KEY NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    metadata   jsonb NOT NULL DEFAULT '{}',
    paused_at  timestamptz,
    updated_at timestamptz NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE TABLE river.river_notification (
    id         bigserial PRIMARY KEY,
    created_at timestamptz NOT NULL DEFAULT now(),
    payload    text NOT NULL,
    topic      text NOT NULL,
    CONSTRAINT topic_length CHECK (length(topic) > 0 AND length(topic) < 128)
);
CREATE INDEX river_notification_created_at_idx ON river.river_notification (created_at);
CREATE INDEX river_notification_topic_id_idx ON river.river_notification (topic, id);
CREATE TABLE river.river_migration (
    line       text NOT NULL,
    version    bigint NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    CONSTRAINT river_migration_pkey1 PRIMARY KEY (line, version),
    CONSTRAINT line_length CHECK (char_length(line) > 0 AND char_length(line) < 128),
    CONSTRAINT version_gte_1 CHECK (version >= 1)
);
INSERT INTO river.river_migration (line, version) SELECT 'main', generate_series(1, 8);
GRANT USAGE ON SCHEMA river TO data_api_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON river.river_job, river.river_leader, river.river_queue, river.river_notification TO data_api_app;
GRANT USAGE ON SEQUENCE river.river_job_id_seq, river.river_notification_id_seq TO data_api_app;

ALTER TABLE secret
    -- From when on a reservation is being swept: it cannot become a secret any more.
    ADD COLUMN swept_at  timestamptz,
    -- From when on a deleted secret is being destroyed: it cannot be restored any more.
    ADD COLUMN purged_at timestamptz,
    ADD CONSTRAINT secret_swept CHECK (swept_at IS NULL OR state = 'PENDING'),
    ADD CONSTRAINT secret_purged CHECK (purged_at IS NULL OR state = 'DELETED');

-- What the functions below read as the owner; the role of the server is held to one workspace as before.
CREATE POLICY owner ON secret TO CURRENT_USER USING (true);
CREATE POLICY owner ON secret_version TO CURRENT_USER USING (true);
CREATE POLICY owner ON idempotency_claim TO CURRENT_USER USING (true);

-- +goose StatementBegin
CREATE FUNCTION version_is_pinned(in_workspace uuid, of_secret uuid, number integer) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN false;
-- +goose StatementEnd

-- What is due the longest comes first, by the index of that time, and only then in the order of pages: with few due or very many, neither all
-- rows are read nor all that is due. What a round of pages has not seen, the next one does.
-- +goose StatementBegin
CREATE FUNCTION secrets_to_sweep(at timestamptz, after_workspace uuid, after_secret uuid, after_version integer, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT s.workspace_id, w.region, s.id, 0
        FROM secret s JOIN workspace w ON w.id = s.workspace_id
        WHERE s.state = 'PENDING' AND (s.created_at < at OR s.swept_at IS NOT NULL)
            AND (s.workspace_id, s.id, 0) > (after_workspace, after_secret, after_version)
        ORDER BY 1, 3 LIMIT most;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION versions_to_destroy(at timestamptz, after_workspace uuid, after_secret uuid, after_version integer, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (
            (SELECT workspace_id, secret_id, version FROM secret_version
                WHERE destroyed_at IS NOT NULL AND erased_at IS NULL ORDER BY destroyed_at LIMIT 10000)
            UNION ALL
            (SELECT workspace_id, secret_id, version FROM secret_version
                WHERE destroyed_at IS NULL AND destroy_at IS NOT NULL AND destroy_at <= at AND NOT version_is_pinned(workspace_id, secret_id, version)
                ORDER BY destroy_at LIMIT 10000)
        )
        SELECT d.workspace_id, w.region, d.secret_id, d.version FROM due d JOIN workspace w ON w.id = d.workspace_id
        WHERE (d.workspace_id, d.secret_id, d.version) > (after_workspace, after_secret, after_version)
        ORDER BY 1, 3, 4 LIMIT most;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION secrets_to_purge(at timestamptz, after_workspace uuid, after_secret uuid, after_version integer, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (
            SELECT workspace_id, id FROM secret WHERE state = 'DELETED' AND purge_at <= at ORDER BY purge_at LIMIT 10000
        )
        SELECT d.workspace_id, w.region, d.id, 0 FROM due d JOIN workspace w ON w.id = d.workspace_id
        WHERE (d.workspace_id, d.id, 0) > (after_workspace, after_secret, after_version)
        ORDER BY 1, 3 LIMIT most;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION secrets_to_rotate(at timestamptz, after_workspace uuid, after_secret uuid, after_version integer, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (
            SELECT workspace_id, id FROM secret WHERE state = 'ACTIVE' AND rotate_at IS NOT NULL AND rotate_at <= at
                AND (rotate_length IS NOT NULL OR rotate_noted_at IS NULL) ORDER BY rotate_at LIMIT 10000
        )
        SELECT d.workspace_id, w.region, d.id, 0 FROM due d JOIN workspace w ON w.id = d.workspace_id
        WHERE (d.workspace_id, d.id, 0) > (after_workspace, after_secret, after_version)
        ORDER BY 1, 3 LIMIT most;
    END;
-- +goose StatementEnd

-- What the vault lists is compared with these. A reservation counts as a secret, and so does an id that a call may still come back with.
-- +goose StatementBegin
CREATE FUNCTION secrets_among(ids uuid[])
    RETURNS TABLE (secret_id uuid, settled boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT s.id, s.state <> 'PENDING' AND s.purged_at IS NULL FROM secret s WHERE s.id = ANY(ids)
        UNION
        SELECT i.id, false FROM unnest(ids) AS i(id) JOIN idempotency_claim c ON c.mutation = 'createSecret' AND c.target_id = i.id
        WHERE NOT EXISTS (SELECT FROM secret s WHERE s.id = i.id);
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION secret_numbers(of_secret uuid, made_before timestamptz)
    RETURNS TABLE (number bigint, version integer, expected boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT v.vault_number, v.version, v.destroyed_at IS NULL AND v.created_at < made_before
        FROM secret_version v WHERE v.secret_id = of_secret AND (v.erased_at IS NULL OR v.erased_at >= made_before);
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION secrets_in_the_vault(made_before timestamptz, after_workspace uuid, after_secret uuid, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT s.workspace_id, w.region, s.id, 0
        FROM secret s JOIN workspace w ON w.id = s.workspace_id
        WHERE s.state <> 'PENDING' AND s.purged_at IS NULL AND s.created_at < made_before
            AND (s.workspace_id, s.id) > (after_workspace, after_secret)
        ORDER BY 1, 3 LIMIT most;
    END;
-- +goose StatementEnd
CREATE INDEX secret_by_id ON secret (id);
CREATE INDEX secret_version_by_secret ON secret_version (secret_id);
REVOKE ALL ON FUNCTION secrets_to_sweep, versions_to_destroy, secrets_to_purge, secrets_to_rotate, secrets_among, secret_numbers, secrets_in_the_vault FROM PUBLIC;
GRANT EXECUTE ON FUNCTION secrets_to_sweep, versions_to_destroy, secrets_to_purge, secrets_to_rotate, secrets_among, secret_numbers, secrets_in_the_vault
    TO data_api_app;

-- What belongs to the whole deployment and to no workspace. Nothing in it tells of what a workspace has.
CREATE SCHEMA upkeep;
-- Which deployment this is: whatever it puts into the vault bears this id. The run is kept there too: a database that is behind the vault
-- was restored from before, and may not judge what is there.
CREATE TABLE upkeep.instance (
    one           boolean PRIMARY KEY DEFAULT true CHECK (one),
    id            uuid NOT NULL DEFAULT gen_random_uuid(),
    run           bigint NOT NULL DEFAULT 0,
    reconciled_at timestamptz
);
INSERT INTO upkeep.instance DEFAULT VALUES;
-- What the vault has and no row knows, from when it was first seen. Number 0 is a whole secret.
CREATE TABLE upkeep.orphan (
    region     text NOT NULL,
    secret_id  uuid NOT NULL,
    number     bigint NOT NULL CHECK (number >= 0),
    first_seen timestamptz NOT NULL,
    run        bigint NOT NULL,
    PRIMARY KEY (region, secret_id, number)
);
GRANT USAGE ON SCHEMA upkeep TO data_api_app;
GRANT SELECT, UPDATE (run, reconciled_at) ON upkeep.instance TO data_api_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON upkeep.orphan TO data_api_app;

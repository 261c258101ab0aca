-- Why: where a function of the owner names a thing without its schema, Postgres looks among the temporary objects of
-- whoever calls it first, unless its search path says otherwise. So the server's role could have its own code run as
-- the owner, by a temporary view or domain, and change the audit log. There are two walls now, each holding alone:
-- names are qualified and paths end in pg_temp, and the server's role makes no temporary objects (docs/adr/0047).
-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION api_key_by_hash(of_hash bytea)
    RETURNS TABLE (id uuid, name text, workspace_id uuid, region text, scopes text[], allowed_networks text[],
        expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        RETURN QUERY SELECT k.id, k.name, k.workspace_id, w.region, k.scopes, k.allowed_networks, k.expires_at,
            k.last_used_at, k.revoked_at
        FROM public.api_key k JOIN public.workspace w ON w.id = k.workspace_id
        WHERE k.token_hash = of_hash;
    END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION ensure_audit_partitions(months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first pg_catalog.date := date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month';
    month pg_catalog.timestamptz;
    name  pg_catalog.text;
    made  integer := 0;
BEGIN
    IF months_ahead NOT BETWEEN 1 AND 120 THEN
        RAISE EXCEPTION 'months_ahead must be 1 to 120';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_audit_partitions'));
    FOR i IN 0..months_ahead + 1 LOOP
        month := (first + make_interval(months => i))::timestamp AT TIME ZONE 'UTC';
        name := 'audit_event_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
        CONTINUE WHEN to_regclass('public.' || name) IS NOT NULL;
        EXECUTE format('CREATE TABLE public.%I PARTITION OF public.audit_event FOR VALUES FROM (%L) TO (%L)', name,
            public.first_uuidv7(month),
            public.first_uuidv7((first + make_interval(months => i + 1))::timestamp AT TIME ZONE 'UTC'));
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
-- +goose StatementEnd

-- The names in these were resolved when they were made. The path is for what they call.
ALTER FUNCTION uploads_among SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION blobs_among SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION secrets_among SET search_path = pg_catalog, public, pg_temp;
ALTER FUNCTION secret_numbers SET search_path = pg_catalog, public, pg_temp;

-- What functions of the owner call, and what runs on its own, has names that are resolved here, or a path.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION lease_is_open(l lease) RETURNS boolean
LANGUAGE sql STABLE
RETURN l.ended_at IS NULL AND l.expires_at > now() AND NOT EXISTS (
    SELECT FROM (
        SELECT p.secret_id, p.version FROM public.lease_secret p
        WHERE p.workspace_id = l.workspace_id AND p.lease_id >= l.id AND p.lease_id <= l.id
            ORDER BY p.lease_id, p.secret_id OFFSET 0
    ) p CROSS JOIN LATERAL (
        SELECT v.leases_ended_at FROM public.secret_version v
        WHERE v.workspace_id = l.workspace_id AND v.secret_id = p.secret_id AND v.version >= p.version
            AND v.version <= p.version ORDER BY v.version LIMIT 1
    ) v WHERE v.leases_ended_at IS NOT NULL);
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION version_is_pinned(in_workspace uuid, of_secret uuid, number integer) RETURNS boolean
LANGUAGE sql STABLE
RETURN EXISTS (
    SELECT FROM (
        SELECT p.lease_id FROM public.lease_secret p
        WHERE p.workspace_id = in_workspace AND (p.secret_id, p.version) >= (of_secret, number)
            AND (p.secret_id, p.version) <= (of_secret, number)
        ORDER BY p.secret_id, p.version OFFSET 0
    ) p CROSS JOIN LATERAL (
        SELECT public.lease_is_open(l) AS is_open FROM public.lease l
        WHERE l.workspace_id = in_workspace AND l.id >= p.lease_id AND l.id <= p.lease_id ORDER BY l.id LIMIT 1
    ) l WHERE l.is_open);
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION stamp_epoch() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        SELECT d.epoch INTO NEW.epoch
        FROM public.object o JOIN public.datastore d ON d.workspace_id = o.workspace_id AND d.id = o.datastore_id
        WHERE o.workspace_id = NEW.workspace_id AND o.id = NEW.object_id FOR NO KEY UPDATE OF d;
        RETURN NEW;
    END $$;
-- +goose StatementEnd

-- Who may revoke this depends on who owns the database; a revocation that does nothing is only a warning, so it is
-- looked at.
-- +goose StatementBegin
DO $$
DECLARE
    statement text := format('REVOKE CREATE, TEMPORARY ON DATABASE %I FROM PUBLIC, data_api_app; '
        'REVOKE CREATE ON SCHEMA public FROM PUBLIC, data_api_app;', current_database());
BEGIN
    BEGIN
        EXECUTE statement;
    EXCEPTION WHEN insufficient_privilege THEN
        NULL; -- said below
    END;
    IF has_database_privilege('data_api_app', current_database(), 'CREATE, TEMPORARY')
        OR has_schema_privilege('data_api_app', 'public', 'CREATE') THEN
        RAISE EXCEPTION 'The role data_api_app may make objects in this database, temporary ones or in the schema '
            'public, which %, not its owner, cannot forbid. Run this as the owner of the database, then migrate again: %',
            current_user, statement USING ERRCODE = 'insufficient_privilege';
    END IF;
END $$;
-- +goose StatementEnd

-- Why: every write, reveal, injection and denial is on record. Partitioned by month of its UUIDv7 id, so that retention
-- drops whole months and an id alone finds its partition. The app's role may add and read, never change or delete.
-- Partitions are made ahead by ensure_audit_partitions, at each migration and each start of the server:
-- where one is missing, writes fail rather than go unrecorded.
-- +goose Up
CREATE TABLE audit_event (
    workspace_id uuid NOT NULL REFERENCES workspace,
    id           uuid NOT NULL,
    at           timestamptz NOT NULL DEFAULT clock_timestamp(),
    action       text NOT NULL,
    risk         text NOT NULL CHECK (risk IN ('LOW', 'MEDIUM', 'HIGH')),
    outcome      text NOT NULL CHECK (outcome IN ('ALLOWED', 'DENIED', 'FAILED')),
    actor_kind   text NOT NULL CHECK (actor_kind IN ('USER', 'API_KEY', 'SYSTEM')),
    actor_id     text NOT NULL,
    actor_label  text NOT NULL,
    ip           text NOT NULL,
    user_agent   text NOT NULL,
    request_id   text NOT NULL,
    reason       text NOT NULL,
    target_kind  text NOT NULL,
    target_id    text NOT NULL,
    target_label text NOT NULL,
    details      jsonb NOT NULL,
    PRIMARY KEY (workspace_id, id)
) PARTITION BY RANGE (id);
CREATE INDEX audit_event_target ON audit_event (workspace_id, target_id, id);
CREATE INDEX audit_event_rotate_refused ON audit_event (workspace_id, target_id, id) WHERE action = 'secret.rotate_refused';
ALTER TABLE audit_event ENABLE ROW LEVEL SECURITY;
ALTER TABLE audit_event FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON audit_event USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT ON audit_event TO data_api_app;

-- +goose StatementBegin
CREATE FUNCTION first_uuidv7(at timestamptz) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN (lpad(to_hex(floor(extract(epoch FROM at) * 1000)::bigint), 12, '0') || repeat('0', 20))::uuid;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION ensure_audit_partitions(months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    first date := date_trunc('month', now() AT TIME ZONE 'UTC') - interval '1 month';
    month timestamptz;
    name  text;
    made  integer := 0;
BEGIN
    IF months_ahead NOT BETWEEN 1 AND 120 THEN
        RAISE EXCEPTION 'months_ahead must be 1 to 120';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('ensure_audit_partitions'));
    FOR i IN 0..months_ahead + 1 LOOP
        month := (first + make_interval(months => i))::timestamp AT TIME ZONE 'UTC';
        name := 'audit_event_' || to_char(month AT TIME ZONE 'UTC', 'YYYY_MM');
        CONTINUE WHEN to_regclass(name) IS NOT NULL;
        EXECUTE format('CREATE TABLE %I PARTITION OF audit_event FOR VALUES FROM (%L) TO (%L)', name,
            first_uuidv7(month), first_uuidv7((first + make_interval(months => i + 1))::timestamp AT TIME ZONE 'UTC'));
        made := made + 1;
    END LOOP;
    RETURN made;
END
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION ensure_audit_partitions FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ensure_audit_partitions TO data_api_app;

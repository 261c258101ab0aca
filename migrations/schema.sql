-- PostgreSQL database dump

-- Name: river; Type: SCHEMA; Schema: -; Owner: data_api_owner

CREATE SCHEMA river;

ALTER SCHEMA river OWNER TO data_api_owner;

-- Name: upkeep; Type: SCHEMA; Schema: -; Owner: data_api_owner

CREATE SCHEMA upkeep;

ALTER SCHEMA upkeep OWNER TO data_api_owner;

-- Name: river_job_state; Type: TYPE; Schema: river; Owner: data_api_owner

CREATE TYPE river.river_job_state AS ENUM (
    'available',
    'cancelled',
    'completed',
    'discarded',
    'pending',
    'retryable',
    'running',
    'scheduled'
);

ALTER TYPE river.river_job_state OWNER TO data_api_owner;

-- Name: api_key_by_hash(bytea); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.api_key_by_hash(of_hash bytea) RETURNS TABLE(id uuid, name text, workspace_id uuid, region text, scopes text[], allowed_networks text[], expires_at timestamp with time zone, last_used_at timestamp with time zone, revoked_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    BEGIN
        RETURN QUERY SELECT k.id, k.name, k.workspace_id, w.region, k.scopes, k.allowed_networks, k.expires_at,
            k.last_used_at, k.revoked_at
        FROM public.api_key k JOIN public.workspace w ON w.id = k.workspace_id
        WHERE k.token_hash = of_hash AND (SELECT true FROM public.trusted_only_key h WHERE h.workspace_id = k.workspace_id AND h.api_key_id >= k.id
                AND h.api_key_id <= k.id ORDER BY h.api_key_id LIMIT 1) IS NULL;
    END $$;

ALTER FUNCTION public.api_key_by_hash(of_hash bytea) OWNER TO data_api_owner;

-- Name: api_key_by_token(bytea); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.api_key_by_token(of_hash bytea) RETURNS TABLE(id uuid, name text, workspace_id uuid, region text, scopes text[], allowed_networks text[], expires_at timestamp with time zone, last_used_at timestamp with time zone, revoked_at timestamp with time zone, trusted_documents_only boolean, documents_revision bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    BEGIN
        RETURN QUERY SELECT k.id, k.name, k.workspace_id, w.region, k.scopes, k.allowed_networks, k.expires_at,
            k.last_used_at, k.revoked_at, (SELECT true FROM public.trusted_only_key h WHERE h.workspace_id = k.workspace_id AND h.api_key_id >= k.id
                AND h.api_key_id <= k.id ORDER BY h.api_key_id LIMIT 1) IS NOT NULL,
            coalesce((SELECT t.revision FROM public.trusted_documents t WHERE t.workspace_id = k.workspace_id LIMIT 1), 0)
        FROM public.api_key k JOIN public.workspace w ON w.id = k.workspace_id
        WHERE k.token_hash = of_hash;
    END $$;

ALTER FUNCTION public.api_key_by_token(of_hash bytea) OWNER TO data_api_owner;

-- Name: begin_above_mark(); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.begin_above_mark() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    BEGIN
        NEW.current_version := 1 + coalesce((SELECT m.version FROM public.key_mark m
            WHERE m.workspace_id = NEW.workspace_id AND m.datastore_id = NEW.datastore_id AND m.slot = public.key_slot(NEW.key)), 0);
        RETURN NEW;
    END $$;

ALTER FUNCTION public.begin_above_mark() OWNER TO data_api_owner;

-- Name: blob; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.blob (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    refs integer NOT NULL,
    freed_by uuid,
    CONSTRAINT blob_refs_check CHECK ((refs >= 0))
);

ALTER TABLE ONLY public.blob FORCE ROW LEVEL SECURITY;

ALTER TABLE public.blob OWNER TO data_api_owner;

-- Name: upload; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.upload (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    datastore_id uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    content_type text NOT NULL,
    max_bytes bigint NOT NULL,
    md5 text,
    if_version integer,
    metadata jsonb NOT NULL,
    state text NOT NULL,
    rejection text,
    version_id uuid,
    expires_at timestamp with time zone NOT NULL,
    credential_expires_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by_kind text NOT NULL,
    created_by_id text NOT NULL,
    created_by_label text NOT NULL,
    content_type_only boolean DEFAULT false NOT NULL,
    session bytea,
    run_id text COLLATE pg_catalog."C",
    step_id text COLLATE pg_catalog."C",
    CONSTRAINT upload_if_version_check CHECK ((if_version >= 0)),
    CONSTRAINT upload_key_length CHECK (((octet_length(key) >= 1) AND (octet_length(key) <= 900))),
    CONSTRAINT upload_max_bytes_check CHECK ((max_bytes >= 0)),
    CONSTRAINT upload_rejection CHECK (((state = 'REJECTED'::text) = (rejection IS NOT NULL))),
    CONSTRAINT upload_run CHECK (((run_id IS NULL) = (step_id IS NULL))),
    CONSTRAINT upload_run_id CHECK (((octet_length(run_id) >= 1) AND (octet_length(run_id) <= 128))),
    CONSTRAINT upload_session_sealed CHECK (((octet_length(session) >= 29) AND (octet_length(session) <= 8192))),
    CONSTRAINT upload_state_check CHECK ((state = ANY (ARRAY['OPEN'::text, 'COMPLETED'::text, 'REJECTED'::text, 'CANCELLED'::text, 'EXPIRED'::text]))),
    CONSTRAINT upload_step_id CHECK (((octet_length(step_id) >= 1) AND (octet_length(step_id) <= 128))),
    CONSTRAINT upload_version CHECK (((state = 'COMPLETED'::text) = (version_id IS NOT NULL)))
);

ALTER TABLE ONLY public.upload FORCE ROW LEVEL SECURITY;

ALTER TABLE public.upload OWNER TO data_api_owner;

-- Name: blobs_among(uuid[]); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.blobs_among(ids uuid[]) RETURNS TABLE(id uuid, kept boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT b.id,
     (b.refs > 0)
    FROM public.blob b
   WHERE (b.id = ANY (blobs_among.ids))
 UNION ALL
  SELECT u.id,
     false
    FROM public.upload u
   WHERE ((u.id = ANY (blobs_among.ids)) AND (u.state = 'OPEN'::text) AND (NOT (EXISTS ( SELECT
            FROM public.blob b
           WHERE (b.id = u.id)))));
END;

ALTER FUNCTION public.blobs_among(ids uuid[]) OWNER TO data_api_owner;

-- Name: workspace; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.workspace (
    id uuid NOT NULL,
    name text NOT NULL,
    region text NOT NULL,
    require_reveal_reason boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT workspace_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120)))
);

ALTER TABLE ONLY public.workspace FORCE ROW LEVEL SECURITY;

ALTER TABLE public.workspace OWNER TO data_api_owner;

-- Name: blobs_between(text[], uuid, uuid, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.blobs_between(in_regions text[], after_blob uuid, last_blob uuid, most integer) RETURNS TABLE(id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT b.id
    FROM public.blob b
   WHERE ((b.refs > 0) AND (b.id > blobs_between.after_blob) AND (b.id <= blobs_between.last_blob) AND (( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = b.workspace_id)) = ANY (blobs_between.in_regions)))
   ORDER BY b.id
  LIMIT blobs_between.most;
END;

ALTER FUNCTION public.blobs_between(in_regions text[], after_blob uuid, last_blob uuid, most integer) OWNER TO data_api_owner;

-- Name: blobs_to_drop(uuid, uuid, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.blobs_to_drop(after_workspace uuid, after_blob uuid, most integer) RETURNS TABLE(workspace_id uuid, region text, blob_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT b.workspace_id,
     ( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = b.workspace_id)) AS region,
     b.id
    FROM public.blob b
   WHERE ((b.refs = 0) AND (b.freed_by IS NULL) AND (ROW(b.workspace_id, b.id) > ROW(blobs_to_drop.after_workspace, blobs_to_drop.after_blob)))
   ORDER BY b.freed_by, b.workspace_id, b.id
  LIMIT blobs_to_drop.most;
END;

ALTER FUNCTION public.blobs_to_drop(after_workspace uuid, after_blob uuid, most integer) OWNER TO data_api_owner;

-- Name: bound_workspace(); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.bound_workspace() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (NULLIF(current_setting('app.workspace_id'::text, true), ''::text))::uuid;

ALTER FUNCTION public.bound_workspace() OWNER TO data_api_owner;

-- Name: deletion; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.deletion (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    datastore_id uuid NOT NULL,
    prefix text COLLATE pg_catalog."C",
    epoch bigint NOT NULL,
    state text DEFAULT 'RUNNING'::text NOT NULL,
    objects_total bigint NOT NULL,
    objects_deleted bigint DEFAULT 0 NOT NULL,
    bytes_freed bigint DEFAULT 0 NOT NULL,
    last_error text,
    passed text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    turn integer DEFAULT 0 NOT NULL,
    failures integer DEFAULT 0 NOT NULL,
    due_at timestamp with time zone DEFAULT now() NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finished_at timestamp with time zone,
    created_by_kind text NOT NULL,
    created_by_id text NOT NULL,
    created_by_label text NOT NULL,
    request_id text NOT NULL,
    CONSTRAINT deletion_bytes_freed_check CHECK ((bytes_freed >= 0)),
    CONSTRAINT deletion_finished CHECK (((state = 'DONE'::text) = (finished_at IS NOT NULL))),
    CONSTRAINT deletion_objects_deleted_check CHECK ((objects_deleted >= 0)),
    CONSTRAINT deletion_objects_total_check CHECK ((objects_total >= 0)),
    CONSTRAINT deletion_state_check CHECK ((state = ANY (ARRAY['RUNNING'::text, 'DONE'::text])))
);

ALTER TABLE ONLY public.deletion FORCE ROW LEVEL SECURITY;

ALTER TABLE public.deletion OWNER TO data_api_owner;

-- Name: deletions_due(uuid, uuid, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.deletions_due(after_workspace uuid, after_deletion uuid, most integer) RETURNS TABLE(workspace_id uuid, region text, deletion_id uuid, attempt integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 WITH due AS MATERIALIZED (
          SELECT d_1.workspace_id,
             d_1.id,
             ((d_1.turn * 64) + (LEAST((63)::numeric, floor((EXTRACT(epoch FROM (now() - d_1.due_at)) / (60)::numeric))))::integer) AS attempt
            FROM public.deletion d_1
           WHERE ((d_1.state = 'RUNNING'::text) AND (d_1.due_at <= now()))
           ORDER BY d_1.due_at
          LIMIT 10000
         )
  SELECT d.workspace_id,
     ( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = d.workspace_id)) AS region,
     d.id,
     d.attempt
    FROM ( SELECT due.workspace_id,
             due.id,
             due.attempt
            FROM due
           WHERE (ROW(due.workspace_id, due.id) > ROW(deletions_due.after_workspace, deletions_due.after_deletion))
           ORDER BY due.workspace_id, due.id
          LIMIT deletions_due.most) d
   ORDER BY d.workspace_id, d.id;
END;

ALTER FUNCTION public.deletions_due(after_workspace uuid, after_deletion uuid, most integer) OWNER TO data_api_owner;

-- Name: ensure_audit_partitions(integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.ensure_audit_partitions(months_ahead integer) RETURNS integer
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
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

ALTER FUNCTION public.ensure_audit_partitions(months_ahead integer) OWNER TO data_api_owner;

-- Name: first_uuidv7(timestamp with time zone); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.first_uuidv7(at timestamp with time zone) RETURNS uuid
    LANGUAGE sql IMMUTABLE PARALLEL SAFE
    RETURN ((lpad(to_hex((floor((EXTRACT(epoch FROM at) * (1000)::numeric)))::bigint), 12, '0'::text) || repeat('0'::text, 20)))::uuid;

ALTER FUNCTION public.first_uuidv7(at timestamp with time zone) OWNER TO data_api_owner;

-- Name: key_slot(text); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.key_slot(key text) RETURNS smallint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT (((get_byte(h.h, 0) * 16) + (get_byte(h.h, 1) / 16)))::smallint AS int2 FROM sha256(convert_to(key_slot.key, 'UTF8'::name)) h(h));

ALTER FUNCTION public.key_slot(key text) OWNER TO data_api_owner;

-- Name: lease; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.lease (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    principal_id text NOT NULL,
    run_id text NOT NULL COLLATE pg_catalog."C",
    consumer_kind text NOT NULL COLLATE pg_catalog."C",
    consumer_id text NOT NULL COLLATE pg_catalog."C",
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT lease_consumer_id CHECK (((octet_length(consumer_id) >= 1) AND (octet_length(consumer_id) <= 128))),
    CONSTRAINT lease_consumer_kind_check CHECK ((consumer_kind = ANY (ARRAY['AGENT'::text, 'SKILL'::text, 'CONNECTION'::text, 'WORKFLOW'::text]))),
    CONSTRAINT lease_expires CHECK ((expires_at > created_at)),
    CONSTRAINT lease_run_id CHECK (((octet_length(run_id) >= 1) AND (octet_length(run_id) <= 128)))
);

ALTER TABLE ONLY public.lease FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lease OWNER TO data_api_owner;

-- Name: lease_secret; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.lease_secret (
    workspace_id uuid NOT NULL,
    lease_id uuid NOT NULL,
    secret_id uuid NOT NULL,
    version integer NOT NULL,
    CONSTRAINT lease_secret_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY public.lease_secret FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lease_secret OWNER TO data_api_owner;

-- Name: secret_version; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.secret_version (
    workspace_id uuid NOT NULL,
    secret_id uuid NOT NULL,
    version integer NOT NULL,
    vault_number bigint NOT NULL,
    format text NOT NULL,
    fingerprint bytea NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by_kind text NOT NULL,
    created_by_id text NOT NULL,
    created_by_label text NOT NULL,
    fields text[] DEFAULT '{}'::text[] NOT NULL,
    destroy_at timestamp with time zone,
    destroyed_at timestamp with time zone,
    erased_at timestamp with time zone,
    leases_ended_at timestamp with time zone,
    CONSTRAINT secret_version_erased CHECK (((erased_at IS NULL) OR (destroyed_at IS NOT NULL))),
    CONSTRAINT secret_version_fingerprint_length CHECK ((octet_length(fingerprint) = 32)),
    CONSTRAINT secret_version_format_check CHECK ((format = ANY (ARRAY['TEXT'::text, 'JSON'::text, 'BINARY'::text]))),
    CONSTRAINT secret_version_vault_number_check CHECK ((vault_number >= 1)),
    CONSTRAINT secret_version_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY public.secret_version FORCE ROW LEVEL SECURITY;

ALTER TABLE public.secret_version OWNER TO data_api_owner;

-- Name: lease_is_open(public.lease); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.lease_is_open(l public.lease) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (((l).ended_at IS NULL) AND ((l).expires_at > now()) AND (NOT (EXISTS (SELECT FROM ((SELECT p_1.secret_id, p_1.version FROM public.lease_secret p_1 WHERE ((p_1.workspace_id = (lease_is_open.l).workspace_id) AND (p_1.lease_id >= (lease_is_open.l).id) AND (p_1.lease_id <= (lease_is_open.l).id)) ORDER BY p_1.lease_id, p_1.secret_id OFFSET 0) p CROSS JOIN LATERAL (SELECT v_1.leases_ended_at FROM public.secret_version v_1 WHERE ((v_1.workspace_id = (lease_is_open.l).workspace_id) AND (v_1.secret_id = p.secret_id) AND (v_1.version >= p.version) AND (v_1.version <= p.version)) ORDER BY v_1.version LIMIT 1) v) WHERE (v.leases_ended_at IS NOT NULL)))));

ALTER FUNCTION public.lease_is_open(l public.lease) OWNER TO data_api_owner;

-- Name: mark_deleted_keys(); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.mark_deleted_keys() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    BEGIN
        INSERT INTO public.key_mark AS m (workspace_id, datastore_id, slot, version)
        SELECT g.workspace_id, g.datastore_id, public.key_slot(g.key), max(g.current_version) FROM gone g GROUP BY 1, 2, 3
        ON CONFLICT (workspace_id, datastore_id, slot) DO UPDATE SET version = excluded.version WHERE m.version < excluded.version;
        RETURN NULL;
    END $$;

ALTER FUNCTION public.mark_deleted_keys() OWNER TO data_api_owner;

-- Name: memberships_by_identity(text, text, text); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.memberships_by_identity(of_issuer text, of_subject text, of_email text) RETURNS TABLE(member_id uuid, workspace_id uuid, region text, role text, email text, invited boolean, documents_revision bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    BEGIN
        RETURN QUERY SELECT m.id, m.workspace_id, w.region, m.role, m.email, m.is_invited,
            coalesce((SELECT t.revision FROM public.trusted_documents t WHERE t.workspace_id = m.workspace_id LIMIT 1), 0)
        FROM (
            (SELECT j.id, j.workspace_id, j.role, j.email, false AS is_invited FROM public.member j
                WHERE (j.issuer, j.subject) >= (of_issuer, of_subject)
                    AND (j.issuer, j.subject) <= (of_issuer, of_subject)
                ORDER BY j.issuer, j.subject, j.workspace_id OFFSET 0)
            UNION ALL
            (SELECT i.id, i.workspace_id, i.role, i.email, true FROM public.member i
                WHERE i.subject IS NULL AND i.email >= of_email AND i.email <= of_email ORDER BY i.email OFFSET 0)
        ) m CROSS JOIN LATERAL (SELECT p.name, p.region FROM public.workspace p WHERE p.id = m.workspace_id LIMIT 1) w
        ORDER BY m.is_invited, w.name, m.workspace_id;
    END $$;

ALTER FUNCTION public.memberships_by_identity(of_issuer text, of_subject text, of_email text) OWNER TO data_api_owner;

-- Name: memberships_of(text, text, text); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.memberships_of(of_issuer text, of_subject text, of_email text) RETURNS TABLE(member_id uuid, workspace_id uuid, region text, role text, email text, invited boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    BEGIN
        RETURN QUERY SELECT m.id, m.workspace_id, w.region, m.role, m.email, m.is_invited
        FROM (
            (SELECT j.id, j.workspace_id, j.role, j.email, false AS is_invited FROM public.member j
                WHERE (j.issuer, j.subject) >= (of_issuer, of_subject)
                    AND (j.issuer, j.subject) <= (of_issuer, of_subject)
                ORDER BY j.issuer, j.subject, j.workspace_id OFFSET 0)
            UNION ALL
            (SELECT i.id, i.workspace_id, i.role, i.email, true FROM public.member i
                WHERE i.subject IS NULL AND i.email >= of_email AND i.email <= of_email ORDER BY i.email OFFSET 0)
        ) m CROSS JOIN LATERAL (SELECT p.name, p.region FROM public.workspace p WHERE p.id = m.workspace_id LIMIT 1) w
        ORDER BY m.is_invited, w.name, m.workspace_id;
    END $$;

ALTER FUNCTION public.memberships_of(of_issuer text, of_subject text, of_email text) OWNER TO data_api_owner;

-- Name: open_leases(uuid, uuid, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.open_leases(in_workspace uuid, of_secret uuid, of_version integer) RETURNS integer
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    RETURN (SELECT count(*) FROM public.lease_secret p JOIN public.lease l ON l.workspace_id = p.workspace_id AND l.id = p.lease_id
        WHERE p.workspace_id = in_workspace AND p.secret_id = of_secret AND p.version = of_version AND public.lease_is_open(l));
END $$;

ALTER FUNCTION public.open_leases(in_workspace uuid, of_secret uuid, of_version integer) OWNER TO data_api_owner;

-- Name: open_uploads(uuid, uuid, text); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.open_uploads(in_workspace uuid, in_datastore uuid, to_key text, OUT of_key integer, OUT of_workspace integer) RETURNS record
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
BEGIN
    -- In the order of the index that each is to be read by, whatever statistics say.
    of_key := (SELECT count(*) FROM (SELECT FROM public.upload u WHERE u.workspace_id = in_workspace AND u.datastore_id = in_datastore
        AND u.key >= to_key AND u.key <= to_key AND u.state = 'OPEN' ORDER BY u.key) o);
    of_workspace := (SELECT count(*) FROM (SELECT FROM public.upload u WHERE (u.workspace_id, u.expires_at) >= (in_workspace, '-infinity')
        AND (u.workspace_id, u.expires_at) <= (in_workspace, 'infinity') AND u.state = 'OPEN' ORDER BY u.workspace_id, u.expires_at) o);
END $$;

ALTER FUNCTION public.open_uploads(in_workspace uuid, in_datastore uuid, to_key text, OUT of_key integer, OUT of_workspace integer) OWNER TO data_api_owner;

-- Name: secret_numbers(uuid, timestamp with time zone); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.secret_numbers(of_secret uuid, made_before timestamp with time zone) RETURNS TABLE(number bigint, version integer, expected boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT v.vault_number,
     v.version,
     ((v.destroyed_at IS NULL) AND (v.created_at < secret_numbers.made_before))
    FROM public.secret_version v
   WHERE ((v.secret_id = secret_numbers.of_secret) AND ((v.erased_at IS NULL) OR (v.erased_at >= secret_numbers.made_before)));
END;

ALTER FUNCTION public.secret_numbers(of_secret uuid, made_before timestamp with time zone) OWNER TO data_api_owner;

-- Name: idempotency_claim; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.idempotency_claim (
    workspace_id uuid NOT NULL,
    principal_id text NOT NULL,
    mutation text NOT NULL,
    key text NOT NULL,
    mark bytea NOT NULL,
    event_id uuid NOT NULL,
    target_id uuid NOT NULL,
    attempt integer NOT NULL,
    attempted_at timestamp with time zone NOT NULL,
    first_claimed_at timestamp with time zone NOT NULL,
    CONSTRAINT idempotency_claim_attempt_check CHECK ((attempt >= 1)),
    CONSTRAINT idempotency_claim_key_length CHECK (((octet_length(key) >= 1) AND (octet_length(key) <= 128))),
    CONSTRAINT idempotency_claim_mark_length CHECK ((octet_length(mark) = 32))
);

ALTER TABLE ONLY public.idempotency_claim FORCE ROW LEVEL SECURITY;

ALTER TABLE public.idempotency_claim OWNER TO data_api_owner;

-- Name: secret; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.secret (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text,
    state text NOT NULL,
    format text NOT NULL,
    current_version integer,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by_kind text NOT NULL,
    created_by_id text NOT NULL,
    created_by_label text NOT NULL,
    rotated_at timestamp with time zone DEFAULT now() NOT NULL,
    last_revealed_at timestamp with time zone,
    deleted_at timestamp with time zone,
    fields text[] DEFAULT '{}'::text[] NOT NULL,
    last_injected_at timestamp with time zone,
    purge_at timestamp with time zone,
    rotate_every_seconds bigint,
    rotate_at timestamp with time zone,
    rotate_length integer,
    rotate_alphabet text,
    rotate_error text,
    rotate_noted_at timestamp with time zone,
    swept_at timestamp with time zone,
    purged_at timestamp with time zone,
    CONSTRAINT secret_current_version_check CHECK ((current_version >= 1)),
    CONSTRAINT secret_deleted CHECK (((state = 'DELETED'::text) = (deleted_at IS NOT NULL))),
    CONSTRAINT secret_description_length CHECK ((char_length(description) <= 2000)),
    CONSTRAINT secret_format_check CHECK ((format = ANY (ARRAY['TEXT'::text, 'JSON'::text, 'BINARY'::text]))),
    CONSTRAINT secret_generator CHECK ((((rotate_length IS NULL) = (rotate_alphabet IS NULL)) AND ((rotate_length IS NULL) OR (rotate_at IS NOT NULL)))),
    CONSTRAINT secret_has_version CHECK (((state = 'PENDING'::text) = (current_version IS NULL))),
    CONSTRAINT secret_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120))),
    CONSTRAINT secret_purge CHECK (((state = 'DELETED'::text) = (purge_at IS NOT NULL))),
    CONSTRAINT secret_purged CHECK (((purged_at IS NULL) OR (state = 'DELETED'::text))),
    CONSTRAINT secret_rotate_alphabet_check CHECK ((rotate_alphabet = ANY (ARRAY['ALPHANUMERIC'::text, 'SAFE_PUNCTUATION'::text, 'HEX'::text]))),
    CONSTRAINT secret_rotate_every CHECK ((rotate_every_seconds >= 3600)),
    CONSTRAINT secret_rotate_length_check CHECK (((rotate_length >= 8) AND (rotate_length <= 1024))),
    CONSTRAINT secret_rotation CHECK (((rotate_every_seconds IS NULL) = (rotate_at IS NULL))),
    CONSTRAINT secret_state_check CHECK ((state = ANY (ARRAY['PENDING'::text, 'ACTIVE'::text, 'DELETED'::text]))),
    CONSTRAINT secret_swept CHECK (((swept_at IS NULL) OR (state = 'PENDING'::text)))
);

ALTER TABLE ONLY public.secret FORCE ROW LEVEL SECURITY;

ALTER TABLE public.secret OWNER TO data_api_owner;

-- Name: secrets_among(uuid[]); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.secrets_among(ids uuid[]) RETURNS TABLE(secret_id uuid, settled boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT s.id,
     ((s.state <> 'PENDING'::text) AND (s.purged_at IS NULL))
    FROM public.secret s
   WHERE (s.id = ANY (secrets_among.ids))
 UNION
  SELECT i.id,
     false
    FROM (unnest(secrets_among.ids) i(id)
      JOIN public.idempotency_claim c ON (((c.mutation = 'createSecret'::text) AND (c.target_id = i.id))))
   WHERE (NOT (EXISTS ( SELECT
            FROM public.secret s
           WHERE (s.id = i.id))));
END;

ALTER FUNCTION public.secrets_among(ids uuid[]) OWNER TO data_api_owner;

-- Name: secrets_in_the_vault(timestamp with time zone, uuid, uuid, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.secrets_in_the_vault(made_before timestamp with time zone, after_workspace uuid, after_secret uuid, most integer) RETURNS TABLE(workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT s.workspace_id,
     ( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = s.workspace_id)) AS region,
     s.id,
     0
    FROM public.secret s
   WHERE ((s.state <> 'PENDING'::text) AND (s.purged_at IS NULL) AND (s.created_at < secrets_in_the_vault.made_before) AND (ROW(s.workspace_id, s.id) > ROW(secrets_in_the_vault.after_workspace, secrets_in_the_vault.after_secret)))
   ORDER BY s.workspace_id, s.id
  LIMIT secrets_in_the_vault.most;
END;

ALTER FUNCTION public.secrets_in_the_vault(made_before timestamp with time zone, after_workspace uuid, after_secret uuid, most integer) OWNER TO data_api_owner;

-- Name: secrets_to_purge(timestamp with time zone, uuid, uuid, integer, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.secrets_to_purge(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) RETURNS TABLE(workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 WITH due AS MATERIALIZED (
          SELECT s.workspace_id,
             s.id
            FROM public.secret s
           WHERE ((s.state = 'DELETED'::text) AND (s.purge_at <= secrets_to_purge.at))
           ORDER BY s.purge_at
          LIMIT 10000
         )
  SELECT d.workspace_id,
     ( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = d.workspace_id)) AS region,
     d.id,
     0
    FROM ( SELECT due.workspace_id,
             due.id
            FROM due
           WHERE (ROW(due.workspace_id, due.id, 0) > ROW(secrets_to_purge.after_workspace, secrets_to_purge.after_secret, secrets_to_purge.after_version))
           ORDER BY due.workspace_id, due.id
          LIMIT secrets_to_purge.most) d
   ORDER BY d.workspace_id, d.id;
END;

ALTER FUNCTION public.secrets_to_purge(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) OWNER TO data_api_owner;

-- Name: secrets_to_rotate(timestamp with time zone, uuid, uuid, integer, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.secrets_to_rotate(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) RETURNS TABLE(workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 WITH due AS MATERIALIZED (
          SELECT s.workspace_id,
             s.id
            FROM public.secret s
           WHERE ((s.state = 'ACTIVE'::text) AND (s.rotate_at IS NOT NULL) AND (s.rotate_at <= secrets_to_rotate.at) AND ((s.rotate_length IS NOT NULL) OR (s.rotate_noted_at IS NULL)))
           ORDER BY s.rotate_at
          LIMIT 10000
         )
  SELECT d.workspace_id,
     ( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = d.workspace_id)) AS region,
     d.id,
     0
    FROM ( SELECT due.workspace_id,
             due.id
            FROM due
           WHERE (ROW(due.workspace_id, due.id, 0) > ROW(secrets_to_rotate.after_workspace, secrets_to_rotate.after_secret, secrets_to_rotate.after_version))
           ORDER BY due.workspace_id, due.id
          LIMIT secrets_to_rotate.most) d
   ORDER BY d.workspace_id, d.id;
END;

ALTER FUNCTION public.secrets_to_rotate(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) OWNER TO data_api_owner;

-- Name: secrets_to_sweep(timestamp with time zone, uuid, uuid, integer, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.secrets_to_sweep(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) RETURNS TABLE(workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 WITH held AS MATERIALIZED (
          SELECT s.workspace_id,
             s.id,
             s.created_at,
             s.swept_at
            FROM public.secret s
           WHERE (s.state = 'PENDING'::text)
           ORDER BY s.created_at
          LIMIT 10000
         )
  SELECT d.workspace_id,
     ( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = d.workspace_id)) AS region,
     d.id,
     0
    FROM ( SELECT h.workspace_id,
             h.id
            FROM held h
           WHERE (((h.created_at < secrets_to_sweep.at) OR (h.swept_at IS NOT NULL)) AND (ROW(h.workspace_id, h.id, 0) > ROW(secrets_to_sweep.after_workspace, secrets_to_sweep.after_secret, secrets_to_sweep.after_version)))
           ORDER BY h.workspace_id, h.id
          LIMIT secrets_to_sweep.most) d
   ORDER BY d.workspace_id, d.id;
END;

ALTER FUNCTION public.secrets_to_sweep(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) OWNER TO data_api_owner;

-- Name: stamp_epoch(); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.stamp_epoch() RETURNS trigger
    LANGUAGE plpgsql
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    BEGIN
        SELECT d.epoch, greatest(NEW.version, o.current_version) INTO NEW.epoch, NEW.version
        FROM public.object o JOIN public.datastore d ON d.workspace_id = o.workspace_id AND d.id = o.datastore_id
        WHERE o.workspace_id = NEW.workspace_id AND o.id = NEW.object_id FOR NO KEY UPDATE OF d;
        RETURN NEW;
    END $$;

ALTER FUNCTION public.stamp_epoch() OWNER TO data_api_owner;

-- Name: uploads_among(uuid[]); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.uploads_among(ids uuid[]) RETURNS TABLE(workspace_id uuid, region text, upload_id uuid, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 SELECT u.workspace_id,
     w.region,
     u.id,
     (u.state = 'OPEN'::text)
    FROM (public.upload u
      JOIN public.workspace w ON ((w.id = u.workspace_id)))
   WHERE (u.id = ANY (uploads_among.ids));
END;

ALTER FUNCTION public.uploads_among(ids uuid[]) OWNER TO data_api_owner;

-- Name: uploads_overdue(timestamp with time zone, uuid, uuid, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.uploads_overdue(at timestamp with time zone, after_workspace uuid, after_upload uuid, most integer) RETURNS TABLE(workspace_id uuid, region text, upload_id uuid, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 WITH due AS MATERIALIZED (
          SELECT u.workspace_id,
             u.id
            FROM public.upload u
           WHERE ((u.state = 'OPEN'::text) AND (u.expires_at < uploads_overdue.at))
           ORDER BY u.expires_at
          LIMIT 10000
         )
  SELECT d.workspace_id,
     ( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = d.workspace_id)) AS region,
     d.id,
     true
    FROM ( SELECT due.workspace_id,
             due.id
            FROM due
           WHERE (ROW(due.workspace_id, due.id) > ROW(uploads_overdue.after_workspace, uploads_overdue.after_upload))
           ORDER BY due.workspace_id, due.id
          LIMIT uploads_overdue.most) d
   ORDER BY d.workspace_id, d.id;
END;

ALTER FUNCTION public.uploads_overdue(at timestamp with time zone, after_workspace uuid, after_upload uuid, most integer) OWNER TO data_api_owner;

-- Name: version_is_pinned(uuid, uuid, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.version_is_pinned(in_workspace uuid, of_secret uuid, number integer) RETURNS boolean
    LANGUAGE sql STABLE
    RETURN (EXISTS (SELECT FROM ((SELECT p_1.lease_id FROM public.lease_secret p_1 WHERE ((p_1.workspace_id = version_is_pinned.in_workspace) AND (ROW(p_1.secret_id, p_1.version) >= ROW(version_is_pinned.of_secret, version_is_pinned.number)) AND (ROW(p_1.secret_id, p_1.version) <= ROW(version_is_pinned.of_secret, version_is_pinned.number))) ORDER BY p_1.secret_id, p_1.version OFFSET 0) p CROSS JOIN LATERAL (SELECT public.lease_is_open(l_1.*) AS is_open FROM public.lease l_1 WHERE ((l_1.workspace_id = version_is_pinned.in_workspace) AND (l_1.id >= p.lease_id) AND (l_1.id <= p.lease_id)) ORDER BY l_1.id LIMIT 1) l) WHERE l.is_open));

ALTER FUNCTION public.version_is_pinned(in_workspace uuid, of_secret uuid, number integer) OWNER TO data_api_owner;

-- Name: versions_to_destroy(timestamp with time zone, uuid, uuid, integer, integer); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.versions_to_destroy(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) RETURNS TABLE(workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    BEGIN ATOMIC
 WITH due AS MATERIALIZED (
         ( SELECT v.workspace_id,
             v.secret_id,
             v.version
            FROM public.secret_version v
           WHERE ((v.destroyed_at IS NOT NULL) AND (v.erased_at IS NULL))
           ORDER BY v.destroyed_at
          LIMIT 10000)
         UNION ALL
         ( SELECT v.workspace_id,
             v.secret_id,
             v.version
            FROM public.secret_version v
           WHERE ((v.destroyed_at IS NULL) AND (v.destroy_at IS NOT NULL) AND (v.destroy_at <= versions_to_destroy.at) AND (NOT public.version_is_pinned(v.workspace_id, v.secret_id, v.version)))
           ORDER BY v.destroy_at
          LIMIT 10000)
         )
  SELECT d.workspace_id,
     ( SELECT w.region
            FROM public.workspace w
           WHERE (w.id = d.workspace_id)) AS region,
     d.secret_id,
     d.version
    FROM ( SELECT due.workspace_id,
             due.secret_id,
             due.version
            FROM due
           WHERE (ROW(due.workspace_id, due.secret_id, due.version) > ROW(versions_to_destroy.after_workspace, versions_to_destroy.after_secret, versions_to_destroy.after_version))
           ORDER BY due.workspace_id, due.secret_id, due.version
          LIMIT versions_to_destroy.most) d
   ORDER BY d.workspace_id, d.secret_id, d.version;
END;

ALTER FUNCTION public.versions_to_destroy(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) OWNER TO data_api_owner;

-- Name: workspaces_of(text, text); Type: FUNCTION; Schema: public; Owner: data_api_owner

CREATE FUNCTION public.workspaces_of(of_issuer text, of_subject text) RETURNS TABLE(id uuid, name text, region text, require_reveal_reason boolean, created_at timestamp with time zone)
    LANGUAGE plpgsql STABLE SECURITY DEFINER
    SET search_path TO 'pg_catalog', 'public', 'pg_temp'
    AS $$
    BEGIN
        RETURN QUERY SELECT w.*
        FROM (
            SELECT j.workspace_id FROM public.member j
            WHERE (j.issuer, j.subject) >= (of_issuer, of_subject) AND (j.issuer, j.subject) <= (of_issuer, of_subject)
            ORDER BY j.issuer, j.subject, j.workspace_id OFFSET 0
        ) m CROSS JOIN LATERAL (
            SELECT p.id, p.name, p.region, p.require_reveal_reason, p.created_at FROM public.workspace p
                WHERE p.id = m.workspace_id LIMIT 1
        ) w ORDER BY w.name, w.id;
    END $$;

ALTER FUNCTION public.workspaces_of(of_issuer text, of_subject text) OWNER TO data_api_owner;

-- Name: river_job_state_in_bitmask(bit, river.river_job_state); Type: FUNCTION; Schema: river; Owner: data_api_owner

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

ALTER FUNCTION river.river_job_state_in_bitmask(bitmask bit, state river.river_job_state) OWNER TO data_api_owner;

-- Name: api_key; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.api_key (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    prefix text NOT NULL,
    token_hash bytea NOT NULL,
    scopes text[] NOT NULL,
    allowed_networks text[] DEFAULT '{}'::text[] NOT NULL,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    revoked_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by_kind text NOT NULL,
    created_by_id text NOT NULL,
    created_by_label text NOT NULL,
    CONSTRAINT api_key_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120))),
    CONSTRAINT api_key_scopes_some CHECK ((cardinality(scopes) > 0)),
    CONSTRAINT api_key_token_hash_length CHECK ((octet_length(token_hash) = 32))
);

ALTER TABLE ONLY public.api_key FORCE ROW LEVEL SECURITY;

ALTER TABLE public.api_key OWNER TO data_api_owner;

-- Name: audit_event; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.audit_event (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    action text NOT NULL,
    risk text NOT NULL,
    outcome text NOT NULL,
    actor_kind text NOT NULL,
    actor_id text NOT NULL,
    actor_label text NOT NULL,
    ip text NOT NULL,
    user_agent text NOT NULL,
    request_id text NOT NULL,
    reason text NOT NULL,
    target_kind text NOT NULL,
    target_id text NOT NULL,
    target_label text NOT NULL,
    details jsonb NOT NULL,
    CONSTRAINT audit_event_actor_kind_check CHECK ((actor_kind = ANY (ARRAY['USER'::text, 'API_KEY'::text, 'SYSTEM'::text]))),
    CONSTRAINT audit_event_outcome_check CHECK ((outcome = ANY (ARRAY['ALLOWED'::text, 'DENIED'::text, 'FAILED'::text]))),
    CONSTRAINT audit_event_risk_check CHECK ((risk = ANY (ARRAY['LOW'::text, 'MEDIUM'::text, 'HIGH'::text])))
)
PARTITION BY RANGE (id);

ALTER TABLE ONLY public.audit_event FORCE ROW LEVEL SECURITY;

ALTER TABLE public.audit_event OWNER TO data_api_owner;

-- Name: datastore; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.datastore (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text,
    object_count bigint DEFAULT 0 NOT NULL,
    used_bytes bigint DEFAULT 0 NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    updated_at timestamp with time zone DEFAULT now() NOT NULL,
    deleted_at timestamp with time zone,
    created_by_kind text NOT NULL,
    created_by_id text NOT NULL,
    created_by_label text NOT NULL,
    max_object_bytes bigint,
    content_types text[] DEFAULT '{}'::text[] NOT NULL,
    keep_versions integer DEFAULT 1 NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    CONSTRAINT datastore_content_types CHECK ((cardinality(content_types) <= 50)),
    CONSTRAINT datastore_description_length CHECK ((char_length(description) <= 2000)),
    CONSTRAINT datastore_keep_versions CHECK (((keep_versions >= 1) AND (keep_versions <= 100))),
    CONSTRAINT datastore_max_object_bytes CHECK ((max_object_bytes >= 1)),
    CONSTRAINT datastore_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120))),
    CONSTRAINT datastore_object_count_check CHECK ((object_count >= 0)),
    CONSTRAINT datastore_used_bytes_check CHECK ((used_bytes >= 0))
);

ALTER TABLE ONLY public.datastore FORCE ROW LEVEL SECURITY;

ALTER TABLE public.datastore OWNER TO data_api_owner;

-- Name: datastore_label; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.datastore_label (
    workspace_id uuid NOT NULL,
    datastore_id uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT datastore_label_key_check CHECK ((key ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text)),
    CONSTRAINT datastore_label_value_check CHECK ((char_length(value) <= 63))
);

ALTER TABLE ONLY public.datastore_label FORCE ROW LEVEL SECURITY;

ALTER TABLE public.datastore_label OWNER TO data_api_owner;

-- Name: deletion_count; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.deletion_count (
    workspace_id uuid NOT NULL,
    deletion_id uuid NOT NULL,
    passed text DEFAULT ''::text NOT NULL COLLATE pg_catalog."C",
    objects bigint DEFAULT 0 NOT NULL,
    CONSTRAINT deletion_count_objects_check CHECK ((objects >= 0))
);

ALTER TABLE ONLY public.deletion_count FORCE ROW LEVEL SECURITY;

ALTER TABLE public.deletion_count OWNER TO data_api_owner;

-- Name: goose_db_version; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.goose_db_version (
    id integer NOT NULL,
    version_id bigint NOT NULL,
    is_applied boolean NOT NULL,
    tstamp timestamp without time zone DEFAULT now() NOT NULL
);

ALTER TABLE public.goose_db_version OWNER TO data_api_owner;

-- Name: goose_db_version_id_seq; Type: SEQUENCE; Schema: public; Owner: data_api_owner

ALTER TABLE public.goose_db_version ALTER COLUMN id ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.goose_db_version_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);

-- Name: key_mark; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.key_mark (
    workspace_id uuid NOT NULL,
    datastore_id uuid NOT NULL,
    slot smallint NOT NULL,
    version integer NOT NULL,
    CONSTRAINT key_mark_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY public.key_mark FORCE ROW LEVEL SECURITY;

ALTER TABLE public.key_mark OWNER TO data_api_owner;

-- Name: lease_token; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.lease_token (
    workspace_id uuid NOT NULL,
    lease_id uuid NOT NULL,
    hash bytea NOT NULL,
    step_id text NOT NULL COLLATE pg_catalog."C",
    runtime_key_id uuid NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT lease_token_hash_length CHECK ((octet_length(hash) = 32)),
    CONSTRAINT lease_token_step_id CHECK (((octet_length(step_id) >= 1) AND (octet_length(step_id) <= 128)))
);

ALTER TABLE ONLY public.lease_token FORCE ROW LEVEL SECURITY;

ALTER TABLE public.lease_token OWNER TO data_api_owner;

-- Name: member; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.member (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    issuer text,
    subject text,
    email text NOT NULL COLLATE pg_catalog."C",
    role text NOT NULL,
    joined_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT member_email_lower CHECK ((email = lower(email))),
    CONSTRAINT member_joined CHECK ((((joined_at IS NULL) = (subject IS NULL)) AND ((issuer IS NULL) = (subject IS NULL)))),
    CONSTRAINT member_role CHECK ((role = ANY (ARRAY['VIEWER'::text, 'EDITOR'::text, 'ADMIN'::text])))
);

ALTER TABLE ONLY public.member FORCE ROW LEVEL SECURITY;

ALTER TABLE public.member OWNER TO data_api_owner;

-- Name: object; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.object (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    datastore_id uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    current_version integer NOT NULL,
    folder text GENERATED ALWAYS AS (
CASE strpos(key, '/'::text)
    WHEN 0 THEN ''::text
    ELSE "left"(key, ((length(key) - strpos(reverse(key), '/'::text)) + 1))
END) STORED NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT object_current_version_check CHECK ((current_version >= 1)),
    CONSTRAINT object_key_length CHECK (((octet_length(key) >= 1) AND (octet_length(key) <= 900)))
);

ALTER TABLE ONLY public.object FORCE ROW LEVEL SECURITY;

ALTER TABLE public.object OWNER TO data_api_owner;

-- Name: object_version; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.object_version (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    object_id uuid NOT NULL,
    version integer NOT NULL,
    blob_id uuid NOT NULL,
    size_bytes bigint NOT NULL,
    content_type text NOT NULL,
    crc32c text NOT NULL,
    md5 text,
    metadata jsonb NOT NULL,
    landed_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    created_by_kind text NOT NULL,
    created_by_id text NOT NULL,
    created_by_label text NOT NULL,
    epoch bigint DEFAULT 0 NOT NULL,
    run_id text COLLATE pg_catalog."C",
    step_id text COLLATE pg_catalog."C",
    CONSTRAINT object_version_run CHECK (((run_id IS NULL) = (step_id IS NULL))),
    CONSTRAINT object_version_run_id CHECK (((octet_length(run_id) >= 1) AND (octet_length(run_id) <= 128))),
    CONSTRAINT object_version_size_bytes_check CHECK ((size_bytes >= 0)),
    CONSTRAINT object_version_step_id CHECK (((octet_length(step_id) >= 1) AND (octet_length(step_id) <= 128))),
    CONSTRAINT object_version_version_check CHECK ((version >= 1))
);

ALTER TABLE ONLY public.object_version FORCE ROW LEVEL SECURITY;

ALTER TABLE public.object_version OWNER TO data_api_owner;

-- Name: rotation_cron; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.rotation_cron (
    workspace_id uuid NOT NULL,
    secret_id uuid NOT NULL,
    every_seconds bigint NOT NULL,
    spec text NOT NULL,
    CONSTRAINT rotation_cron_spec_check CHECK (((octet_length(spec) >= 11) AND (octet_length(spec) <= 255)))
);

ALTER TABLE ONLY public.rotation_cron FORCE ROW LEVEL SECURITY;

ALTER TABLE public.rotation_cron OWNER TO data_api_owner;

-- Name: runtime_key; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.runtime_key (
    workspace_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    public_key bytea NOT NULL,
    created_at timestamp with time zone NOT NULL,
    created_by_kind text NOT NULL,
    created_by_id text NOT NULL,
    created_by_label text NOT NULL,
    CONSTRAINT runtime_key_length CHECK ((octet_length(public_key) = 32)),
    CONSTRAINT runtime_key_name_length CHECK (((char_length(name) >= 1) AND (char_length(name) <= 120)))
);

ALTER TABLE ONLY public.runtime_key FORCE ROW LEVEL SECURITY;

ALTER TABLE public.runtime_key OWNER TO data_api_owner;

-- Name: secret_label; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.secret_label (
    workspace_id uuid NOT NULL,
    secret_id uuid NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT secret_label_key_check CHECK ((key ~ '^[a-z0-9][a-z0-9._-]{0,62}$'::text)),
    CONSTRAINT secret_label_value_check CHECK ((char_length(value) <= 63))
);

ALTER TABLE ONLY public.secret_label FORCE ROW LEVEL SECURITY;

ALTER TABLE public.secret_label OWNER TO data_api_owner;

-- Name: secret_reference; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.secret_reference (
    workspace_id uuid NOT NULL,
    secret_id uuid NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    external_id text NOT NULL COLLATE pg_catalog."C",
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT secret_reference_external_id CHECK (((octet_length(external_id) >= 1) AND (octet_length(external_id) <= 128))),
    CONSTRAINT secret_reference_kind_check CHECK ((kind = ANY (ARRAY['AGENT'::text, 'SKILL'::text, 'CONNECTION'::text, 'WORKFLOW'::text])))
);

ALTER TABLE ONLY public.secret_reference FORCE ROW LEVEL SECURITY;

ALTER TABLE public.secret_reference OWNER TO data_api_owner;

-- Name: trusted_documents; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.trusted_documents (
    workspace_id uuid NOT NULL,
    revision bigint NOT NULL,
    documents text NOT NULL COLLATE pg_catalog."C",
    set_at timestamp with time zone NOT NULL,
    set_by_kind text NOT NULL,
    set_by_id text NOT NULL,
    set_by_label text NOT NULL,
    CONSTRAINT trusted_documents_revision CHECK ((revision > 0))
);

ALTER TABLE ONLY public.trusted_documents FORCE ROW LEVEL SECURITY;

ALTER TABLE public.trusted_documents OWNER TO data_api_owner;

-- Name: trusted_only_key; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.trusted_only_key (
    workspace_id uuid NOT NULL,
    api_key_id uuid NOT NULL
);

ALTER TABLE ONLY public.trusted_only_key FORCE ROW LEVEL SECURITY;

ALTER TABLE public.trusted_only_key OWNER TO data_api_owner;

-- Name: workspace_usage; Type: TABLE; Schema: public; Owner: data_api_owner

CREATE TABLE public.workspace_usage (
    workspace_id uuid NOT NULL,
    object_count bigint DEFAULT 0 NOT NULL,
    used_bytes bigint DEFAULT 0 NOT NULL,
    reserved_bytes bigint DEFAULT 0 NOT NULL,
    limit_bytes bigint,
    secret_count integer DEFAULT 0 NOT NULL,
    CONSTRAINT workspace_usage_limit_bytes_check CHECK ((limit_bytes >= 0)),
    CONSTRAINT workspace_usage_object_count_check CHECK ((object_count >= 0)),
    CONSTRAINT workspace_usage_reserved_bytes_check CHECK ((reserved_bytes >= 0)),
    CONSTRAINT workspace_usage_secret_count_check CHECK ((secret_count >= 0)),
    CONSTRAINT workspace_usage_used_bytes_check CHECK ((used_bytes >= 0))
);

ALTER TABLE ONLY public.workspace_usage FORCE ROW LEVEL SECURITY;

ALTER TABLE public.workspace_usage OWNER TO data_api_owner;

-- Name: river_job; Type: TABLE; Schema: river; Owner: data_api_owner

CREATE TABLE river.river_job (
    id bigint NOT NULL,
    state river.river_job_state DEFAULT 'available'::river.river_job_state NOT NULL,
    attempt smallint DEFAULT 0 NOT NULL,
    max_attempts smallint DEFAULT 25 NOT NULL,
    attempted_at timestamp with time zone,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    finalized_at timestamp with time zone,
    scheduled_at timestamp with time zone DEFAULT now() NOT NULL,
    priority smallint DEFAULT 1 NOT NULL,
    args jsonb NOT NULL,
    attempted_by text[],
    errors jsonb[],
    kind text NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    queue text DEFAULT 'default'::text NOT NULL,
    tags character varying(255)[] DEFAULT '{}'::character varying[] NOT NULL,
    unique_key bytea,
    unique_states bit(8),
    CONSTRAINT finalized_or_finalized_at_null CHECK ((((finalized_at IS NULL) AND (state <> ALL (ARRAY['cancelled'::river.river_job_state, 'completed'::river.river_job_state, 'discarded'::river.river_job_state]))) OR ((finalized_at IS NOT NULL) AND (state = ANY (ARRAY['cancelled'::river.river_job_state, 'completed'::river.river_job_state, 'discarded'::river.river_job_state]))))),
    CONSTRAINT kind_length CHECK (((char_length(kind) > 0) AND (char_length(kind) < 128))),
    CONSTRAINT max_attempts_is_positive CHECK ((max_attempts > 0)),
    CONSTRAINT priority_in_range CHECK (((priority >= 1) AND (priority <= 4))),
    CONSTRAINT queue_length CHECK (((char_length(queue) > 0) AND (char_length(queue) < 128)))
);

ALTER TABLE river.river_job OWNER TO data_api_owner;

-- Name: river_job_id_seq; Type: SEQUENCE; Schema: river; Owner: data_api_owner

CREATE SEQUENCE river.river_job_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER TABLE river.river_job_id_seq OWNER TO data_api_owner;

-- Name: river_job_id_seq; Type: SEQUENCE OWNED BY; Schema: river; Owner: data_api_owner

ALTER SEQUENCE river.river_job_id_seq OWNED BY river.river_job.id;

-- Name: river_leader; Type: TABLE; Schema: river; Owner: data_api_owner

CREATE UNLOGGED TABLE river.river_leader (
    elected_at timestamp with time zone NOT NULL,
    expires_at timestamp with time zone NOT NULL,
    leader_id text NOT NULL,
    name text DEFAULT 'default'::text NOT NULL,
    CONSTRAINT leader_id_length CHECK (((char_length(leader_id) > 0) AND (char_length(leader_id) < 128))),
    CONSTRAINT name_length CHECK ((name = 'default'::text))
);

ALTER TABLE river.river_leader OWNER TO data_api_owner;

-- Name: river_migration; Type: TABLE; Schema: river; Owner: data_api_owner

CREATE TABLE river.river_migration (
    line text NOT NULL,
    version bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT line_length CHECK (((char_length(line) > 0) AND (char_length(line) < 128))),
    CONSTRAINT version_gte_1 CHECK ((version >= 1))
);

ALTER TABLE river.river_migration OWNER TO data_api_owner;

-- Name: river_notification; Type: TABLE; Schema: river; Owner: data_api_owner

CREATE TABLE river.river_notification (
    id bigint NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    payload text NOT NULL,
    topic text NOT NULL,
    CONSTRAINT topic_length CHECK (((length(topic) > 0) AND (length(topic) < 128)))
);

ALTER TABLE river.river_notification OWNER TO data_api_owner;

-- Name: river_notification_id_seq; Type: SEQUENCE; Schema: river; Owner: data_api_owner

CREATE SEQUENCE river.river_notification_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;

ALTER TABLE river.river_notification_id_seq OWNER TO data_api_owner;

-- Name: river_notification_id_seq; Type: SEQUENCE OWNED BY; Schema: river; Owner: data_api_owner

ALTER SEQUENCE river.river_notification_id_seq OWNED BY river.river_notification.id;

-- Name: river_queue; Type: TABLE; Schema: river; Owner: data_api_owner

CREATE TABLE river.river_queue (
    name text NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    metadata jsonb DEFAULT '{}'::jsonb NOT NULL,
    paused_at timestamp with time zone,
    updated_at timestamp with time zone DEFAULT CURRENT_TIMESTAMP NOT NULL
);

ALTER TABLE river.river_queue OWNER TO data_api_owner;

-- Name: instance; Type: TABLE; Schema: upkeep; Owner: data_api_owner

CREATE TABLE upkeep.instance (
    one boolean DEFAULT true NOT NULL,
    id uuid DEFAULT gen_random_uuid() NOT NULL,
    run bigint DEFAULT 0 NOT NULL,
    reconciled_at timestamp with time zone,
    bucket_run bigint DEFAULT 0 NOT NULL,
    buckets_reconciled_at timestamp with time zone,
    CONSTRAINT instance_one_check CHECK (one)
);

ALTER TABLE upkeep.instance OWNER TO data_api_owner;

-- Name: orphan; Type: TABLE; Schema: upkeep; Owner: data_api_owner

CREATE TABLE upkeep.orphan (
    region text NOT NULL,
    secret_id uuid NOT NULL,
    number bigint NOT NULL,
    first_seen timestamp with time zone NOT NULL,
    run bigint NOT NULL,
    CONSTRAINT orphan_number_check CHECK ((number >= 0))
);

ALTER TABLE upkeep.orphan OWNER TO data_api_owner;

-- Name: stray; Type: TABLE; Schema: upkeep; Owner: data_api_owner

CREATE TABLE upkeep.stray (
    region text NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    first_seen timestamp with time zone NOT NULL,
    run bigint NOT NULL
);

ALTER TABLE upkeep.stray OWNER TO data_api_owner;

-- Name: workspace_deletion; Type: TABLE; Schema: upkeep; Owner: data_api_owner

CREATE TABLE upkeep.workspace_deletion (
    id uuid NOT NULL,
    reason text NOT NULL,
    region text NOT NULL,
    export text NOT NULL,
    counts jsonb DEFAULT '{}'::jsonb NOT NULL,
    begun_at timestamp with time zone DEFAULT now() NOT NULL,
    access_ended_at timestamp with time zone,
    exported_at timestamp with time zone,
    ended_at timestamp with time zone,
    CONSTRAINT workspace_deletion_reason_check CHECK (((octet_length(reason) >= 1) AND (octet_length(reason) <= 2000)))
);

ALTER TABLE upkeep.workspace_deletion OWNER TO data_api_owner;

-- Name: river_job id; Type: DEFAULT; Schema: river; Owner: data_api_owner

ALTER TABLE ONLY river.river_job ALTER COLUMN id SET DEFAULT nextval('river.river_job_id_seq'::regclass);

-- Name: river_notification id; Type: DEFAULT; Schema: river; Owner: data_api_owner

ALTER TABLE ONLY river.river_notification ALTER COLUMN id SET DEFAULT nextval('river.river_notification_id_seq'::regclass);

-- Name: api_key api_key_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_pkey PRIMARY KEY (workspace_id, id);

-- Name: audit_event audit_event_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.audit_event
    ADD CONSTRAINT audit_event_pkey PRIMARY KEY (workspace_id, id);

-- Name: blob blob_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.blob
    ADD CONSTRAINT blob_pkey PRIMARY KEY (workspace_id, id);

-- Name: datastore_label datastore_label_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.datastore_label
    ADD CONSTRAINT datastore_label_pkey PRIMARY KEY (workspace_id, datastore_id, key);

-- Name: datastore datastore_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.datastore
    ADD CONSTRAINT datastore_pkey PRIMARY KEY (workspace_id, id);

-- Name: deletion_count deletion_count_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.deletion_count
    ADD CONSTRAINT deletion_count_pkey PRIMARY KEY (workspace_id, deletion_id);

-- Name: deletion deletion_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.deletion
    ADD CONSTRAINT deletion_pkey PRIMARY KEY (workspace_id, id);

-- Name: goose_db_version goose_db_version_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.goose_db_version
    ADD CONSTRAINT goose_db_version_pkey PRIMARY KEY (id);

-- Name: idempotency_claim idempotency_claim_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.idempotency_claim
    ADD CONSTRAINT idempotency_claim_pkey PRIMARY KEY (workspace_id, principal_id, mutation, key);

-- Name: key_mark key_mark_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.key_mark
    ADD CONSTRAINT key_mark_pkey PRIMARY KEY (workspace_id, datastore_id, slot);

-- Name: lease lease_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_pkey PRIMARY KEY (workspace_id, id);

-- Name: lease_secret lease_secret_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.lease_secret
    ADD CONSTRAINT lease_secret_pkey PRIMARY KEY (workspace_id, lease_id, secret_id);

-- Name: lease_token lease_token_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.lease_token
    ADD CONSTRAINT lease_token_pkey PRIMARY KEY (workspace_id, lease_id, hash);

-- Name: member member_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_pkey PRIMARY KEY (workspace_id, id);

-- Name: object object_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.object
    ADD CONSTRAINT object_pkey PRIMARY KEY (workspace_id, id);

-- Name: object_version object_version_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.object_version
    ADD CONSTRAINT object_version_pkey PRIMARY KEY (workspace_id, id);

-- Name: rotation_cron rotation_cron_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.rotation_cron
    ADD CONSTRAINT rotation_cron_pkey PRIMARY KEY (workspace_id, secret_id);

-- Name: runtime_key runtime_key_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.runtime_key
    ADD CONSTRAINT runtime_key_pkey PRIMARY KEY (workspace_id, id);

-- Name: secret_label secret_label_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.secret_label
    ADD CONSTRAINT secret_label_pkey PRIMARY KEY (workspace_id, secret_id, key);

-- Name: secret secret_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.secret
    ADD CONSTRAINT secret_pkey PRIMARY KEY (workspace_id, id);

-- Name: secret_reference secret_reference_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.secret_reference
    ADD CONSTRAINT secret_reference_pkey PRIMARY KEY (workspace_id, kind, external_id, secret_id);

-- Name: secret_version secret_version_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.secret_version
    ADD CONSTRAINT secret_version_pkey PRIMARY KEY (workspace_id, secret_id, version);

-- Name: trusted_documents trusted_documents_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.trusted_documents
    ADD CONSTRAINT trusted_documents_pkey PRIMARY KEY (workspace_id);

-- Name: trusted_only_key trusted_only_key_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.trusted_only_key
    ADD CONSTRAINT trusted_only_key_pkey PRIMARY KEY (workspace_id, api_key_id);

-- Name: upload upload_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_pkey PRIMARY KEY (workspace_id, id);

-- Name: workspace workspace_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.workspace
    ADD CONSTRAINT workspace_pkey PRIMARY KEY (id);

-- Name: workspace_usage workspace_usage_pkey; Type: CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.workspace_usage
    ADD CONSTRAINT workspace_usage_pkey PRIMARY KEY (workspace_id);

-- Name: river_job river_job_pkey; Type: CONSTRAINT; Schema: river; Owner: data_api_owner

ALTER TABLE ONLY river.river_job
    ADD CONSTRAINT river_job_pkey PRIMARY KEY (id);

-- Name: river_leader river_leader_pkey; Type: CONSTRAINT; Schema: river; Owner: data_api_owner

ALTER TABLE ONLY river.river_leader
    ADD CONSTRAINT river_leader_pkey PRIMARY KEY (name);

-- Name: river_migration river_migration_pkey1; Type: CONSTRAINT; Schema: river; Owner: data_api_owner

ALTER TABLE ONLY river.river_migration
    ADD CONSTRAINT river_migration_pkey1 PRIMARY KEY (line, version);

-- Name: river_notification river_notification_pkey; Type: CONSTRAINT; Schema: river; Owner: data_api_owner

ALTER TABLE ONLY river.river_notification
    ADD CONSTRAINT river_notification_pkey PRIMARY KEY (id);

-- Name: river_queue river_queue_pkey; Type: CONSTRAINT; Schema: river; Owner: data_api_owner

ALTER TABLE ONLY river.river_queue
    ADD CONSTRAINT river_queue_pkey PRIMARY KEY (name);

-- Name: instance instance_pkey; Type: CONSTRAINT; Schema: upkeep; Owner: data_api_owner

ALTER TABLE ONLY upkeep.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (one);

-- Name: orphan orphan_pkey; Type: CONSTRAINT; Schema: upkeep; Owner: data_api_owner

ALTER TABLE ONLY upkeep.orphan
    ADD CONSTRAINT orphan_pkey PRIMARY KEY (region, secret_id, number);

-- Name: stray stray_pkey; Type: CONSTRAINT; Schema: upkeep; Owner: data_api_owner

ALTER TABLE ONLY upkeep.stray
    ADD CONSTRAINT stray_pkey PRIMARY KEY (region, name);

-- Name: workspace_deletion workspace_deletion_pkey; Type: CONSTRAINT; Schema: upkeep; Owner: data_api_owner

ALTER TABLE ONLY upkeep.workspace_deletion
    ADD CONSTRAINT workspace_deletion_pkey PRIMARY KEY (id);

-- Name: api_key_token_hash; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX api_key_token_hash ON public.api_key USING btree (token_hash);

-- Name: audit_event_target; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX audit_event_target ON ONLY public.audit_event USING btree (workspace_id, target_id, id);

-- Name: blob_by_id; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX blob_by_id ON public.blob USING btree (id);

-- Name: blob_free; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX blob_free ON public.blob USING btree (freed_by, workspace_id, id) WHERE (refs = 0);

-- Name: datastore_created; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX datastore_created ON public.datastore USING btree (workspace_id, created_at, id) WHERE (deleted_at IS NULL);

-- Name: datastore_label_value; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX datastore_label_value ON public.datastore_label USING btree (workspace_id, key, value, datastore_id);

-- Name: datastore_name; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX datastore_name ON public.datastore USING btree (workspace_id, name) WHERE (deleted_at IS NULL);

-- Name: datastore_updated; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX datastore_updated ON public.datastore USING btree (workspace_id, updated_at, id) WHERE (deleted_at IS NULL);

-- Name: deletion_due; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX deletion_due ON public.deletion USING btree (due_at) WHERE (state = 'RUNNING'::text);

-- Name: idempotency_claim_age; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX idempotency_claim_age ON public.idempotency_claim USING btree (workspace_id, first_claimed_at);

-- Name: lease_expiry; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX lease_expiry ON public.lease USING btree (workspace_id, expires_at);

-- Name: lease_secret_version; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX lease_secret_version ON public.lease_secret USING btree (workspace_id, secret_id, version);

-- Name: member_email; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX member_email ON public.member USING btree (workspace_id, email);

-- Name: member_identity; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX member_identity ON public.member USING btree (issuer, subject, workspace_id);

-- Name: member_invited; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX member_invited ON public.member USING btree (email) WHERE (subject IS NULL);

-- Name: object_in_folder; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX object_in_folder ON public.object USING btree (workspace_id, datastore_id, folder, key);

-- Name: object_key; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX object_key ON public.object USING btree (workspace_id, datastore_id, key);

-- Name: object_version_blob; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX object_version_blob ON public.object_version USING btree (workspace_id, blob_id);

-- Name: object_version_number; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX object_version_number ON public.object_version USING btree (workspace_id, object_id, version);

-- Name: runtime_key_public_key; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX runtime_key_public_key ON public.runtime_key USING btree (workspace_id, public_key);

-- Name: secret_by_id; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_by_id ON public.secret USING btree (id);

-- Name: secret_created; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_created ON public.secret USING btree (workspace_id, state, created_at, id);

-- Name: secret_deleted; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_deleted ON public.secret USING btree (workspace_id, name, id) WHERE (state = 'DELETED'::text);

-- Name: secret_label_value; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_label_value ON public.secret_label USING btree (workspace_id, key, value, secret_id);

-- Name: secret_name; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX secret_name ON public.secret USING btree (workspace_id, name) WHERE (state <> 'DELETED'::text);

-- Name: secret_pending; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_pending ON public.secret USING btree (created_at) WHERE (state = 'PENDING'::text);

-- Name: secret_purgeable; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_purgeable ON public.secret USING btree (purge_at) WHERE (state = 'DELETED'::text);

-- Name: secret_reference_secret; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_reference_secret ON public.secret_reference USING btree (workspace_id, secret_id, kind, external_id);

-- Name: secret_rotated; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_rotated ON public.secret USING btree (workspace_id, state, rotated_at, id);

-- Name: secret_to_rotate; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_to_rotate ON public.secret USING btree (rotate_at) WHERE ((state = 'ACTIVE'::text) AND (rotate_at IS NOT NULL) AND ((rotate_length IS NOT NULL) OR (rotate_noted_at IS NULL)));

-- Name: secret_version_by_secret; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_version_by_secret ON public.secret_version USING btree (secret_id);

-- Name: secret_version_destroyable; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_version_destroyable ON public.secret_version USING btree (destroy_at) WHERE ((destroyed_at IS NULL) AND (destroy_at IS NOT NULL));

-- Name: secret_version_erasable; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX secret_version_erasable ON public.secret_version USING btree (destroyed_at) WHERE ((destroyed_at IS NOT NULL) AND (erased_at IS NULL));

-- Name: secret_version_vault_number; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE UNIQUE INDEX secret_version_vault_number ON public.secret_version USING btree (workspace_id, secret_id, vault_number);

-- Name: upload_by_id; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX upload_by_id ON public.upload USING btree (id);

-- Name: upload_datastore; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX upload_datastore ON public.upload USING btree (workspace_id, datastore_id, id);

-- Name: upload_open_expiry; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX upload_open_expiry ON public.upload USING btree (workspace_id, expires_at) WHERE (state = 'OPEN'::text);

-- Name: upload_open_key; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX upload_open_key ON public.upload USING btree (workspace_id, datastore_id, key) WHERE (state = 'OPEN'::text);

-- Name: upload_overdue; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX upload_overdue ON public.upload USING btree (expires_at) WHERE (state = 'OPEN'::text);

-- Name: upload_state; Type: INDEX; Schema: public; Owner: data_api_owner

CREATE INDEX upload_state ON public.upload USING btree (workspace_id, datastore_id, state, id);

-- Name: river_job_args_index; Type: INDEX; Schema: river; Owner: data_api_owner

CREATE INDEX river_job_args_index ON river.river_job USING gin (args);

-- Name: river_job_kind; Type: INDEX; Schema: river; Owner: data_api_owner

CREATE INDEX river_job_kind ON river.river_job USING btree (kind);

-- Name: river_job_metadata_index; Type: INDEX; Schema: river; Owner: data_api_owner

CREATE INDEX river_job_metadata_index ON river.river_job USING gin (metadata);

-- Name: river_job_prioritized_fetching_index; Type: INDEX; Schema: river; Owner: data_api_owner

CREATE INDEX river_job_prioritized_fetching_index ON river.river_job USING btree (state, queue, priority, scheduled_at, id);

-- Name: river_job_state_and_finalized_at_index; Type: INDEX; Schema: river; Owner: data_api_owner

CREATE INDEX river_job_state_and_finalized_at_index ON river.river_job USING btree (state, finalized_at) WHERE (finalized_at IS NOT NULL);

-- Name: river_job_unique_idx; Type: INDEX; Schema: river; Owner: data_api_owner

CREATE UNIQUE INDEX river_job_unique_idx ON river.river_job USING btree (unique_key) WHERE ((unique_key IS NOT NULL) AND (unique_states IS NOT NULL) AND river.river_job_state_in_bitmask(unique_states, state));

-- Name: river_notification_created_at_idx; Type: INDEX; Schema: river; Owner: data_api_owner

CREATE INDEX river_notification_created_at_idx ON river.river_notification USING btree (created_at);

-- Name: river_notification_topic_id_idx; Type: INDEX; Schema: river; Owner: data_api_owner

CREATE INDEX river_notification_topic_id_idx ON river.river_notification USING btree (topic, id);

-- Name: object object_mark; Type: TRIGGER; Schema: public; Owner: data_api_owner

CREATE TRIGGER object_mark AFTER DELETE ON public.object REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION public.mark_deleted_keys();

-- Name: object object_number; Type: TRIGGER; Schema: public; Owner: data_api_owner

CREATE TRIGGER object_number BEFORE INSERT ON public.object FOR EACH ROW WHEN ((new.current_version = 1)) EXECUTE FUNCTION public.begin_above_mark();

-- Name: object_version object_version_epoch; Type: TRIGGER; Schema: public; Owner: data_api_owner

CREATE TRIGGER object_version_epoch BEFORE INSERT ON public.object_version FOR EACH ROW EXECUTE FUNCTION public.stamp_epoch();

-- Name: api_key api_key_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.api_key
    ADD CONSTRAINT api_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: blob blob_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.blob
    ADD CONSTRAINT blob_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: datastore datastore_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.datastore
    ADD CONSTRAINT datastore_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: deletion deletion_workspace_id_datastore_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.deletion
    ADD CONSTRAINT deletion_workspace_id_datastore_id_fkey FOREIGN KEY (workspace_id, datastore_id) REFERENCES public.datastore(workspace_id, id);

-- Name: deletion deletion_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.deletion
    ADD CONSTRAINT deletion_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: lease_secret lease_secret_workspace_id_lease_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.lease_secret
    ADD CONSTRAINT lease_secret_workspace_id_lease_id_fkey FOREIGN KEY (workspace_id, lease_id) REFERENCES public.lease(workspace_id, id) ON DELETE CASCADE;

-- Name: lease_token lease_token_workspace_id_lease_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.lease_token
    ADD CONSTRAINT lease_token_workspace_id_lease_id_fkey FOREIGN KEY (workspace_id, lease_id) REFERENCES public.lease(workspace_id, id) ON DELETE CASCADE;

-- Name: lease lease_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.lease
    ADD CONSTRAINT lease_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: member member_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.member
    ADD CONSTRAINT member_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: object_version object_version_workspace_id_blob_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.object_version
    ADD CONSTRAINT object_version_workspace_id_blob_id_fkey FOREIGN KEY (workspace_id, blob_id) REFERENCES public.blob(workspace_id, id);

-- Name: object_version object_version_workspace_id_object_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.object_version
    ADD CONSTRAINT object_version_workspace_id_object_id_fkey FOREIGN KEY (workspace_id, object_id) REFERENCES public.object(workspace_id, id) ON DELETE CASCADE;

-- Name: object object_workspace_id_datastore_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.object
    ADD CONSTRAINT object_workspace_id_datastore_id_fkey FOREIGN KEY (workspace_id, datastore_id) REFERENCES public.datastore(workspace_id, id);

-- Name: runtime_key runtime_key_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.runtime_key
    ADD CONSTRAINT runtime_key_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: secret_reference secret_reference_workspace_id_secret_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.secret_reference
    ADD CONSTRAINT secret_reference_workspace_id_secret_id_fkey FOREIGN KEY (workspace_id, secret_id) REFERENCES public.secret(workspace_id, id) ON DELETE CASCADE;

-- Name: secret_version secret_version_workspace_id_secret_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.secret_version
    ADD CONSTRAINT secret_version_workspace_id_secret_id_fkey FOREIGN KEY (workspace_id, secret_id) REFERENCES public.secret(workspace_id, id);

-- Name: secret secret_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.secret
    ADD CONSTRAINT secret_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: upload upload_workspace_id_datastore_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.upload
    ADD CONSTRAINT upload_workspace_id_datastore_id_fkey FOREIGN KEY (workspace_id, datastore_id) REFERENCES public.datastore(workspace_id, id);

-- Name: workspace_usage workspace_usage_workspace_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: data_api_owner

ALTER TABLE ONLY public.workspace_usage
    ADD CONSTRAINT workspace_usage_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES public.workspace(id);

-- Name: api_key; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.api_key ENABLE ROW LEVEL SECURITY;

-- Name: audit_event; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.audit_event ENABLE ROW LEVEL SECURITY;

-- Name: blob; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.blob ENABLE ROW LEVEL SECURITY;

-- Name: api_key bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.api_key USING ((workspace_id = public.bound_workspace()));

-- Name: audit_event bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.audit_event USING ((workspace_id = public.bound_workspace()));

-- Name: blob bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.blob USING ((workspace_id = public.bound_workspace()));

-- Name: datastore bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.datastore USING ((workspace_id = public.bound_workspace()));

-- Name: datastore_label bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.datastore_label USING ((workspace_id = public.bound_workspace()));

-- Name: deletion bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.deletion USING ((workspace_id = public.bound_workspace()));

-- Name: deletion_count bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.deletion_count USING ((workspace_id = public.bound_workspace()));

-- Name: idempotency_claim bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.idempotency_claim USING ((workspace_id = public.bound_workspace()));

-- Name: key_mark bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.key_mark USING ((workspace_id = public.bound_workspace()));

-- Name: lease bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.lease USING ((workspace_id = public.bound_workspace()));

-- Name: lease_secret bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.lease_secret USING ((workspace_id = public.bound_workspace()));

-- Name: lease_token bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.lease_token USING ((workspace_id = public.bound_workspace()));

-- Name: member bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.member USING ((workspace_id = public.bound_workspace()));

-- Name: object bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.object USING ((workspace_id = public.bound_workspace()));

-- Name: object_version bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.object_version USING ((workspace_id = public.bound_workspace()));

-- Name: rotation_cron bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.rotation_cron USING ((workspace_id = public.bound_workspace()));

-- Name: runtime_key bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.runtime_key USING ((workspace_id = public.bound_workspace()));

-- Name: secret bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.secret USING ((workspace_id = public.bound_workspace()));

-- Name: secret_label bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.secret_label USING ((workspace_id = public.bound_workspace()));

-- Name: secret_reference bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.secret_reference USING ((workspace_id = public.bound_workspace()));

-- Name: secret_version bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.secret_version USING ((workspace_id = public.bound_workspace()));

-- Name: trusted_documents bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.trusted_documents USING ((workspace_id = public.bound_workspace()));

-- Name: trusted_only_key bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.trusted_only_key USING ((workspace_id = public.bound_workspace()));

-- Name: upload bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.upload USING ((workspace_id = public.bound_workspace()));

-- Name: workspace bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.workspace USING ((id = public.bound_workspace()));

-- Name: workspace_usage bound; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY bound ON public.workspace_usage USING ((workspace_id = public.bound_workspace()));

-- Name: datastore; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.datastore ENABLE ROW LEVEL SECURITY;

-- Name: datastore_label; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.datastore_label ENABLE ROW LEVEL SECURITY;

-- Name: deletion; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.deletion ENABLE ROW LEVEL SECURITY;

-- Name: deletion_count; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.deletion_count ENABLE ROW LEVEL SECURITY;

-- Name: idempotency_claim; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.idempotency_claim ENABLE ROW LEVEL SECURITY;

-- Name: key_mark; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.key_mark ENABLE ROW LEVEL SECURITY;

-- Name: lease; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.lease ENABLE ROW LEVEL SECURITY;

-- Name: lease_secret; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.lease_secret ENABLE ROW LEVEL SECURITY;

-- Name: lease_token; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.lease_token ENABLE ROW LEVEL SECURITY;

-- Name: member; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.member ENABLE ROW LEVEL SECURITY;

-- Name: object; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.object ENABLE ROW LEVEL SECURITY;

-- Name: object_version; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.object_version ENABLE ROW LEVEL SECURITY;

-- Name: api_key owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.api_key TO data_api_owner USING (true);

-- Name: blob owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.blob TO data_api_owner USING (true);

-- Name: deletion owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.deletion TO data_api_owner USING (true);

-- Name: idempotency_claim owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.idempotency_claim TO data_api_owner USING (true);

-- Name: lease owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.lease TO data_api_owner USING (true);

-- Name: lease_secret owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.lease_secret TO data_api_owner USING (true);

-- Name: member owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.member TO data_api_owner USING (true);

-- Name: secret owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.secret TO data_api_owner USING (true);

-- Name: secret_version owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.secret_version TO data_api_owner USING (true);

-- Name: trusted_documents owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.trusted_documents TO data_api_owner USING (true);

-- Name: trusted_only_key owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.trusted_only_key TO data_api_owner USING (true);

-- Name: upload owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.upload TO data_api_owner USING (true);

-- Name: workspace owner; Type: POLICY; Schema: public; Owner: data_api_owner

CREATE POLICY owner ON public.workspace TO data_api_owner USING (true);

-- Name: rotation_cron; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.rotation_cron ENABLE ROW LEVEL SECURITY;

-- Name: runtime_key; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.runtime_key ENABLE ROW LEVEL SECURITY;

-- Name: secret; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.secret ENABLE ROW LEVEL SECURITY;

-- Name: secret_label; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.secret_label ENABLE ROW LEVEL SECURITY;

-- Name: secret_reference; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.secret_reference ENABLE ROW LEVEL SECURITY;

-- Name: secret_version; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.secret_version ENABLE ROW LEVEL SECURITY;

-- Name: trusted_documents; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.trusted_documents ENABLE ROW LEVEL SECURITY;

-- Name: trusted_only_key; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.trusted_only_key ENABLE ROW LEVEL SECURITY;

-- Name: upload; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.upload ENABLE ROW LEVEL SECURITY;

-- Name: workspace; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.workspace ENABLE ROW LEVEL SECURITY;

-- Name: workspace_usage; Type: ROW SECURITY; Schema: public; Owner: data_api_owner

ALTER TABLE public.workspace_usage ENABLE ROW LEVEL SECURITY;

-- Name: SCHEMA river; Type: ACL; Schema: -; Owner: data_api_owner

GRANT USAGE ON SCHEMA river TO data_api_app;

-- Name: SCHEMA upkeep; Type: ACL; Schema: -; Owner: data_api_owner

GRANT USAGE ON SCHEMA upkeep TO data_api_app;

-- Name: FUNCTION api_key_by_hash(of_hash bytea); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.api_key_by_hash(of_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.api_key_by_hash(of_hash bytea) TO data_api_app;

-- Name: FUNCTION api_key_by_token(of_hash bytea); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.api_key_by_token(of_hash bytea) FROM PUBLIC;
GRANT ALL ON FUNCTION public.api_key_by_token(of_hash bytea) TO data_api_app;

-- Name: TABLE blob; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.blob TO data_api_app;

-- Name: TABLE upload; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,UPDATE ON TABLE public.upload TO data_api_app;

-- Name: FUNCTION blobs_among(ids uuid[]); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.blobs_among(ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.blobs_among(ids uuid[]) TO data_api_app;

-- Name: TABLE workspace; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,UPDATE ON TABLE public.workspace TO data_api_app;

-- Name: FUNCTION blobs_between(in_regions text[], after_blob uuid, last_blob uuid, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.blobs_between(in_regions text[], after_blob uuid, last_blob uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.blobs_between(in_regions text[], after_blob uuid, last_blob uuid, most integer) TO data_api_app;

-- Name: FUNCTION blobs_to_drop(after_workspace uuid, after_blob uuid, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.blobs_to_drop(after_workspace uuid, after_blob uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.blobs_to_drop(after_workspace uuid, after_blob uuid, most integer) TO data_api_app;

-- Name: TABLE deletion; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,UPDATE ON TABLE public.deletion TO data_api_app;

-- Name: FUNCTION deletions_due(after_workspace uuid, after_deletion uuid, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.deletions_due(after_workspace uuid, after_deletion uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.deletions_due(after_workspace uuid, after_deletion uuid, most integer) TO data_api_app;

-- Name: FUNCTION ensure_audit_partitions(months_ahead integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.ensure_audit_partitions(months_ahead integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.ensure_audit_partitions(months_ahead integer) TO data_api_app;

-- Name: TABLE lease; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.lease TO data_api_app;

-- Name: TABLE lease_secret; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE ON TABLE public.lease_secret TO data_api_app;

-- Name: TABLE secret_version; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.secret_version TO data_api_app;

-- Name: FUNCTION memberships_by_identity(of_issuer text, of_subject text, of_email text); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.memberships_by_identity(of_issuer text, of_subject text, of_email text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.memberships_by_identity(of_issuer text, of_subject text, of_email text) TO data_api_app;

-- Name: FUNCTION memberships_of(of_issuer text, of_subject text, of_email text); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.memberships_of(of_issuer text, of_subject text, of_email text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.memberships_of(of_issuer text, of_subject text, of_email text) TO data_api_app;

-- Name: FUNCTION open_leases(in_workspace uuid, of_secret uuid, of_version integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.open_leases(in_workspace uuid, of_secret uuid, of_version integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.open_leases(in_workspace uuid, of_secret uuid, of_version integer) TO data_api_app;

-- Name: FUNCTION open_uploads(in_workspace uuid, in_datastore uuid, to_key text, OUT of_key integer, OUT of_workspace integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.open_uploads(in_workspace uuid, in_datastore uuid, to_key text, OUT of_key integer, OUT of_workspace integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.open_uploads(in_workspace uuid, in_datastore uuid, to_key text, OUT of_key integer, OUT of_workspace integer) TO data_api_app;

-- Name: FUNCTION secret_numbers(of_secret uuid, made_before timestamp with time zone); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.secret_numbers(of_secret uuid, made_before timestamp with time zone) FROM PUBLIC;
GRANT ALL ON FUNCTION public.secret_numbers(of_secret uuid, made_before timestamp with time zone) TO data_api_app;

-- Name: TABLE idempotency_claim; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.idempotency_claim TO data_api_app;

-- Name: TABLE secret; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.secret TO data_api_app;

-- Name: FUNCTION secrets_among(ids uuid[]); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.secrets_among(ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.secrets_among(ids uuid[]) TO data_api_app;

-- Name: FUNCTION secrets_in_the_vault(made_before timestamp with time zone, after_workspace uuid, after_secret uuid, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.secrets_in_the_vault(made_before timestamp with time zone, after_workspace uuid, after_secret uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.secrets_in_the_vault(made_before timestamp with time zone, after_workspace uuid, after_secret uuid, most integer) TO data_api_app;

-- Name: FUNCTION secrets_to_purge(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.secrets_to_purge(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.secrets_to_purge(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) TO data_api_app;

-- Name: FUNCTION secrets_to_rotate(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.secrets_to_rotate(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.secrets_to_rotate(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) TO data_api_app;

-- Name: FUNCTION secrets_to_sweep(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.secrets_to_sweep(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.secrets_to_sweep(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) TO data_api_app;

-- Name: FUNCTION uploads_among(ids uuid[]); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.uploads_among(ids uuid[]) FROM PUBLIC;
GRANT ALL ON FUNCTION public.uploads_among(ids uuid[]) TO data_api_app;

-- Name: FUNCTION uploads_overdue(at timestamp with time zone, after_workspace uuid, after_upload uuid, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.uploads_overdue(at timestamp with time zone, after_workspace uuid, after_upload uuid, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.uploads_overdue(at timestamp with time zone, after_workspace uuid, after_upload uuid, most integer) TO data_api_app;

-- Name: FUNCTION versions_to_destroy(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.versions_to_destroy(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) FROM PUBLIC;
GRANT ALL ON FUNCTION public.versions_to_destroy(at timestamp with time zone, after_workspace uuid, after_secret uuid, after_version integer, most integer) TO data_api_app;

-- Name: FUNCTION workspaces_of(of_issuer text, of_subject text); Type: ACL; Schema: public; Owner: data_api_owner

REVOKE ALL ON FUNCTION public.workspaces_of(of_issuer text, of_subject text) FROM PUBLIC;
GRANT ALL ON FUNCTION public.workspaces_of(of_issuer text, of_subject text) TO data_api_app;

-- Name: TABLE api_key; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,UPDATE ON TABLE public.api_key TO data_api_app;

-- Name: TABLE audit_event; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT ON TABLE public.audit_event TO data_api_app;

-- Name: TABLE datastore; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.datastore TO data_api_app;

-- Name: TABLE datastore_label; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.datastore_label TO data_api_app;

-- Name: TABLE deletion_count; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deletion_count TO data_api_app;

-- Name: TABLE key_mark; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.key_mark TO data_api_app;

-- Name: TABLE lease_token; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE ON TABLE public.lease_token TO data_api_app;

-- Name: TABLE member; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.member TO data_api_app;

-- Name: TABLE object; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.object TO data_api_app;

-- Name: TABLE object_version; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.object_version TO data_api_app;

-- Name: TABLE rotation_cron; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.rotation_cron TO data_api_app;

-- Name: TABLE runtime_key; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.runtime_key TO data_api_app;

-- Name: TABLE secret_label; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.secret_label TO data_api_app;

-- Name: TABLE secret_reference; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.secret_reference TO data_api_app;

-- Name: TABLE trusted_documents; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,UPDATE ON TABLE public.trusted_documents TO data_api_app;

-- Name: TABLE trusted_only_key; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT ON TABLE public.trusted_only_key TO data_api_app;

-- Name: TABLE workspace_usage; Type: ACL; Schema: public; Owner: data_api_owner

GRANT SELECT,INSERT,UPDATE ON TABLE public.workspace_usage TO data_api_app;

-- Name: TABLE river_job; Type: ACL; Schema: river; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE river.river_job TO data_api_app;

-- Name: SEQUENCE river_job_id_seq; Type: ACL; Schema: river; Owner: data_api_owner

GRANT USAGE ON SEQUENCE river.river_job_id_seq TO data_api_app;

-- Name: TABLE river_leader; Type: ACL; Schema: river; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE river.river_leader TO data_api_app;

-- Name: TABLE river_notification; Type: ACL; Schema: river; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE river.river_notification TO data_api_app;

-- Name: SEQUENCE river_notification_id_seq; Type: ACL; Schema: river; Owner: data_api_owner

GRANT USAGE ON SEQUENCE river.river_notification_id_seq TO data_api_app;

-- Name: TABLE river_queue; Type: ACL; Schema: river; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE river.river_queue TO data_api_app;

-- Name: TABLE instance; Type: ACL; Schema: upkeep; Owner: data_api_owner

GRANT SELECT ON TABLE upkeep.instance TO data_api_app;

-- Name: COLUMN instance.run; Type: ACL; Schema: upkeep; Owner: data_api_owner

GRANT UPDATE(run) ON TABLE upkeep.instance TO data_api_app;

-- Name: COLUMN instance.reconciled_at; Type: ACL; Schema: upkeep; Owner: data_api_owner

GRANT UPDATE(reconciled_at) ON TABLE upkeep.instance TO data_api_app;

-- Name: COLUMN instance.bucket_run; Type: ACL; Schema: upkeep; Owner: data_api_owner

GRANT UPDATE(bucket_run) ON TABLE upkeep.instance TO data_api_app;

-- Name: COLUMN instance.buckets_reconciled_at; Type: ACL; Schema: upkeep; Owner: data_api_owner

GRANT UPDATE(buckets_reconciled_at) ON TABLE upkeep.instance TO data_api_app;

-- Name: TABLE orphan; Type: ACL; Schema: upkeep; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE upkeep.orphan TO data_api_app;

-- Name: TABLE stray; Type: ACL; Schema: upkeep; Owner: data_api_owner

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE upkeep.stray TO data_api_app;

-- PostgreSQL database dump complete

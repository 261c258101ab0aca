-- Why: a list is read by one index, whatever Postgres believes of the tables. Where two indexes could give its order,
-- the belief that a workspace has one row was enough to read all rows of the workspace; and where an OR or a join
-- decided, all rows of the table. Each reads rows in an order that one index has: what is equal is written as a range,
-- for an equality is no part of an order. Sorting, bitmaps and reading whole tables are switched off where the server
-- connects (docs/adr/0034).
-- +goose Up
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION lease_is_open(l lease) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT l.ended_at IS NULL AND l.expires_at > now() AND NOT EXISTS (
        SELECT FROM (
            SELECT p.secret_id, p.version FROM lease_secret p
            WHERE p.workspace_id = l.workspace_id AND p.lease_id >= l.id AND p.lease_id <= l.id
                ORDER BY p.lease_id, p.secret_id OFFSET 0
        ) p CROSS JOIN LATERAL (
            SELECT v.leases_ended_at FROM secret_version v
            WHERE v.workspace_id = l.workspace_id AND v.secret_id = p.secret_id AND v.version >= p.version
                AND v.version <= p.version ORDER BY v.version LIMIT 1
        ) v WHERE v.leases_ended_at IS NOT NULL)
$$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION version_is_pinned(in_workspace uuid, of_secret uuid, number integer) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM (
            SELECT p.lease_id FROM lease_secret p
            WHERE p.workspace_id = in_workspace AND (p.secret_id, p.version) >= (of_secret, number)
                AND (p.secret_id, p.version) <= (of_secret, number)
            ORDER BY p.secret_id, p.version OFFSET 0
        ) p CROSS JOIN LATERAL (
            SELECT lease_is_open(l) AS is_open FROM lease l
            WHERE l.workspace_id = in_workspace AND l.id >= p.lease_id AND l.id <= p.lease_id ORDER BY l.id LIMIT 1
        ) l WHERE l.is_open)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION memberships_of(of_issuer text, of_subject text, of_email text)
    RETURNS TABLE (member_id uuid, workspace_id uuid, region text, role text, email text, invited boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION workspaces_of(of_issuer text, of_subject text)
    RETURNS TABLE (id uuid, name text, region text, require_reveal_reason boolean, created_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION secrets_to_sweep(at timestamptz, after_workspace uuid, after_secret uuid,
    after_version integer, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        WITH held AS MATERIALIZED (
            SELECT s.workspace_id, s.id, s.created_at, s.swept_at FROM public.secret s WHERE s.state = 'PENDING'
                ORDER BY s.created_at LIMIT 10000
        )
        SELECT d.workspace_id, (SELECT w.region FROM public.workspace w WHERE w.id = d.workspace_id), d.id, 0
        FROM (
            SELECT h.workspace_id, h.id FROM held h
            WHERE (h.created_at < at OR h.swept_at IS NOT NULL)
                AND (h.workspace_id, h.id, 0) > (after_workspace, after_secret, after_version)
            ORDER BY 1, 2 LIMIT most
        ) d ORDER BY 1, 3;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION versions_to_destroy(at timestamptz, after_workspace uuid, after_secret uuid,
    after_version integer, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (
            (SELECT v.workspace_id, v.secret_id, v.version FROM public.secret_version v
                WHERE v.destroyed_at IS NOT NULL AND v.erased_at IS NULL ORDER BY v.destroyed_at LIMIT 10000)
            UNION ALL
            (SELECT v.workspace_id, v.secret_id, v.version FROM public.secret_version v
                WHERE v.destroyed_at IS NULL AND v.destroy_at IS NOT NULL AND v.destroy_at <= at
                    AND NOT public.version_is_pinned(v.workspace_id, v.secret_id, v.version)
                ORDER BY v.destroy_at LIMIT 10000)
        )
        SELECT d.workspace_id, (SELECT w.region FROM public.workspace w WHERE w.id = d.workspace_id),
            d.secret_id, d.version
        FROM (
            SELECT * FROM due
            WHERE (due.workspace_id, due.secret_id, due.version) > (after_workspace, after_secret, after_version)
            ORDER BY 1, 2, 3 LIMIT most
        ) d ORDER BY 1, 3, 4;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION secrets_to_purge(at timestamptz, after_workspace uuid, after_secret uuid,
    after_version integer, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (
            SELECT s.workspace_id, s.id FROM public.secret s WHERE s.state = 'DELETED' AND s.purge_at <= at
                ORDER BY s.purge_at LIMIT 10000
        )
        SELECT d.workspace_id, (SELECT w.region FROM public.workspace w WHERE w.id = d.workspace_id), d.id, 0
        FROM (
            SELECT * FROM due WHERE (due.workspace_id, due.id, 0) > (after_workspace, after_secret, after_version)
                ORDER BY 1, 2 LIMIT most
        ) d ORDER BY 1, 3;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION secrets_to_rotate(at timestamptz, after_workspace uuid, after_secret uuid,
    after_version integer, most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (
            SELECT s.workspace_id, s.id FROM public.secret s WHERE s.state = 'ACTIVE' AND s.rotate_at IS NOT NULL
                AND s.rotate_at <= at
                AND (s.rotate_length IS NOT NULL OR s.rotate_noted_at IS NULL) ORDER BY s.rotate_at LIMIT 10000
        )
        SELECT d.workspace_id, (SELECT w.region FROM public.workspace w WHERE w.id = d.workspace_id), d.id, 0
        FROM (
            SELECT * FROM due WHERE (due.workspace_id, due.id, 0) > (after_workspace, after_secret, after_version)
                ORDER BY 1, 2 LIMIT most
        ) d ORDER BY 1, 3;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION secrets_in_the_vault(made_before timestamptz, after_workspace uuid, after_secret uuid,
    most integer)
    RETURNS TABLE (workspace_id uuid, region text, secret_id uuid, version integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT s.workspace_id, (SELECT w.region FROM public.workspace w WHERE w.id = s.workspace_id), s.id, 0
        FROM public.secret s
        WHERE s.state <> 'PENDING' AND s.purged_at IS NULL AND s.created_at < made_before
            AND (s.workspace_id, s.id) > (after_workspace, after_secret)
        ORDER BY s.workspace_id, s.id LIMIT most;
    END;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION uploads_overdue(at timestamptz, after_workspace uuid, after_upload uuid, most integer)
    RETURNS TABLE (workspace_id uuid, region text, upload_id uuid, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (
            SELECT u.workspace_id, u.id FROM public.upload u WHERE u.state = 'OPEN' AND u.expires_at < at
                ORDER BY u.expires_at LIMIT 10000
        )
        SELECT d.workspace_id, (SELECT w.region FROM public.workspace w WHERE w.id = d.workspace_id), d.id, true
        FROM (
            SELECT * FROM due WHERE (due.workspace_id, due.id) > (after_workspace, after_upload) ORDER BY 1, 2
                LIMIT most
        ) d ORDER BY 1, 3;
    END;
-- +goose StatementEnd
-- What is due the longest comes first here too.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION deletions_due(after_workspace uuid, after_deletion uuid, most integer)
    RETURNS TABLE (workspace_id uuid, region text, deletion_id uuid, attempt integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (
            SELECT d.workspace_id, d.id,
                d.turn * 64 + least(63, floor(extract(epoch FROM now() - d.due_at) / 60))::integer AS attempt
            FROM public.deletion d WHERE d.state = 'RUNNING' AND d.due_at <= now() ORDER BY d.due_at LIMIT 10000
        )
        SELECT d.workspace_id, (SELECT w.region FROM public.workspace w WHERE w.id = d.workspace_id), d.id, d.attempt
        FROM (
            SELECT * FROM due WHERE (due.workspace_id, due.id) > (after_workspace, after_deletion) ORDER BY 1, 2
                LIMIT most
        ) d ORDER BY 1, 3;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION blobs_to_drop(after_workspace uuid, after_blob uuid, most integer)
    RETURNS TABLE (workspace_id uuid, region text, blob_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT b.workspace_id, (SELECT w.region FROM public.workspace w WHERE w.id = b.workspace_id), b.id
        FROM public.blob b
        WHERE b.refs = 0 AND b.freed_by IS NULL AND (b.workspace_id, b.id) > (after_workspace, after_blob)
        ORDER BY b.freed_by, b.workspace_id, b.id LIMIT most;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION blobs_between(in_regions text[], after_blob uuid, last_blob uuid, most integer)
    RETURNS TABLE (id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp
    BEGIN ATOMIC
        SELECT b.id FROM public.blob b
        WHERE b.refs > 0 AND b.id > after_blob AND b.id <= last_blob
            AND (SELECT w.region FROM public.workspace w WHERE w.id = b.workspace_id) = ANY(in_regions)
        ORDER BY b.id LIMIT most;
    END;
-- +goose StatementEnd

-- Why: a PUT can be bound to its content type alone, for clients that send no other header, and a file can be sent in parts to a session that
-- storage keeps. A repeated call gets the same again, so the row says how.
-- +goose Up
ALTER TABLE upload
    ADD COLUMN content_type_only boolean NOT NULL DEFAULT false,
    -- The URI of the session, sealed with a key that only the server has: whoever has the URI can send bytes. Gone once the upload has ended,
    -- which no constraint says, for servers of the version before end uploads too.
    ADD COLUMN session           bytea CONSTRAINT upload_session_sealed CHECK (octet_length(session) BETWEEN 29 AND 8192);

-- Uploads are settled without anybody asking: when storage says that bytes have come, and by what sweeps staging. Which workspace an upload
-- is of must be known before one is bound: the functions say where it is, and whether anything may still become of it.
CREATE POLICY owner ON upload TO CURRENT_USER USING (true);
CREATE INDEX upload_by_id ON upload (id);
CREATE INDEX upload_overdue ON upload (expires_at) WHERE state = 'OPEN';
-- +goose StatementBegin
CREATE FUNCTION uploads_among(ids uuid[])
    RETURNS TABLE (workspace_id uuid, region text, upload_id uuid, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT u.workspace_id, w.region, u.id, u.state = 'OPEN' FROM upload u JOIN workspace w ON w.id = u.workspace_id WHERE u.id = ANY(ids);
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION uploads_overdue(at timestamptz, after_workspace uuid, after_upload uuid, most integer)
    RETURNS TABLE (workspace_id uuid, region text, upload_id uuid, is_open boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        WITH due AS MATERIALIZED (SELECT workspace_id, id FROM upload WHERE state = 'OPEN' AND expires_at < at ORDER BY expires_at LIMIT 10000)
        SELECT d.workspace_id, w.region, d.id, true FROM due d JOIN workspace w ON w.id = d.workspace_id
        WHERE (d.workspace_id, d.id) > (after_workspace, after_upload)
        ORDER BY 1, 3 LIMIT most;
    END;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION uploads_among, uploads_overdue FROM PUBLIC;
GRANT EXECUTE ON FUNCTION uploads_among, uploads_overdue TO data_api_app;

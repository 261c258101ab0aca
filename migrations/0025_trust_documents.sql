-- Why: a workspace lists the GraphQL documents of its programs. Requests may then name one by its id, and an API key may be held to them. The
-- credential's look-up says which revision of the list counts, so a server keeps a list in memory and never trusts one that was replaced.
-- +goose Up
-- Both are tables of their own, without foreign keys, because a change of `workspace` or `api_key` would have servers of the version before wait.
CREATE TABLE trusted_documents (
    workspace_id   uuid PRIMARY KEY,
    revision       bigint NOT NULL CONSTRAINT trusted_documents_revision CHECK (revision > 0),
    -- A JSON object: texts by id.
    documents      text COLLATE "C" NOT NULL,
    set_at         timestamptz NOT NULL,
    set_by_kind    text NOT NULL,
    set_by_id      text NOT NULL,
    set_by_label   text NOT NULL
);
ALTER TABLE trusted_documents ENABLE ROW LEVEL SECURITY;
ALTER TABLE trusted_documents FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON trusted_documents USING (workspace_id = bound_workspace());
CREATE POLICY owner ON trusted_documents TO data_api_owner USING (true);
GRANT SELECT, INSERT, UPDATE ON trusted_documents TO data_api_app;

-- The API keys that may send no document but trusted ones.
CREATE TABLE trusted_only_key (
    workspace_id uuid NOT NULL,
    api_key_id   uuid NOT NULL,
    PRIMARY KEY (workspace_id, api_key_id)
);
ALTER TABLE trusted_only_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE trusted_only_key FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON trusted_only_key USING (workspace_id = bound_workspace());
CREATE POLICY owner ON trusted_only_key TO data_api_owner USING (true);
GRANT SELECT, INSERT ON trusted_only_key TO data_api_app;

-- +goose StatementBegin
CREATE FUNCTION api_key_by_token(of_hash bytea)
    RETURNS TABLE (id uuid, name text, workspace_id uuid, region text, scopes text[], allowed_networks text[],
        expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz, trusted_documents_only boolean, documents_revision bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        RETURN QUERY SELECT k.id, k.name, k.workspace_id, w.region, k.scopes, k.allowed_networks, k.expires_at,
            k.last_used_at, k.revoked_at, (SELECT true FROM public.trusted_only_key h WHERE h.workspace_id = k.workspace_id AND h.api_key_id >= k.id
                AND h.api_key_id <= k.id ORDER BY h.api_key_id LIMIT 1) IS NOT NULL,
            coalesce((SELECT t.revision FROM public.trusted_documents t WHERE t.workspace_id = k.workspace_id LIMIT 1), 0)
        FROM public.api_key k JOIN public.workspace w ON w.id = k.workspace_id
        WHERE k.token_hash = of_hash;
    END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION api_key_by_token FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_key_by_token TO data_api_app;

-- The server before this one knows nothing of keys that are held to documents, and must not let them in without.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION api_key_by_hash(of_hash bytea)
    RETURNS TABLE (id uuid, name text, workspace_id uuid, region text, scopes text[], allowed_networks text[],
        expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        RETURN QUERY SELECT k.id, k.name, k.workspace_id, w.region, k.scopes, k.allowed_networks, k.expires_at,
            k.last_used_at, k.revoked_at
        FROM public.api_key k JOIN public.workspace w ON w.id = k.workspace_id
        WHERE k.token_hash = of_hash AND (SELECT true FROM public.trusted_only_key h WHERE h.workspace_id = k.workspace_id AND h.api_key_id >= k.id
                AND h.api_key_id <= k.id ORDER BY h.api_key_id LIMIT 1) IS NULL;
    END $$;
-- +goose StatementEnd

-- +goose StatementBegin
CREATE FUNCTION memberships_by_identity(of_issuer text, of_subject text, of_email text)
    RETURNS TABLE (member_id uuid, workspace_id uuid, region text, role text, email text, invited boolean, documents_revision bigint)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
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
-- +goose StatementEnd
REVOKE ALL ON FUNCTION memberships_by_identity FROM PUBLIC;
GRANT EXECUTE ON FUNCTION memberships_by_identity TO data_api_app;

-- Why: API keys let programs in. Only the SHA-256 of a token is kept; it is looked up before a workspace is known.
-- +goose Up
CREATE TABLE api_key (
    workspace_id     uuid NOT NULL REFERENCES workspace,
    id               uuid NOT NULL,
    name             text NOT NULL CONSTRAINT api_key_name_length CHECK (char_length(name) BETWEEN 1 AND 120),
    prefix           text NOT NULL,
    token_hash       bytea NOT NULL CONSTRAINT api_key_token_hash_length CHECK (octet_length(token_hash) = 32),
    scopes           text[] NOT NULL CONSTRAINT api_key_scopes_some CHECK (cardinality(scopes) > 0),
    -- Networks that it may be used from, CIDR; none means anywhere.
    allowed_networks text[] NOT NULL DEFAULT '{}',
    expires_at       timestamptz,
    -- To the minute.
    last_used_at     timestamptz,
    revoked_at       timestamptz,
    created_at       timestamptz NOT NULL DEFAULT now(),
    created_by_kind  text NOT NULL,
    created_by_id    text NOT NULL,
    created_by_label text NOT NULL,
    PRIMARY KEY (workspace_id, id)
);
CREATE UNIQUE INDEX api_key_token_hash ON api_key (token_hash);
ALTER TABLE api_key ENABLE ROW LEVEL SECURITY;
ALTER TABLE api_key FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON api_key USING (workspace_id = bound_workspace());
CREATE POLICY owner ON api_key TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE ON api_key TO data_api_app;

-- +goose StatementBegin
CREATE FUNCTION api_key_by_hash(of_hash bytea)
    RETURNS TABLE (id uuid, name text, workspace_id uuid, region text, scopes text[], allowed_networks text[],
        expires_at timestamptz, last_used_at timestamptz, revoked_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        RETURN QUERY SELECT k.id, k.name, k.workspace_id, w.region, k.scopes, k.allowed_networks, k.expires_at, k.last_used_at, k.revoked_at
        FROM api_key k JOIN workspace w ON w.id = k.workspace_id
        WHERE k.token_hash = of_hash;
    END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION api_key_by_hash FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_key_by_hash TO data_api_app;

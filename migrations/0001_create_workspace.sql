-- Why: the workspace is the boundary of everything. Each table leads with workspace_id and is closed by row-level
-- security to whoever has not bound that workspace (app.workspace_id), the role data_api_app above all.
-- What must be known before a workspace is bound goes through SECURITY DEFINER functions, each as narrow as its name.
-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION bound_workspace() RETURNS uuid
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN nullif(current_setting('app.workspace_id', true), '')::uuid;
-- +goose StatementEnd

CREATE TABLE workspace (
    id                    uuid PRIMARY KEY,
    name                  text NOT NULL CONSTRAINT workspace_name_length CHECK (char_length(name) BETWEEN 1 AND 120),
    region                text NOT NULL,
    require_reveal_reason boolean NOT NULL DEFAULT false,
    created_at            timestamptz NOT NULL DEFAULT now()
);
ALTER TABLE workspace ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspace FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON workspace USING (id = bound_workspace());
CREATE POLICY owner ON workspace TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE ON workspace TO data_api_app;

-- One row a workspace, so that a quota check is one locked row whatever the workspace holds.
CREATE TABLE workspace_usage (
    workspace_id   uuid PRIMARY KEY REFERENCES workspace,
    object_count   bigint NOT NULL DEFAULT 0 CHECK (object_count >= 0),
    used_bytes     bigint NOT NULL DEFAULT 0 CHECK (used_bytes >= 0),
    reserved_bytes bigint NOT NULL DEFAULT 0 CHECK (reserved_bytes >= 0),
    limit_bytes    bigint CHECK (limit_bytes >= 0),
    secret_count   integer NOT NULL DEFAULT 0 CHECK (secret_count >= 0)
);
ALTER TABLE workspace_usage ENABLE ROW LEVEL SECURITY;
ALTER TABLE workspace_usage FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON workspace_usage USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE ON workspace_usage TO data_api_app;

CREATE TABLE member (
    workspace_id uuid NOT NULL REFERENCES workspace,
    id           uuid NOT NULL,
    -- Who the member is at the identity provider; null while invited: the first sign-in with this verified address joins, once.
    issuer       text,
    subject      text,
    email        text COLLATE "C" NOT NULL CONSTRAINT member_email_lower CHECK (email = lower(email)),
    role         text NOT NULL CONSTRAINT member_role CHECK (role IN ('VIEWER', 'EDITOR', 'ADMIN')),
    joined_at    timestamptz,
    created_at   timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (workspace_id, id),
    CONSTRAINT member_joined CHECK ((joined_at IS NULL) = (subject IS NULL) AND (issuer IS NULL) = (subject IS NULL))
);
CREATE UNIQUE INDEX member_identity ON member (issuer, subject, workspace_id);
CREATE UNIQUE INDEX member_email ON member (workspace_id, email);
CREATE INDEX member_invited ON member (email) WHERE subject IS NULL;
ALTER TABLE member ENABLE ROW LEVEL SECURITY;
ALTER TABLE member FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON member USING (workspace_id = bound_workspace());
CREATE POLICY owner ON member TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON member TO data_api_app;

-- What runs before a workspace is known is in PL/pgSQL, which plans it once a session; a function in SQL is planned at each call.
-- +goose StatementBegin
CREATE FUNCTION memberships_of(of_issuer text, of_subject text, of_email text)
    RETURNS TABLE (member_id uuid, workspace_id uuid, region text, role text, email text, invited boolean)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        RETURN QUERY SELECT m.id, m.workspace_id, w.region, m.role, m.email, m.subject IS NULL
        FROM member m JOIN workspace w ON w.id = m.workspace_id
        WHERE (m.issuer = of_issuer AND m.subject = of_subject) OR (m.subject IS NULL AND m.email = of_email)
        ORDER BY m.subject IS NULL, w.name, w.id;
    END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION workspaces_of(of_issuer text, of_subject text)
    RETURNS TABLE (id uuid, name text, region text, require_reveal_reason boolean, created_at timestamptz)
    LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public AS $$
    BEGIN
        RETURN QUERY SELECT w.id, w.name, w.region, w.require_reveal_reason, w.created_at
        FROM member m JOIN workspace w ON w.id = m.workspace_id
        WHERE m.issuer = of_issuer AND m.subject = of_subject
        ORDER BY w.name, w.id;
    END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION workspaces_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION workspaces_of TO data_api_app;
REVOKE ALL ON FUNCTION memberships_of FROM PUBLIC;
GRANT EXECUTE ON FUNCTION memberships_of TO data_api_app;

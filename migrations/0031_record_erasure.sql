-- Why: an operator deletes a workspace. That takes several steps in three stores, which a crash must not keep from being continued, and that it was
-- done, and why, has to be known when nothing else is left of the workspace.
-- +goose Up
-- It belongs to the deployment. The reason is what the operator wrote; the counts are numbers by table, and there is no name in it.
CREATE TABLE upkeep.workspace_deletion (
    id              uuid PRIMARY KEY,
    reason          text NOT NULL CHECK (octet_length(reason) BETWEEN 1 AND 2000),
    region          text NOT NULL,
    export          text NOT NULL,
    counts          jsonb NOT NULL DEFAULT '{}',
    begun_at        timestamptz NOT NULL DEFAULT now(),
    access_ended_at timestamptz,
    exported_at     timestamptz,
    ended_at        timestamptz
);

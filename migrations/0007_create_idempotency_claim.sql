-- Why: a mutation that is sent again with the same key is carried out once. A claim holds the ids that its event and what it
-- makes will have; whether it was carried out is not kept here but asked of the audit log, by the event's id.
-- The workspace need not exist: the claim to make one is the first row in it.
-- +goose Up
CREATE TABLE idempotency_claim (
    workspace_id     uuid NOT NULL,
    principal_id     text NOT NULL,
    mutation         text NOT NULL,
    key              text NOT NULL CONSTRAINT idempotency_claim_key_length CHECK (octet_length(key) BETWEEN 1 AND 128),
    -- A keyed hash of the input; without the server's key it tells nothing.
    mark             bytea NOT NULL CONSTRAINT idempotency_claim_mark_length CHECK (octet_length(mark) = 32),
    event_id         uuid NOT NULL,
    target_id        uuid NOT NULL,
    -- Counts the attempts, of which the last may still be under way.
    attempt          integer NOT NULL CHECK (attempt >= 1),
    attempted_at     timestamptz NOT NULL,
    first_claimed_at timestamptz NOT NULL,
    PRIMARY KEY (workspace_id, principal_id, mutation, key)
);
CREATE INDEX idempotency_claim_age ON idempotency_claim (workspace_id, first_claimed_at);
ALTER TABLE idempotency_claim ENABLE ROW LEVEL SECURITY;
ALTER TABLE idempotency_claim FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON idempotency_claim USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_claim TO data_api_app;

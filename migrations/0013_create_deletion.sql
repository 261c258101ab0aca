-- Why: objects are deleted by the thousand, longer than any request lasts. A deletion is a row that any server goes on with, and says how far it is.
-- What was there when it began is told by epochs: a deletion ends its datastore's epoch, and each version bears the one that it was written in.
-- +goose Up
ALTER TABLE datastore ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
ALTER TABLE object_version ADD COLUMN epoch bigint NOT NULL DEFAULT 0;
-- The database stamps versions itself, so that no writer can forget it. Writers and deletions take turns at the datastore's row: a version
-- either was committed before an epoch ended, or bears a later one. No clock is asked.
-- +goose StatementBegin
CREATE FUNCTION stamp_epoch() RETURNS trigger
    LANGUAGE plpgsql AS $$
    BEGIN
        SELECT d.epoch INTO NEW.epoch FROM object o JOIN datastore d ON d.workspace_id = o.workspace_id AND d.id = o.datastore_id
        WHERE o.workspace_id = NEW.workspace_id AND o.id = NEW.object_id FOR NO KEY UPDATE OF d;
        RETURN NEW;
    END $$;
-- +goose StatementEnd
CREATE TRIGGER object_version_epoch BEFORE INSERT ON object_version FOR EACH ROW EXECUTE FUNCTION stamp_epoch();

CREATE TABLE deletion (
    workspace_id     uuid NOT NULL REFERENCES workspace,
    id               uuid NOT NULL,
    datastore_id     uuid NOT NULL,
    -- Null for a whole datastore.
    prefix           text COLLATE "C",
    -- The epoch that it ended: what was written in a later one stays.
    epoch            bigint NOT NULL,
    state            text NOT NULL DEFAULT 'RUNNING' CHECK (state IN ('RUNNING', 'DONE')),
    objects_total    bigint NOT NULL CHECK (objects_total >= 0),
    objects_deleted  bigint NOT NULL DEFAULT 0 CHECK (objects_deleted >= 0),
    bytes_freed      bigint NOT NULL DEFAULT 0 CHECK (bytes_freed >= 0),
    last_error       text,
    -- The last key that was looked at: keys are gone through once, in their order.
    passed           text COLLATE "C" NOT NULL DEFAULT '',
    -- Counts up whenever a server takes it on. Only who has the last turn may go on, so that one that slept does nothing when it wakes.
    turn             integer NOT NULL DEFAULT 0,
    failures         integer NOT NULL DEFAULT 0,
    -- When a server may take it on: that is put off with every sign of life of the one that has.
    due_at           timestamptz NOT NULL DEFAULT now(),
    created_at       timestamptz NOT NULL DEFAULT now(),
    finished_at      timestamptz,
    created_by_kind  text NOT NULL,
    created_by_id    text NOT NULL,
    created_by_label text NOT NULL,
    request_id       text NOT NULL,
    PRIMARY KEY (workspace_id, id),
    FOREIGN KEY (workspace_id, datastore_id) REFERENCES datastore,
    CONSTRAINT deletion_finished CHECK ((state = 'DONE') = (finished_at IS NOT NULL))
);
CREATE INDEX deletion_running ON deletion (workspace_id, id) WHERE state = 'RUNNING';
ALTER TABLE deletion ENABLE ROW LEVEL SECURITY;
ALTER TABLE deletion FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON deletion USING (workspace_id = bound_workspace());
CREATE POLICY owner ON deletion TO CURRENT_USER USING (true);
GRANT SELECT, INSERT, UPDATE ON deletion TO data_api_app;

-- Which deletion took the last reference from a blob: it is not done before storage has dropped it. Null for all others, which a chore looks after.
ALTER TABLE blob ADD COLUMN freed_by uuid;
CREATE POLICY owner ON blob TO CURRENT_USER USING (true);

-- Deletions that no server is at. The attempt tells jobs apart: it is another one after each turn, and after each minute in which nobody came,
-- for the server that had the job may have died with it.
-- +goose StatementBegin
CREATE FUNCTION deletions_due(after_workspace uuid, after_deletion uuid, most integer)
    RETURNS TABLE (workspace_id uuid, region text, deletion_id uuid, attempt integer)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT d.workspace_id, w.region, d.id, d.turn * 64 + least(63, floor(extract(epoch FROM now() - d.due_at) / 60))::integer
        FROM deletion d JOIN workspace w ON w.id = d.workspace_id
        WHERE d.state = 'RUNNING' AND d.due_at <= now() AND (d.workspace_id, d.id) > (after_workspace, after_deletion)
        ORDER BY 1, 3 LIMIT most;
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION blobs_to_drop(after_workspace uuid, after_blob uuid, most integer)
    RETURNS TABLE (workspace_id uuid, region text, blob_id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT b.workspace_id, w.region, b.id FROM blob b JOIN workspace w ON w.id = b.workspace_id
        WHERE b.refs = 0 AND b.freed_by IS NULL AND (b.workspace_id, b.id) > (after_workspace, after_blob)
        ORDER BY 1, 3 LIMIT most;
    END;
-- +goose StatementEnd

-- What a bucket lists is compared with these. An open upload may still become a blob of its own id, and may have bytes in staging.
-- +goose StatementBegin
CREATE FUNCTION blobs_among(ids uuid[]) RETURNS TABLE (id uuid, kept boolean)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT b.id, b.refs > 0 FROM blob b WHERE b.id = ANY(ids)
        UNION ALL
        SELECT u.id, false FROM upload u WHERE u.id = ANY(ids) AND u.state = 'OPEN' AND NOT EXISTS (SELECT FROM blob b WHERE b.id = u.id);
    END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION blobs_between(in_regions text[], after_blob uuid, last_blob uuid, most integer) RETURNS TABLE (id uuid)
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
    BEGIN ATOMIC
        SELECT b.id FROM blob b JOIN workspace w ON w.id = b.workspace_id
        WHERE b.refs > 0 AND b.id > after_blob AND b.id <= last_blob AND w.region = ANY(in_regions)
        ORDER BY 1 LIMIT most;
    END;
-- +goose StatementEnd
CREATE INDEX blob_by_id ON blob (id);
REVOKE ALL ON FUNCTION deletions_due, blobs_to_drop, blobs_among, blobs_between FROM PUBLIC;
GRANT EXECUTE ON FUNCTION deletions_due, blobs_to_drop, blobs_among, blobs_between TO data_api_app;

-- Runs over the buckets are counted apart from those over the vault: either may be stopped without the other.
ALTER TABLE upkeep.instance
    ADD COLUMN bucket_run            bigint NOT NULL DEFAULT 0,
    ADD COLUMN buckets_reconciled_at timestamptz;
GRANT UPDATE (bucket_run, buckets_reconciled_at) ON upkeep.instance TO data_api_app;
-- What a bucket has and no row knows, from when it was first seen.
CREATE TABLE upkeep.stray (
    region     text NOT NULL,
    name       text COLLATE "C" NOT NULL,
    first_seen timestamptz NOT NULL,
    run        bigint NOT NULL,
    PRIMARY KEY (region, name)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON upkeep.stray TO data_api_app;

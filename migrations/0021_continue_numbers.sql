-- Why: a key that was deleted and written again began at version 1 anew, so a number that somebody had read named another object. Numbers go on.
-- +goose Up
-- The highest number of the deleted objects of a datastore. Keys share a mark by a hash: however many keys are deleted, a datastore
-- has at most 4096 marks. A key that shares one with a deleted key begins above it, which no reader of numbers is harmed by.
-- No foreign key: adding one waits for all who write datastores, and has them wait.
CREATE TABLE key_mark (
    workspace_id uuid NOT NULL,
    datastore_id uuid NOT NULL,
    slot         smallint NOT NULL,
    version      integer NOT NULL CHECK (version >= 1),
    PRIMARY KEY (workspace_id, datastore_id, slot)
);
ALTER TABLE key_mark ENABLE ROW LEVEL SECURITY;
ALTER TABLE key_mark FORCE ROW LEVEL SECURITY;
CREATE POLICY bound ON key_mark USING (workspace_id = bound_workspace());
GRANT SELECT, INSERT, UPDATE, DELETE ON key_mark TO data_api_app;

-- SHA-256 is the same on every machine and in every release of Postgres, which hashtext need not be.
-- +goose StatementBegin
CREATE FUNCTION key_slot(key text) RETURNS smallint
    LANGUAGE sql STABLE PARALLEL SAFE
    RETURN (SELECT (get_byte(h, 0) * 16 + get_byte(h, 1) / 16)::smallint FROM sha256(convert_to(key, 'UTF8')) h);
-- +goose StatementEnd

-- The database keeps the marks and gives the numbers itself, so that servers of the version before take part. All who delete
-- or write objects lock the row of the datastore first: a mark is committed before the next first write of its keys reads it.
-- +goose StatementBegin
CREATE FUNCTION mark_deleted_keys() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        INSERT INTO public.key_mark AS m (workspace_id, datastore_id, slot, version)
        SELECT g.workspace_id, g.datastore_id, public.key_slot(g.key), max(g.current_version) FROM gone g GROUP BY 1, 2, 3
        ON CONFLICT (workspace_id, datastore_id, slot) DO UPDATE SET version = excluded.version WHERE m.version < excluded.version;
        RETURN NULL;
    END $$;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE FUNCTION begin_above_mark() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        NEW.current_version := 1 + coalesce((SELECT m.version FROM public.key_mark m
            WHERE m.workspace_id = NEW.workspace_id AND m.datastore_id = NEW.datastore_id AND m.slot = public.key_slot(NEW.key)), 0);
        RETURN NEW;
    END $$;
-- +goose StatementEnd

-- As before, and a version is never below the current number of its object, which each writer sets first: a server of the
-- version before calls the first one 1.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION stamp_epoch() RETURNS trigger
    LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        SELECT d.epoch, greatest(NEW.version, o.current_version) INTO NEW.epoch, NEW.version
        FROM public.object o JOIN public.datastore d ON d.workspace_id = o.workspace_id AND d.id = o.datastore_id
        WHERE o.workspace_id = NEW.workspace_id AND o.id = NEW.object_id FOR NO KEY UPDATE OF d;
        RETURN NEW;
    END $$;
-- +goose StatementEnd

-- Servers of the version before give up a lock after two seconds. So this waits for theirs half a second at a time, and holds
-- nobody up in between.
-- +goose StatementBegin
DO $$
BEGIN
    SET LOCAL lock_timeout = '500ms';
    FOR attempt IN 1..120 LOOP
        BEGIN
            LOCK TABLE object IN SHARE ROW EXCLUSIVE MODE;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_sleep(0.5);
        END;
    END LOOP;
    RAISE EXCEPTION 'objects are being written without a pause: try again';
END $$;
-- +goose StatementEnd
CREATE TRIGGER object_mark AFTER DELETE ON object REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION mark_deleted_keys();
CREATE TRIGGER object_number BEFORE INSERT ON object
    FOR EACH ROW WHEN (NEW.current_version = 1) EXECUTE FUNCTION begin_above_mark();

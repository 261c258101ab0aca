-- Why: no rotation is refused for its value any more (docs/adr/0039), so nothing counts refusals. Servers of the version
-- before count without the index. An index of a partitioned table cannot be dropped CONCURRENTLY: this waits for its
-- lock a little, lets those pass that wait behind it, and tries again.
-- +goose NO TRANSACTION
-- +goose Up
SET statement_timeout = 0;
SET lock_timeout = '100ms';
-- +goose StatementBegin
DO $$
BEGIN
    LOOP
        BEGIN
            DROP INDEX IF EXISTS public.audit_event_rotate_refused;
            RETURN;
        EXCEPTION WHEN lock_not_available THEN
            PERFORM pg_catalog.pg_sleep(0.1);
        END;
    END LOOP;
END $$;
-- +goose StatementEnd
RESET lock_timeout;
RESET statement_timeout;

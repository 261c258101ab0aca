-- Why: callers choose the order of a list of datastores: when they were created, or last changed. Each order has one index. Neither column changes with
-- what a datastore holds, so that counting its objects stays as cheap.
-- +goose NO TRANSACTION
-- +goose Up
SET statement_timeout = 0;
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS public.datastore_created;
CREATE INDEX CONCURRENTLY datastore_created ON public.datastore (workspace_id, created_at, id) WHERE deleted_at IS NULL;
DROP INDEX CONCURRENTLY IF EXISTS public.datastore_updated;
CREATE INDEX CONCURRENTLY datastore_updated ON public.datastore (workspace_id, updated_at, id) WHERE deleted_at IS NULL;
RESET lock_timeout;
RESET statement_timeout;

-- Why: callers choose the order of a list of secrets: when they were created, or their value last changed. Each order has one index. It begins with the
-- state, so that it serves the list of those that are not deleted and that of those that are.
-- +goose NO TRANSACTION
-- +goose Up
SET statement_timeout = 0;
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS public.secret_created;
CREATE INDEX CONCURRENTLY secret_created ON public.secret (workspace_id, state, created_at, id);
DROP INDEX CONCURRENTLY IF EXISTS public.secret_rotated;
CREATE INDEX CONCURRENTLY secret_rotated ON public.secret (workspace_id, state, rotated_at, id);
RESET lock_timeout;
RESET statement_timeout;

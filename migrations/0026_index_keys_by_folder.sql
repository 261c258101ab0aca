-- Why: a file browser lists what is directly in a folder. By the index of keys it reads what is in the folders below, too.
-- One index serves this and the steps from folder to folder, so the one before it goes.
-- +goose NO TRANSACTION
-- +goose Up
SET statement_timeout = 0;
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS public.object_in_folder;
CREATE INDEX CONCURRENTLY object_in_folder ON public.object (workspace_id, datastore_id, folder, key);
DROP INDEX CONCURRENTLY IF EXISTS public.object_folder;
RESET lock_timeout;
RESET statement_timeout;

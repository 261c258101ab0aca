-- Why: each list is to be read by one index (docs/adr/0034), and servers of the version before read and write meanwhile.
-- CONCURRENTLY waits for them, where a plain CREATE INDEX has them wait, and fail after their lock_timeout. What a run
-- that broke off has left is invalid, and no IF NOT EXISTS tells: it is dropped first. No timeout of the role's or the
-- database's ends a build.
-- +goose NO TRANSACTION
-- +goose Up
SET statement_timeout = 0;
SET lock_timeout = 0;
-- Uploads that ended otherwise than as an object are few among many: each state is a list of its own.
DROP INDEX CONCURRENTLY IF EXISTS upload_state;
CREATE INDEX CONCURRENTLY upload_state ON upload (workspace_id, datastore_id, state, id);
-- Deleted secrets stand apart from those that there are, so that neither are passed over in a list of the others.
DROP INDEX CONCURRENTLY IF EXISTS secret_deleted;
CREATE INDEX CONCURRENTLY secret_deleted ON secret (workspace_id, name, id) WHERE state = 'DELETED';
-- A rotation that people owe and that is on record is nothing to find any more.
DROP INDEX CONCURRENTLY IF EXISTS secret_to_rotate;
CREATE INDEX CONCURRENTLY secret_to_rotate ON secret (rotate_at) WHERE state = 'ACTIVE' AND rotate_at IS NOT NULL
    AND (rotate_length IS NOT NULL OR rotate_noted_at IS NULL);
-- What a deletion has freed it drops itself: it stands apart from what a chore looks after.
DROP INDEX CONCURRENTLY IF EXISTS blob_free;
CREATE INDEX CONCURRENTLY blob_free ON blob (freed_by, workspace_id, id) WHERE refs = 0;
DROP INDEX CONCURRENTLY IF EXISTS deletion_due;
CREATE INDEX CONCURRENTLY deletion_due ON deletion (due_at) WHERE state = 'RUNNING';
RESET lock_timeout;
RESET statement_timeout;

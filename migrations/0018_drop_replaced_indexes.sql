-- Why: 0016 made an index for each list that these three served; servers of the version before take those as well.
-- +goose NO TRANSACTION
-- +goose Up
SET statement_timeout = 0;
SET lock_timeout = 0;
DROP INDEX CONCURRENTLY IF EXISTS secret_due;
DROP INDEX CONCURRENTLY IF EXISTS blob_unreferenced;
DROP INDEX CONCURRENTLY IF EXISTS deletion_running;
RESET lock_timeout;
RESET statement_timeout;

-- Why: what a run wrote is on record by object version. The platform's ids of the run and its step come with the upload, and stay with the version
-- that it becomes; both are null where no run writes.
-- +goose Up
ALTER TABLE upload
    ADD COLUMN run_id  text COLLATE "C" CONSTRAINT upload_run_id CHECK (octet_length(run_id) BETWEEN 1 AND 128),
    ADD COLUMN step_id text COLLATE "C" CONSTRAINT upload_step_id CHECK (octet_length(step_id) BETWEEN 1 AND 128),
    ADD CONSTRAINT upload_run CHECK ((run_id IS NULL) = (step_id IS NULL));
ALTER TABLE object_version
    ADD COLUMN run_id  text COLLATE "C" CONSTRAINT object_version_run_id CHECK (octet_length(run_id) BETWEEN 1 AND 128),
    ADD COLUMN step_id text COLLATE "C" CONSTRAINT object_version_step_id CHECK (octet_length(step_id) BETWEEN 1 AND 128),
    ADD CONSTRAINT object_version_run CHECK ((run_id IS NULL) = (step_id IS NULL));

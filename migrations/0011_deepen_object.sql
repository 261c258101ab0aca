-- Why: datastores say what they take and how many versions of a key they keep; versions can share the bytes of a blob.
-- +goose Up
ALTER TABLE datastore
    -- The largest object; without one, the deployment's limit.
    ADD COLUMN max_object_bytes bigint CONSTRAINT datastore_max_object_bytes CHECK (max_object_bytes >= 1),
    -- Exact or type/*; none for any.
    ADD COLUMN content_types text[] NOT NULL DEFAULT '{}' CONSTRAINT datastore_content_types CHECK (cardinality(content_types) <= 50),
    -- The current version included.
    ADD COLUMN keep_versions integer NOT NULL DEFAULT 1 CONSTRAINT datastore_keep_versions CHECK (keep_versions BETWEEN 1 AND 100);

-- What is not uploaded has no time on storage's clock. Such a version has that of the one before it, so that of two uploads the one which
-- landed first never replaces the other, whatever was written in between; it has none if no upload has ever become a version of the key.
ALTER TABLE object_version ALTER COLUMN landed_at DROP NOT NULL;
-- Whoever forgets a blob asks whether a version refers to it.
CREATE INDEX object_version_blob ON object_version (workspace_id, blob_id);

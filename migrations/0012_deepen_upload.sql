-- Why: a PUT can be bound to its content type alone, for clients that send no other header. A repeated call is signed the same way,
-- so the row says how.
-- +goose Up
ALTER TABLE upload
    ADD COLUMN content_type_only boolean NOT NULL DEFAULT false;

-- Why: a PUT can be bound to its content type alone, for clients that send no other header, and a file can be sent in parts to a session that
-- storage keeps. A repeated call gets the same again, so the row says how.
-- +goose Up
ALTER TABLE upload
    ADD COLUMN content_type_only boolean NOT NULL DEFAULT false,
    -- The URI of the session, sealed with a key that only the server has: whoever has the URI can send bytes. Gone once the upload has ended.
    ADD COLUMN session           bytea CONSTRAINT upload_session_sealed CHECK (octet_length(session) BETWEEN 29 AND 8192),
    ADD CONSTRAINT upload_session_open CHECK (session IS NULL OR state = 'OPEN');

-- Why: an upload is kept, and a secret rotated, by one statement, which locks what decides and then counts what is open. A statement does not see the
-- rows that were committed while it waited for the lock, but a VOLATILE function does: each of its queries sees all that is committed by then.
-- +goose Up
-- +goose StatementBegin
CREATE FUNCTION open_uploads(in_workspace uuid, in_datastore uuid, to_key text, OUT of_key integer, OUT of_workspace integer)
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    -- In the order of the index that each is to be read by, whatever statistics say.
    of_key := (SELECT count(*) FROM (SELECT FROM public.upload u WHERE u.workspace_id = in_workspace AND u.datastore_id = in_datastore
        AND u.key >= to_key AND u.key <= to_key AND u.state = 'OPEN' ORDER BY u.key) o);
    of_workspace := (SELECT count(*) FROM (SELECT FROM public.upload u WHERE (u.workspace_id, u.expires_at) >= (in_workspace, '-infinity')
        AND (u.workspace_id, u.expires_at) <= (in_workspace, 'infinity') AND u.state = 'OPEN' ORDER BY u.workspace_id, u.expires_at) o);
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION open_uploads FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_uploads TO data_api_app;

-- +goose StatementBegin
CREATE FUNCTION open_leases(in_workspace uuid, of_secret uuid, of_version integer) RETURNS integer
    LANGUAGE plpgsql VOLATILE SET search_path = pg_catalog, public, pg_temp AS $$
BEGIN
    RETURN (SELECT count(*) FROM public.lease_secret p JOIN public.lease l ON l.workspace_id = p.workspace_id AND l.id = p.lease_id
        WHERE p.workspace_id = in_workspace AND p.secret_id = of_secret AND p.version = of_version AND public.lease_is_open(l));
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION open_leases FROM PUBLIC;
GRANT EXECUTE ON FUNCTION open_leases TO data_api_app;

package main

import (
	"context"
	"database/sql"
	"errors"
	"strings"
)

// How many keys the two datastores have whose pages are compared.
const (
	fewKeys  = 1_000
	manyKeys = 1_000_000
)

// store makes a small datastore and a large one of the first workspace, past all that checks a row on its way in.
func (w *world) store(ctx context.Context) (err error) {
	say("Writing %d keys…", manyKeys)
	conn, err := w.super.Conn(ctx)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, conn.Close()) }()
	if _, err := conn.ExecContext(ctx, `SET session_replication_role = replica`); err != nil {
		return err
	}

	if w.small, err = w.storeOne(ctx, conn, "keys, few", fewKeys); err != nil {
		return err
	}

	if w.large, err = w.storeOne(ctx, conn, "keys, many", manyKeys); err != nil {
		return err
	}

	_, err = conn.ExecContext(ctx, `RESET session_replication_role`)
	return err
}

func (w *world) storeOne(ctx context.Context, db *sql.Conn, name string, keys int) (id string, err error) {
	err = db.QueryRowContext(ctx, `INSERT INTO datastore (workspace_id, id, name, object_count, created_by_kind,
		created_by_id, created_by_label)
		VALUES ($1, gen_random_uuid(), $2, $3, 'SYSTEM', '', 'bench') RETURNING id`, w.places[0].workspace, name,
		keys).Scan(&id)
	for _, insert := range []string{
		`INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
			SELECT $1, gen_random_uuid(), $2, format('folder %s/key %s', lpad((n / 1000)::text, 3, '0'), lpad(n::text,
			7, '0')), 1 FROM generate_series(0, $3::int - 1) n`,
		`INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type, crc32c,
			metadata, landed_at, created_by_kind, created_by_id, created_by_label)
			SELECT workspace_id, gen_random_uuid(), id, 1, id, $3::int * 0, 'text/plain', '', '{}', now(), 'SYSTEM',
			'', 'bench' FROM object WHERE workspace_id = $1 AND datastore_id = $2`,
	} {
		if err == nil {
			_, err = db.ExecContext(ctx, insert, w.places[0].workspace, id, keys)
		}
	}

	return id, err
}

const pageBody = `{"query":"query($d: ID!) { datastore(id: $d) { objects(first: 100) { nodes { key current { sizeBytes contentType createdAt } } } } }","variables":{"d":"KEYS"}}`

// pages is the page of the large datastore, held against the same of the small one.
func (w *world) pages() operation {
	large, small := strings.ReplaceAll(pageBody, "KEYS", w.large), strings.ReplaceAll(pageBody, "KEYS", w.small)
	return operation{
		name: "objects", must: 0.9, alike: shape,
		body: large, ours: w.asks(large, w.places[:1]), bare: w.asks(small, w.places[:1]),
		against: "a hundred objects of 1,000,000 by key, against a hundred of 1,000 by the same server",
		bound: "CPU, most of it the server's: Postgres reads a page by the index of keys and looks at as many " +
			"blocks for either.",
	}
}

package postgres_test

import (
	"database/sql"
	"slices"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"
)

// What the seeds name by themselves: rows have the ids md5 of their kind and number.
const (
	stamp  = `, 'USER', '', ''`
	stamps = `, created_by_kind, created_by_id, created_by_label`
	series = ` FROM generate_series($2::int, $3::int - 1) i`
	// someTime is one of few times: many rows have the same.
	someTime = `'2026-01-01'::timestamptz + make_interval(secs => i / 100)`
	padded   = `lpad(i::text, 7, '0')`
	// firstStore is the datastore of what is decided.
	firstStore = "00000000-0000-4000-8000-000000000001"
)

// keySeeds fill a datastore with the objects from $2 to below $3.
var keySeeds = []string{
	`INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		SELECT $1::uuid, md5('object' || i)::uuid, md5('datastore0')::uuid,
		CASE i % 10 WHEN 0 THEN 'flat ' ELSE 'folder ' || lpad((i % 100)::text, 3,
			'0') || '/key ' END || ` + padded + `, 1` + series,
	version(`md5('object' || i)::uuid`, `1`),
}

// seeds fill every other table that is listed with the rows from $2 to below $3, most of them of workspace $1. The
// first forty of some kinds are due; for each list there are rows that it must pass over, as many as there are.
var seeds = []string{
	`INSERT INTO workspace (id, name, region) SELECT md5('workspace' || i)::uuid, i, 'eu'` + series + ` WHERE $1 <> ''`,
	`INSERT INTO member (workspace_id, id, issuer, subject, email, role, joined_at)
		SELECT md5('workspace' || i)::uuid, gen_random_uuid(), 'idp',
			CASE WHEN i < 40 THEN 'roamer' ELSE 'at home' || i END, i, 'VIEWER', now()` + series + ` WHERE $1 <> ''`,
	`INSERT INTO member (workspace_id, id, email, role)
		SELECT $1::uuid, md5('member' || i)::uuid, ` + padded + `, 'VIEWER'` + series,
	`INSERT INTO api_key (workspace_id, id, name, prefix, token_hash, scopes` + stamps + `)
		SELECT $1::uuid, md5('key' || i)::uuid, i, '', sha256(i::text::bytea), '{x}'` + stamp + series,
	`INSERT INTO runtime_key (workspace_id, id, name, public_key, created_at` + stamps + `)
		SELECT $1::uuid, md5('key' || i)::uuid, i, sha256(i::text::bytea), now()` + stamp + series,
	`INSERT INTO datastore (workspace_id, id, name, created_at, updated_at` + stamps + `)
		SELECT $1::uuid, md5('datastore' || i)::uuid, 'store ' || ` + padded + `, ` + someTime + `, ` + someTime +
		stamp + series,
	labelled(`datastore`, `datastore`),

	`INSERT INTO object (workspace_id, id, datastore_id, key, current_version)
		SELECT $1::uuid, md5('colon' || i)::uuid, md5('datastore1')::uuid,
		'folder ' || lpad((i % 100)::text, 3, '0') || ':key ' || ` + padded + `, 1` + series,
	version(`md5('object0')::uuid`, `i + 2`),
	`INSERT INTO blob (workspace_id, id, refs, freed_by) SELECT $1::uuid, md5('blob' || i)::uuid, 1, NULL` + series,
	`INSERT INTO blob (workspace_id, id, refs, freed_by)
		SELECT $1::uuid, md5('freed' || i)::uuid, 0, md5('deletion' || 1000)::uuid` + series,
	`INSERT INTO blob (workspace_id, id, refs, freed_by)
		SELECT $1::uuid, md5('free' || i || freed_by)::uuid, 0, nullif(freed_by, '')::uuid` + series + `,
			unnest(ARRAY['', md5('deletion0')]) freed_by WHERE i < 40`,
	`INSERT INTO deletion (workspace_id, id, datastore_id, prefix, passed, epoch, objects_total, state, finished_at,
		due_at, request_id` + stamps + `)
		SELECT $1::uuid, md5('deletion' || i)::uuid, md5('datastore0')::uuid, 'folder ', 'folder 050/', 1, 1,
			CASE WHEN i < 40 THEN 'RUNNING' ELSE 'DONE' END, CASE WHEN i >= 40 THEN now() END,
				now() - interval '1 hour', ''` + stamp + series,
	`INSERT INTO upload (workspace_id, id, datastore_id, key, content_type, max_bytes, metadata, state, version_id,
		rejection, expires_at` + stamps + `)
		SELECT $1::uuid, md5('upload' || i)::uuid, md5('datastore0')::uuid, 'key ' || i, '', 1, '{}', state,
			CASE state WHEN 'COMPLETED' THEN md5('')::uuid END,
			CASE state WHEN 'REJECTED' THEN '' END, now() - interval '1 hour'` + stamp +
		series + `, LATERAL (SELECT
			CASE WHEN i < 40 THEN 'OPEN' WHEN i < 80 THEN 'REJECTED' ELSE 'COMPLETED' END AS state) s`,

	// What is decided is in a datastore of its own, the first: the trigger that stamps versions may join the datastores
	// up to it in the order of their ids. Its uploads that are open for long, and whoever asked for them.
	`INSERT INTO upload (workspace_id, id, datastore_id, key, content_type, max_bytes, metadata, state, expires_at` +
		stamps + `)
		SELECT $1::uuid, md5('landed' || i)::uuid, '` + firstStore + `'::uuid, 'landed', 'text/csv', 1, '{}', 'OPEN',
			now() + interval '10 years'` + stamp + series + ` WHERE i < 200`,
	`UPDATE workspace_usage SET reserved_bytes = 1000 WHERE workspace_id = $1::uuid AND $2::int < $3::int`,
	`INSERT INTO datastore (workspace_id, id, name` + stamps + `)
		SELECT $1::uuid, '` + firstStore + `'::uuid, 'zzz'` + stamp + series + ` WHERE i = 0`,
	`INSERT INTO member (workspace_id, id, email, role)
		SELECT $1::uuid, md5('writer')::uuid, 'zzz', 'EDITOR'` + series + ` WHERE i = 0`,

	secrets(`secret`, `'ACTIVE'`, `NULL`, `CASE WHEN i < 40 THEN 16 END`, ``),
	secrets(`deleted`, `'DELETED'`, `now() + interval '1 day'`, `NULL`, ``),
	labelled(`secret`, `secret`),
	labelled(`secret`, `deleted`),
	secrets(`purgeable`, `'DELETED'`, `now() - interval '1 day'`, `NULL`, ` WHERE i < 40`),
	secrets(`pending`, `'PENDING'`, `NULL`, `NULL`, ` WHERE i < 40`),
	`INSERT INTO secret_version (workspace_id, secret_id, version, vault_number, format, fingerprint, destroy_at,
		destroyed_at, erased_at` + stamps + `)
		SELECT $1::uuid, md5('secret0')::uuid, i + 1, i + 1, 'TEXT', sha256(''), now() - interval '1 hour',
			CASE WHEN i >= 40 THEN now() END,
			CASE WHEN i >= 80 THEN now() END` + stamp + series,
	`INSERT INTO secret_version (workspace_id, secret_id, version, vault_number, format, fingerprint` + stamps + `)
		SELECT $1::uuid, md5('secret0')::uuid, 1000000000, 1000000000, 'TEXT', sha256('')` + stamp + series +
		` WHERE i = 0`,
	`INSERT INTO secret_reference (workspace_id, secret_id, kind, external_id, name)
		SELECT $1::uuid, md5('secret' || which)::uuid, 'AGENT', i || ' of ' || which, ''` + series + `,
			LATERAL unnest(ARRAY[0, i]) which WHERE i > 0 AND (which = 0 OR i % 2 = 0)`,
	`INSERT INTO lease (workspace_id, id, principal_id, run_id, consumer_kind, consumer_id, created_at, expires_at)
		SELECT $1::uuid, md5('lease' || i)::uuid, 'p', 'r', 'AGENT', 'c', now() - interval '2 hours',
			now() + interval '1 hour'` + series,
	`INSERT INTO lease (workspace_id, id, principal_id, run_id, consumer_kind, consumer_id, created_at, expires_at)
		SELECT $1::uuid, md5('forgotten' || i)::uuid, 'p', 'r', 'AGENT', 'c', now() - interval '3 days',
			now() - interval '2 days'` + series + ` WHERE i < 40`,
	`INSERT INTO idempotency_claim (workspace_id, principal_id, mutation, key, mark, event_id, target_id, attempt,
		attempted_at, first_claimed_at)
		SELECT $1::uuid, 'p', 'm', 'key ' || i, sha256(''), gen_random_uuid(), gen_random_uuid(), 1, now(),
			CASE WHEN i < 40 THEN now() - interval '100 days' ELSE now() END` + series,
	`INSERT INTO lease_secret (workspace_id, lease_id, secret_id, version)
		SELECT $1::uuid, md5('lease' || i)::uuid, md5('secret' ||
			CASE WHEN i < 5 THEN 0 ELSE i END)::uuid, i + 1` + series,

	`INSERT INTO audit_event (workspace_id, id, at, action, risk, outcome, actor_kind, actor_id, actor_label, ip,
		user_agent, request_id, reason, target_kind,
			target_id, target_label, details)
		SELECT $1::uuid,
			overlay(first_uuidv7(now() + make_interval(secs => i / 1e6))::text PLACING right(md5(i::text)::uuid::text,
			22) FROM 15)::uuid,
			now(), 'secret.revealed', 'HIGH', 'ALLOWED', 'USER', 'somebody', '', '', '', '', '', 'secret',
				CASE WHEN i < 40 THEN 'wanted' ELSE 'other' END, '', '{}'` + series,
}

// labelled puts labels on what the seeds have made of a table: one that every other row has, and one that the first
// forty have.
func labelled(table, kind string) string {
	return `INSERT INTO ` + table + `_label (workspace_id, ` + table + `_id, key, value)
		SELECT $1::uuid, md5('` + kind + `' || i)::uuid, 'half', (i % 4 / 2)::text` + series + ` WHERE i % 2 = 0
		UNION ALL SELECT $1::uuid, md5('` + kind + `' || i)::uuid, 'rare', (i % 2)::text` + series + ` WHERE i < 40`
}

func version(of, number string) string {
	return `INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type, crc32c,
		metadata` + stamps + `)
		SELECT $1::uuid, md5((` + of + `)::text || (` + number + `))::uuid, ` + of + `, ` + number + `,
			md5('blob' || i)::uuid, 0, '', '', '{}'` + stamp + series
}

// secrets are due to be rotated, which is on record already unless they have a generator.
func secrets(kind, state, purgeAt, length, which string) string {
	return `INSERT INTO secret (workspace_id, id, name, state, format, current_version, created_at, deleted_at,
		purge_at, rotate_every_seconds, rotate_at, rotate_noted_at,
			rotate_length, rotate_alphabet` + stamps + `)
		SELECT $1::uuid, md5('` + kind + `' || i)::uuid, '` + kind + ` ' || ` + padded + `, ` + state + `, 'TEXT',
			CASE ` + state + ` WHEN 'PENDING' THEN NULL ELSE 1000000000 END,
			` + someTime + `, CASE ` + state + ` WHEN 'DELETED' THEN now() END, ` + purgeAt + `, 3600,
				now() - interval '1 hour', now(),
			` + length + `, CASE WHEN ` + length + ` > 0 THEN 'HEX' END` + stamp + series + which
}

// superuser connects once.
func (f fixture) superuser(t *testing.T) *sql.DB {
	t.Helper()
	super := open(t, f.SuperURL)
	super.SetMaxOpenConns(1)
	return super
}

// flush has what a session has read and written counted now; otherwise that may come seconds later, amid what others
// are found to read.
func flush(t *testing.T, super *sql.DB) {
	t.Helper()
	_, err := super.Exec(`SELECT pg_stat_force_next_flush()`)
	testkit.Must(t, err)
}

// mostOthers is how many rows of other tables there are beside a million keys, so that all fits into memory.
const mostOthers = 100_000

// grow adds rows to all tables, past all that checks a row on its way in.
func (f fixture) grow(t *testing.T, from, to int) {
	t.Helper()
	super := f.superuser(t)
	_, err := super.Exec(`SET session_replication_role = replica`)
	testkit.Must(t, err)
	for i, seed := range slices.Concat(keySeeds, seeds) {
		if i == len(keySeeds) {
			to = min(to, mostOthers)
		}
		if _, err := super.Exec(seed, f.acme.Workspace.String(), from, to); err != nil {
			t.Fatalf("%v:\n%s", err, seed)
		}
	}
	flush(t, super)
}

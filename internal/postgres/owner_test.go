package postgres_test

import (
	"database/sql"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"
)

// definers are the calls of all functions that run as the owner, each with arguments of the right types.
func definers(t *testing.T, super *sql.DB) (calls []string) {
	t.Helper()
	values := map[string]string{
		"bytea":                    `'\x00'`,
		"integer":                  "13",
		"text":                     "'x'",
		"text[]":                   "ARRAY['x']",
		"timestamp with time zone": "now()",
		"uuid":                     "gen_random_uuid()",
		"uuid[]":                   "ARRAY[gen_random_uuid()]",
	}
	rows, err := super.Query(`SELECT p.oid::regproc::text, array_to_string(ARRAY(
			SELECT format_type(a.type, NULL) FROM unnest(p.proargtypes) WITH ORDINALITY a(type, i) ORDER BY i), ',')
		FROM pg_proc p WHERE p.prosecdef AND p.pronamespace <> 'pg_catalog'::regnamespace ORDER BY 1`)
	testkit.Must(t, err)
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var name, types string
		testkit.Must(t, rows.Scan(&name, &types))
		var args []string
		for typ := range strings.SplitSeq(types, ",") {
			if values[typ] == "" {
				t.Fatalf("%s takes a %q: give it a value here", name, typ)
			}
			args = append(args, values[typ])
		}
		calls = append(calls, fmt.Sprintf("SELECT * FROM public.%s(%s)", name, strings.Join(args, ", ")))
	}
	testkit.Must(t, rows.Err())
	if len(calls) < 10 {
		t.Fatalf("only %d functions run as the owner: %v", len(calls), calls)
	}
	return calls
}

// trap is what a temporary object runs: it fails with whom it ran as, unless that is whoever made it.
const trap = `CREATE FUNCTION pg_temp.trap() RETURNS void LANGUAGE plpgsql AS $$
	BEGIN
		IF current_user <> session_user THEN
			RAISE EXCEPTION 'an object of the attacker ran as %', current_user;
		END IF;
	END $$`

// builtIn are the types that the functions name without a schema, or might.
var builtIn = []string{
	"bool", "bytea", "date", "int4", "int8", "interval", "jsonb", "name", "numeric", "regclass", "text", "timestamp",
	"timestamptz", "uuid",
}

// kinds are the ways to put an object of one's own where a function of the owner looks for another.
var kinds = []struct {
	name    string
	objects func(tables []string) []string
}{
	{"views", views},
	{"functions", functions},
	{"operators", operators},
	{"domains", domains},
	{"types with casts", casts},
	{"a search path", func(tables []string) []string {
		return slices.Concat(views(tables), domains(tables), []string{`SET search_path = pg_temp, public`})
	}},
}

func views(tables []string) (made []string) {
	for _, table := range tables {
		made = append(made,
			fmt.Sprintf(`CREATE FUNCTION pg_temp.%[1]s_rows() RETURNS SETOF public.%[1]s LANGUAGE plpgsql AS
				'BEGIN PERFORM pg_temp.trap(); RETURN; END'`, table),
			fmt.Sprintf(`CREATE VIEW pg_temp.%[1]s AS SELECT * FROM pg_temp.%[1]s_rows()`, table),
			fmt.Sprintf(`GRANT ALL ON pg_temp.%s TO PUBLIC`, table))
	}
	return made
}

func functions([]string) (made []string) {
	for _, signature := range []string{
		"now() RETURNS timestamptz", "date_trunc(text, timestamp) RETURNS timestamp",
		"to_regclass(text) RETURNS regclass",
		"to_char(timestamp, text) RETURNS text", "make_interval(months integer) RETURNS interval",
		"hashtext(text) RETURNS integer", "pg_advisory_xact_lock(bigint) RETURNS bigint",
		"format(text, text, uuid, uuid) RETURNS text", "floor(numeric) RETURNS numeric",
		"first_uuidv7(timestamptz) RETURNS uuid", "version_is_pinned(uuid, uuid, integer) RETURNS boolean",
		"lease_is_open(public.lease) RETURNS boolean",
	} {
		made = append(made, `CREATE FUNCTION pg_temp.`+signature+` LANGUAGE plpgsql AS
			'BEGIN PERFORM pg_temp.trap(); RETURN NULL; END'`)
	}
	return made
}

func operators([]string) (made []string) {
	for _, operand := range []string{"uuid", "text", "bytea", "timestamptz", "integer", "boolean"} {
		for i, operator := range []string{"=", "<>", ">=", "<=", ">", "<"} {
			function := fmt.Sprintf("pg_temp.%s_%d", operand, i)
			made = append(made,
				fmt.Sprintf(`CREATE FUNCTION %s(%s, %[2]s) RETURNS boolean LANGUAGE plpgsql AS
					'BEGIN PERFORM pg_temp.trap(); RETURN NULL; END'`, function, operand),
				fmt.Sprintf(`CREATE OPERATOR pg_temp.%s (LEFTARG = %s, RIGHTARG = %[2]s, FUNCTION = %s)`,
					operator, operand, function))
		}
	}
	return made
}

func domains([]string) (made []string) {
	for _, of := range builtIn {
		made = append(made,
			fmt.Sprintf(`CREATE FUNCTION pg_temp.%s_checked(pg_catalog.%[1]s) RETURNS boolean LANGUAGE plpgsql AS
				'BEGIN PERFORM pg_temp.trap(); RETURN true; END'`, of),
			fmt.Sprintf(`CREATE DOMAIN pg_temp.%s AS pg_catalog.%[1]s CHECK (pg_temp.%[1]s_checked(VALUE))`, of))
	}
	return made
}

// casts are types of an attacker's own that others turn into by a function of theirs.
func casts([]string) (made []string) {
	for _, of := range builtIn {
		made = append(made, fmt.Sprintf(`CREATE TYPE pg_temp.%s AS ENUM ('x')`, of))
		for _, from := range []string{"timestamp", "timestamptz", "date", "text", "uuid", "int4"} {
			made = append(made,
				fmt.Sprintf(`CREATE FUNCTION pg_temp.%[1]s_from(pg_catalog.%[2]s) RETURNS pg_temp.%[1]s LANGUAGE plpgsql AS
					'BEGIN PERFORM pg_temp.trap(); RETURN NULL; END'`, of, from),
				fmt.Sprintf(`CREATE CAST (pg_catalog.%[2]s AS pg_temp.%[1]s)
					WITH FUNCTION pg_temp.%[1]s_from(pg_catalog.%[2]s) AS IMPLICIT`, of, from))
		}
	}
	return made
}

// TestOwner_TemporaryObjects_AreNeverRunAsIt gives the server's role back the right to make temporary objects, which it
// does not have: so the functions' search paths are seen to hold without that.
func TestOwner_TemporaryObjects_AreNeverRunAsIt(t *testing.T) {
	t.Parallel()
	for _, kind := range kinds {
		t.Run(kind.name, func(t *testing.T) {
			t.Parallel()
			f := newFixture(t)
			f.fill(t)
			super, app := open(t, f.SuperURL), open(t, f.AppURL)
			app.SetMaxOpenConns(1)
			for _, statement := range []string{
				`GRANT TEMPORARY ON DATABASE ` + f.Name + ` TO data_api_app`,
				// A version that is due is asked for its leases.
				`UPDATE secret_version SET destroy_at = now() - interval '1 day'`,
			} {
				_, err := super.Exec(statement)
				testkit.Must(t, err)
			}
			for _, statement := range slices.Concat([]string{trap}, kind.objects(tables(t, f))) {
				if _, err := app.Exec(statement); err != nil {
					t.Fatalf("preparing the attack: %v: %s", err, statement)
				}
			}
			for _, call := range definers(t, super) {
				if _, err := app.Exec(call); err != nil {
					t.Errorf("%s: %v", call, err)
				}
			}
		})
	}
}

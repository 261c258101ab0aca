package postgres_test

import (
	"cmp"
	"database/sql"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"
	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

// facts are what the database has of a secret.
type facts struct {
	id      secret.ID
	deleted bool
	current int32
	// versions are the secret's, whose numbers count from 1.
	versions []secret.Facts
	strict   bool
	// cron is that of the schedule; nil for a schedule by a period.
	cron *secret.Cron
}

// drawCron is one of two schedules by the calendar, or none.
func drawCron(t *rapid.T, name string) *secret.Cron {
	return rapid.Ptr(rapid.SampledFrom([]secret.Cron{{Expression: "0 3 * * 1", TimeZone: "UTC"},
		{Expression: "0 3 * * 1", TimeZone: "Europe/Berlin"}}), true).Draw(t, name)
}

func drawFacts(t *rapid.T) facts {
	f := facts{id: ident.New[secret.Secret](), deleted: rapid.Bool().Draw(t, "deleted") && rapid.Bool().Draw(t, "really"),
		strict: rapid.Bool().Draw(t, "strict")}
	for range rapid.IntRange(1, 4).Draw(t, "versions") {
		v := secret.Facts{
			Found:       true,
			Destroyed:   rapid.Bool().Draw(t, "destroyed"),
			Format:      rapid.SampledFrom([]secret.Format{secret.Text, secret.JSON}).Draw(t, "format"),
			NeedsReason: f.strict,
		}
		if v.Format == secret.JSON {
			v.Fields = rapid.SampledFrom([][]string{nil, {"a"}, {"a", "b"}}).Draw(t, "fields")
		}
		f.versions = append(f.versions, v)
	}
	f.current = rapid.Int32Range(1, int32(len(f.versions))).Draw(t, "current")
	f.cron = drawCron(t, "cron")
	f.versions[f.current-1].Destroyed = false // as nobody can destroy it
	return f
}

func drawNumber(t *rapid.T, name string) *int32 {
	return rapid.Ptr(rapid.Int32Range(1, 5), true).Draw(t, name)
}

var planned = time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)

func (f facts) insert(t *rapid.T, ws authz.WorkspaceID, super *sql.DB) {
	exec := func(query string, args ...any) {
		_, err := super.ExecContext(t.Context(), query, args...)
		testkit.Must(t, err)
	}
	state, ended := "ACTIVE", (*time.Time)(nil)
	if f.deleted {
		state, ended = "DELETED", new(time.Now().Add(time.Hour))
	}
	exec(`UPDATE workspace SET require_reveal_reason = $1`, f.strict)
	exec(`INSERT INTO secret (workspace_id, id, name, state, format, current_version, deleted_at, purge_at,
			rotate_every_seconds, rotate_at, created_by_kind, created_by_id, created_by_label)
		VALUES ($1, $2::uuid, $2::uuid::text, $3, 'TEXT', $4, $5, $5, 7200, $6, 'USER', 'u', 'u')`, ws, f.id, state,
		f.current, ended, planned)
	if f.cron != nil {
		exec(`INSERT INTO rotation_cron (workspace_id, secret_id, every_seconds, spec) VALUES ($1, $2, 7200, $3)`, ws, f.id,
			f.cron.Expression+" "+f.cron.TimeZone)
	}
	for i, v := range f.versions {
		destroyed := (*time.Time)(nil)
		if v.Destroyed {
			destroyed = new(time.Now())
		}
		exec(`INSERT INTO secret_version (workspace_id, secret_id, version, vault_number, format, fields,
				fingerprint, destroyed_at, created_by_kind, created_by_id, created_by_label)
			VALUES ($1, $2, $3::integer, $3::integer, $4, $5, $6, $7, 'USER', 'u', 'u')`, ws, f.id, i+1, v.Format,
			append(pq.StringArray{}, v.Fields...), []byte(strings.Repeat("f", 32)), destroyed)
	}
}

// at is what is known of a version.
func (f facts) at(version int32) secret.Facts {
	if int(version) > len(f.versions) {
		return secret.Facts{NeedsReason: f.strict}
	}
	return f.versions[version-1]
}

func (f facts) missing() error {
	if f.deleted {
		return secret.NotFound()
	}
	return nil
}

// same fails unless what the store says is what the noun does.
func same(t *rapid.T, got, want error) {
	var said, meant *fault.Error
	if (got == nil) != (want == nil) || errors.As(want, &meant) && (!errors.As(got, &said) || said.Say != meant.Say ||
		said.Kind != meant.Kind) {
		t.Fatalf("the store says %v, the noun %v", got, want)
	}
}

// TestReveal_OfAnyFacts_IsWrittenExactlyWhenTheNounRefusesNothing holds the statement's conditions to the noun's.
func TestReveal_OfAnyFacts_IsWrittenExactlyWhenTheNounRefusesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	super := open(t, f.SuperURL)
	rapid.Check(t, func(r *rapid.T) {
		had := drawFacts(r)
		had.insert(r, f.acme.Workspace, super)
		target := secret.RevealTarget{
			SecretID: had.id,
			Version:  drawNumber(r, "version"),
			Field:    rapid.Ptr(rapid.SampledFrom([]string{"a", "b"}), true).Draw(r, "field"),
		}
		reason := rapid.SampledFrom([]string{"", "why"}).Draw(r, "reason")
		version := had.current
		if target.Version != nil {
			version = *target.Version
		}
		e := audit.Record(f.acme, audit.SecretAccessed).AwaitsTarget("secret").Awaits("version").Because(reason)
		shown, err := f.db.Secrets().Reveal(t.Context(), target, e)
		same(r, err, cmp.Or(had.missing(), target.Refuse(had.at(version), reason)))
		events, failed := f.db.AuditLog().Get(t.Context(), f.acme.Workspace, []audit.EventID{e.ID})
		testkit.Must(t, failed)
		if len(events) == 1 != (err == nil) {
			r.Fatalf("%d events of a reveal that ended with %v", len(events), err)
		}
		if err == nil && (shown.Version != version || shown.Format != had.at(version).Format ||
			events[0].Details["version"] != float64(version) || events[0].Target.Label != had.id.String() ||
			shown.Secret.LastRevealedAt == nil) {
			r.Fatalf("%+v is on record as %+v", shown, events[0])
		}
	})
}

// TestAdvance_OfAnyFacts_IsWrittenExactlyWhenTheNounRefusesNothing does so for a new current value.
func TestAdvance_OfAnyFacts_IsWrittenExactlyWhenTheNounRefusesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	super := open(t, f.SuperURL)
	rapid.Check(t, func(r *rapid.T) {
		had := drawFacts(r)
		had.versions = had.versions[:had.current] // none is newer than the current one
		had.insert(r, f.acme.Workspace, super)
		f.db.Limits = postgres.Limits{SecretVersions: rapid.IntRange(0, 3).Draw(r, "limit")}
		n := secret.AdvanceRequest{
			SecretID:  had.id,
			IfVersion: drawNumber(r, "ifVersion"),
			From:      rapid.Ptr(rapid.Int32Range(1, had.current), true).Draw(r, "from"),
			Due:       rapid.Ptr(rapid.SampledFrom([]time.Time{planned, planned.Add(time.Microsecond)}), true).Draw(r, "due"),
			StoredValue: secret.StoredValue{
				Number:      100,
				Format:      secret.Text,
				Fingerprint: []byte(rapid.SampledFrom([]string{"f", "g"}).Draw(r, "fingerprint") + strings.Repeat("f", 31)),
			},
			Retain: time.Hour,
			Cron:   drawCron(r, "cron as it was read"),
		}
		if n.Cron != nil {
			n.NextAt = new(planned.Add(time.Hour))
		}
		s := secret.Secret{ID: had.id, CurrentVersion: had.current, Rotation: &secret.ScheduleState{NextAt: planned}}
		s.Rotation.Cron = had.cron
		want := cmp.Or(had.missing(), n.Refuse(s))
		if want == nil && n.From != nil {
			want = had.at(*n.From).Refuse()
		}
		if decides := s.Outlived(f.db.Limits.SecretVersions); want == nil && decides > 0 {
			want = s.RefuseVersion(f.db.Limits.SecretVersions, !had.at(int32(decides)).Destroyed)
		}
		e := audit.Record(f.acme, audit.SecretRotated).On("secret", had.id.String(), "s").Awaits("version").
			MayHave("sameValue")
		after, made, err := f.db.Secrets().Advance(t.Context(), n, e)
		same(r, err, want)
		if err != nil {
			return
		}
		events, failed := f.db.AuditLog().Get(t.Context(), f.acme.Workspace, []audit.EventID{e.ID})
		testkit.Must(t, failed)
		sameValue, _ := events[0].Details["sameValue"].(bool)
		if had.cron != nil && !after.Rotation.NextAt.Equal(*n.NextAt) {
			r.Fatalf("the next is at %s, want %s", after.Rotation.NextAt, n.NextAt)
		}
		if made.Version != had.current+1 || after.CurrentVersion != made.Version || sameValue != (n.Fingerprint[0] == 'f') {
			r.Fatalf("%+v, %+v is on record as %+v", after, made, events[0])
		}
	})
}

// TestCreateUpload_OfAnyFacts_IsWrittenExactlyWhenTheNounRefusesNothing does so for an upload.
func TestCreateUpload_OfAnyFacts_IsWrittenExactlyWhenTheNounRefusesNothing(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	super := open(t, f.SuperURL)
	rapid.Check(t, func(r *rapid.T) {
		exec := func(query string, args ...any) {
			_, err := super.ExecContext(t.Context(), query, args...)
			testkit.Must(r, err)
		}
		in := ident.New[datastore.Datastore]()
		deleted := rapid.IntRange(0, 3).Draw(r, "deleted") == 0
		ofKey := rapid.IntRange(0, upload.MaxOpenOfKey).Draw(r, "of key")
		ofWorkspace := rapid.SampledFrom([]int{ofKey, upload.MaxOpenOfWorkspace - 1, upload.MaxOpenOfWorkspace}).
			Draw(r, "of workspace")
		held := workspace.Usage{
			UsedBytes:     rapid.Int64Range(0, 10).Draw(r, "used"),
			ReservedBytes: rapid.Int64Range(0, 10).Draw(r, "reserved"),
			LimitBytes:    rapid.Ptr(rapid.Int64Range(0, 30), true).Draw(r, "limit"),
		}
		exec(`DELETE FROM upload`)
		exec(`UPDATE workspace_usage SET used_bytes = $2, reserved_bytes = $3, limit_bytes = $4 WHERE workspace_id = $1`,
			f.acme.Workspace, held.UsedBytes, held.ReservedBytes, held.LimitBytes)
		exec(`INSERT INTO datastore (workspace_id, id, name, deleted_at, created_by_kind, created_by_id, created_by_label)
			VALUES ($1, $2::uuid, $2::uuid::text, CASE WHEN $3 THEN now() END, 'USER', 'u', 'u')`, f.acme.Workspace, in,
			deleted)
		exec(`INSERT INTO upload (workspace_id, datastore_id, id, key, content_type, max_bytes, metadata, state, expires_at,
				created_by_kind, created_by_id, created_by_label)
			SELECT $1, $2, gen_random_uuid(), CASE WHEN i <= $3 THEN 'a' ELSE 'b' || i END, 't', 0, '{}', 'OPEN', now(),
				'USER', 'u', 'u' FROM generate_series(1, $4) i`, f.acme.Workspace, in, ofKey, ofWorkspace)

		u := upload.Upload{
			ID:          ident.New[upload.Upload](),
			DatastoreID: in,
			Key:         "a",
			ContentType: "text/csv",
			MaxBytes:    rapid.Int64Range(1, 10).Draw(r, "bytes"),
			State:       upload.Open,
			CreatedBy:   f.acme.Who,
		}
		var missing error
		if deleted {
			missing = datastore.NotFound()
		}
		want := cmp.Or(missing, upload.OpenCounts{OfKey: ofKey + 1, OfWorkspace: ofWorkspace + 1}.Refuse(),
			held.RefuseMore("maxBytes", u.MaxBytes))
		e := audit.Record(f.acme, audit.UploadURLCreated).On("upload", u.ID.String(), u.Key)
		same(r, f.db.Uploads().Create(t.Context(), u, e), want)

		var reserved int64
		var kept, events int
		testkit.Must(r, super.QueryRowContext(t.Context(), `SELECT reserved_bytes,
				(SELECT count(*) FROM upload WHERE id = $2), (SELECT count(*) FROM audit_event WHERE id = $3)
			FROM workspace_usage WHERE workspace_id = $1`, f.acme.Workspace, u.ID, e.ID).Scan(&reserved, &kept, &events))
		done, more := 0, int64(0)
		if want == nil {
			done, more = 1, u.MaxBytes
		}
		if kept != done || events != done || reserved != held.ReservedBytes+more {
			r.Fatalf("%d uploads, %d events, %d bytes reserved after %v", kept, events, reserved, want)
		}
	})
}

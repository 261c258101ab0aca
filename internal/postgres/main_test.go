package postgres_test

import (
	"database/sql"
	"fmt"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/deletion"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/trusted"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// fixture is a database with the workspaces acme and globex, and an admin of each.
type fixture struct {
	*pgtest.Database
	db           *postgres.DB
	acme, globex authz.Actor
}

func newFixture(t *testing.T) fixture {
	t.Helper()
	d := testkit.NewDatabase(t)
	return fixture{
		Database: d.Database,
		db:       d.DB,
		acme:     d.Workspace(t, "acme"),
		globex:   d.Workspace(t, "globex"),
	}
}

// fill puts a row of acme's into every table.
func (f fixture) fill(t *testing.T) (secret.Secret, upload.Upload) {
	t.Helper()
	now := time.Now().UTC()
	d, err := datastore.NewService(f.db.Datastores(), nil, nil, time.Now).
		Create(t.Context(), f.acme, datastore.CreateRequest{
			Name:   "reports",
			Labels: []label.Label{{Key: "env", Value: "prod"}},
		})
	testkit.Must(t, err)
	keys := apikey.NewService(f.db.APIKeys(), func() apikey.Token {
		return apikey.Token{
			Text:   "t",
			Prefix: "p",
			Hash:   make([]byte, 32),
		}
	}, nil, time.Now)
	_, err = keys.Create(t.Context(), f.acme, apikey.CreateRequest{
		Name:                 "key",
		Scopes:               []authz.Scope{authz.AuditRead},
		TrustedDocumentsOnly: true,
	})
	testkit.Must(t, err)
	_, err = f.db.Idempotency().Claim(t.Context(), idempotency.Name{
		Workspace: f.acme.Workspace,
		Mutation:  "createDatastore",
		Key:       "k",
	},
		idempotency.Claim{EventID: ident.New[audit.Event](), TargetID: d.ID.String()}, make([]byte, 32))
	testkit.Must(t, err)
	u := upload.Upload{
		ID:          ident.New[upload.Upload](),
		DatastoreID: d.ID,
		Key:         "a/b.csv",
		ContentType: "text/csv",
		MaxBytes:    100,
		State:       upload.Open,
		ExpiresAt:   now.Add(time.Hour),
		CreatedAt:   now,
		CreatedBy:   f.acme.Who,
	}
	testkit.Must(t, f.db.Uploads().Create(t.Context(), u, audit.Record(f.acme, audit.UploadURLCreated)))
	u, _, err = f.db.Uploads().Commit(t.Context(), u, upload.Blob{
		SizeBytes:   10,
		ContentType: "text/csv",
		CreatedAt:   now,
	}, object.AwaitsVersion(audit.Record(f.acme, audit.ObjectCreated)),
		audit.Record(f.acme, audit.UploadRejected))
	testkit.Must(t, err)
	if u.State != upload.Completed {
		t.Fatalf("the upload is %s", u.State)
	}
	_, err = f.db.Deletions().Begin(t.Context(),
		deletion.Deletion{
			ID:          ident.New[deletion.Deletion](),
			DatastoreID: d.ID,
			Prefix:      new(string),
			Counting:    true,
			CreatedBy:   f.acme.Who,
		}, audit.Record(f.acme, audit.PrefixDeleted).AwaitsTarget("datastore"))
	testkit.Must(t, err)
	n := numbered{f, d.ID}
	_, err = n.put(t.Context(), "deleted", object.Precondition{})
	testkit.Must(t, err)
	n.delete(t, "deleted")
	_, err = f.db.TrustedDocuments().Set(t.Context(), trusted.List{SetAt: now, SetBy: f.acme.Who},
		audit.Record(f.acme, audit.TrustedDocumentsSet).AwaitsTarget("workspace").Awaits("revision"))
	testkit.Must(t, err)
	stripe := f.secret(t, "stripe")
	_, err = f.db.Secrets().Update(t.Context(), stripe.ID, secret.UpdateRequest{
		Rotation: new(&secret.Schedule{Cron: &secret.Cron{Expression: "0 3 * * *", TimeZone: "UTC"}}),
	}, audit.Record(f.acme, audit.SecretUpdated).AwaitsTarget("secret"))
	testkit.Must(t, err)
	f.inject(t, stripe)
	return stripe, u
}

// inject hands a secret to a run of a workflow that uses it.
func (f fixture) inject(t *testing.T, s secret.Secret) run.PinRequest {
	t.Helper()
	_, err := reference.NewService(f.db.References()).Set(t.Context(), f.acme, reference.Consumer{
		Kind:       reference.Workflow,
		ExternalID: "wf",
		Name:       "wf",
	}, []secret.ID{s.ID})
	testkit.Must(t, err)
	k := run.RuntimeKey{
		ID:        ident.New[run.RuntimeKey](),
		Name:      "runtime",
		PublicKey: []byte(fmt.Sprintf("%.32s", ident.New[run.RuntimeKey]())),
		CreatedAt: time.Now(),
	}
	testkit.Must(t, f.db.RuntimeKeys().Add(t.Context(), k, audit.Record(f.acme, audit.RuntimeKeyAdded)))
	c := run.PinRequest{
		InjectRequest: run.InjectRequest{
			Run:          run.Run{RunID: "run", StepID: "step"},
			Consumer:     run.Consumer{Kind: reference.Workflow, ExternalID: "wf"},
			Secrets:      []run.SecretRequest{{SecretID: s.ID}},
			RuntimeKeyID: k.ID,
			LeaseFor:     time.Hour,
		},
		IDs:       []secret.ID{s.ID},
		Under:     ident.New[run.Lease](),
		TokenHash: make([]byte, 32),
	}
	testkit.Must(t, f.pin(t, c))
	return c
}

func (f fixture) secret(t *testing.T, name string) secret.Secret {
	t.Helper()
	s := secret.Secret{
		ID:             ident.New[secret.Secret](),
		Name:           name,
		Format:         secret.Text,
		CurrentVersion: 1,
		CreatedAt:      time.Now(),
		CreatedBy:      f.acme.Who,
	}
	testkit.Must(t, f.db.Secrets().Reserve(t.Context(), f.acme.Workspace, s))
	testkit.Must(t, f.db.Secrets().Activate(t.Context(), s, secret.StoredValue{
		Number:      1,
		Format:      secret.Text,
		Fingerprint: make([]byte, 32),
	}, []label.Label{{Key: "env", Value: "prod"}}, audit.Record(f.acme, audit.SecretCreated)))
	return s
}

// open connects without the server's own code.
func open(t *testing.T, url string) *sql.DB {
	t.Helper()
	db, err := sql.Open("postgres", url)
	testkit.Must(t, err)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

package object_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	emulator "github.com/provenanceone/data-api/internal/embedded/gcs"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

const signer = "signer@dev.iam.gserviceaccount.com"

var (
	bg  = context.Background()
	key = sync.OnceValue(func() *rsa.PrivateKey {
		key, err := rsa.GenerateKey(rand.Reader, 2048)
		if err != nil {
			panic(err)
		}
		return key
	})
)

// rig is a database, a storage, and the services on them.
type rig struct {
	*pgtest.Database
	db      *postgres.DB
	super   *sql.DB
	store   *gcs.Store
	http    *http.Client
	now     time.Time
	uploads *upload.Service
	objects *object.Service
	// datastores are acme's and globex'.
	datastores *datastore.Service
	endpoint   string
	acme       authz.Actor
	globex     authz.Actor
	in         datastore.ID // a datastore of acme's
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{Database: pgtest.New(t), now: time.Now().Add(time.Hour).UTC().Truncate(time.Second)}
	var err error
	r.db, err = postgres.Open(r.AppURL)
	must(t, err)
	t.Cleanup(func() { must(t, r.db.Close()) })
	r.super, err = sql.Open("postgres", r.SuperURL)
	must(t, err)
	t.Cleanup(func() { must(t, r.super.Close()) })
	r.openStorage(t)
	r.uploads, r.objects = r.services(r.store)
	r.acme, r.globex = r.workspace(t, "acme"), r.workspace(t, "globex")
	r.datastores = datastore.NewService(r.db, r.uploads, nil, r.clock)
	d, err := r.datastores.Create(bg, r.acme, datastore.CreateRequest{Name: "reports"})
	must(t, err)
	r.in = d.ID
	return r
}

// clock stands still an hour from now, for signatures bear the machine's own time.
func (r *rig) clock() time.Time { return r.now }

func (r *rig) services(blobs object.Blobs) (*upload.Service, *object.Service) {
	silent := slog.New(slog.DiscardHandler)
	reaper := object.NewReaper(r.db, blobs, silent)
	uploads := upload.NewService(r.db, r.store, reaper, upload.Options{
		Key:      make([]byte, 32),
		MaxBytes: 1 << 20,
		Now:      r.clock,
		Log:      silent,
	})
	return uploads, object.NewService(r.db, blobs, uploads, reaper, idempotency.NewService(r.db, make([]byte, 32)),
		r.clock, silent)
}

func (r *rig) openStorage(t *testing.T) {
	t.Helper()
	s, err := emulator.Start(t.Context(), emulator.Options{
		Dir:     t.TempDir(),
		Bearer:  "bearer",
		Signers: map[string]*rsa.PublicKey{signer: &key().PublicKey},
		Now:     r.clock,
	})
	must(t, err)
	t.Cleanup(func() { must(t, s.Close()) })
	r.endpoint = s.URL()
	r.store, err = gcs.New(t.Context(), gcs.Options{
		Buckets: map[string]string{"eu": "blobs"},
		Signer: gcs.NewSigner(signer,
			key()),
		Endpoint: s.URL(),
		Bearer:   "bearer",
		Project:  "dev",
	})
	must(t, err)
	t.Cleanup(func() { must(t, r.store.Close()) })
	must(t, r.store.EnsureBucket(t.Context(), "eu"))
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	r.http = &http.Client{Transport: transport}
}

func (r *rig) workspace(t *testing.T, name string) authz.Actor {
	t.Helper()
	w := workspace.Workspace{ID: authz.NewWorkspaceID(), Name: name, Region: "eu"}
	m := member.Member{
		ID:      ident.New[member.Member](),
		Issuer:  "https://id.example",
		Subject: name,
		Email:   name + "@x.example",
		Role:    authz.Admin,
	}
	must(t, workspace.Found(bg, r.db, w, []member.Member{m}))
	return authz.Actor{
		Who:       authz.Who{Kind: authz.User, PrincipalID: m.ID.String(), Label: m.Email},
		Workspace: w.ID,
		Region:    "eu",
		Role:      authz.Admin,
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind, field string) fault.Error {
	t.Helper()
	var e *fault.Error
	if !errors.As(err, &e) || e.Kind != kind || field != "" && e.Details["field"] != field {
		t.Fatalf("got %v, want %s about %q", err, kind, field)
	}
	return *e
}

func ptr[T any](v T) *T { return &v }

// keep uploads content by a signed PUT and returns the object.
func (r *rig) keep(t *testing.T, key, contentType, content string) object.Object {
	t.Helper()
	g, err := r.uploads.Begin(bg, r.acme, upload.BeginRequest{
		DatastoreID: r.in,
		Key:         key,
		ContentType: contentType,
		TTL:         time.Hour,
	})
	must(t, err)
	req, err := http.NewRequestWithContext(bg, http.MethodPut, g.Put.URL, strings.NewReader(content))
	must(t, err)
	for _, h := range g.Put.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	if res, body := r.send(t, req); res.StatusCode != http.StatusOK {
		t.Fatalf("storage answered the PUT of %q with %d: %s", key, res.StatusCode, body)
	}
	o, err := r.objects.Find(bg, r.acme, r.in, key)
	must(t, err)
	return o
}

// answer is what storage says beside the body.
type answer struct {
	StatusCode int
	Header     http.Header
}

func (r *rig) send(t *testing.T, req *http.Request) (answer, string) {
	t.Helper()
	res, err := r.http.Do(req)
	must(t, err)
	body, err := io.ReadAll(res.Body)
	must(t, err)
	must(t, res.Body.Close())
	return answer{res.StatusCode, res.Header}, string(body)
}

func (r *rig) get(t *testing.T, url string) (answer, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(bg, http.MethodGet, url, nil)
	must(t, err)
	return r.send(t, req)
}

// bucket lists the names of all blobs.
func (r *rig) bucket(t *testing.T) (names []string) {
	t.Helper()
	req, err := http.NewRequestWithContext(bg, http.MethodGet, r.endpoint+"/storage/v1/b/blobs/o", nil)
	must(t, err)
	req.Header.Set("Authorization", "Bearer bearer")
	_, body := r.send(t, req)
	var listed struct {
		Items         []struct{ Name string }
		NextPageToken string
	}
	must(t, json.Unmarshal([]byte(body), &listed))
	if listed.NextPageToken != "" {
		t.Fatal("the bucket has more than one page")
	}
	for _, item := range listed.Items {
		names = append(names, item.Name)
	}
	return names
}

// plant makes rows of empty objects, without bytes, for lists.
func (r *rig) plant(t *testing.T, keys ...string) {
	t.Helper()
	for _, key := range keys {
		_, err := r.super.ExecContext(bg, `
			WITH b AS (INSERT INTO blob VALUES ($1, gen_random_uuid(), 1) RETURNING id),
			     o AS (INSERT INTO object VALUES ($1, gen_random_uuid(), $2, $3, 1) RETURNING id)
			INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type,
			crc32c, metadata, landed_at,
				created_by_kind, created_by_id, created_by_label)
			SELECT $1, gen_random_uuid(), o.id, 1, b.id, 0, 'text/plain', '', '{}', now(), 'USER', '', '' FROM o, b`,
			r.acme.Workspace.String(), r.in.String(), key)
		must(t, err)
	}
}

func (r *rig) list(t *testing.T, prefix string, first int32, after *string) ([]string, page.Page[object.Object]) {
	t.Helper()
	req, err := page.Parse(&first, after, 1)
	must(t, err)
	pages, err := r.objects.List(bg, r.acme, []datastore.ID{r.in}, prefix, req)
	must(t, err)
	p, keys := pages[0], []string{}
	for _, o := range p.Items {
		keys = append(keys, o.Key)
	}
	return keys, p
}

// read reads the first bytes of one version.
func (r *rig) read(who authz.Actor, v object.Version, most int32) (object.Content, error) {
	readings, err := r.objects.Read(bg, who, []object.Version{v}, most)
	if err != nil {
		return object.Content{}, err
	}
	return readings[0].Content, readings[0].Err
}

func (r *rig) events(t *testing.T, query string, args ...any) (n int) {
	t.Helper()
	must(t, r.super.QueryRowContext(bg, `SELECT count(*) FROM audit_event WHERE `+query, args...).Scan(&n))
	return n
}

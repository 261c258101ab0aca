package run_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// yard is a database, a storage, and what carries out steps on them, with an API key of acme and of globex that may.
type yard struct {
	*run.Steps
	*testkit.Database
	t            *testing.T
	storage      *testkit.Storage
	blobs        *faulty
	rows         *losing
	datastores   *datastore.Service
	objects      *object.Service
	uploads      *upload.Service
	acme, globex authz.Actor
	// in is a datastore of acme's.
	in datastore.ID
}

// faulty is a storage that can be made to fail.
type faulty struct {
	*gcs.Store
	noRead, noWrite, noSign atomic.Bool
	// beforeWrite and afterWrite are called then, if they are set.
	beforeWrite, afterWrite func()
}

func (f *faulty) Read(ctx context.Context, p object.Place, most int64) ([]byte, error) {
	if f.noRead.Load() {
		return nil, down
	}
	return f.Store.Read(ctx, p, most)
}

func (f *faulty) Write(
	ctx context.Context, p object.Place, content []byte, contentType string,
) (object.WriteResult, error) {
	if f.beforeWrite != nil {
		f.beforeWrite()
	}
	w, err := f.Store.Write(ctx, p, content, contentType)
	if f.afterWrite != nil {
		f.afterWrite()
	}
	if f.noWrite.Load() {
		return object.WriteResult{}, down // although it is there
	}
	return w, err
}

func (f *faulty) SignGet(ctx context.Context, p object.Place, rule object.GetRule) (string, error) {
	if f.noSign.Load() {
		return "", down
	}
	return f.Store.SignGet(ctx, p, rule)
}

// losing is a database that can be made to fail before, or lose its answer after, what makes an object.
type losing struct {
	postgres.Objects
	before, after atomic.Pointer[error]
}

func (l *losing) Put(
	ctx context.Context, n object.WriteRequest, e audit.Entry,
) (object.Version, []object.BlobID, error) {
	if err := l.before.Load(); err != nil {
		return object.Version{}, nil, *err
	}
	v, free, err := l.Objects.Put(ctx, n, e)
	if lost := l.after.Load(); lost != nil {
		return object.Version{}, nil, *lost
	}
	return v, free, err
}

func newYard(t *testing.T) *yard {
	t.Helper()
	y := &yard{t: t, Database: testkit.NewDatabase(t), storage: testkit.NewStorage(t, time.Now)}
	y.blobs = &faulty{Store: y.storage.Store}
	y.rows = &losing{Objects: y.DB.Objects()}
	silent := slog.New(slog.DiscardHandler)
	once, reaper := idempotency.NewService(y.DB.Idempotency(), server), object.NewReaper(y.DB.Objects(), y.blobs, silent)
	y.uploads = upload.NewService(y.DB.Uploads(), y.blobs, reaper, upload.Options{
		Keys:     [][]byte{make([]byte, 32)},
		Once:     once,
		MaxBytes: 1 << 30,
		Now:      time.Now,
		Log:      silent,
	})
	y.objects = object.NewService(y.rows, y.blobs, y.uploads, reaper, once, time.Now, silent)
	y.datastores = datastore.NewService(y.DB.Datastores(), y.uploads, once, time.Now)
	y.Steps = run.NewSteps(y.datastores, y.objects, y.objects, y.DB, once)
	y.acme, y.globex = y.runtime("acme"), y.runtime("globex")
	d, err := y.datastores.Create(t.Context(), y.acme, datastore.CreateRequest{Name: "reports"})
	testkit.Must(t, err)
	y.in = d.ID
	return y
}

// runtime is an API key of a new workspace, with the scope that steps need and no other.
func (y *yard) runtime(name string) authz.Actor {
	y.t.Helper()
	a := y.Workspace(y.t, name)
	a.Role, a.Scopes = "", authz.NewScopes(authz.RunsExecute)
	hash := make([]byte, 32)
	_, _ = rand.Read(hash)
	made, err := apikey.NewService(y.DB.APIKeys(), func() apikey.Token {
		return apikey.Token{
			Text:   "t",
			Prefix: "p",
			Hash:   hash,
		}
	}, nil, time.Now).
		Create(y.t.Context(), a,
			apikey.CreateRequest{Name: "runtime of " + name, Scopes: []authz.Scope{authz.RunsExecute}})
	testkit.Must(y.t, err)
	a.Who = authz.Who{Kind: authz.APIKey, PrincipalID: made.Key.ID.String(), Label: made.Key.Name}
	return a
}

// step is one of the first run, in acme's datastore, on a key.
func (y *yard) step(action run.StorageAction, key string) run.Step {
	return run.Step{Run: first, Action: action, DatastoreID: y.in, Key: &key}
}

// do carries out a step of acme's.
func (y *yard) do(s run.Step) run.StepResult {
	y.t.Helper()
	done, err := y.Execute(y.t.Context(), y.acme, s)
	testkit.Must(y.t, err)
	return done
}

// refused carries out a step that does nothing, and returns why.
func (y *yard) refused(s run.Step) error {
	y.t.Helper()
	before := y.state()
	_, err := y.Execute(y.t.Context(), y.acme, s)
	if err == nil {
		y.t.Fatalf("%s of %v was done", s.Action, s.Key)
	}
	if after := y.state(); after != before {
		y.t.Errorf("what was refused with %v changed %s to %s", err, before, after)
	}
	return err
}

func (y *yard) putText(key, text string, change ...func(*run.Step)) object.Version {
	y.t.Helper()
	s := y.step(run.Put, key)
	s.Text = &text
	for _, c := range change {
		c(&s)
	}
	return *y.do(s).Version
}

// lands uploads bytes by a signed URL, and settles nothing.
func (y *yard) lands(r upload.BeginRequest, content string) upload.Grant {
	y.t.Helper()
	g, err := y.uploads.Begin(y.t.Context(), y.acme, r)
	testkit.Must(y.t, err)
	req, err := http.NewRequestWithContext(y.t.Context(), http.MethodPut, g.Put.URL, strings.NewReader(content))
	testkit.Must(y.t, err)
	for _, h := range g.Put.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	if status, body := y.send(req); status != http.StatusOK {
		y.t.Fatalf("storage answered the PUT with %d: %s", status, body)
	}
	return g
}

func (y *yard) send(req *http.Request) (int, string) {
	y.t.Helper()
	transport := &http.Transport{DisableKeepAlives: true}
	res, err := (&http.Client{Transport: transport}).Do(req)
	testkit.Must(y.t, err)
	defer func() { testkit.Must(y.t, res.Body.Close()) }()
	body, err := io.ReadAll(res.Body)
	testkit.Must(y.t, err)
	return res.StatusCode, string(body)
}

// bucket are the names of all blobs in storage.
func (y *yard) bucket() (names []string) {
	y.t.Helper()
	req, err := http.NewRequestWithContext(y.t.Context(), http.MethodGet, y.storage.Emulator.URL()+"/storage/v1/b/blobs-eu/o", nil)
	testkit.Must(y.t, err)
	req.Header.Set("Authorization", "Bearer "+testkit.Bearer)
	_, raw := y.send(req)
	var listed struct{ Items []struct{ Name string } }
	testkit.Must(y.t, json.Unmarshal([]byte(raw), &listed))
	for _, item := range listed.Items {
		names = append(names, item.Name)
	}
	return names
}

// text reads one value of the database.
func (y *yard) text(query string, args ...any) (text string) {
	y.t.Helper()
	testkit.Must(y.t, y.Super.QueryRowContext(y.t.Context(), query, args...).Scan(&text))
	return text
}

// state is everything that a step may change, but for claims.
func (y *yard) state() string {
	y.t.Helper()
	return y.text(`SELECT jsonb_build_object('events', (SELECT count(*)
		FROM audit_event), 'versions', (SELECT jsonb_agg(id ORDER BY id) FROM object_version),
		'usage', (SELECT jsonb_agg(jsonb_build_array(object_count, used_bytes, reserved_bytes) ORDER BY workspace_id)
		FROM workspace_usage),
		'blobs', (SELECT jsonb_agg(jsonb_build_array(id, refs) ORDER BY id) FROM blob))`) +
		strings.Join(y.bucket(), " ")
}

// record are the actions on record since the datastore was made, oldest first, each with its outcome.
func (y *yard) record() string {
	y.t.Helper()
	return y.text(`SELECT coalesce(string_agg(action || ' ' || outcome, ', ' ORDER BY id), '') FROM audit_event
		WHERE id > (SELECT id FROM audit_event WHERE action = 'datastore.created') AND action NOT LIKE 'api_key.%'
		AND action NOT LIKE 'workspace.%'`)
}

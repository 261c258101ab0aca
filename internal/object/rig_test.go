package object_test

import (
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

var (
	bg = context.Background()
)

// rig is a database, a storage, and the services on them.
type rig struct {
	*testkit.Database
	*testkit.Storage
	now     time.Time
	uploads *upload.Service
	objects *object.Service
	// datastores are acme's and globex'.
	datastores *datastore.Service
	acme       authz.Actor
	globex     authz.Actor
	in         datastore.ID // a datastore of acme's
}

func newRig(t *testing.T) *rig {
	t.Helper()
	r := &rig{Database: testkit.NewDatabase(t), now: time.Now().Add(time.Hour).UTC().Truncate(time.Second)}
	r.Storage = testkit.NewStorage(t, r.clock)
	r.uploads, r.objects = r.services(r.Store)
	r.acme, r.globex = r.Workspace(t, "acme"), r.Workspace(t, "globex")
	r.datastores = datastore.NewService(r.DB.Datastores(), r.uploads, nil, r.clock)
	d, err := r.datastores.Create(bg, r.acme, datastore.CreateRequest{Name: "reports"})
	testkit.Must(t, err)
	r.in = d.ID
	return r
}

// clock stands still an hour from now, for signatures bear the machine's own time.
func (r *rig) clock() time.Time { return r.now }

func (r *rig) services(blobs object.Blobs) (*upload.Service, *object.Service) {
	silent := slog.New(slog.DiscardHandler)
	reaper := object.NewReaper(r.DB.Objects(), blobs, silent)
	uploads := upload.NewService(r.DB.Uploads(), r.Store, reaper, upload.Options{
		Keys:     [][]byte{make([]byte, 32)},
		MaxBytes: 1 << 20,
		Now:      r.clock,
		Log:      silent,
	})
	return uploads, object.NewService(r.DB.Objects(), blobs, uploads, reaper,
		idempotency.NewService(r.DB.Idempotency(), [][]byte{make([]byte, 32)}),
		r.clock, silent)
}

// keep uploads content by a signed PUT and returns the object.
func (r *rig) keep(t *testing.T, key, contentType, content string) object.Object {
	t.Helper()
	g, err := r.uploads.Begin(bg, r.acme, upload.BeginRequest{
		DatastoreID: r.in,
		Key:         key,
		ContentType: contentType,
		TTL:         time.Hour,
	})
	testkit.Must(t, err)
	req, err := http.NewRequestWithContext(bg, http.MethodPut, g.Put.URL, strings.NewReader(content))
	testkit.Must(t, err)
	for _, h := range g.Put.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	if res, body := r.send(t, req); res.StatusCode != http.StatusOK {
		t.Fatalf("storage answered the PUT of %q with %d: %s", key, res.StatusCode, body)
	}
	o, err := r.objects.Find(bg, r.acme, r.in, key)
	testkit.Must(t, err)
	return o
}

// answer is what storage says beside the body.
type answer struct {
	StatusCode int
	Header     http.Header
}

func (r *rig) send(t *testing.T, req *http.Request) (answer, string) {
	t.Helper()
	res, err := r.HTTP.Do(req)
	testkit.Must(t, err)
	body, err := io.ReadAll(res.Body)
	testkit.Must(t, err)
	testkit.Must(t, res.Body.Close())
	return answer{res.StatusCode, res.Header}, string(body)
}

func (r *rig) get(t *testing.T, url string) (answer, string) {
	t.Helper()
	req, err := http.NewRequestWithContext(bg, http.MethodGet, url, nil)
	testkit.Must(t, err)
	return r.send(t, req)
}

// bucket lists the names of all blobs.
func (r *rig) bucket(t *testing.T) (names []string) {
	t.Helper()
	req, err := http.NewRequestWithContext(bg, http.MethodGet, r.Emulator.URL()+"/storage/v1/b/blobs-eu/o", nil)
	testkit.Must(t, err)
	req.Header.Set("Authorization", "Bearer "+testkit.Bearer)
	_, body := r.send(t, req)
	var listed struct {
		Items         []struct{ Name string }
		NextPageToken string
	}
	testkit.Must(t, json.Unmarshal([]byte(body), &listed))
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
		_, err := r.Super.ExecContext(bg, `
			WITH b AS (INSERT INTO blob VALUES ($1, gen_random_uuid(), 1) RETURNING id),
			     o AS (INSERT INTO object VALUES ($1, gen_random_uuid(), $2, $3, 1) RETURNING id)
			INSERT INTO object_version (workspace_id, id, object_id, version, blob_id, size_bytes, content_type,
			crc32c, metadata, landed_at,
				created_by_kind, created_by_id, created_by_label)
			SELECT $1, gen_random_uuid(), o.id, 1, b.id, 0, 'text/plain', '', '{}', now(), 'USER', '', '' FROM o, b`,
			r.acme.Workspace.String(), r.in.String(), key)
		testkit.Must(t, err)
	}
}

func (r *rig) list(t *testing.T, prefix string, first int32, after *string) ([]string, page.Page[object.Object]) {
	t.Helper()
	req, err := page.Parse(&first, after)
	testkit.Must(t, err)
	pages, err := r.objects.List(bg, r.acme, []datastore.ID{r.in}, object.Filter{Prefix: prefix}, req)
	testkit.Must(t, err)
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
	testkit.Must(t, r.Super.QueryRowContext(bg, `SELECT count(*) FROM audit_event WHERE `+query, args...).Scan(&n))
	return n
}

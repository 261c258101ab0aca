package upload_test

import (
	"bytes"
	"crypto/rand"
	"crypto/rsa"
	"database/sql"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	emulator "github.com/provenanceone/data-api/internal/embedded/gcs"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

const (
	bearer = "a-token-of-this-boot"
	signer = "signer@dev.iam.gserviceaccount.com"
	most   = 1 << 20
	ttl    = 15 * time.Minute
)

var key = sync.OnceValue(func() *rsa.PrivateKey {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		panic(err)
	}
	return key
})

var serverKey = bytes.Repeat([]byte("k"), 32)

// clock stands still until it is moved. It starts an hour from now, for signatures bear the machine's own time.
type clock struct{ nanos atomic.Int64 }

func (c *clock) now() time.Time       { return time.Unix(0, c.nanos.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.nanos.Add(int64(d)) }

// rig is a database, a storage with a bucket a region, and the services on them.
type rig struct {
	*pgtest.Database
	clock    *clock
	db       *postgres.DB
	super    *sql.DB
	storage  *emulator.Server
	store    *gcs.Store
	http     *http.Client
	uploads  *upload.Service
	objects  *object.Service
	in       datastore.ID // a datastore of acme's
	acme     authz.Actor
	globex   authz.Actor
	services func(upload.Store, upload.Blobs) (*upload.Service, *object.Service)
}

// newRig has the regions eu and more; those but eu have no bucket yet.
func newRig(t *testing.T, more ...string) *rig {
	t.Helper()
	r := &rig{Database: pgtest.New(t), clock: &clock{}}
	r.clock.nanos.Store(time.Now().Add(time.Hour).Truncate(time.Second).UnixNano())
	r.openDatabase(t)
	r.openStorage(t, append(more, "eu"))
	r.services = func(rows upload.Store, blobs upload.Blobs) (*upload.Service, *object.Service) {
		silent := slog.New(slog.DiscardHandler)
		reaper := object.NewReaper(r.db, r.store, silent)
		uploads := upload.NewService(rows, blobs, reaper, upload.Options{
			Key:      serverKey,
			MaxBytes: most,
			Now:      r.clock.now,
			Log:      silent,
		})
		return uploads, object.NewService(r.db, r.store, uploads, reaper, nil, r.clock.now, silent)
	}
	r.uploads, r.objects = r.services(r.db, r.store)
	r.acme, r.globex = r.workspace(t, "acme", "eu"), r.workspace(t, "globex", "eu")
	r.in = r.datastore(t, r.acme)
	return r
}

func (r *rig) openDatabase(t *testing.T) {
	t.Helper()
	var err error
	r.db, err = postgres.Open(r.AppURL)
	must(t, err)
	t.Cleanup(func() { must(t, r.db.Close()) })
	r.super, err = sql.Open("postgres", r.SuperURL)
	must(t, err)
	t.Cleanup(func() { must(t, r.super.Close()) })
}

func (r *rig) openStorage(t *testing.T, regions []string) {
	t.Helper()
	var err error
	r.storage, err = emulator.Start(t.Context(), emulator.Options{
		Dir:     t.TempDir(),
		Bearer:  bearer,
		Signers: map[string]*rsa.PublicKey{signer: &key().PublicKey},
		Now:     r.clock.now,
	})
	must(t, err)
	t.Cleanup(func() { must(t, r.storage.Close()) })
	buckets := map[string]string{}
	for _, region := range regions {
		buckets[region] = "blobs-" + region
	}
	r.store, err = gcs.New(t.Context(), gcs.Options{
		Buckets: buckets,
		Signer: gcs.NewSigner(signer,
			key()),
		Endpoint: r.storage.URL(),
		Bearer:   bearer,
		Project:  "dev",
	})
	must(t, err)
	t.Cleanup(func() { must(t, r.store.Close()) })
	must(t, r.store.EnsureBucket(t.Context(), "eu"))
	transport := &http.Transport{}
	t.Cleanup(transport.CloseIdleConnections)
	r.http = &http.Client{Transport: transport}
}

// tb is what *testing.T and *rapid.T have in common.
type tb interface {
	Helper()
	Fatalf(format string, args ...any)
}

func must(t tb, err error) {
	t.Helper()
	if err != nil {
		t.Fatalf("%v", err)
	}
}

func wantKind(t *testing.T, err error, kind fault.Kind, field string) fault.Error {
	t.Helper()
	e := asFault(err)
	if e == nil || e.Kind != kind || field != "" && e.Details["field"] != field {
		t.Fatalf("got %v, want %s about %q", err, kind, field)
	}
	return *e
}

func (r *rig) workspace(t tb, name, region string) authz.Actor {
	t.Helper()
	w := workspace.Workspace{ID: authz.NewWorkspaceID(), Name: name, Region: region}
	m := member.Member{
		ID:      ident.New[member.Member](),
		Issuer:  "https://id.example",
		Subject: w.ID.String(),
		Email:   name + "@x.example",
		Role:    authz.Admin,
	}
	must(t, workspace.Found(bg, r.db, w, []member.Member{m}))
	return authz.Actor{
		Who: authz.Who{
			Kind:        authz.User,
			PrincipalID: m.ID.String(),
			Label:       m.Email,
		},
		Workspace: w.ID,
		Region:    region,
		Role:      authz.Admin,
		From:      authz.Origin{RequestID: "request", IP: "192.0.2.1", UserAgent: "test"},
	}
}

func (r *rig) datastore(t tb, a authz.Actor) datastore.ID {
	t.Helper()
	d, err := datastore.NewService(r.db, r.uploads, nil, r.clock.now).
		Create(bg, a, datastore.CreateRequest{Name: "reports"})
	must(t, err)
	return d.ID
}

func ask(in datastore.ID, key string) upload.BeginRequest {
	size := int64(100)
	return upload.BeginRequest{DatastoreID: in, Key: key, ContentType: "text/csv", MaxBytes: &size, TTL: ttl}
}

// begin asks for an upload of at most 100 bytes of text/csv, unless told otherwise.
func (r *rig) begin(t tb, a authz.Actor, key string, change ...func(*upload.BeginRequest)) upload.Grant {
	t.Helper()
	req := ask(r.in, key)
	for _, c := range change {
		c(&req)
	}
	g, err := r.uploads.Begin(bg, a, req)
	must(t, err)
	return g
}

// put sends a body as the grant says, a second after whatever came before, and returns the status.
func (r *rig) put(t tb, g upload.Grant, body string) int {
	t.Helper()
	r.clock.pass(time.Second)
	req, err := http.NewRequestWithContext(bg, http.MethodPut, g.Put.URL, strings.NewReader(body))
	must(t, err)
	for _, h := range g.Put.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	status, _ := r.send(t, req)
	return status
}

func (r *rig) send(t tb, req *http.Request) (int, []byte) {
	t.Helper()
	res, err := r.http.Do(req)
	must(t, err)
	body, err := io.ReadAll(res.Body)
	must(t, err)
	must(t, res.Body.Close())
	return res.StatusCode, body
}

func (r *rig) land(t tb, g upload.Grant, body string) upload.ID {
	t.Helper()
	if status := r.put(t, g, body); status != http.StatusOK {
		t.Fatalf("storage answered the PUT with %d", status)
	}
	return g.Upload.ID
}

// smuggle puts bytes into staging past everything that a signed URL is bound to.
func (r *rig) smuggle(t tb, region string, id upload.ID, contentType, body string) upload.ID {
	t.Helper()
	r.clock.pass(time.Second)
	to := r.storage.URL() + "/upload/storage/v1/b/blobs-" + region + "/o?uploadType=media&name=" +
		url.QueryEscape("staging/"+id.String())
	req, err := http.NewRequestWithContext(bg, http.MethodPost, to, strings.NewReader(body))
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+bearer)
	req.Header.Set("Content-Type", contentType)
	if status, said := r.send(t, req); status != http.StatusOK {
		t.Fatalf("storage answered %d: %s", status, said)
	}
	return id
}

// bucket lists the blobs of a region with their sizes.
func (r *rig) bucket(t tb, region string) map[string]int64 {
	t.Helper()
	req, err := http.NewRequestWithContext(bg, http.MethodGet, r.storage.URL()+"/storage/v1/b/blobs-"+region+"/o", nil)
	must(t, err)
	req.Header.Set("Authorization", "Bearer "+bearer)
	_, raw := r.send(t, req)
	var page struct {
		Items         []struct{ Name, Size string }
		NextPageToken string
	}
	must(t, json.Unmarshal(raw, &page))
	if page.NextPageToken != "" {
		t.Fatalf("the bucket has more than one page")
	}
	blobs := map[string]int64{}
	for _, item := range page.Items {
		if blobs[item.Name], err = strconv.ParseInt(item.Size, 10, 64); err != nil {
			t.Fatalf("the size of %s: %v", item.Name, err)
		}
	}
	return blobs
}

func (r *rig) sql(t tb, statement string, args ...any) {
	t.Helper()
	_, err := r.super.ExecContext(bg, statement, args...)
	must(t, err)
}

func (r *rig) count(t tb, query string, args ...any) (n int) {
	t.Helper()
	must(t, r.super.QueryRowContext(bg, query, args...).Scan(&n))
	return n
}

func (r *rig) events(t tb, action string) int {
	t.Helper()
	return r.count(t, `SELECT count(*) FROM audit_event WHERE action = $1`, action)
}

// usage is what a workspace holds, in short: objects, bytes used, bytes reserved.
func (r *rig) usage(t tb, a authz.Actor) string {
	t.Helper()
	u, err := workspace.NewService(r.db, nil, workspace.Policy{}).Usage(bg, a.Workspace)
	must(t, err)
	return fmt.Sprintf("%d objects, %d used, %d reserved", u.ObjectCount, u.UsedBytes, u.ReservedBytes)
}

func (r *rig) wantUsage(t tb, want string) {
	t.Helper()
	if got := r.usage(t, r.acme); got != want {
		t.Fatalf("acme has %s, want %s", got, want)
	}
}

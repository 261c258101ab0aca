package upload_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

const (
	most = 1 << 20
	ttl  = 15 * time.Minute
)

var serverKey = bytes.Repeat([]byte("k"), 32)

// clock stands still until it is moved. It starts an hour from now, for signatures bear the machine's own time.
type clock struct{ nanos atomic.Int64 }

func (c *clock) now() time.Time       { return time.Unix(0, c.nanos.Load()).UTC() }
func (c *clock) pass(d time.Duration) { c.nanos.Add(int64(d)) }

// rig is a database, a storage with a bucket a region, and the services on them.
type rig struct {
	*testkit.Database
	*testkit.Storage
	clock    *clock
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
	r := &rig{Database: testkit.NewDatabase(t), clock: &clock{}}
	r.clock.nanos.Store(time.Now().Add(time.Hour).Truncate(time.Second).UnixNano())
	r.Storage = testkit.NewStorage(t, r.clock.now, more...)
	r.services = func(rows upload.Store, blobs upload.Blobs) (*upload.Service, *object.Service) {
		silent := slog.New(slog.DiscardHandler)
		reaper := object.NewReaper(r.DB.Objects(), r.Store, silent)
		uploads := upload.NewService(rows, blobs, reaper, upload.Options{
			Keys:     [][]byte{serverKey},
			MaxBytes: most,
			Now:      r.clock.now,
			Log:      silent,
		})
		return uploads, object.NewService(r.DB.Objects(), r.Store, uploads, reaper, nil, r.clock.now, silent)
	}
	r.uploads, r.objects = r.services(r.DB.Uploads(), r.Store)
	r.acme, r.globex = r.Workspace(t, "acme"), r.Workspace(t, "globex")
	r.in = r.datastore(t, r.acme)
	return r
}

func (r *rig) datastore(t testkit.T, a authz.Actor) datastore.ID {
	t.Helper()
	d, err := datastore.NewService(r.DB.Datastores(), r.uploads, nil, r.clock.now).
		Create(bg, a, datastore.CreateRequest{Name: "reports"})
	testkit.Must(t, err)
	return d.ID
}

func ask(in datastore.ID, key string) upload.BeginRequest {
	size := int64(100)
	return upload.BeginRequest{DatastoreID: in, Key: key, ContentType: "text/csv", MaxBytes: &size, TTL: ttl}
}

// begin asks for an upload of at most 100 bytes of text/csv, unless told otherwise.
func (r *rig) begin(t testkit.T, a authz.Actor, key string, change ...func(*upload.BeginRequest)) upload.Grant {
	t.Helper()
	req := ask(r.in, key)
	for _, c := range change {
		c(&req)
	}
	g, err := r.uploads.Begin(bg, a, req)
	testkit.Must(t, err)
	return g
}

// put sends a body as the grant says, a second after whatever came before, and returns the status.
func (r *rig) put(t testkit.T, g upload.Grant, body string) int {
	t.Helper()
	r.clock.pass(time.Second)
	req, err := http.NewRequestWithContext(bg, http.MethodPut, g.Put.URL, strings.NewReader(body))
	testkit.Must(t, err)
	for _, h := range g.Put.Headers {
		req.Header.Set(h.Name, h.Value)
	}
	status, _ := r.send(t, req)
	return status
}

func (r *rig) send(t testkit.T, req *http.Request) (int, []byte) {
	t.Helper()
	res, err := r.HTTP.Do(req)
	testkit.Must(t, err)
	body, err := io.ReadAll(res.Body)
	testkit.Must(t, err)
	testkit.Must(t, res.Body.Close())
	return res.StatusCode, body
}

func (r *rig) land(t testkit.T, g upload.Grant, body string) upload.ID {
	t.Helper()
	if status := r.put(t, g, body); status != http.StatusOK {
		t.Fatalf("storage answered the PUT with %d", status)
	}
	return g.Upload.ID
}

// smuggle puts bytes into staging past everything that a signed URL is bound to.
func (r *rig) smuggle(t testkit.T, region string, id upload.ID, contentType, body string) upload.ID {
	t.Helper()
	r.clock.pass(time.Second)
	to := r.Emulator.URL() + "/upload/storage/v1/b/blobs-" + region + "/o?uploadType=media&name=" +
		url.QueryEscape("staging/"+id.String())
	req, err := http.NewRequestWithContext(bg, http.MethodPost, to, strings.NewReader(body))
	testkit.Must(t, err)
	req.Header.Set("Authorization", "Bearer "+testkit.Bearer)
	req.Header.Set("Content-Type", contentType)
	if status, said := r.send(t, req); status != http.StatusOK {
		t.Fatalf("storage answered %d: %s", status, said)
	}
	return id
}

// bucket lists the blobs of a region with their sizes.
func (r *rig) bucket(t testkit.T, region string) map[string]int64 {
	t.Helper()
	req, err := http.NewRequestWithContext(bg, http.MethodGet, r.Emulator.URL()+"/storage/v1/b/blobs-"+region+"/o", nil)
	testkit.Must(t, err)
	req.Header.Set("Authorization", "Bearer "+testkit.Bearer)
	_, raw := r.send(t, req)
	var page struct {
		Items         []struct{ Name, Size string }
		NextPageToken string
	}
	testkit.Must(t, json.Unmarshal(raw, &page))
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

func (r *rig) sql(t testkit.T, statement string, args ...any) {
	t.Helper()
	_, err := r.Super.ExecContext(bg, statement, args...)
	testkit.Must(t, err)
}

func (r *rig) events(t testkit.T, action string) int {
	t.Helper()
	return r.Count(t, `SELECT count(*) FROM audit_event WHERE action = $1`, action)
}

// usage is what a workspace holds, in short: objects, bytes used, bytes reserved.
func (r *rig) usage(t testkit.T, a authz.Actor) string {
	t.Helper()
	u, err := workspace.NewService(r.DB.Workspaces(), nil, workspace.Policy{}).Usage(bg, a.Workspace)
	testkit.Must(t, err)
	return fmt.Sprintf("%d objects, %d used, %d reserved", u.ObjectCount, u.UsedBytes, u.ReservedBytes)
}

func (r *rig) wantUsage(t testkit.T, want string) {
	t.Helper()
	if got := r.usage(t, r.acme); got != want {
		t.Fatalf("acme has %s, want %s", got, want)
	}
}

package app

import (
	"fmt"
	"log/slog"
	"math"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// operations are the jobs that the server is measured by, with how often each asks the database and waits, the look-up
// of the key included, and how many transactions of it write.
var operations = map[string]struct {
	query   string
	trips   int64
	commits int
}{
	"list":   {reads["list"].query, 2, 0},
	"secret": {reads["secret"].query, 2, 0},
	"revealSecret": {`mutation Reveal($id: ID!) { revealSecret(input: {secretId: $id, reason: "incident 7"}) { value } }`,
		2, 1},
	"rotateSecret": {`mutation Rotate($id: ID!) { rotateSecret(input: {secretId: $id, value: {text: "hunter2"}}) {
		version { version } } }`, 3, 1},
	"createUploadURL": {`mutation Up($in: ID!) { createUploadURL(input: {datastoreId: $in, key: "report.csv",
		contentType: "text/csv", maxBytes: "1024"}) { url } }`, 3, 1},
}

// TestOperations_RoundTripsAndCommits_StayFew counts the messages that the database answers and the transactions that
// it makes durable: what a cloud's network and disk multiply.
func TestOperations_RoundTripsAndCommits_StayFew(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	stores := &Stores{DB: h.db, Blobs: testkit.NewStorage(t, nil).Store, Vault: secret.NewCache(testkit.NewVault(t))}
	c := h.serve(t, stores, authz.DatastoresRead, authz.DatastoresWrite, authz.SecretsList, authz.SecretsRead,
		authz.SecretsWrite)
	made, err := secret.NewService(h.db.Secrets(), stores.Vault, secret.Options{Keys: [][]byte{make([]byte, 32)}}).
		Create(t.Context(), h.admin,
			secret.CreateRequest{Name: "stripe",
				Value: secret.ValueInput{Text: new(secret.NewValue([]byte("hunter2")))}})
	testkit.Must(t, err)
	c.secret = made.ID.String()
	testkit.Must(t, h.super.QueryRow(`SELECT id FROM datastore LIMIT 1`).Scan(&c.datastore))

	for name, op := range operations {
		request := c.request(t, op.query)
		for range 2 {
			c.answer(t, request) // the first time statements are prepared
		}
		trips, commits := int64(math.MaxInt64), math.MaxInt
		for range 3 { // once a minute the use of a key is noted: that comes into one of them at most
			before, asked := h.writers(t), h.db.RoundTrips()
			c.answer(t, request)
			trips = min(trips, h.db.RoundTrips()-asked)
			commits = min(commits, len(slices.DeleteFunc(h.writers(t), func(id string) bool {
				return slices.Contains(before, id)
			})))
		}
		if trips != op.trips || commits != op.commits {
			t.Errorf("%s takes %d round trips and %d commits, want %d and %d", name, trips, commits, op.trips, op.commits)
		}
	}
}

// TestSettlement_RoundTripsAndCommits_StayFew does so for uploads that have landed: of a key that is new, and of one
// whose version is not kept.
func TestSettlement_RoundTripsAndCommits_StayFew(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 1)
	storage := testkit.NewStorage(t, nil)
	c := h.serve(t, &Stores{DB: h.db, Blobs: storage.Store}, authz.DatastoresRead, authz.DatastoresWrite)
	in, err := datastore.NewService(h.db.Datastores(), nil, nil, time.Now).
		Create(t.Context(), h.admin, datastore.CreateRequest{Name: "reports"})
	testkit.Must(t, err)
	uploads := upload.NewService(h.db.Uploads(), storage.Store, nil,
		upload.Options{Keys: [][]byte{make([]byte, 32)}, MaxBytes: 1 << 20, Now: time.Now, Log: slog.New(slog.DiscardHandler)})
	complete := func(key string) (trips int64, commits int) {
		c.secret = landed(t, storage, uploads, h.admin, in.ID, key).String()
		request := c.request(t, `mutation Done($id: ID!) { completeUpload(input: {uploadId: $id}) { object {
			current { version sizeBytes } } } }`)
		before, asked := h.writers(t), h.db.RoundTrips()
		c.answer(t, request)
		return h.db.RoundTrips() - asked, len(slices.DeleteFunc(h.writers(t), func(id string) bool {
			return slices.Contains(before, id)
		}))
	}

	for range 2 {
		complete("same") // the first time statements are prepared
	}
	for name, want := range map[string]struct {
		key     func(turn int) string
		trips   int64
		commits int
	}{
		"a new key":              {func(turn int) string { return fmt.Sprintf("new %d", turn) }, 9, 1},
		"a version in its place": {func(int) string { return "same" }, 12, 1},
	} {
		trips, commits := int64(math.MaxInt64), math.MaxInt
		for turn := range 3 {
			n, written := complete(want.key(turn))
			trips, commits = min(trips, n), min(commits, written)
		}
		if trips != want.trips || commits != want.commits {
			t.Errorf("%s takes %d round trips and %d commits, want %d and %d", name, trips, commits, want.trips,
				want.commits)
		}
	}
}

// landed is a new upload whose bytes are in staging.
func landed(t *testing.T, storage *testkit.Storage, uploads *upload.Service, a authz.Actor, in datastore.ID,
	key string,
) upload.ID {
	t.Helper()
	g, err := uploads.Begin(t.Context(), a, upload.BeginRequest{DatastoreID: in, Key: key, ContentType: "text/csv",
		TTL: time.Hour})
	testkit.Must(t, err)
	put, err := http.NewRequestWithContext(t.Context(), http.MethodPut, g.Put.URL, strings.NewReader("a,b"))
	testkit.Must(t, err)
	for _, h := range g.Put.Headers {
		put.Header.Set(h.Name, h.Value)
	}
	res, err := storage.HTTP.Do(put)
	testkit.Must(t, err)
	testkit.Must(t, res.Body.Close())
	if res.StatusCode != http.StatusOK {
		t.Fatalf("storage answered the PUT with %d", res.StatusCode)
	}
	return g.Upload.ID
}

// writers are the transactions that have written the rows of this database which there are.
func (h house) writers(t *testing.T) (ids []string) {
	t.Helper()
	tables, err := h.super.Query(`SELECT format('SELECT xmin::text FROM %I', relname) FROM pg_class
		WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'`)
	testkit.Must(t, err)
	defer tables.Close()
	var each []string
	for tables.Next() {
		var query string
		testkit.Must(t, tables.Scan(&query))
		each = append(each, query)
	}
	testkit.Must(t, tables.Err())
	testkit.Must(t, h.super.QueryRow(`SELECT array_agg(DISTINCT xmin) FROM (`+strings.Join(each, ` UNION ALL `)+`) w`).
		Scan((*pq.StringArray)(&ids)))
	return ids
}

package app

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// operations are the jobs that the server is measured by, with how often each asks the database and waits, the look-up
// of the key included, and how many transactions of it write.
var operations = map[string]struct {
	query          string
	trips, commits int64
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
	made, err := secret.NewService(h.db.Secrets(), stores.Vault, secret.Options{Key: make([]byte, 32)}).
		Create(t.Context(), h.admin,
			secret.CreateRequest{Name: "stripe",
				Value: secret.ValueInput{Text: new(secret.NewValue([]byte("hunter2")))}})
	testkit.Must(t, err)
	c.secret = made.ID.String()
	testkit.Must(t, h.super.QueryRow(`SELECT id FROM datastore LIMIT 1`).Scan(&c.datastore))

	transactions := func() (next int64) {
		testkit.Must(t, h.super.QueryRow(`SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint`).Scan(&next))
		return next
	}
	for name, op := range operations {
		request := c.request(t, op.query)
		for range 2 {
			c.answer(t, request) // the first time statements are prepared, and what is known once a minute is noted
		}
		trips, commits := h.db.RoundTrips(), transactions()
		c.answer(t, request)
		trips, commits = h.db.RoundTrips()-trips, transactions()-commits
		if trips != op.trips || commits != op.commits {
			t.Errorf("%s takes %d round trips and %d commits, want %d and %d", name, trips, commits,
				op.trips, op.commits)
		}
	}
}

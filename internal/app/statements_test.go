package app

import (
	"database/sql"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/member"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/reference"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

// lists are queries that fill a page, with every field of a row that needs a row of another table.
var lists = map[string]string{
	"datastores": `{ datastores(first: 100) { totalCount nodes { name createdBy { label } objectCount } } }`,
	"objects": `{ datastores(first: 1) { nodes { objects(first: 100) { nodes { key datastore { name }
		current { sizeBytes createdBy { label } object { key datastore { name } } } } } } } }`,
	"uploads": `{ datastores(first: 1) { nodes { uploads(first: 100, state: COMPLETED) { nodes { key datastore { name }
		version { version object { key } } } } } } }`,
	"folders":         `{ datastores(first: 1) { nodes { folders(first: 100) { nodes { prefix } } } } }`,
	"secrets":         `{ secrets(first: 100) { totalCount nodes { name createdBy { label } } } }`,
	"object versions": `{ datastores(first: 1) { nodes { object(key: "kept") { versions(first: 100) { nodes { version createdBy { label } object { key datastore { name } } } } } } } }`,
	"versions":        `{ secrets(first: 1) { nodes { versions(first: 100) { totalCount nodes { version createdBy { label } } } } } }`,
	"apiKeys":         `{ apiKeys(first: 100) { totalCount nodes { name createdBy { label } } } }`,
	"runtimeKeys":     `{ runtimeKeys(first: 100) { nodes { name publicKey createdBy { label } } } }`,
	"members":         `{ members(first: 100) { totalCount nodes { email } } }`,
	"auditEvents":     `{ auditEvents(first: 100) { nodes { action actor { label } } } }`,
	// What stands below each row of a list.
	"an object each":              `{ datastores(first: 100) { nodes { object(key: "each/0") { key current { sizeBytes } } } } }`,
	"objects of each":             `{ datastores(first: 100) { nodes { objects(first: 2) { nodes { key datastore { name } current { object { key } } } } } } }`,
	"uploads of each":             `{ datastores(first: 100) { nodes { uploads(first: 2, state: COMPLETED) { nodes { key version { version } } } } } }`,
	"folders of each":             `{ datastores(first: 100) { nodes { folders(first: 2) { nodes { prefix } } } } }`,
	"versions of objects of each": `{ datastores(first: 100) { nodes { objects(first: 2) { nodes { versions(first: 2) { nodes { version object { key } } } } } } } }`,
	"edges of each":               `{ datastores(first: 100) { edges { node { objects(first: 2) { edges { node { key } } } } } } }`,
	"references of each":          `{ secrets(first: 100, filter: {referenced: true}) { nodes { references(first: 2) { totalCount nodes { consumer { name } secret { name } } } } } }`,
	"labels of datastores":        `{ datastores(first: 100, labels: [{key: "row"}], orderBy: {field: CREATED_AT, direction: DESC}) { totalCount nodes { name labels { key value } } } }`,
	"labels of secrets":           `{ secrets(first: 100, filter: {labels: [{key: "row"}]}, orderBy: {field: ROTATED_AT}) { totalCount nodes { name labels { key value } } } }`,
	"versions of each":            `{ secrets(first: 100) { nodes { versions(first: 2) { totalCount nodes { version state } } } } }`,
}

// TestLists_StatementsRun_AreAsManyForOneRowAsForAHundred counts what each list asks of the database.
func TestLists_StatementsRun_AreAsManyForOneRowAsForAHundred(t *testing.T) {
	t.Parallel()
	one, hundred := newHouse(t, 1), newHouse(t, 100)
	for name, query := range lists {
		few, fewRows := one.count(t, query)
		many, manyRows := hundred.count(t, query)
		t.Logf("%s: %d statements for %d bytes, %d for %d", name, few, fewRows, many, manyRows)
		if few != many {
			t.Errorf("%s runs %d statements for one row and %d for a hundred", name, few, many)
		}
		if manyRows < 20*fewRows && name != "auditEvents" {
			t.Errorf("%s answered %d bytes for one row and %d for a hundred: the test shows nothing", name,
				fewRows, manyRows)
		}
	}
}

// TestSteps_List_RunsAsManyStatementsForOneObjectAsForAHundred is for the list that a runtime asks for, with what
// stands below its rows.
func TestSteps_List_RunsAsManyStatementsForOneObjectAsForAHundred(t *testing.T) {
	t.Parallel()
	var ran []int64
	for _, rows := range []int{1, 50} {
		h := newHouse(t, rows)
		found, err := datastore.NewService(h.db.Datastores(), nil, nil, time.Now).
			List(t.Context(), h.admin, datastore.Filter{}, page.Request{First: 1})
		testkit.Must(t, err)
		runtime := h.admin
		runtime.Kind, runtime.Role, runtime.Scopes = authz.APIKey, "", authz.NewScopes(authz.RunsExecute)
		n, size := h.countAs(t, runtime,
			`mutation { runStorageStep(input: {run: {runId: "r", stepId: "s"}, action: LIST, datastoreId: "`+
				found.Items[0].ID.String()+`"}) {
			objects { nodes { key datastore { name } current { version writtenBy { runId } object { key } } versions(first: 1) { nodes { version } } } } } }`)
		if want := 2 * rows * len(`{"version":1}`); size < want {
			t.Errorf("%d bytes for %d objects: the test shows nothing", size, 2*rows)
		}
		ran = append(ran, n)
	}
	if ran[0] != ran[1] {
		t.Errorf("it runs %d statements for two objects and %d for a hundred", ran[0], ran[1])
	}
}

// house is a database with rows, and the handler that reads them.
type house struct {
	db      *postgres.DB
	super   *sql.DB
	handler http.Handler
	admin   authz.Actor
}

func newHouse(t testing.TB, rows int) house {
	t.Helper()
	d := testkit.NewDatabase(t)
	h := house{db: d.DB, super: d.Super, admin: d.Workspace(t, "acme")}
	settings := config.Serve{MaxUploadBytes: 1 << 20, MaxAnswerBytes: 10 << 20}
	a, err := New(&Stores{DB: h.db}, nil, settings, slog.New(slog.DiscardHandler))
	testkit.Must(t, err)
	h.handler = a.graphQL()
	h.fill(t, rows)
	return h
}

// fill makes so many rows of each kind; the objects and uploads are in the first datastore, the versions of the first
// secret.
func (h house) fill(t testing.TB, rows int) {
	t.Helper()
	datastores := datastore.NewService(h.db.Datastores(), nil, nil, time.Now)
	first, err := datastores.Create(t.Context(), h.admin,
		datastore.CreateRequest{Name: "a", KeepVersions: new(int32(100)), Labels: aLabel})
	testkit.Must(t, err)
	s := secret.Secret{
		ID:             ident.New[secret.Secret](),
		Name:           "a",
		Format:         secret.Text,
		CurrentVersion: 1,
		CreatedAt:      time.Now(),
		CreatedBy:      h.admin.Who,
	}
	h.keep(t, s)
	for i := range rows {
		h.object(t, first.ID, fmt.Sprintf("each/%d", i))
		h.object(t, first.ID, fmt.Sprintf("folder %d/key", i))
		h.object(t, first.ID, "kept")
		_, _, err := h.db.Secrets().Advance(t.Context(), secret.AdvanceRequest{
			SecretID:    s.ID,
			StoredValue: kept(i + 2),
			Retain:      time.Hour,
		}, audit.Record(h.admin, audit.SecretRotated).Awaits("version").MayHave("sameValue"))
		testkit.Must(t, err)
		if i == 0 {
			continue
		}
		name := fmt.Sprintf("b%d", i)
		d, err := datastores.Create(t.Context(), h.admin, datastore.CreateRequest{Name: name, Labels: aLabel})
		testkit.Must(t, err)
		h.object(t, d.ID, "each/0")
		h.keep(t, secret.Secret{
			ID:             ident.New[secret.Secret](),
			Name:           name,
			Format:         secret.Text,
			CurrentVersion: 1,
			CreatedAt:      time.Now(),
			CreatedBy:      h.admin.Who,
		})
		_, err = member.NewService(h.db.Members(), time.Now).
			SetRole(t.Context(), h.admin, member.SetRoleRequest{Email: name + "@acme.example", Role: authz.Viewer})
		testkit.Must(t, err)
	}
	keys := apikey.NewService(h.db.APIKeys(), func() apikey.Token {
		return apikey.Token{Prefix: "p", Hash: []byte(fmt.Sprintf("%.32s", ident.New[house]()))}
	}, nil, time.Now)
	for i := range rows {
		k := run.RuntimeKey{
			ID:        ident.New[run.RuntimeKey](),
			Name:      "runtime",
			PublicKey: fmt.Appendf(nil, "%032d", i),
			CreatedAt: time.Now(),
			CreatedBy: h.admin.Who,
		}
		testkit.Must(t, h.db.RuntimeKeys().Add(t.Context(), k, audit.Record(h.admin, audit.RuntimeKeyAdded)))
		_, err := keys.Create(t.Context(), h.admin,
			apikey.CreateRequest{Name: "key", Scopes: []authz.Scope{authz.AuditRead}})
		testkit.Must(t, err)
	}
}

func kept(number int) secret.StoredValue {
	return secret.StoredValue{Number: secret.Number(number), Format: secret.Text, Fingerprint: make([]byte, 32)}
}

// aLabel is that of each datastore and secret.
var aLabel = []label.Label{{Key: "row", Value: "each of them"}}

func (h house) keep(t testing.TB, s secret.Secret) {
	t.Helper()
	testkit.Must(t, h.db.Secrets().Reserve(t.Context(), h.admin.Workspace, s))
	testkit.Must(t, h.db.Secrets().Activate(t.Context(), s, kept(1), aLabel, audit.Record(h.admin, audit.SecretCreated)))
	_, err := reference.NewService(h.db.References()).Set(t.Context(), h.admin, reference.Consumer{
		Kind:       reference.Agent,
		ExternalID: s.Name,
		Name:       s.Name,
	}, []secret.ID{s.ID})
	testkit.Must(t, err)
}

func (h house) object(t testing.TB, in datastore.ID, key string) {
	t.Helper()
	u := upload.Upload{
		ID:          ident.New[upload.Upload](),
		DatastoreID: in,
		Key:         key,
		ContentType: "a/b",
		MaxBytes:    1,
		State:       upload.Open,
		ExpiresAt:   time.Now().Add(time.Hour),
		CreatedAt:   time.Now(),
		CreatedBy:   h.admin.Who,
	}
	testkit.Must(t, h.db.Uploads().Create(t.Context(), u, audit.Record(h.admin, audit.UploadURLCreated)))
	_, _, err := h.db.Uploads().Commit(t.Context(), u, upload.Blob{
		SizeBytes:   1,
		ContentType: "a/b",
		CreatedAt:   time.Now(),
	}, object.AwaitsVersion(audit.Record(h.admin, audit.ObjectCreated)),
		audit.Record(h.admin, audit.UploadRejected))
	testkit.Must(t, err)
}

// count runs a query twice, so that nothing is done for the first time, and returns the second's statements and the
// size of its data.
func (h house) count(t *testing.T, query string) (statements int64, size int) {
	t.Helper()
	return h.countAs(t, h.admin, query)
}

func (h house) countAs(t *testing.T, who authz.Actor, query string) (statements int64, size int) {
	t.Helper()
	for range 2 {
		before := h.db.Statements()
		answer := h.send(t, who, query)
		var said struct{ Data json.RawMessage }
		testkit.Must(t, json.Unmarshal([]byte(answer), &said))
		statements, size = h.db.Statements()-before, len(said.Data)
	}
	return statements, size
}

func TestUpkeep_SwitchedOff_DoesNothing(t *testing.T) {
	t.Parallel()
	testkit.Must(t, (&App{}).Upkeep(t.Context()))
}

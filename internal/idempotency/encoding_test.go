package idempotency_test

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"errors"
	"log/slog"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/apikey"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/datastore"
	"github.com/provenanceone/data-api/internal/idempotency"
	"github.com/provenanceone/data-api/internal/label"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/upload"
	"github.com/provenanceone/data-api/internal/workspace"
)

const (
	serverKey = "a server key of thirty-two bytes."
	someID    = "01890a5d-ac96-774b-bcce-b302099a8057"
)

var (
	errMarked = errors.New("the mark is known")
	past      = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	future    = time.Date(2030, 1, 2, 3, 4, 5, 0, time.UTC)
)

// marker is a store that notes the mark of a call, and ends the call there.
type marker struct{ mark []byte }

func (m *marker) Claim(
	_ context.Context, _ idempotency.Name, _ idempotency.Claim, mark []byte, _ ...[]byte,
) (idempotency.State, error) {
	m.mark = mark
	return idempotency.State{}, errMarked
}

func (*marker) Claimed(context.Context, idempotency.Name) (bool, error) { return false, nil }

func (*marker) EndAttempt(context.Context, idempotency.Name, int, bool) error { return nil }

// oneDatastore is the datastores of a storage step.
type oneDatastore struct{ datastore.Datastore }

func (d oneDatastore) Find(context.Context, authz.Actor, datastore.ID) (datastore.Datastore, error) {
	return d.Datastore, nil
}

// services are those whose mutations take an idempotency key, on a marker.
type services struct {
	datastores *datastore.Service
	objects    *object.Service
	secrets    *secret.Service
	keys       *apikey.Service
	workspaces *workspace.Service
	uploads    *upload.Service
	steps      *run.Steps
}

func newServices(m *marker) services {
	once := idempotency.NewService(m, [][]byte{[]byte(serverKey)})
	now := func() time.Time { return past }
	return services{
		datastores: datastore.NewService(nil, nil, once, now),
		objects:    object.NewService(nil, nil, nil, nil, once, now, slog.New(slog.DiscardHandler)),
		secrets:    secret.NewService(nil, nil, secret.Options{Keys: secret.ServerKeys{[]byte(serverKey)}, Once: once}),
		keys:       apikey.NewService(nil, nil, once, now),
		workspaces: workspace.NewService(nil, once, workspace.Policy{Regions: []string{"eu"}, Open: true}),
		uploads:    upload.NewService(nil, nil, nil, upload.Options{Once: once, MaxBytes: 1 << 40, Now: now}),
		steps:      run.NewSteps(oneDatastore{}, nil, nil, nil, once),
	}
}

func text(s string) secret.ValueInput {
	return secret.ValueInput{Text: new(secret.NewValue([]byte(s)))}
}

var anyone = authz.Actor{
	Who:   authz.Who{Kind: authz.User, PrincipalID: "p"},
	Email: "a@example.com",
}

// outcome is the error of a call, whatever else it returns.
func outcome[T any](_ T, err error) error { return err }

// encodings are the calls of each mutation: with nothing that can be left out, and with all of it; and their inputs as
// the release that first remembered them encoded them.
var encodings = map[string]struct {
	mutation string
	call     func(context.Context, services) error
	want     string
}{
	"createDatastore, least": {"createDatastore", func(ctx context.Context, s services) error {
		return outcome(s.datastores.Create(ctx, anyone, datastore.CreateRequest{Name: "d", IdempotencyKey: new("k")}))
	}, `{"Name":"d","Description":null,"MaxObjectBytes":null,"ContentTypes":null,"KeepVersions":null}`},
	"createDatastore, no label": {"createDatastore", func(ctx context.Context, s services) error {
		return outcome(s.datastores.Create(ctx, anyone, datastore.CreateRequest{Name: "d", Labels: []label.Label{},
			IdempotencyKey: new("k")}))
	}, `{"Name":"d","Description":null,"MaxObjectBytes":null,"ContentTypes":null,"KeepVersions":null}`},
	"createDatastore, all": {"createDatastore", func(ctx context.Context, s services) error {
		return outcome(s.datastores.Create(ctx, anyone, full(datastore.CreateRequest{
			Name: "d", Description: new("<x>"), MaxObjectBytes: new(int64(9)), ContentTypes: []string{"text/csv"},
			KeepVersions: new(int32(3)), Labels: []label.Label{{Key: "b"}, {Key: "a", Value: "1"}}, IdempotencyKey: new("k"),
		})))
	}, `{"Name":"d","Description":"\u003cx\u003e","MaxObjectBytes":9,"ContentTypes":["text/csv"],"KeepVersions":3,` +
		`"Labels":[{"Key":"a","Value":"1"},{"Key":"b","Value":""}]}`},
	"createWorkspace": {"createWorkspace", func(ctx context.Context, s services) error {
		return outcome(s.workspaces.Create(ctx, anyone, full(workspace.CreateRequest{
			Name: "w", Region: "eu", IdempotencyKey: new("k"),
		})))
	}, `{"Name":"w","Region":"eu"}`},
	"createAPIKey, least": {"createAPIKey", func(ctx context.Context, s services) error {
		return outcome(s.keys.Create(ctx, anyone, apikey.CreateRequest{
			Name: "a", Scopes: []authz.Scope{authz.SecretsRead}, IdempotencyKey: new("k"),
		}))
	}, `{"Name":"a","Scopes":["SECRETS_READ"],"AllowedNetworks":null,"ExpiresAt":null}`},
	"createAPIKey, all": {"createAPIKey", func(ctx context.Context, s services) error {
		return outcome(s.keys.Create(ctx, anyone, full(apikey.CreateRequest{
			Name: "a", Scopes: []authz.Scope{authz.SecretsRead}, AllowedNetworks: []string{"10.0.0.0/8"},
			TrustedDocumentsOnly: true, ExpiresAt: &future, IdempotencyKey: new("k"),
		})))
	}, `{"Name":"a","Scopes":["SECRETS_READ"],"AllowedNetworks":["10.0.0.0/8"],"TrustedDocumentsOnly":true,` +
		`"ExpiresAt":"2030-01-02T03:04:05Z"}`},
	"copyObject, least": {"copyObject", func(ctx context.Context, s services) error {
		return outcome(s.objects.Copy(ctx, anyone, object.CopyRequest{
			From: object.Source{DatastoreID: "f", Key: "a"}, TargetID: "t", TargetKey: "b", IdempotencyKey: new("k"),
		}))
	}, `{"From":{"DatastoreID":"f","Key":"a","Version":null},"TargetID":"t","TargetKey":"b","IfTargetVersion":null}`},
	"copyObject, all": {"copyObject", func(ctx context.Context, s services) error {
		return outcome(s.objects.Copy(ctx, anyone, full(object.CopyRequest{
			From: full(object.Source{DatastoreID: "f", Key: "a", Version: new(int32(1))}), TargetID: "t", TargetKey: "b",
			IfTargetVersion: new(int32(0)), IfTargetVersionID: new(object.VersionID("v")), IdempotencyKey: new("k"),
		})))
	}, `{"From":{"DatastoreID":"f","Key":"a","Version":1},"TargetID":"t","TargetKey":"b","IfTargetVersion":0,` +
		`"IfTargetVersionID":"v"}`},
	"restoreObjectVersion, least": {"restoreObjectVersion", func(ctx context.Context, s services) error {
		return outcome(s.objects.Restore(ctx, anyone, object.RestoreRequest{
			DatastoreID: "d", Key: "a", Version: 1, IdempotencyKey: new("k"),
		}))
	}, `{"DatastoreID":"d","Key":"a","Version":1,"IfVersion":null}`},
	"restoreObjectVersion, all": {"restoreObjectVersion", func(ctx context.Context, s services) error {
		return outcome(s.objects.Restore(ctx, anyone, full(object.RestoreRequest{
			DatastoreID: "d", Key: "a", Version: 1, IfVersion: new(int32(2)), IfVersionID: new(object.VersionID("v")),
			IdempotencyKey: new("k"),
		})))
	}, `{"DatastoreID":"d","Key":"a","Version":1,"IfVersion":2,"IfVersionID":"v"}`},
	"renameObject, least": {"renameObject", func(ctx context.Context, s services) error {
		return outcome(s.objects.Rename(ctx, anyone, object.RenameRequest{
			DatastoreID: "d", Key: "a", NewKey: "b", IdempotencyKey: new("k"),
		}))
	}, `{"DatastoreID":"d","Key":"a","NewKey":"b","IfVersion":null}`},
	"renameObject, all": {"renameObject", func(ctx context.Context, s services) error {
		return outcome(s.objects.Rename(ctx, anyone, full(object.RenameRequest{
			DatastoreID: "d", Key: "a", NewKey: "b", IfVersion: new(int32(2)), IfVersionID: new(object.VersionID("v")),
			IdempotencyKey: new("k"),
		})))
	}, `{"DatastoreID":"d","Key":"a","NewKey":"b","IfVersion":2,"IfVersionID":"v"}`},
	"createUploadURL, least": {"createUploadURL", func(ctx context.Context, s services) error {
		return outcome(s.uploads.Begin(ctx, anyone, upload.BeginRequest{
			DatastoreID: "d", Key: "a", ContentType: "text/csv", TTL: time.Minute, IdempotencyKey: new("k"),
		}))
	}, `{"DatastoreID":"d","Key":"a","ContentType":"text/csv","MaxBytes":null,"MD5":null,"IfVersion":null,` +
		`"TTL":60000000000,"Metadata":null}`},
	"createUploadURL, all": {"createUploadURL", func(ctx context.Context, s services) error {
		return outcome(s.uploads.Begin(ctx, anyone, full(upload.BeginRequest{
			DatastoreID: "d", Key: "a", ContentType: "text/csv", MaxBytes: new(int64(9)),
			MD5: new("1B2M2Y8AsgTpgAmY7PhCfg=="), IfVersion: new(int32(1)), IfVersionID: new(object.VersionID("v")),
			TTL: time.Minute, Metadata: map[string]any{"b": "1", "a": "2"}, Resumable: true,
			Origin: new("https://app.example"), Run: new(full(run.Run{RunID: "r", StepID: "s"})),
			IdempotencyKey: new("k"),
		}, "ContentTypeOnly")))
	}, `{"DatastoreID":"d","Key":"a","ContentType":"text/csv","MaxBytes":9,"MD5":"1B2M2Y8AsgTpgAmY7PhCfg==",` +
		`"IfVersion":1,"IfVersionID":"v","TTL":60000000000,"Metadata":{"a":"2","b":"1"},"Resumable":true,` +
		`"Origin":"https://app.example","Run":{"RunID":"r","StepID":"s"}}`},
	"createUploadURL, content type only": {"createUploadURL", func(ctx context.Context, s services) error {
		return outcome(s.uploads.Begin(ctx, anyone, upload.BeginRequest{
			DatastoreID: "d", Key: "a", ContentType: "text/csv", TTL: time.Minute, ContentTypeOnly: true,
			IdempotencyKey: new("k"),
		}))
	}, `{"DatastoreID":"d","Key":"a","ContentType":"text/csv","MaxBytes":null,"MD5":null,"IfVersion":null,` +
		`"TTL":60000000000,"Metadata":null,"ContentTypeOnly":true}`},
	"runStorageStep, least": {"runStorageStep", func(ctx context.Context, s services) error {
		return outcome(s.steps.Execute(ctx, anyone, run.Step{
			Run: run.Run{RunID: "r", StepID: "s"}, Action: run.Delete, DatastoreID: "d", Key: new("a"),
			IdempotencyKey: new("k"),
		}))
	}, `{"Run":{"RunID":"r","StepID":"s"},"Action":"DELETE","DatastoreID":"d","Key":"a","Prefix":null,"Version":null,` +
		`"IfVersion":null,"Text":null,"Bytes":null,"ContentType":null,"First":null,"After":null}`},
	"runStorageStep, all": {"runStorageStep", func(ctx context.Context, s services) error {
		return outcome(s.steps.Execute(ctx, anyone, full(run.Step{
			Run: run.Run{RunID: "r", StepID: "s"}, Action: run.Put, DatastoreID: "d", Key: new("a"),
			IfVersion: new(int32(1)), IfVersionID: new(object.VersionID("v")), Bytes: []byte("x"),
			ContentType: new("text/csv"), IdempotencyKey: new("k"),
		}, "Prefix", "Version", "Text", "First", "After")))
	}, `{"Run":{"RunID":"r","StepID":"s"},"Action":"PUT","DatastoreID":"d","Key":"a","Prefix":null,"Version":null,` +
		`"IfVersion":1,"IfVersionID":"v","Text":null,"Bytes":"eA==","ContentType":"text/csv","First":null,"After":null}`},
	"createSecret, least": {"createSecret", func(ctx context.Context, s services) error {
		return outcome(s.secrets.Create(ctx, anyone, secret.CreateRequest{
			Name: "n", Value: text("v"), IdempotencyKey: new("k"),
		}))
	}, `["n",null,null,["TEXT","` + fingerprintOfV + `"]]`},
	"createSecret, all": {"createSecret", func(ctx context.Context, s services) error {
		made := full(secret.Generator{Length: 32, Alphabet: secret.Alphanumeric})
		return outcome(s.secrets.Create(ctx, anyone, full(secret.CreateRequest{
			Name: "n", Description: new("x"), Value: secret.ValueInput{Generate: &made},
			Rotation: new(full(secret.Schedule{Every: time.Hour, Generator: &made}, "Cron")),
			Labels:   []label.Label{{Key: "a", Value: "1"}}, IdempotencyKey: new("k"),
		})))
	}, `["n","x",{"Every":3600000000000,"Generator":{"Length":32,"Alphabet":"ALPHANUMERIC"}},` +
		`{"Length":32,"Alphabet":"ALPHANUMERIC"},[{"Key":"a","Value":"1"}]]`},
	"createSecret, by the calendar": {"createSecret", func(ctx context.Context, s services) error {
		return outcome(s.secrets.Create(ctx, anyone, secret.CreateRequest{
			Name: "n", Value: text("v"), IdempotencyKey: new("k"),
			Rotation: &secret.Schedule{Cron: &secret.Cron{Expression: "0 3 * * MON", TimeZone: "UTC"}},
		}))
	}, `["n",null,{"Every":0,"Generator":null,"Cron":{"Expression":"0 3 * * MON","TimeZone":"UTC"}},["TEXT","` +
		fingerprintOfV + `"]]`},
	"rotateSecret, least": {"rotateSecret", func(ctx context.Context, s services) error {
		return outcome(s.secrets.Rotate(ctx, anyone, secret.RotateRequest{
			SecretID: someID, Value: text("v"), IdempotencyKey: new("k"),
		}))
	}, `["` + someID + `",null,false,["TEXT","` + fingerprintOfV + `"]]`},
	"rotateSecret, all": {"rotateSecret", func(ctx context.Context, s services) error {
		return outcome(s.secrets.Rotate(ctx, anyone, full(secret.RotateRequest{
			SecretID: someID, Value: text("v"), IfVersion: new(int32(1)), EndLeases: true, IdempotencyKey: new("k"),
		}, "Due")))
	}, `["` + someID + `",1,true,["TEXT","` + fingerprintOfV + `"]]`},
	"rollbackSecret, least": {"rollbackSecret", func(ctx context.Context, s services) error {
		return outcome(s.secrets.RollBack(ctx, anyone, secret.RollBackRequest{
			SecretID: someID, Version: 1, IdempotencyKey: new("k"),
		}))
	}, `["` + someID + `",1,null]`},
	"rollbackSecret, all": {"rollbackSecret", func(ctx context.Context, s services) error {
		return outcome(s.secrets.RollBack(ctx, anyone, full(secret.RollBackRequest{
			SecretID: someID, Version: 1, IfVersion: new(int32(2)), IdempotencyKey: new("k"),
		})))
	}, `["` + someID + `",1,2]`},
}

// fingerprintOfV is that of the value `v` of no secret in particular, under serverKey.
const fingerprintOfV = "Fj1ngIjqCZKRLaSx1+vQZIjuWpNKRL+fcnGx9M24c8Q="

// full returns a request in which every field is set but those that are named, and panics for one that is not: a field
// that a release adds belongs in the call that has all of them.
func full[T any](request T, but ...string) T {
	v := reflect.ValueOf(request)
	for i := range v.NumField() {
		if name := v.Type().Field(i).Name; v.Field(i).IsZero() && !slices.Contains(but, name) {
			panic("the golden of " + v.Type().String() + " lacks " + name)
		}
	}
	return request
}

// TestMark_OfEachMutation_IsThatOfTheReleaseBefore holds that what is added to a request leaves no trace in the mark of
// a call without it: else an identical retry across a deploy is refused for a day.
func TestMark_OfEachMutation_IsThatOfTheReleaseBefore(t *testing.T) {
	t.Parallel()
	for name, c := range encodings {
		var m marker
		if err := c.call(t.Context(), newServices(&m)); !errors.Is(err, errMarked) {
			t.Errorf("%s: %v", name, err)
			continue
		}
		mac := hmac.New(sha256.New, []byte(serverKey))
		mac.Write([]byte("data-api idempotency v1\x00" + c.mutation + "\x00" + c.want))
		if !hmac.Equal(m.mark, mac.Sum(nil)) {
			t.Errorf("%s is encoded otherwise than %s: give a new field `json:\",omitzero\"`", name, c.want)
		}
	}
}

package e2e

import (
	"errors"
	"fmt"
	"iter"
	"strings"
	"testing"

	api "github.com/provenanceone/data-api/client"
	"github.com/provenanceone/data-api/internal/authz"
)

// count goes through a list.
func count[T any](t *testing.T, name string, list iter.Seq2[T, error]) (n int) {
	t.Helper()
	for _, err := range list {
		if n++; err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	return n
}

// TestGoClient_EveryListAndNode_IsWithinTheLimits asks a server for whole pages of all that the client selects.
func TestGoClient_EveryListAndNode_IsWithinTheLimits(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t, shared), t.Context()
	c, err := api.New("http://"+w.address+"/graphql", api.Token(w.token("acme", authz.Admin)))
	w.must(err)
	in := w.bin()
	version, err := c.Upload(ctx, in, "a/b", strings.NewReader("abc"))
	w.must(err)
	_, err = c.Upload(ctx, in, "a/b", strings.NewReader("abc"), api.WithIfVersion(7))
	var rejected *api.RejectedError
	if !errors.As(err, &rejected) || rejected.Reason != api.UploadRejectionPrecondition {
		t.Errorf("onto another version: %v", err)
	}
	kept, err := api.CreateSecret(ctx, c, api.CreateSecretInput{
		Name:     "db",
		Value:    api.SecretValueInput{Generate: &api.GenerateSecretInput{}},
		Rotation: &api.RotationScheduleInput{Every: new("P30D"), Generate: &api.GenerateSecretInput{}},
	})
	w.must(err)
	secret := kept.CreateSecret.Secret
	_, err = api.SetSecretReferences(ctx, c, api.SetSecretReferencesInput{
		Consumer:  api.ConsumerInput{Kind: api.ConsumerKindAgent, ExternalId: "a", Name: "A"},
		SecretIds: []string{secret.Id},
	})
	w.must(err)
	made, err := api.CreateAPIKey(ctx, c, api.CreateAPIKeyInput{Name: "k", Scopes: []api.Scope{api.ScopeSecretsList}})
	w.must(err)
	w.canaries.note(*made.CreateAPIKey.Token)
	_, err = api.AddRuntimeKey(ctx, c, api.AddRuntimeKeyInput{Name: "r", PublicKey: append(make([]byte, 31), 9)})
	w.must(err)

	for name, got := range map[string]int{
		"datastores":  count(t, "datastores", c.Datastores(ctx, "bin")),
		"objects":     count(t, "objects", c.Objects(ctx, in, "a/")),
		"folders":     count(t, "folders", c.Folders(ctx, in, "")),
		"versions":    count(t, "versions", c.ObjectVersions(ctx, in, "a/b")),
		"uploads":     count(t, "uploads", c.Uploads(ctx, in, nil)),
		"secrets":     count(t, "secrets", c.Secrets(ctx, nil)),
		"of a secret": count(t, "of a secret", c.SecretVersions(ctx, secret.Id)),
		"references":  count(t, "references", c.SecretReferences(ctx, secret.Id)),
		"keys":        count(t, "keys", c.APIKeys(ctx)),
		"runtimes":    count(t, "runtimes", c.RuntimeKeys(ctx)),
		"created":     count(t, "created", c.AuditEvents(ctx, &api.AuditFilter{Action: new("secret.created")})),
	} {
		if got != 1 {
			t.Errorf("there are %d of %s", got, name)
		}
	}
	if n := count(t, "members", c.Members(ctx)); n != len(authz.Roles()) {
		t.Errorf("there are %d members", n)
	}

	nodes, err := api.ListNodes(ctx, c, []string{in, version.Id, secret.Id, made.CreateAPIKey.ApiKey.Id})
	w.must(err)
	if got := fmt.Sprintf("%T", nodes.Nodes); len(nodes.Nodes) != 4 || nodes.Nodes[0] == nil {
		t.Errorf("the nodes are %s: %+v", got, nodes.Nodes)
	}
	one, err := api.GetNode(ctx, c, secret.Id)
	w.must(err)
	if s, ok := (*one.Node).(*api.NodeSecret); !ok || s.Name != "db" || s.Rotation == nil {
		t.Errorf("it is %+v", one.Node)
	}
	changed, err := api.UpdateSecret(ctx, c, api.UpdateSecretInput{
		SecretId: secret.Id,
		Rotation: api.Null[api.RotationScheduleInput](),
	})
	w.must(err)
	if s := changed.UpdateSecret.Secret; s.Rotation != nil || s.Name != "db" {
		t.Errorf("it became %+v", s)
	}
	_, err = api.CreateSecret(ctx, c, api.CreateSecretInput{Name: "db", Value: api.SecretValueInput{Text: new("x")}})
	var refused *api.Error
	if !errors.As(err, &refused) || refused.Code != api.ErrorCodeConflict || refused.RequestID == "" ||
		strings.ContainsAny(err.Error(), "\n") || strings.Contains(err.Error(), "input:") {
		t.Errorf("the same name again: %+v", err)
	}
}

package client_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"

	"github.com/provenanceone/data-api/client"
)

// sources reads the files of a pattern.
func sources(t *testing.T, pattern string) (all []*ast.Source) {
	t.Helper()
	paths, err := filepath.Glob(pattern)
	if err != nil || len(paths) == 0 {
		t.Fatalf("%s: %v", pattern, err)
	}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, &ast.Source{Name: path, Input: string(text)})
	}
	return all
}

func contract(t *testing.T) *ast.Schema {
	t.Helper()
	schema, err := gqlparser.LoadSchema(sources(t, "../schema/*.graphqls")...)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// TestOperations_CoverTheContract holds that each root field, and each list below one, has an operation.
func TestOperations_CoverTheContract(t *testing.T) {
	t.Parallel()
	schema, covered := contract(t), map[string]bool{}
	fields := map[string]ast.SelectionSet{}
	for _, source := range sources(t, "operations/*.graphql") {
		if lines := strings.Count(source.Input, "\n"); lines > 300 {
			t.Errorf("%s has %d lines; 300 is the most", source.Name, lines)
		}
		document, err := parser.ParseQuery(source)
		if err != nil {
			t.Fatal(err)
		}
		for _, o := range document.Operations {
			root := map[ast.Operation]string{ast.Query: "Query", ast.Mutation: "Mutation"}[o.Operation]
			fields[root] = append(fields[root], o.SelectionSet...)
		}
	}
	var walk func(on *ast.Definition, set ast.SelectionSet)
	walk = func(on *ast.Definition, set ast.SelectionSet) {
		for _, s := range set {
			if f, ok := s.(*ast.Field); ok && on.Fields.ForName(f.Name) != nil {
				covered[on.Name+"."+f.Name] = true
				walk(schema.Types[on.Fields.ForName(f.Name).Type.Name()], f.SelectionSet)
			}
		}
	}
	for root, set := range fields {
		walk(schema.Types[root], set)
	}

	if schema.Subscription != nil {
		t.Error("the contract has subscriptions: the client has none yet")
	}
	for _, on := range schema.Types {
		for _, f := range on.Fields {
			name := on.Name + "." + f.Name
			isRoot := on == schema.Query || on == schema.Mutation
			if list := strings.HasSuffix(f.Type.Name(), "Connection"); (isRoot || list) &&
				!strings.HasPrefix(f.Name, "__") && !covered[name] {
				t.Errorf("no operation has %s", name)
			}
		}
	}
}

// sent is what an operation sends as its variables.
func sent(t *testing.T, do func(c *client.Client) error) string {
	t.Helper()
	var variables json.RawMessage
	c := must(t, client.APIKey("k"), func(w http.ResponseWriter, r *http.Request) {
		var body struct{ Variables json.RawMessage }
		text, err := io.ReadAll(r.Body)
		if err != nil || json.Unmarshal(text, &body) != nil {
			t.Errorf("%s: %v", text, err)
		}
		variables = body.Variables
		_, _ = fmt.Fprint(w, `{"data":{}}`)
	})
	if err := do(c); err != nil {
		t.Fatal(err)
	}
	return string(variables)
}

// TestUpdates_LeaveSetOrClear is what null and absence mean in an Update input.
func TestUpdates_LeaveSetOrClear(t *testing.T) {
	t.Parallel()
	for want, input := range map[string]client.UpdateSecretInput{
		`{"input":{"secretId":"s"}}`:                    {SecretId: "s"},
		`{"input":{"secretId":"s","name":"n"}}`:         {SecretId: "s", Name: new("n")},
		`{"input":{"secretId":"s","description":"d"}}`:  {SecretId: "s", Description: client.Set("d")},
		`{"input":{"secretId":"s","description":null}}`: {SecretId: "s", Description: client.Null[string]()},
		`{"input":{"secretId":"s","rotation":null}}`: {
			SecretId: "s", Rotation: client.Null[client.RotationScheduleInput](),
		},
	} {
		if got := sent(t, func(c *client.Client) error {
			_, err := client.UpdateSecret(t.Context(), c, input)
			return err
		}); got != want {
			t.Errorf("%s was sent, not %s", got, want)
		}
	}
	if got := sent(t, func(c *client.Client) error {
		_, err := client.UpdateDatastore(t.Context(), c, client.UpdateDatastoreInput{
			DatastoreId: "d", ContentTypes: client.Set([]string{}), KeepVersions: client.Null[int](),
		})
		return err
	}); got != `{"input":{"datastoreId":"d","contentTypes":[],"keepVersions":null}}` {
		t.Error(got)
	}
}

func TestSecretValues_HaveOneMember(t *testing.T) {
	t.Parallel()
	got := sent(t, func(c *client.Client) error {
		_, err := client.RotateSecret(t.Context(), c, client.RotateSecretInput{
			SecretId: "s", Value: client.SecretValueInput{Text: new("v")},
		})
		return err
	})
	if !strings.Contains(got, `"value":{"text":"v"}`) {
		t.Error(got)
	}
}

// TestNames_AreShort holds the generated types to names that can be read.
func TestNames_AreShort(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("operations.generated.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(text)) {
		words := strings.Fields(line)
		if len(words) > 1 && words[0] == "type" && len(words[1]) > 32 && !slices.Contains(words, "__premarshal") {
			t.Errorf("%s is too long a name: give it one by typename", words[1])
		}
	}
}

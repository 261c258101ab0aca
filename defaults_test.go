package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/transport"
	"github.com/provenanceone/data-api/resolvers"
	"github.com/provenanceone/data-api/schema"
)

// TestDefaults_OfNull_AreThoseOfWhatIsAbsent sends null to every argument and input field of the contract that has a
// default, in each way in which a null can be sent, through the code that production runs, and compares what resolvers
// are given.
func TestDefaults_OfNull_AreThoseOfWhatIsAbsent(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	places := (&finder{contract: contract}).all()
	if len(places) < 25 {
		t.Fatalf("only %d places were found", len(places))
	}
	listener := newListener(contract)
	for _, p := range places {
		absent := listener.given(t, p.field, p.document("", p.with(none{})), nil)
		if !strings.HasPrefix(p.kind.String(), "[") && !strings.Contains(absent, `"`+p.leaf+`":`) {
			t.Errorf("%s has no default at the resolver: %s", p.name, absent)
		}
		byVariable := p.document("$v: "+p.kind.String(), p.with(bare("$v")))
		for way, got := range map[string]string{
			"a literal":                   listener.given(t, p.field, p.document("", p.with(nil)), nil),
			"a variable":                  listener.given(t, p.field, byVariable, tree{"v": nil}),
			"a variable that is not sent": listener.given(t, p.field, byVariable, nil),
			"a variable with its own default": listener.given(t, p.field,
				p.document("$v: "+p.kind.String()+" = "+text(p.other()), p.with(bare("$v"))), tree{"v": nil}),
			"a part of a variable": listener.given(t, p.field,
				p.document("$w: "+p.whole.String(), tree{p.argument: bare("$w")}), tree{"w": p.with(nil)[p.argument]}),
		} {
			if got != absent {
				t.Errorf("%s, null as %s: the resolver is given %s instead of %s", p.name, way, got, absent)
			}
		}
		for range 2 { // the document is kept from the first time
			if got := listener.given(t, p.field, byVariable, tree{"v": p.other()}); got == absent {
				t.Errorf("%s: %v in a variable is lost: %s", p.name, p.other(), got)
			}
		}
	}
}

// TestDefaults_OneVariableAtTwoPlaces_IsNullWhereThereIsNoDefault clears one field and leaves the other at its default.
func TestDefaults_OneVariableAtTwoPlaces_IsNullWhereThereIsNoDefault(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	const both = `mutation($v: Int) {
		createDatastore(input: {name: "a", keepVersions: $v}) { __typename }
		updateDatastore(input: {datastoreId: "1", keepVersions: $v}) { __typename }
	}`
	listener := newListener(contract)
	for field, want := range map[string]string{
		"createDatastore": `"keepVersions":1`,
		"updateDatastore": `"keepVersions":null`,
	} {
		if got := listener.given(t, field, both, tree{"v": nil}); !strings.Contains(got, want) {
			t.Errorf("%s is given %s, not %s", field, got, want)
		}
	}
}

// listener hears what resolvers would be given, and calls none.
type listener struct {
	server *handler.Server
	target string
	heard  string
}

func newListener(contract *ast.Schema) *listener {
	l := &listener{}
	config := graph.Config{Schema: contract, Resolvers: resolvers.New(resolvers.Nouns{}, nil)}
	l.server = transport.NewServer(graph.NewExecutableSchema(config), transport.Options{Options: document.Options{
		Log:       slog.New(slog.DiscardHandler),
		RequestID: func(context.Context) string { return "1" },
	}})
	l.server.AroundFields(l.hear)
	return l
}

func (l *listener) hear(ctx context.Context, _ graphql.Resolver) (any, error) {
	at := graphql.GetFieldContext(ctx)
	if at.Field.Name == l.target {
		heard, err := json.Marshal(at.Args)
		l.heard = string(heard)
		return nil, err
	}
	nodes := map[any]graph.Node{
		"Datastore":       &graph.Datastore{},
		"DatastoreObject": &graph.DatastoreObject{},
		"ObjectVersion":   &graph.ObjectVersion{},
		"Secret":          &graph.Secret{},
	}
	if node := nodes[at.Args["id"]]; node != nil {
		return node, nil
	}
	return nil, nil //nolint:nilnil // null is the answer
}

// given returns the arguments that a field's resolver is given.
func (l *listener) given(t *testing.T, field, query string, variables tree) string {
	t.Helper()
	l.target, l.heard = field, ""
	body, err := json.Marshal(tree{"query": query, "variables": variables})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	recorder := httptest.NewRecorder()
	l.server.ServeHTTP(recorder, request)
	if l.heard == "" {
		return fmt.Sprintf("nothing: %s is answered by %s", query, recorder.Body)
	}
	return l.heard
}

package resolvers

import (
	"context"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/schema"
)

type denialsStore struct {
	audit.Store
	entries []audit.Entry
}

func (s *denialsStore) Record(_ context.Context, e ...audit.Entry) error {
	s.entries = append(s.entries, e...)
	return nil
}

// callTo is the context in which the guard of an operation's first field runs.
func callTo(t *testing.T, operation string, variables map[string]any) context.Context {
	t.Helper()
	contract, err := schema.Load()
	testkit.Must(t, err)
	document, errs := gqlparser.LoadQueryWithRules(contract, operation, rules.NewDefaultRules())
	if errs != nil {
		t.Fatal(errs)
	}
	call := document.Operations[0]
	values, err := validator.VariableValues(contract, call, variables)
	testkit.Must(t, err)
	field, _ := call.SelectionSet[0].(*ast.Field)
	ctx := graphql.WithOperationContext(t.Context(), &graphql.OperationContext{Variables: values})
	return graphql.WithFieldContext(ctx, &graphql.FieldContext{
		Object: "Mutation",
		Field:  graphql.CollectedField{Field: field},
	})
}

func TestAuthorize_FieldOfInputThatNeedsMore_IsRefusedHoweverItIsSent(t *testing.T) {
	t.Parallel()
	contract, err := schema.Load()
	testkit.Must(t, err)
	const id = "0198c0de-0000-7000-8000-000000000001"
	run := map[string]any{"runId": "r", "stepId": "s"}
	input := func(run any) map[string]any {
		return map[string]any{"datastoreId": id, "key": "k", "contentType": "text/csv", "run": run}
	}
	const (
		whole  = `mutation($v: CreateUploadURLInput!) { createUploadURL(input: $v) { url } }`
		nested = `mutation($v: RunStepInput) { createUploadURL(input: {datastoreId: "` + id + `", key: "k",
			contentType: "text/csv", run: $v}) { url } }`
		literal = `mutation { createUploadURL(input: {datastoreId: "` + id + `", key: "k", contentType: "text/csv",
			run: {runId: "r", stepId: "s"}}) { url } }`
	)
	for _, c := range []struct {
		operation string
		variables map[string]any
		scope     authz.Scope
		want      bool
	}{
		{literal, nil, authz.DatastoresWrite, false},
		{literal, nil, authz.RunsExecute, true},
		{whole, map[string]any{"v": input(run)}, authz.DatastoresWrite, false},
		{whole, map[string]any{"v": input(run)}, authz.RunsExecute, true},
		{whole, map[string]any{"v": input(nil)}, authz.DatastoresWrite, true},
		{nested, map[string]any{"v": run}, authz.DatastoresWrite, false},
		{nested, map[string]any{"v": nil}, authz.DatastoresWrite, true},
		{nested, nil, authz.DatastoresWrite, true},
	} {
		store := &denialsStore{}
		guard := NewGuard(contract, audit.NewDenials(store, time.Now)).Directives().Authorize
		actor := authz.Actor{
			Who:       authz.Who{Kind: authz.APIKey},
			Workspace: id,
			Scopes:    authz.NewScopes(c.scope),
		}
		reached := false
		role, scope := authz.Editor, authz.DatastoresWrite
		_, err := guard(authz.WithActor(callTo(t, c.operation, c.variables), actor), nil,
			func(context.Context) (any, error) {
				reached = true
				return nil, nil //nolint:nilnil // the field answers null
			}, &role, &scope)
		if reached != c.want || fault.Is(err, fault.Forbidden) == c.want {
			t.Errorf("%s with %v for %s: reached %t, %v", c.operation, c.variables, c.scope, reached, err)
		}
		if recorded := len(store.entries) == 1 && store.entries[0].Target.ID == id; recorded == c.want {
			t.Errorf("%s with %v for %s: on record are %+v", c.operation, c.variables, c.scope, store.entries)
		}
	}
}

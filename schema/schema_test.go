package schema_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/schema"
)

func load(t *testing.T) *ast.Schema {
	t.Helper()
	s, err := schema.Load()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestContract_EveryRootFieldAndNode_HasOneGuard(t *testing.T) {
	t.Parallel()
	rules := schema.Rules(load(t))
	if len(rules) < 20 {
		t.Fatalf("only %d rules were found", len(rules))
	}
	for _, r := range rules {
		if r.Guards != 1 {
			t.Errorf("%s has %d guards, not one", r.Name, r.Guards)
		}
		if !r.SignedIn && r.Need == (authz.Need{}) {
			t.Errorf("%s asks for neither role nor scope: nobody could pass", r.Name)
		}
	}
}

func TestContract_EveryMutation_TakesOneInputAndReturnsItsPayload(t *testing.T) {
	t.Parallel()
	for _, f := range load(t).Mutation.Fields {
		stem := strings.ToUpper(f.Name[:1]) + f.Name[1:]
		if f.Name == "runStorageStep" {
			stem = "StorageStep" // it is the step that a workflow configures
		}
		if len(f.Arguments) != 1 || f.Arguments[0].Name != "input" || f.Arguments[0].Type.String() != stem+"Input!" {
			t.Errorf("%s must take input: %sInput!", f.Name, stem)
		}
		if f.Type.String() != stem+"Payload" {
			t.Errorf("%s must return %sPayload, nullable; it returns %s", f.Name, stem, f.Type)
		}
	}
}

func TestContract_EveryRootFieldAndTypeOfOurs_IsDescribed(t *testing.T) {
	t.Parallel()
	s := load(t)
	for _, root := range []*ast.Definition{s.Query, s.Mutation} {
		for _, f := range root.Fields {
			if f.Description == "" && !strings.HasPrefix(f.Name, "__") {
				t.Errorf("%s.%s has no description", root.Name, f.Name)
			}
		}
	}
	for _, node := range s.GetPossibleTypes(s.Types["Node"]) {
		if node.Description == "" {
			t.Errorf("%s has no description", node.Name)
		}
	}
}

// TestContract_WhatHasADefault_MayBeNull is for generated clients, which send null for what their caller has not set.
func TestContract_WhatHasADefault_MayBeNull(t *testing.T) {
	t.Parallel()
	for name, def := range load(t).Types {
		for _, field := range def.Fields {
			if field.Type.NonNull && field.DefaultValue != nil {
				t.Errorf("%s.%s is %s with a default; it must be nullable, and null is the default", name, field.Name, field.Type)
			}
			for _, argument := range field.Arguments {
				if argument.Type.NonNull && argument.DefaultValue != nil {
					t.Errorf("%s.%s(%s:) is %s with a default; it must be nullable, and null is the default", name, field.Name, argument.Name, argument.Type)
				}
			}
		}
	}
}

func TestContract_EveryConnection_HasItsParts(t *testing.T) {
	t.Parallel()
	for name, def := range load(t).Types {
		if !strings.HasSuffix(name, "Connection") {
			continue
		}
		for _, part := range []string{"edges", "nodes", "pageInfo"} {
			if def.Fields.ForName(part) == nil {
				t.Errorf("%s lacks %s", name, part)
			}
		}
	}
}

func TestContract_Enums_AreThoseOfTheCode(t *testing.T) {
	t.Parallel()
	s := load(t)
	kinds := []string{}
	for _, k := range []fault.Kind{fault.BadRequest, fault.ParseFailed, fault.ValidationFailed, fault.Unauthenticated, fault.Forbidden, fault.NotFound,
		fault.Invalid, fault.Conflict, fault.IdempotencyMismatch, fault.InUse, fault.QuotaExceeded, fault.RateLimited, fault.TooCostly, fault.Unavailable, fault.Internal} {
		kinds = append(kinds, string(k))
	}
	tests := map[string][]string{"ErrorCode": kinds, "Role": texts(authz.Roles()), "Scope": texts(authz.AllScopes())}
	for enum, want := range tests {
		var got []string
		for _, v := range s.Types[enum].EnumValues {
			got = append(got, v.Name)
		}
		slices.Sort(got)
		slices.Sort(want)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s differs (-code +schema):\n%s", enum, diff)
		}
	}
}

func texts[T ~string](all []T) []string {
	out := make([]string, len(all))
	for i, one := range all {
		out[i] = string(one)
	}
	return out
}

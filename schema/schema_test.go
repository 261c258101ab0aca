package schema_test

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2"
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

func TestContract_Everything_IsDescribed(t *testing.T) {
	t.Parallel()
	s, seen := load(t), 0
	check := func(name, description string) {
		seen++
		if strings.TrimSpace(description) == "" {
			t.Errorf("%s has no description", name)
		}
	}
	for _, d := range s.Directives {
		if !d.Position.Src.BuiltIn {
			check("@"+d.Name, d.Description)
		}
	}
	for _, def := range s.Types {
		if def.BuiltIn {
			continue
		}
		check(def.Name, def.Description)
		for _, value := range def.EnumValues {
			check(def.Name+"."+value.Name, value.Description)
		}
		for _, f := range def.Fields {
			if strings.HasPrefix(f.Name, "__") {
				continue
			}
			check(def.Name+"."+f.Name, f.Description)
			for _, a := range f.Arguments {
				check(def.Name+"."+f.Name+"("+a.Name+":)", a.Description)
			}
		}
	}
	if seen < 700 {
		t.Fatalf("only %d things were looked at", seen)
	}
}

func TestContract_WhoMay_StandsInTheDescription(t *testing.T) {
	t.Parallel()
	s := load(t)
	for _, c := range []struct{ description, want string }{
		{s.Query.Fields.ForName("viewer").Description, "Who may: any valid credential, unless stated otherwise."},
		{s.Query.Fields.ForName("members").Description, "Who may: users with the role ADMIN; no API key."},
		{s.Mutation.Fields.ForName("revealSecret").Description,
			"\n\nA request may ask for it once.\n\nWho may: users " +
				"with the role ADMIN; API keys with the scope `secrets:read`."},
		{s.Mutation.Fields.ForName("runStorageStep").Description,
			"Who may: no user; API keys with the scope `runs:execute`."},
		{s.Types["Datastore"].Fields.ForName("uploads").Description, "Who may: users with the role EDITOR or above; " +
			"API keys with the scope `datastores:write` or `runs:execute`."},
		{s.Types["Secret"].Description, "Who may read it: users with the role VIEWER or above; API keys with the " +
			"scope `secrets:inject`, `secrets:list`, `secrets:read` or `secrets:write`."},
		{s.Mutation.Fields.ForName("revokeAPIKey").Arguments.ForName("input").Description,
			s.Types["RevokeAPIKeyInput"].Description},
	} {
		if !strings.HasSuffix(c.description, c.want) || strings.Count(c.description, "Who may") > 1 {
			t.Errorf("%q does not end with %q", c.description, c.want)
		}
	}
	for _, root := range []*ast.Definition{s.Query, s.Mutation} {
		for _, f := range root.Fields {
			if !strings.HasPrefix(f.Name, "__") && !strings.Contains(f.Description, "\n\nWho may: ") {
				t.Errorf("%s.%s does not say who may", root.Name, f.Name)
			}
		}
	}
}

func TestContract_WhatHandsOutOrFindsValues_IsAskedForOnce(t *testing.T) {
	t.Parallel()
	var got []string
	for _, f := range load(t).Mutation.Fields {
		if f.Directives.ForName("once") != nil {
			got = append(got, f.Name)
		}
	}
	if want := []string{"injectSecrets", "redactOutput", "revealSecret"}; !slices.Equal(got, want) {
		t.Errorf("%v, not %v", got, want)
	}
}

// The guard reads @needs when it has decided by @authorize, and only from the one input of a mutation.
func TestContract_Needs_StandWhereTheGuardReadsThem(t *testing.T) {
	t.Parallel()
	s := load(t)
	var read, marked []string
	for _, r := range schema.Rules(s) {
		for _, in := range r.Inputs {
			if name := strings.TrimPrefix(r.Name, "Mutation."); name == r.Name || r.SignedIn {
				t.Errorf("%s is no mutation with @authorize: nobody reads @needs of %s", r.Name, in.Field)
			} else {
				read = append(read, s.Mutation.Fields.ForName(name).Arguments[0].Type.Name()+"."+in.Field)
			}
		}
	}
	for _, def := range s.Types {
		for _, f := range def.Fields {
			if f.Directives.ForName("needs") != nil {
				marked = append(marked, def.Name+"."+f.Name)
			}
		}
	}
	slices.Sort(read)
	slices.Sort(marked)
	if want := []string{"CreateUploadURLInput.run"}; !slices.Equal(read, want) || !slices.Equal(marked, want) {
		t.Errorf("read are %v, marked %v, not %v", read, marked, want)
	}
}

func TestContract_Scalars_AreSpecifiedByTheirHeading(t *testing.T) {
	t.Parallel()
	const page = "https://github.com/provenanceone/data-api/blob/main/docs/reference/scalars.md#"
	text, err := os.ReadFile("../docs/reference/scalars.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, def := range load(t).Types {
		if def.Kind != ast.Scalar || def.BuiltIn {
			continue
		}
		specified := def.Directives.ForName("specifiedBy")
		if specified == nil || specified.Arguments.ForName("url").Value.Raw != page+strings.ToLower(def.Name) {
			t.Errorf("%s is not specified by %s%s", def.Name, page, strings.ToLower(def.Name))
		}
		if !strings.Contains(string(text), "\n## "+def.Name+"\n") {
			t.Errorf("docs/reference/scalars.md has no heading %s", def.Name)
		}
	}
}

// TestContract_Printed_IsTheFileAtTheRoot is how schema.graphql is made: `make generate` runs it with -update.
func TestContract_Printed_IsTheFileAtTheRoot(t *testing.T) {
	t.Parallel()
	const file = "../schema.graphql"
	got := schema.Print(load(t))
	if *update {
		if err := os.WriteFile(file, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(want, got) {
		t.Error("schema.graphql is not what schema/*.graphqls say: run `make generate`")
	}
	if _, err := gqlparser.LoadSchema(&ast.Source{Input: string(got)}); err != nil {
		t.Error(err)
	}
}

func TestContract_WhatIsRefused_IsNotOffered(t *testing.T) {
	t.Parallel()
	if load(t).Directives["defer"] != nil {
		t.Error("@defer is in the contract")
	}
}

// TestContract_WhatHasADefault_MayBeNull is for generated clients, which send null for what their caller has not set.
func TestContract_WhatHasADefault_MayBeNull(t *testing.T) {
	t.Parallel()
	for name, def := range load(t).Types {
		for _, field := range def.Fields {
			if field.Type.NonNull && field.DefaultValue != nil {
				t.Errorf("%s.%s is %s with a default; it must be nullable, and null is the default", name,
					field.Name, field.Type)
			}
			for _, argument := range field.Arguments {
				if argument.Type.NonNull && argument.DefaultValue != nil {
					t.Errorf("%s.%s(%s:) is %s with a default; it must be nullable, and null is the default", name,
						field.Name, argument.Name, argument.Type)
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
	for _, k := range []fault.Kind{fault.BadRequest, fault.ParseFailed, fault.ValidationFailed, fault.Unauthenticated,
		fault.Forbidden, fault.NotFound,
		fault.Invalid, fault.Conflict, fault.IdempotencyMismatch, fault.InUse, fault.QuotaExceeded, fault.RateLimited,
		fault.TooCostly, fault.UnknownDocument, fault.UntrustedDocument, fault.Unavailable, fault.Internal} {
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

package schema_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/schema"
)

var update = flag.Bool("update", false, "rewrite golden files")

const golden = "permissions.golden.md"

type principal struct {
	name  string
	actor authz.Actor
}

func principals() []principal {
	const ws = authz.WorkspaceID("01980000-0000-7000-8000-00000000ac3e")
	all := []principal{{"anonymous", authz.Actor{}}}
	for _, r := range authz.Roles() {
		all = append(all, principal{strings.ToLower(string(r)), authz.Actor{
			Who:       authz.Who{Kind: authz.User},
			Workspace: ws,
			Role:      r,
		}})
	}
	for _, s := range authz.AllScopes() {
		all = append(all, principal{s.Text(), authz.Actor{
			Who:       authz.Who{Kind: authz.APIKey},
			Workspace: ws,
			Scopes:    authz.NewScopes(s),
		}})
	}
	return all
}

func TestPermissionMatrix_IsTheGoldenOne(t *testing.T) {
	t.Parallel()
	got := matrix(schema.Rules(load(t)))
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Fatalf("who may do what has changed; if that is meant, run `make update-golden` (-was +is):\n%s", diff)
	}
}

func matrix(rules []schema.Rule) string {
	var out strings.Builder
	fmt.Fprintln(&out, "# Who may\n\nGenerated from the guards in schema/*.graphqls by `make update-golden`. A user "+
		"has a role, an API key has scopes.")
	fmt.Fprintf(&out, "Root fields say who may call them, types who may read them on whatever path.\n\n| |")
	for _, p := range principals() {
		fmt.Fprintf(&out, " %s |", p.name)
	}
	fmt.Fprintf(&out, "\n|---|%s\n", strings.Repeat(":-:|", len(principals())))
	for _, r := range rules {
		row(&out, r.Name, r.Allows)
		for _, in := range r.Inputs {
			row(&out, r.Name+" with `"+in.Field+"`", func(a authz.Actor) bool {
				return r.Allows(a) && in.Need.Decide(a) == nil
			})
		}
	}
	return out.String()
}

func row(out *strings.Builder, name string, allows func(authz.Actor) bool) {
	fmt.Fprintf(out, "| %s |", name)
	for _, p := range principals() {
		fmt.Fprintf(out, " %s |", map[bool]string{true: "yes", false: "–"}[allows(p.actor)])
	}
	fmt.Fprintln(out)
}

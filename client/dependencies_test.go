package client_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestDependencies_AreThoseOfAClient lists all that a program gets that imports the client, and client/runtime: nothing
// of the server's.
func TestDependencies_AreThoseOfAClient(t *testing.T) {
	t.Parallel()
	for path, want := range map[string][]string{
		".": {
			"github.com/Khan/genqlient/graphql",
			"github.com/google/uuid",
			"github.com/provenanceone/data-api/client",
			"github.com/vektah/gqlparser/v2/ast",
			"github.com/vektah/gqlparser/v2/gqlerror",
		},
		"./runtime": {
			"github.com/Khan/genqlient/graphql",
			"github.com/google/uuid",
			"github.com/provenanceone/data-api/client",
			"github.com/provenanceone/data-api/client/runtime",
			"github.com/provenanceone/data-api/internal/redact",
			"github.com/provenanceone/data-api/internal/seal",
			"github.com/vektah/gqlparser/v2/ast",
			"github.com/vektah/gqlparser/v2/gqlerror",
		},
	} {
		out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "-f",
			"{{if not .Standard}}{{.ImportPath}}{{end}}", path).Output()
		if err != nil {
			t.Fatal(err)
		}
		got := strings.Fields(string(out))
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Errorf("%s brings along\n%s", path, strings.Join(got, "\n"))
		}
	}
}

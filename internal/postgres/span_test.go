package postgres_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/trace"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

// TestSpans_OfStatements_BearTheNamesOfMethodsAndNoArguments runs statements by themselves, a transaction that commits,
// and one that a constraint ends.
func TestSpans_OfStatements_BearTheNamesOfMethodsAndNoArguments(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	s := f.secret(t, "hunter2")
	again, other := s, s
	again.ID, other.ID, other.Name = ident.New[secret.Secret](), ident.New[secret.Secret](), "other"
	tracer, flush := tracetest.Tracer(t, trace.Options{Ratio: 1})
	for name, do := range map[string]func(ctx context.Context) error{
		"ping": f.db.Ping,
		"get": func(ctx context.Context) error {
			_, err := f.db.Secrets().Get(ctx, f.acme.Workspace, []secret.ID{s.ID})
			return err
		},
		"reserve": func(ctx context.Context) error {
			return f.db.Secrets().Reserve(ctx, f.acme.Workspace, other)
		},
		"taken": func(ctx context.Context) error {
			if err := f.db.Secrets().Reserve(ctx, f.acme.Workspace, again); err == nil {
				t.Error("a name was reserved twice")
			}
			return nil
		},
	} {
		ctx, root, _ := tracer.Begin(t.Context(), name)
		testkit.Must(t, do(ctx))
		root.End()
	}
	spans := flush()
	got := slices.Compact(tracetest.Paths(spans))
	want := []string{
		"get", "get > Secrets.Get", "ping", "ping > DB.Ping",
		"reserve", "reserve > BEGIN", "reserve > COMMIT", "reserve > Secrets.Reserve",
		"taken", "taken > BEGIN", "taken > ROLLBACK", "taken > Secrets.Reserve",
	}
	if !slices.Equal(got, want) {
		t.Errorf("the spans are %q, want %q", got, want)
	}
	var failed []string
	for _, span := range spans {
		if span.Failed {
			failed = append(failed, span.Name+" "+span.Attributes["error.type"])
		}
		text := strings.Join(span.Texts, " ")
		for _, not := range []string{"hunter2", s.ID.String(), f.acme.Workspace.String(), "$1", f.acme.PrincipalID} {
			if strings.Contains(text, not) {
				t.Errorf("%s is in the span %+v", not, span)
			}
		}
	}
	if !slices.Equal(failed, []string{"Secrets.Reserve 23505"}) {
		t.Errorf("what failed is %q", failed)
	}
}

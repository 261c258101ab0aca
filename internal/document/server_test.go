package document_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/transport"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// newTestServer runs documents of the test schema that come by POST or GET, as production does.
func newTestServer(resolve documenttest.Resolver) (http.Handler, *documenttest.LogBook) {
	book := &documenttest.LogBook{}
	return transport.NewServer(documenttest.Executable(resolve), transport.Options{Options: document.Options{
		Log:       slog.New(slog.NewTextHandler(book, nil)),
		RequestID: func(context.Context) string { return "request-1" },
	}}), book
}

// used collects the extensions of a server.
type used struct {
	*handler.Server
	extensions []graphql.HandlerExtension
}

func (u *used) Use(e graphql.HandlerExtension) { u.extensions = append(u.extensions, e) }

// TestGuard_NoExtension_InterceptsFields is for what resolves a leaf in memory without a context of the field.
func TestGuard_NoExtension_InterceptsFields(t *testing.T) {
	t.Parallel()
	server := &used{Server: handler.New(documenttest.Executable(nil))}
	document.Guard(server, document.Options{})
	for _, e := range server.extensions {
		if _, ok := e.(graphql.FieldInterceptor); ok {
			t.Errorf("%s sees a leaf with the context of its object: see graph/field.go", e.ExtensionName())
		}
	}
	if len(server.extensions) == 0 {
		t.Error("there are no extensions")
	}
}

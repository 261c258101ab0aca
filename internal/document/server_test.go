package document_test

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

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

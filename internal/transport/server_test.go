package transport

import (
	"context"
	"log/slog"
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func optionsWithRecorder(book *documenttest.LogBook) document.Options {
	return document.Options{
		Log:       slog.New(slog.NewTextHandler(book, nil)),
		RequestID: func(context.Context) string { return "request-1" },
	}
}

// newTestServer runs documents of the test schema, without connections.
func newTestServer(resolve documenttest.Resolver) (http.Handler, *documenttest.LogBook) {
	book := &documenttest.LogBook{}
	return NewServer(documenttest.Executable(resolve), Options{Options: optionsWithRecorder(book)}), book
}

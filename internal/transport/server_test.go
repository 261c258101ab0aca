package transport

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
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

func TestCost_ByEveryWayIn_IsTold(t *testing.T) {
	t.Parallel()
	const told = `"extensions":{"cost":{"requestedQueryCost":1,"maximumQueryCost":2000}}`
	g := newRig(t, quick())
	p := g.join("ann")
	p.ask("1", `{who}`)
	if got, err := p.receive(); err != nil || !strings.Contains(got, told) {
		t.Errorf("a socket: %s, %v", got, err)
	}
	streamed, err := io.ReadAll(g.stream(http.MethodPost, "ann", `{who}`).body)
	if err != nil || !strings.Contains(string(streamed), told) {
		t.Errorf("a stream: %s, %v", streamed, err)
	}
	response, err := http.Post(g.url, "application/json", strings.NewReader(`{"query":"{who}"}`))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	posted, err := io.ReadAll(response.Body)
	if err != nil || !strings.HasSuffix(string(posted), told+"}") || response.ContentLength != int64(len(posted)) {
		t.Errorf("POST: %d bytes, %s, %v", response.ContentLength, posted, err)
	}
}

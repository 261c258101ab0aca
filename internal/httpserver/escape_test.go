package httpserver

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"testing"

	"github.com/provenanceone/data-api/internal/testkit"
)

// TestRun_PathThatCannotBeDecoded_GetsNetHTTPsOwn400 holds what docs/reference/errors.md says: net/http reads the request
// line before any handler, and offers no way to answer otherwise.
func TestRun_PathThatCannotBeDecoded_GetsNetHTTPsOwn400(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	handler := http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("a handler was reached") })
	go func() { ended <- Run(ctx, listener, handler, Limits{}, slog.New(slog.DiscardHandler)) }()
	for _, path := range []string{"/%zz", "/datastores/%", "/datastores/x/objects/%2"} {
		c, err := net.Dial("tcp", listener.Addr().String())
		testkit.Must(t, err)
		_, err = io.WriteString(c, "GET "+path+" HTTP/1.1\r\nHost: localhost\r\n\r\n")
		testkit.Must(t, err)
		answer, err := io.ReadAll(c) // the server closes the connection
		testkit.Must(t, err)
		testkit.Must(t, c.Close())
		const want = "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain; charset=utf-8\r\nConnection: close\r\n\r\n400 Bad Request"
		if string(answer) != want {
			t.Errorf("%s: got %q", path, answer)
		}
	}
	cancel()
	testkit.Must(t, <-ended)
}

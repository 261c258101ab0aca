package httpserver

import (
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"
)

// TestDrain_OrderToStop_ServesOnWithoutBeingReady drains for an hour, which the test cuts short.
func TestDrain_OrderToStop_ServesOnWithoutBeingReady(t *testing.T) {
	t.Parallel()
	ctx, stop := context.WithCancel(t.Context())
	until, drained := Drain(ctx, time.Hour, slog.New(slog.DiscardHandler))
	defer drained()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	mux := http.NewServeMux()
	mux.Handle("/readyz", ready(Options{
		Ready: func(context.Context) error { return nil },
		Log:   slog.New(slog.DiscardHandler),
	}))
	mux.HandleFunc("/", func(_ http.ResponseWriter, r *http.Request) {
		if stopping(r.Context()) {
			t.Error("sockets and streams are told to end while the server drains")
		}
	})
	ended := make(chan error, 1)
	go func() { ended <- Run(until, listener, mux, Limits{}, slog.New(slog.DiscardHandler)) }()
	client := &http.Client{Transport: &http.Transport{}}
	defer client.CloseIdleConnections()
	ask := func(path string, status int, said string, last bool) {
		t.Helper()
		response, err := client.Get("http://" + listener.Addr().String() + path)
		testkit.Must(t, err)
		defer func() { _ = response.Body.Close() }()
		text, err := io.ReadAll(response.Body)
		testkit.Must(t, err)
		if response.StatusCode != status || !strings.Contains(string(text), said) || response.Close != last {
			t.Errorf("%s: got %d %s, the connection ends: %v", path, response.StatusCode, text, response.Close)
		}
	}

	ask("/", http.StatusOK, "", false)
	ask("/readyz", http.StatusOK, `"ready"`, false)
	stop()
	ask("/readyz", http.StatusServiceUnavailable, `"stopping"`, true)
	ask("/", http.StatusOK, "", true)
	drained()
	testkit.Must(t, <-ended)
}

func TestDrain_TimeOver_Ends(t *testing.T) {
	t.Parallel()
	for _, wait := range []time.Duration{0, time.Millisecond} {
		ctx, stop := context.WithCancel(t.Context())
		until, drained := Drain(ctx, wait, slog.New(slog.DiscardHandler))
		if until.Err() != nil {
			t.Error("it drains before it is told to")
		}
		stop()
		<-until.Done()
		drained()
	}
}

func TestDrain_ServerEndsByItself_LeavesNothingBehind(t *testing.T) {
	t.Parallel()
	until, drained := Drain(t.Context(), time.Hour, slog.New(slog.DiscardHandler))
	drained()
	if until.Err() == nil {
		t.Error("it goes on")
	}
}

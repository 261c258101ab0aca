package httpserver

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/testkit"
)

func TestNewServer_SlowCallers_AreCutOff(t *testing.T) {
	t.Parallel()
	s := newServer(t.Context(), http.NotFoundHandler(), Limits{}.withDefaults(), slog.New(slog.DiscardHandler))
	if s.ReadHeaderTimeout != 5*time.Second || s.ReadTimeout != 15*time.Second || s.IdleTimeout != time.Minute ||
		s.MaxHeaderBytes != 32<<10 {
		t.Errorf("got %+v", s)
	}
	if s.WriteTimeout <= s.ReadTimeout+DefaultLimits().Request {
		t.Errorf("the answer to a slow request has no time: %v", s.WriteTimeout)
	}
}

func TestNewServer_OtherLimits_AreItsOwn(t *testing.T) {
	t.Parallel()
	most := Limits{Request: 2 * time.Second, HeaderBytes: 24 << 10, Headers: time.Second, Body: 3 * time.Second, Idle: time.Hour}
	s := newServer(t.Context(), http.NotFoundHandler(), most.withDefaults(), slog.New(slog.DiscardHandler))
	if s.ReadHeaderTimeout != time.Second || s.ReadTimeout != 3*time.Second || s.IdleTimeout != time.Hour ||
		s.MaxHeaderBytes != 24<<10 || s.WriteTimeout != 20*time.Second {
		t.Errorf("got %+v", s)
	}
}

// TestRun_Stop walks through an end: what is under way is finished, the server is no longer ready, and nothing new
// gets in.
func TestRun_Stop_FinishesWhatIsUnderWay(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	begun, proceed, readiness := make(chan struct{}), make(chan struct{}), make(chan bool, 1)
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		close(begun)
		<-proceed
		readiness <- !stopping(r.Context())
		_, _ = io.WriteString(w, "done")
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, listener, handler, Limits{}, slog.New(slog.DiscardHandler)) }()
	client, answered := &http.Client{Transport: &http.Transport{}}, make(chan string, 1)
	defer client.CloseIdleConnections()
	go func() {
		response, err := client.Get("http://" + listener.Addr().String())
		if err != nil {
			answered <- err.Error()
			return
		}
		defer response.Body.Close()
		text, _ := io.ReadAll(response.Body)
		answered <- string(text)
	}()
	<-begun
	cancel()
	for connection, err := net.Dial("tcp", listener.Addr().String()); err == nil; connection, err = net.Dial("tcp",
		listener.Addr().String()) {
		_ = connection.Close()
	}
	close(proceed)
	if <-readiness {
		t.Error("a stopping server is ready")
	}
	if got := <-answered; got != "done" {
		t.Errorf("what was under way got %q", got)
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestRun_Stop_WaitsForSockets shows that a connection that was taken over, of which http.Server knows nothing, is
// told to go and waited for.
func TestRun_Stop_WaitsForSockets(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	var ended atomic.Bool
	taken := make(chan struct{})
	handler := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		close(taken)
		<-Stopping(r.Context())
		time.Sleep(200 * time.Millisecond)
		ended.Store(r.Context().Err() == nil)
		_ = connection.Close()
	})
	ctx, cancel := context.WithCancel(t.Context())
	stopped := make(chan error, 1)
	go func() { stopped <- Run(ctx, listener, handler, Limits{}, slog.New(slog.DiscardHandler)) }()
	connection, err := net.Dial("tcp", listener.Addr().String())
	testkit.Must(t, err)
	defer connection.Close()
	if _, err := io.WriteString(connection, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	<-taken
	cancel()
	if err := <-stopped; err != nil || !ended.Load() {
		t.Errorf("got %v; the socket had ended: %v", err, ended.Load())
	}
}

func TestWait_ForWhatDoesNotEnd_HasAnEnd(t *testing.T) {
	t.Parallel()
	running := &sync.WaitGroup{}
	running.Add(1)
	defer running.Done()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := wait(ctx, running); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestReady_StoppingServer_IsNot(t *testing.T) {
	t.Parallel()
	until, cancel := context.WithCancel(t.Context())
	cancel()
	s := newServer(until, NewHandler(Options{Log: slog.New(slog.DiscardHandler)}), DefaultLimits(), slog.New(slog.DiscardHandler))
	request, err := http.NewRequestWithContext(s.BaseContext(nil), http.MethodGet, "/readyz", nil)
	testkit.Must(t, err)
	w := &answer{header: http.Header{}}
	s.Handler.ServeHTTP(w, request)
	if w.status != http.StatusServiceUnavailable || request.Context().Err() != nil {
		t.Errorf("got %d; the request's context is over: %v", w.status, request.Context().Err())
	}
}

// answer keeps a status.
type answer struct {
	header http.Header
	status int
}

func (a *answer) Header() http.Header         { return a.header }
func (a *answer) Write(p []byte) (int, error) { return len(p), nil }
func (a *answer) WriteHeader(status int)      { a.status = status }

type brokenListener struct{ net.Listener }

func (brokenListener) Accept() (net.Conn, error) { return nil, errors.New("no more sockets") }

func TestRun_BrokenListener_IsAnError(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	defer listener.Close()
	if err := Run(t.Context(), brokenListener{listener}, http.NotFoundHandler(), Limits{},
		slog.New(slog.DiscardHandler)); err == nil {
		t.Error("got no error")
	}
}

package rest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// executor answers every stored operation with the same.
type executor graphql.Response

// ServeHTTP implements what Transport does.
func (e executor) ServeHTTP(_ http.ResponseWriter, r *http.Request) {
	if c, ok := r.Context().Value(callKey{}).(*call); ok {
		response := graphql.Response(e)
		c.response = &response
	}
}

// bytesOf answers createDownloadURL with a version of so many bytes.
func bytesOf(size string) executor {
	return executor{Data: json.RawMessage(`{"result":{"version":{"id":"v","version":1,"sizeBytes":"` + size +
		`","contentType":"text/plain","createdAt":"2026-05-01T09:30:00Z"}}}`)}
}

// reader is a stored file that does what a test says.
type reader func(ctx context.Context, p []byte) (int, error)

type opened struct {
	ctx    context.Context
	read   reader
	closed *atomic.Bool
}

// Read implements io.Reader.
func (o opened) Read(p []byte) (int, error) { return o.read(o.ctx, p) }

// Close implements io.Closer.
func (o opened) Close() error { o.closed.Store(true); return nil }

// storage has one file.
type storage struct {
	read   reader
	err    error
	closed atomic.Bool
}

// Open implements Contents.
func (s *storage) Open(ctx context.Context, _ authz.Actor, _ string, _, _ int64) (io.ReadCloser, error) {
	return opened{ctx, s.read, &s.closed}, s.err
}

// site is an API on a loopback address.
func site(t *testing.T, graphQL http.Handler, s *storage, stopping <-chan struct{}) (*API, *httptest.Server) {
	t.Helper()
	a := newAPI(t, Options{
		GraphQL:   graphQL,
		Contents:  s,
		Log:       slog.New(slog.DiscardHandler),
		RequestID: func(context.Context) string { return "id" },
		Stopping:  func(context.Context) <-chan struct{} { return stopping },
		Time:      time.Minute,
	})
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if at, ok := a.Find(r); ok && at.Handler != nil {
			at.Handler.ServeHTTP(w, r)
		}
	}))
	server.Config.WriteTimeout, server.Config.ReadTimeout = 300*time.Millisecond, 300*time.Millisecond
	server.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	server.Start()
	t.Cleanup(server.Close)
	return a, server
}

// reply is an answer whose body is closed when the test ends.
type reply struct{ *http.Response }

func get(t *testing.T, server *httptest.Server) reply {
	t.Helper()
	response, err := ask(t, server)
	if err != nil {
		t.Fatal(err)
	}
	return response
}

func ask(t *testing.T, server *httptest.Server) (reply, error) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+"/datastores/d/objects/k", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	response, err := server.Client().Do(r)
	if err == nil {
		t.Cleanup(func() { _ = response.Body.Close() })
	}
	return reply{response}, err
}

func TestStream_LongerThanARequestMayTake_GoesOn(t *testing.T) {
	t.Parallel()
	left := 5
	s := &storage{read: func(_ context.Context, p []byte) (int, error) {
		if left--; left < 0 {
			return 0, io.EOF
		}
		<-time.After(150 * time.Millisecond)
		return copy(p, bytes.Repeat([]byte("x"), chunk)), nil
	}}
	_, server := site(t, bytesOf("327680"), s, nil)
	if got, err := io.ReadAll(get(t, server).Body); err != nil || len(got) != 5*chunk {
		t.Errorf("%d bytes came, %v", len(got), err)
	}
	server.Close() // which waits for the handler
	if !s.closed.Load() {
		t.Error("the file was left open")
	}
}

func TestStream_StorageFails_IsCutOff(t *testing.T) {
	t.Parallel()
	for name, read := range map[string]func(sent *int) reader{
		"after the last byte": func(sent *int) reader {
			return func(_ context.Context, p []byte) (int, error) {
				if *sent == 100_000 {
					return 0, fault.New(fault.Unavailable, "It does not have the checksum.")
				}
				n := min(len(p), 100_000-*sent)
				*sent += n
				return n, nil
			}
		},
		"by ending early": func(sent *int) reader {
			return func(_ context.Context, p []byte) (int, error) {
				if *sent > 0 {
					return 0, io.EOF
				}
				*sent += len(p)
				return len(p), nil
			}
		},
		"as a connection breaks": func(sent *int) reader {
			return func(_ context.Context, p []byte) (int, error) {
				*sent += len(p)
				if *sent > chunk {
					return 0, io.ErrUnexpectedEOF
				}
				return len(p), nil
			}
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var sent int
			_, server := site(t, bytesOf("100000"), &storage{read: read(&sent)}, nil)
			response, err := ask(t, server)
			if err != nil {
				return // cut off before anything was sent
			}
			if got, err := io.ReadAll(response.Body); err == nil || len(got) >= 100_000 {
				t.Errorf("%d bytes came, %v", len(got), err)
			}
		})
	}
}

func TestStream_CallerGoesAway_EndsTheRead(t *testing.T) {
	t.Parallel()
	s := &storage{read: func(ctx context.Context, p []byte) (int, error) {
		select {
		case <-ctx.Done():
			return 0, ctx.Err()
		case <-time.After(time.Millisecond):
			return len(p), nil
		}
	}}
	_, server := site(t, bytesOf("9000000000"), s, nil)
	response := get(t, server)
	if _, err := io.CopyN(io.Discard, response.Body, 10*chunk); err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	// It is closed once a read is told that nobody waits for it, or once a write fails: whichever comes first.
	for end := time.Now().Add(time.Minute); !s.closed.Load(); time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("storage is read on and on")
		}
	}
}

func TestStream_ServerStops_EndsSoon(t *testing.T) {
	t.Parallel()
	stopping := make(chan struct{})
	s := &storage{read: func(ctx context.Context, p []byte) (int, error) { return len(p), ctx.Err() }}
	a, server := site(t, bytesOf("9000000000000"), s, stopping)
	a.farewell = 10 * time.Millisecond
	response := get(t, server)
	close(stopping)
	if _, err := io.Copy(io.Discard, response.Body); err == nil {
		t.Error("it ended as if it were whole")
	}
}

func TestStream_ManyToOneCaller_WaitForEachOther(t *testing.T) {
	t.Parallel()
	release := make(chan struct{})
	s := &storage{read: func(_ context.Context, p []byte) (int, error) {
		select {
		case <-release:
			return 1, io.EOF
		default:
			return len(p), nil // and then the caller does not read on
		}
	}}
	a, server := site(t, bytesOf("9000000000"), s, nil)
	for range maxStreams {
		if response := get(t, server); response.StatusCode != http.StatusOK {
			t.Fatalf("got %d", response.StatusCode)
		}
	}
	if response := get(t, server); response.StatusCode != http.StatusTooManyRequests ||
		response.Header.Get("Retry-After") != "1" {
		t.Errorf("one more is answered with %d %v", response.StatusCode, response.Header)
	}
	if _, err := a.streams.begin(authz.Actor{Who: authz.Who{Kind: authz.APIKey, PrincipalID: "another"}}); err != nil {
		t.Errorf("another caller: %v", err)
	}
	close(release)
	server.CloseClientConnections()
	server.Close()
	if left := a.streams.by; len(left) != 1 {
		t.Errorf("still counted are %v", left)
	}
}

func TestStream_NotOpened_IsAProblem(t *testing.T) {
	t.Parallel()
	for err, status := range map[error]int{
		fault.New(fault.Unavailable,
			"Storage did not answer."): http.StatusServiceUnavailable,
		errNoObject:       http.StatusNotFound,
		errors.New("odd"): http.StatusInternalServerError,
	} {
		_, server := site(t, bytesOf("10"), &storage{err: err}, nil)
		response := get(t, server)
		text, _ := io.ReadAll(response.Body)
		if response.StatusCode != status || response.Header.Get("ETag") != "" ||
			strings.Contains(string(text), "odd") || response.Header.Get("Content-Type") != problemJSON {
			t.Errorf("%v: %d %s %v", err, response.StatusCode, text, response.Header)
		}
		if (status == http.StatusServiceUnavailable) != (response.Header.Get("Retry-After") != "") {
			t.Errorf("%v: retry after %q", err, response.Header.Get("Retry-After"))
		}
	}
}

func TestRun_EachCode_HasItsStatus(t *testing.T) {
	t.Parallel()
	for code, status := range map[string]int{
		"BAD_USER_INPUT":            400,
		"UNAUTHENTICATED":           401,
		"FORBIDDEN":                 403,
		"NOT_FOUND":                 404,
		"CONFLICT":                  409,
		"IN_USE":                    409,
		"IDEMPOTENCY_MISMATCH":      422,
		"QUOTA_EXCEEDED":            413,
		"RATE_LIMITED":              429,
		"UNAVAILABLE":               503,
		"INTERNAL":                  500,
		"GRAPHQL_VALIDATION_FAILED": 500,
		"GRAPHQL_PARSE_FAILED":      500,
		"QUERY_TOO_COSTLY":          500,
		"BAD_REQUEST":               500,
		"":                          500,
		"NEW":                       500,
	} {
		refused := executor{Errors: gqlerror.List{{
			Message: "No.",
			Extensions: map[string]any{
				"code":              code,
				"retryAfterSeconds": 7,
				"usedBytes":         "5",
			},
		}}}
		_, server := site(t, refused, &storage{}, nil)
		response := get(t, server)
		var said map[string]any
		if err := json.NewDecoder(response.Body).Decode(&said); err != nil {
			t.Fatal(err)
		}
		if response.StatusCode != status || said["status"] != float64(status) ||
			said["title"] != http.StatusText(status) || said["requestId"] != "id" || said["type"] != "about:blank" {
			t.Errorf("%s: %d %v", code, response.StatusCode, said)
		}
		if status < 500 && (said["code"] != code || said["detail"] != "No." || said["usedBytes"] != "5" ||
			response.Header.Get("Retry-After") != "7") {
			t.Errorf("%s: %v, retry after %q", code, said, response.Header.Get("Retry-After"))
		}
		if status == 500 && said["code"] != "INTERNAL" {
			t.Errorf("%s: %v", code, said)
		}
	}
	_, server := site(t, http.NotFoundHandler(), &storage{}, nil)
	if response := get(t, server); response.StatusCode != http.StatusInternalServerError {
		t.Errorf("no answer at all is %d", response.StatusCode)
	}
}

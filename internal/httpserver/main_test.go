package httpserver

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"go.uber.org/goleak"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

type logBook struct {
	mu  sync.Mutex
	out bytes.Buffer
}

func (l *logBook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.Write(p)
}

func (l *logBook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.out.String()
}

// site is a server on a loopback address, whose GraphQL answers with the body it was given.
type site struct {
	url    string
	log    *logBook
	client *http.Client
	// ran counts the requests that reached GraphQL.
	ran atomic.Int32
}

// member lets in who says so.
func member(_ context.Context, h http.Header, from authz.Origin) (authz.Actor, error) {
	if h.Get("Authorization") != "Bearer good" {
		return authz.Actor{}, fault.New(fault.Unauthenticated, "The credential is not valid.")
	}
	return authz.Actor{
		Who: authz.Who{
			Kind:        authz.User,
			PrincipalID: "member-1",
			Label:       "ada@example.com",
		},
		Workspace: "workspace-1",
		From:      from,
	}, nil
}

func serve(t testing.TB, o Options) *site {
	t.Helper()
	s := &site{log: &logBook{}, client: &http.Client{Transport: &http.Transport{DisableCompression: true}}}
	o.Log = slog.New(slog.NewJSONHandler(s.log, nil))
	graphQL := o.GraphQL
	if graphQL == nil {
		graphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { _, _ = io.Copy(w, r.Body) })
	}
	o.GraphQL = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.ran.Add(1)
		graphQL.ServeHTTP(w, r)
	})
	if o.Authenticate == nil {
		o.Authenticate = member
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	s.url = "http://" + listener.Addr().String()
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- Run(ctx, listener, NewHandler(o), Limits{}, o.Log) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("run: %v", err)
		}
		s.client.CloseIdleConnections()
	})
	return s
}

type reply struct {
	*http.Response
	text   string
	Errors []struct {
		Message    string
		Extensions map[string]any
	}
	Data any
}

func (r reply) code() any {
	if len(r.Errors) == 0 {
		return nil
	}
	return r.Errors[0].Extensions["code"]
}

func (s *site) do(t testing.TB, r *http.Request) reply {
	t.Helper()
	response, err := s.client.Do(r)
	testkit.Must(t, err)
	text, err := io.ReadAll(response.Body)
	testkit.Must(t, err)
	testkit.Must(t, response.Body.Close())
	got := reply{Response: response, text: string(text)}
	_ = json.Unmarshal(text, &got)
	return got
}

// request makes a request with headers, which come in pairs; an empty value leaves one out that would be there.
func (s *site) request(t testing.TB, method, path, body string, headers ...string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, s.url+path, strings.NewReader(body))
	testkit.Must(t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
		if headers[i] == "Host" {
			r.Host = headers[i+1]
		}
	}
	return r
}

// post sends a body to GraphQL as a member does.
func (s *site) post(t testing.TB, body string, headers ...string) reply {
	t.Helper()
	return s.do(t, s.request(t, http.MethodPost, "/graphql", body,
		append([]string{"Content-Type", "application/json", "Authorization", "Bearer good"}, headers...)...))
}

// isRefusal asserts status and code, the shape of a refusal, and that nothing of what was sent comes back.
func isRefusal(t testing.TB, got reply, status int, code fault.Kind) {
	t.Helper()
	if got.StatusCode != status || got.code() != string(code) || len(got.Errors) != 1 || got.Errors[0].Message == "" {
		t.Errorf("got %d %s, want %d %s", got.StatusCode, got.text, status, code)
	}
	if strings.Contains(got.text, `"data"`) || strings.Contains(got.text, "hunter2") {
		t.Errorf("got %s", got.text)
	}
	if got.Header.Get("X-Request-Id") == "" ||
		!strings.HasSuffix(got.Header.Get("Content-Type"), "json; charset=utf-8") {
		t.Errorf("got headers %v", got.Header)
	}
}

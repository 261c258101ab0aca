package httpserver

import (
	"net/http"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ratelimit"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestRateLimit_OfWhoeverIsKnown_IsInTheHeadersOfEachAnswer(t *testing.T) {
	t.Parallel()
	now := time.Now()
	limiter := ratelimit.New(600, func() time.Time { return now })
	s := serve(t, Options{
		Rate:     limiter,
		Contract: []byte("type Query"),
		GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			_, caller := authz.ActorFrom(r.Context()).Sharer()
			_, err := limiter.Spend(caller, 100)
			testkit.Must(t, err)
			_, err = w.Write([]byte("{}"))
			testkit.Must(t, err)
		}),
	})
	const policy = `"principal";q=600;w=60`
	contract := s.do(t, s.request(t, http.MethodGet, "/schema.graphql", "", "Authorization", "Bearer good"))
	for name, test := range map[string]struct {
		got  reply
		want string
	}{
		"before anything is spent":  {contract, `"principal";r=600;t=0`},
		"once it is spent":          {s.post(t, fine), `"principal";r=500;t=10`},
		"a body that is no request": {s.post(t, "hunter2"), `"principal";r=500;t=10`},
	} {
		h := test.got.Header
		if h.Get("RateLimit") != test.want || h.Get("RateLimit-Policy") != policy {
			t.Errorf("%s: %d %v", name, test.got.StatusCode, h)
		}
	}
	for name, got := range map[string]reply{
		"a bad credential": s.post(t, fine, "Authorization", "Bearer bad"),
		"no credential":    s.do(t, s.request(t, http.MethodGet, "/healthz", "")),
	} {
		if h := got.Header; h.Get("RateLimit") != "" || h.Get("RateLimit-Policy") != "" {
			t.Errorf("%s: %v", name, h)
		}
	}
}

package e2e

import (
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

// TestCORS_OfAnAllowedOrigin_HoldsForEveryWayIn tries GraphQL by POST, GET and as a stream, REST and sockets from a listed origin and another.
func TestCORS_OfAnAllowedOrigin_HoldsForEveryWayIn(t *testing.T) {
	t.Parallel()
	const listed, other = "https://app.example", "https://evil.example"
	w := newWorld(t, shared)
	w.address = shared.serveWith(t, "cors", "--allowed-origins", listed).address
	admin := w.user("acme", authz.Admin)

	for name, ask := range map[string]func(who credential, origin string) answer{
		"POST": func(who credential, origin string) answer {
			return w.rest(who, http.MethodPost, "/graphql", `{"query":"{ viewer { role } }"}`, "Content-Type", "application/json", "Origin", origin)
		},
		"GET": func(who credential, origin string) answer {
			return w.rest(who, http.MethodGet, "/graphql?query=%7Bviewer%7Brole%7D%7D", "", "Origin", origin)
		},
		"stream": func(who credential, origin string) answer {
			return w.rest(who, http.MethodPost, "/graphql", `{"query":"{ viewer { role } }"}`,
				"Content-Type", "application/json", "Accept", "text/event-stream", "Origin", origin)
		},
		"REST": func(who credential, origin string) answer {
			return w.rest(who, http.MethodGet, "/datastores", "", "Origin", origin)
		},
	} {
		for status, who := range map[int]credential{http.StatusOK: admin, http.StatusUnauthorized: {header: "X-API-Key", value: "p1_bad"}} {
			may, mayNot := ask(who, listed), ask(who, other)

			if may.status != status || may.header.Get("Access-Control-Allow-Origin") != listed ||
				!strings.Contains(may.header.Get("Access-Control-Expose-Headers"), "X-Request-Id") {
				t.Errorf("%s: got %d %v", name, may.status, may.header)
			}
			if mayNot.header.Get("Access-Control-Allow-Origin") != "" {
				t.Errorf("%s: a page of %s may read %v", name, other, mayNot.header)
			}
		}
	}

	_, open, err := w.dial(w.address, "Origin", listed)
	if err != nil || open.status != http.StatusSwitchingProtocols {
		t.Errorf("a socket from %s: got %v, %v", listed, open, err)
	}
	if _, shut, err := w.dial(w.address, "Origin", other); err == nil || shut.status != http.StatusForbidden {
		t.Errorf("a socket from %s: got %v, %v", other, shut, err)
	}
}

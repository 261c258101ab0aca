package document_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/99designs/gqlgen/graphql"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/document"
	"github.com/provenanceone/data-api/internal/document/documenttest"
	"github.com/provenanceone/data-api/internal/fair"
	"github.com/provenanceone/data-api/internal/ratelimit"
	"github.com/provenanceone/data-api/internal/transport"
)

// metered is a server on which each caller, who is named in a header, may spend so many points a minute.
type metered struct {
	handler http.Handler
	// passed is how much time has, ran how many root fields.
	passed atomic.Int64
	ran    atomic.Int64
}

func newMetered(perMinute int) *metered { return newMeteredOf(perMinute, fair.Limits{}) }

func newMeteredOf(perMinute int, shares fair.Limits) *metered {
	m := &metered{}
	start := time.Date(2026, 11, 29, 0, 0, 0, 0, time.UTC)
	server := transport.NewServer(documenttest.Executable(func(context.Context, graphql.CollectedField) error {
		m.ran.Add(1)
		return nil
	}), transport.Options{Options: document.Options{
		Shares: shares,
		Rate:   ratelimit.New(perMinute, func() time.Time { return start.Add(time.Duration(m.passed.Load())) }),
	}})
	m.handler = http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		server.ServeHTTP(w, r.WithContext(authz.WithActor(r.Context(),
			authz.Actor{Workspace: "acme", Who: authz.Who{PrincipalID: r.Header.Get("Authorization")}})))
	})
	return m
}

func (m *metered) ask(who, query, accept string) *httptest.ResponseRecorder {
	r := asks(who, query)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	m.handler.ServeHTTP(w, r)
	return w
}

const fiveHundred = `mutation{revealSecret(id:1)}`

func TestBudget_SpentToTheLastPoint_RefusesTheNextBeforeItRuns(t *testing.T) {
	t.Parallel()
	m := newMetered(2000)
	for _, left := range []string{"1500", "1000", "500", "0"} {
		want := `"throttleStatus":{"maximumAvailable":2000,"currentlyAvailable":` + left + `,"restoreRate":33.333`
		if w := m.ask("ann", fiveHundred, "application/json"); w.Code != http.StatusOK ||
			!strings.Contains(w.Body.String(), want) {
			t.Errorf("%s left: %d %s", left, w.Code, w.Body)
		}
	}
	for _, accept := range []string{"application/json", documenttest.GraphQLResponse} {
		for _, query := range []string{fiveHundred, `{__typename}`, `{`} {
			w := m.ask("ann", query, accept)
			if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" ||
				!strings.Contains(w.Body.String(), `"RATE_LIMITED"`) || strings.Contains(w.Body.String(), `"data"`) {
				t.Errorf("%s: %d %v %s", query, w.Code, w.Header(), w.Body)
			}
		}
	}
	if m.ran.Load() != 4 {
		t.Errorf("%d were run", m.ran.Load())
	}
	if w := m.ask("bob", fiveHundred, "application/json"); w.Code != http.StatusOK {
		t.Errorf("somebody else: %d %s", w.Code, w.Body)
	}
}

func TestBudget_TooLittleForADocument_IsEnoughAfterTheTimeThatWasSaid(t *testing.T) {
	t.Parallel()
	m := newMetered(2000)
	for range 3 {
		m.ask("ann", fiveHundred, "application/json")
	}
	m.ask("ann", `{__typename}`, "application/json")
	w := m.ask("ann", fiveHundred, "application/json")
	if w.Code != http.StatusTooManyRequests || w.Header().Get("Retry-After") != "1" ||
		!strings.Contains(w.Body.String(), "2000 points a minute") {
		t.Fatalf("got %d %v %s", w.Code, w.Header(), w.Body)
	}
	m.passed.Add(int64(time.Second))
	if w := m.ask("ann", fiveHundred, "application/json"); w.Code != http.StatusOK {
		t.Errorf("a second later: %d %s", w.Code, w.Body)
	}
	if m.ran.Load() != 5 {
		t.Errorf("%d were run", m.ran.Load())
	}
}

func TestBudget_OfWhatIsRefusedUnpriced_IsAPoint(t *testing.T) {
	t.Parallel()
	m := newMetered(2000)
	for range 10 {
		m.ask("ann", `{wrong}`, "application/json")
	}
	if w := m.ask("ann", `{__typename}`, "application/json"); !strings.Contains(w.Body.String(), `"currentlyAvailable":1989,`) {
		t.Errorf("got %s", w.Body)
	}
}

// TestBudget_OfWhatNoShareIsFreeFor_IsAPoint has no share left for another such operation: nothing here ends one.
func TestBudget_OfWhatNoShareIsFreeFor_IsAPoint(t *testing.T) {
	t.Parallel()
	m := newMeteredOf(2000, fair.Limits{All: 400, Workspace: 400, Caller: 400, Wait: 20 * time.Millisecond})
	m.ask("ann", fiveHundred, "application/json")
	if w := m.ask("ann", fiveHundred, "application/json"); !strings.Contains(w.Body.String(), "Too much is under way") {
		t.Errorf("got %s", w.Body)
	}
	if w := m.ask("ann", `{__typename}`, "application/json"); !strings.Contains(w.Body.String(), `"currentlyAvailable":1498,`) {
		t.Errorf("got %s", w.Body)
	}
}

package e2e

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

// nearlyAll costs most of 2,000 points, and would create a datastore.
const nearlyAll = `mutation { createDatastore(input: {name: "by all"}) { datastore { objects(first: 100) { nodes { versions(first: 17) { nodes { id } } } } } } }`

// metered is a world whose callers may spend 2,000 points a minute on a server of their own.
func metered(t *testing.T, name string) (*world, *process) {
	t.Helper()
	w := newWorld(t, shared)
	p := shared.serveWith(t, name, "--max-points-per-minute", "2000", "--no-jobs", "--metrics-listen", "127.0.0.1:0")
	w.address = p.address
	return w, p
}

// mustBeLimited fails unless an answer says that its caller has spent all, and returns how long to wait.
func (a answer) mustBeLimited(t *testing.T) time.Duration {
	t.Helper()
	wait, err := strconv.Atoi(a.header.Get("Retry-After"))
	if err != nil || wait < 1 || wait > 60 || a.status != http.StatusTooManyRequests ||
		!strings.Contains(string(a.body), "RATE_LIMITED") ||
		!strings.Contains(string(a.body), "2000 points a minute") ||
		a.header.Get("RateLimit-Policy") != `"principal";q=2000;w=60` ||
		!strings.HasPrefix(a.header.Get("RateLimit"), `"principal";r=`) {
		t.Fatalf("got %d %v %s", a.status, a.header, a.body)
	}
	return time.Duration(wait) * time.Second
}

func TestRateLimit_Spent_RefusesTheCallerAloneOnEveryWayIn(t *testing.T) {
	t.Parallel()
	w, p := metered(t, "rate")
	admin, viewer := w.user("acme", authz.Admin), w.user("acme", authz.Viewer)
	began := time.Now()
	first := w.do(admin, strings.Replace(nearlyAll, "by all", "first", 1), nil)
	cost := first.number("extensions", "cost", "requestedQueryCost")
	left := first.number("extensions", "cost", "throttleStatus", "currentlyAvailable")
	back := int(time.Since(began)*2000/time.Minute) + 1
	if first.code() != "" || cost < 1800 || left > 2000-cost+back || first.number("extensions", "cost", "throttleStatus",
		"maximumAvailable") != 2000 || first.header.Get("RateLimit") == "" {
		t.Fatalf("it costs %d, %d are left: %v %v", cost, left, first.header, first.tree)
	}
	w.do(admin, nearlyAll, nil).mustBeLimited(t)
	s := w.open(p.address, admin)
	if a := s.do(nearlyAll, nil); a.code() != "RATE_LIMITED" {
		t.Errorf("over a socket: %s", a.body)
	}
	if a := w.do(viewer, `{ datastores { totalCount } }`, nil); a.number("data", "datastores", "totalCount") != 1 {
		t.Errorf("another caller: %d %s", a.status, a.body)
	}
	if text := w.metrics(p); !strings.Contains(text, `data_api_requests_total{code="RATE_LIMITED",operation="none"} 2`) {
		t.Errorf("the two refusals are not counted: %s", text)
	} else if !strings.Contains(text, `data_api_limits_hit_total{limit="max-points-per-minute"} 2`) {
		t.Errorf("the limit is not counted: %s", text)
	}
}

func TestRateLimit_AfterTheTimeThatWasSaid_ARouteIsServed(t *testing.T) {
	t.Parallel()
	w, _ := metered(t, "rate-rest")
	admin := w.user("acme", authz.Admin)
	a := w.rest(admin, http.MethodGet, "/datastores?limit=100", "").want(t, http.StatusOK, "")
	if a.header.Get("RateLimit-Policy") != `"principal";q=2000;w=60` || a.header.Get("RateLimit") == "" {
		t.Errorf("got %v", a.header)
	}
	for n := 0; a.status == http.StatusOK && n < 100; n++ {
		a = w.rest(admin, http.MethodGet, "/datastores?limit=100", "")
	}
	a.want(t, http.StatusTooManyRequests, "RATE_LIMITED")
	time.Sleep(a.mustBeLimited(t))
	w.rest(admin, http.MethodGet, "/datastores?limit=100", "").want(t, http.StatusOK, "")
}

func TestRateLimit_Off_SaysNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	w.address = shared.serveWith(t, "rate-off", "--max-points-per-minute", "0", "--no-jobs").address
	a := w.do(w.user("acme", authz.Admin), `{ datastores { totalCount } }`, nil)
	if a.header.Get("RateLimit") != "" || a.header.Get("RateLimit-Policy") != "" ||
		a.at("extensions", "cost", "throttleStatus") != nil || a.number("extensions", "cost", "requestedQueryCost") == 0 {
		t.Errorf("got %v %v", a.header, a.tree)
	}
}

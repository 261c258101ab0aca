package httpserver

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// clock is a time that tests move.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) advance(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func refusing(err error) Authenticate {
	return func(context.Context, http.Header, authz.Origin) (authz.Actor, error) { return authz.Actor{}, err }
}

func TestGate_Refusal_HasTheStatusOfItsFault(t *testing.T) {
	t.Parallel()
	for kind, status := range map[fault.Kind]int{
		fault.Unauthenticated: 401,
		fault.Forbidden:       403,
		fault.Invalid:         400,
		fault.Unavailable:     503,
	} {
		s := serve(t, Options{Authenticate: refusing(fmt.Errorf("authenticate: %w", fault.New(kind, "No.").
			Because(errors.New("hunter2"))))})
		got := s.post(t, fine, "Accept", "application/graphql-response+json")
		isRefusal(t, got, status, kind)
		if got.Header.Get("WWW-Authenticate") != map[int]string{401: "Bearer"}[status] ||
			got.Header.Get("Content-Type") != "application/graphql-response+json; charset=utf-8" {
			t.Errorf("%s: got headers %v", kind, got.Header)
		}
		if s.ran.Load() != 0 {
			t.Errorf("%s: it was run", kind)
		}
	}
}

func TestGate_UnknownError_IsInternalAndLogged(t *testing.T) {
	t.Parallel()
	for _, err := range []error{errors.New("hunter2"), fault.New(fault.Conflict, "hunter2")} {
		s := serve(t, Options{Authenticate: refusing(err)})
		got := s.post(t, fine, "X-Request-Id", "mine")
		isRefusal(t, got, http.StatusInternalServerError, fault.Internal)
		if got.Errors[0].Extensions["requestId"] != got.Header.Get("X-Request-Id") ||
			strings.Count(s.log.String(), `"level":"ERROR"`) != 1 {
			t.Errorf("got %s, logged %s", got.text, s.log)
		}
	}
}

func TestGate_Actor_IsInTheContextWithWhereItCameFrom(t *testing.T) {
	t.Parallel()
	var got authz.Actor
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(_ http.ResponseWriter,
		r *http.Request) {
		got = authz.ActorFrom(r.Context())
	})})
	s.post(t, fine, "X-Request-Id", "mine", "User-Agent", "curl/8\t"+strings.Repeat("ä", 300))
	want := authz.Origin{
		RequestID:        got.From.RequestID,
		CallersRequestID: "mine",
		IP:               "127.0.0.1",
		UserAgent:        "curl/8" + strings.Repeat("ä", 124),
	}
	if diff := cmp.Diff(want, got.From); diff != "" || got.PrincipalID != "member-1" {
		t.Errorf("got %+v: %s", got, diff)
	}
}

func TestCleanUserAgent_ControlCharacters_AreDropped(t *testing.T) {
	t.Parallel()
	if got := cleanText(" a\nb\x00\u0085\xff\u202fc\x7f "); got != "ab\u202fc" {
		t.Errorf("got %q", got)
	}
}

func TestGate_BadCredentialsBeyondTwenty_AreToldToWait(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Unix(1_800_000_000, 0)}
	s := serve(t, Options{Now: clock.Now})
	for range 30 {
		isRefusal(t, s.do(t, s.request(t, http.MethodPost, "/graphql", fine, "Content-Type", "application/json")),
			http.StatusUnauthorized, fault.Unauthenticated)
	}
	for range 20 {
		isRefusal(t, s.post(t, fine, "Authorization", "Bearer bad"), http.StatusUnauthorized, fault.Unauthenticated)
	}
	clock.advance(14500 * time.Millisecond)
	got := s.post(t, fine, "Authorization", "Bearer bad")
	isRefusal(t, got, http.StatusTooManyRequests, fault.RateLimited)
	if got.Header.Get("Retry-After") != "46" || got.Errors[0].Extensions["retryAfterSeconds"] != 46.0 {
		t.Errorf("got %v %s", got.Header, got.text)
	}
	if got := s.post(t, fine); got.StatusCode != http.StatusOK {
		t.Errorf("a good one: got %d %s", got.StatusCode, got.text)
	}
	clock.advance(45500 * time.Millisecond)
	isRefusal(t, s.post(t, fine, "Authorization", "Bearer bad"), http.StatusUnauthorized, fault.Unauthenticated)
}

func TestGate_NineteenBadCredentials_LockNobodyOut(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for range 19 {
		isRefusal(t, s.post(t, fine, "Authorization", "", "X-Api-Key", "bad"), http.StatusUnauthorized,
			fault.Unauthenticated)
	}
	if got := s.post(t, fine); got.StatusCode != http.StatusOK {
		t.Errorf("got %d %s", got.StatusCode, got.text)
	}
}

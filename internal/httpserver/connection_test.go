package httpserver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// upgrade asks for a socket.
func (s *site) upgrade(t testing.TB, headers ...string) reply {
	t.Helper()
	return s.do(t, s.request(t, http.MethodGet, "/graphql", "",
		append([]string{"Connection", "Upgrade", "Upgrade", "websocket"}, headers...)...))
}

func TestUpgrade_PagesOfOtherOrigins_AreRefused(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Origins: []string{"https://app.example"}})
	for origin, want := range map[string]bool{
		"":                                         true,
		"https://app.example":                      true,
		"http://api.example:81":                    true,
		"https://api.example:81":                   true,
		"https://APP.example":                      false,
		"https://app.example:444":                  false,
		"http://app.example":                       false,
		"null":                                     false,
		"https://evil.example":                     false,
		"http://api.example":                       false,
		"ftp://api.example:81":                     false,
		"http://api.example:81/":                   false,
		"http://u@api.example:81":                  false,
		"http://api.example:81.evil.example":       false,
		"https://app.example https://evil.example": false,
		"hunter2":                                  false,
	} {
		headers := []string{"Host", "api.example:81"}
		if origin != "" {
			headers = append(headers, "Origin", origin)
		}
		before := s.ran.Load()
		got := s.upgrade(t, headers...)
		if ran := s.ran.Load() > before; ran != want {
			t.Errorf("%q: ran is %v, got %d %s", origin, ran, got.StatusCode, got.text)
		}
		if !want {
			isRefusal(t, got, http.StatusForbidden, fault.Forbidden)
		}
	}
	twice := s.request(t, http.MethodGet, "/graphql", "", "Connection", "Upgrade", "Upgrade", "websocket", "Origin",
		"https://app.example")
	twice.Header.Add("Origin", "https://app.example")
	isRefusal(t, s.do(t, twice), http.StatusForbidden, fault.Forbidden)
}

func TestOrigins_DefaultPort_IsThatOfTheScheme(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		host, origin string
		want         bool
	}{
		{"api.example", "https://api.example", true}, {"api.example:443", "https://api.example",
			true}, {"api.example:80", "http://api.example", true},
		{"api.example:443", "http://api.example", false}, {"[::1]:8080", "http://[::1]:8080", true},
		{"", "http://", false},
	} {
		if got := origins(nil).allow(&http.Request{Host: test.host}, test.origin); got != test.want {
			t.Errorf("%s from %s: got %v", test.host, test.origin, got)
		}
	}
}

func TestUpgrade_BadCredentialInTheHeaders_IsRefusedBeforeItOpens(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Limits: Limits{FailedCredentials: 3}})
	isRefusal(t, s.upgrade(t, "Authorization", "Bearer bad"), http.StatusUnauthorized, fault.Unauthenticated)
	if got := s.upgrade(t, "Authorization", "Bearer good"); got.StatusCode != http.StatusOK || s.ran.Load() != 1 {
		t.Errorf("got %d %s", got.StatusCode, got.text)
	}
	for range 2 {
		isRefusal(t, s.upgrade(t, "Authorization", "Bearer bad"), http.StatusUnauthorized, fault.Unauthenticated)
	}
	got := s.upgrade(t, "Authorization", "Bearer bad")
	isRefusal(t, got, http.StatusTooManyRequests, fault.RateLimited)
	if got.Header.Get("Retry-After") == "" {
		t.Errorf("got %v", got.Header)
	}
}

func TestUpgrade_ToSomethingElse_IsPassedOver(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_,
			_ = w.Write([]byte(r.Header.Get("Upgrade")))
	})})
	if got := s.post(t, fine, "Connection", "Upgrade", "Upgrade", "h2c"); got.StatusCode != http.StatusOK ||
		got.text != "" {
		t.Errorf("got %d %q", got.StatusCode, got.text)
	}
	if got := s.post(t, fine, "Connection", "Upgrade", "Upgrade", "websocket"); got.StatusCode != http.StatusOK ||
		got.text != "" {
		t.Errorf("got %d %q", got.StatusCode, got.text)
	}
}

// admitting returns a handler that admits a list of credentials one after the other, and keeps what came of it.
func admitting(credentials []string, actors *[]authz.Actor, errs *[]error) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		for _, c := range credentials {
			ctx, err := Admit(r.Context(), http.Header{"Authorization": {c}})
			*errs = append(*errs, err)
			if err == nil {
				*actors = append(*actors, authz.ActorFrom(ctx))
				if RequestID(ctx) != authz.ActorFrom(ctx).From.RequestID {
					panic("two ids")
				}
			}
		}
	})
}

func TestAdmit_EachOperation_HasItsOwnIDFromWhereTheConnectionComes(t *testing.T) {
	t.Parallel()
	var actors []authz.Actor
	var errs []error
	s := serve(t, Options{GraphQL: admitting([]string{"Bearer good", "Bearer good"}, &actors, &errs)})
	s.upgrade(t, "User-Agent", "phone", "X-Request-Id", "mine")
	if len(actors) != 2 || errors.Join(errs...) != nil {
		t.Fatalf("got %+v, %v", actors, errs)
	}
	for _, a := range actors {
		if a.From.IP != "127.0.0.1" || a.From.UserAgent != "phone" || a.From.RequestID == "mine" ||
			a.From.RequestID == "" {
			t.Errorf("got %+v", a.From)
		}
	}
	if actors[0].From.RequestID == actors[1].From.RequestID {
		t.Error("two operations have one id")
	}
	if !strings.Contains(s.log.String(), `"actorId":"member-1"`) {
		t.Errorf("logged %s", s.log)
	}
}

func TestAdmit_FirstBadCredential_CountsAndLaterOnesDoNot(t *testing.T) {
	t.Parallel()
	var actors []authz.Actor
	var errs []error
	s := serve(t, Options{
		Limits:  Limits{FailedCredentials: 2},
		GraphQL: admitting([]string{"Bearer good", "Bearer bad", "Bearer bad", "Bearer bad"}, &actors, &errs),
	})
	s.upgrade(t)
	s.upgrade(t)
	if len(actors) != 2 {
		t.Fatalf("an ended credential locked its address out: %v", errs)
	}
	first := serve(t, Options{
		Limits:  Limits{FailedCredentials: 2},
		GraphQL: admitting([]string{"Bearer bad", "Bearer bad", "Bearer bad", "Bearer good"}, &actors, &errs),
	})
	errs = nil
	first.upgrade(t)
	if len(errs) != 4 || !fault.Is(errs[1], fault.Unauthenticated) || !fault.Is(errs[2], fault.RateLimited) ||
		errs[3] != nil {
		t.Errorf("got %v", errs)
	}
}

func TestAdmit_OutsideOfARequest_IsAnError(t *testing.T) {
	t.Parallel()
	if _, err := Admit(t.Context(), http.Header{}); err == nil {
		t.Error("somebody was admitted")
	}
	if Stopping(t.Context()) != nil {
		t.Error("something stops")
	}
}

func TestStream_HasNoEndInTime(t *testing.T) {
	t.Parallel()
	deadlines := map[string]bool{}
	s := serve(t, Options{GraphQL: http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, deadlines[r.Header.Get("Accept")] = r.Context().Deadline()
	})})
	s.post(t, fine, "Accept", eventStream)
	s.post(t, fine)
	if deadlines[eventStream] || !deadlines[plainJSON] {
		t.Errorf("got %v", deadlines)
	}
	isRefusal(t, s.post(t, fine, "Accept", eventStream, "Authorization", "Bearer bad"), http.StatusUnauthorized,
		fault.Unauthenticated)
	isRefusal(t, s.post(t, "{hunter2", "Accept", eventStream), http.StatusBadRequest, fault.BadRequest)
}

func TestGate_AuthenticationThatHangs_IsCutOff(t *testing.T) {
	t.Parallel()
	hanging := func(ctx context.Context, _ http.Header, _ authz.Origin) (authz.Actor, error) {
		<-ctx.Done()
		return authz.Actor{}, fault.New(fault.Unavailable, "The credential was not checked.")
	}
	s := serve(t, Options{Authenticate: hanging, Limits: Limits{Request: 50 * time.Millisecond}})
	isRefusal(t, s.post(t, fine, "Accept", eventStream), http.StatusServiceUnavailable, fault.Unavailable)
}

func TestCheckMessage_WhatABodyMayNotHave_IsRefused(t *testing.T) {
	t.Parallel()
	nested := func(n int) string { return `{"payload":` + strings.Repeat("[", n) + strings.Repeat("]", n) + `}` }
	for _, text := range []string{"", " ", "{", "[]", "1", `"hunter2"`, `{}{}`, "{\"a\":\"\xff\"}", `{"a":"\u0000"}`,
		`{"a":"\ud800"}`, nested(65)} {
		if err := CheckMessage([]byte(text)); !fault.Is(err, fault.BadRequest) ||
			strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%q: got %v", text, err)
		}
	}
	for _, text := range []string{"{}", " {\"type\":\"ping\"} ", nested(64)} {
		if err := CheckMessage([]byte(text)); err != nil {
			t.Errorf("%q: got %v", text, err)
		}
	}
	if err := CheckRequest([]byte(fine)); err != nil {
		t.Error(err)
	}
	if err := CheckRequest([]byte(`{"query":1}`)); !fault.Is(err, fault.BadRequest) {
		t.Errorf("got %v", err)
	}
}

package httpserver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
)

const landed = `{"message": {"attributes": {"eventType": "OBJECT_FINALIZE", "bucketId": "b", "objectId": "staging/1"}, "data": "e30=", "messageId": "1"}, "subscription": "s"}`

// notification records the notices that were passed on, and returns its error for each.
type notification struct {
	what string
	err  error
}

func (t *notification) notices() *Notices {
	return &Notices{
		Landed: func(_ context.Context, bucket, name string) error {
			t.what = bucket + " " +
				name
			return t.err
		},
		Check: func(_ context.Context, h http.Header) error {
			if h.Get("Authorization") != "Bearer good" {
				return fault.New(fault.Unauthenticated, "The token is not the sender's.")
			}
			return nil
		},
	}
}

func (s *site) tell(t *testing.T, body, authorization string) reply {
	t.Helper()
	return s.do(t, s.request(t, http.MethodPost, "/events/storage", body, "Authorization", authorization))
}

func TestNotice_FromItsSender_IsPassedOn(t *testing.T) {
	t.Parallel()
	var got notification
	s := serve(t, Options{Notices: got.notices()})
	if a := s.tell(t, landed, "Bearer good"); a.StatusCode != http.StatusNoContent || got.what != "b staging/1" {
		t.Errorf("answered %d, told of %q", a.StatusCode, got.what)
	}
	got.what = ""
	if a := s.tell(t, strings.Replace(landed, "FINALIZE", "DELETE", 1),
		"Bearer good"); a.StatusCode != http.StatusNoContent || got.what != "" {
		t.Errorf("another event is answered %d, told of %q", a.StatusCode, got.what)
	}
}

func TestNotice_FromAnybodyElseOrMalformed_IsNotPassedOn(t *testing.T) {
	t.Parallel()
	var got notification
	s := serve(t, Options{Notices: got.notices()})
	isRefusal(t, s.tell(t, landed, "Bearer forged"), http.StatusUnauthorized, fault.Unauthenticated)
	isRefusal(t, s.tell(t, landed, ""), http.StatusUnauthorized, fault.Unauthenticated)
	for _, body := range []string{"", "{}", "[]", "null", `{"message": null}`, `{"message": "x"}`, "\xff", landed[:40],
		landed + "x",
		`{"message": {"attributes": {"objectId": 1}}}`, `{"message": {"data": "` +
			strings.Repeat("x", maxNotice) + `"}}`} {
		isRefusal(t, s.tell(t, body, "Bearer good"), http.StatusBadRequest, fault.BadRequest)
	}
	if got.what != "" {
		t.Errorf("told of %q", got.what)
	}
	for range DefaultLimits().FailedCredentials {
		s.tell(t, landed, "Bearer forged")
	}
	isRefusal(t, s.tell(t, landed, "Bearer forged"), http.StatusTooManyRequests, fault.RateLimited)
	if reply := s.tell(t, landed, "Bearer good"); reply.StatusCode != http.StatusNoContent {
		t.Errorf("the sender's: got %d", reply.StatusCode)
	}
}

func TestNotice_WhereSettlingFails_IsToldAgain(t *testing.T) {
	t.Parallel()
	for want, err := range map[int]error{
		http.StatusServiceUnavailable:  fault.New(fault.Unavailable, "Storage is down."),
		http.StatusInternalServerError: errors.New("hunter2"),
	} {
		got := notification{err: err}
		s := serve(t, Options{Notices: got.notices()})
		if a := s.tell(t, landed, "Bearer good"); a.StatusCode != want {
			t.Errorf("%v: answered %d", err, a.StatusCode)
		}
	}
	got := notification{err: fault.New(fault.NotFound, "There is no such upload.")}
	if a := serve(t, Options{Notices: got.notices()}).
		tell(t, landed, "Bearer good"); a.StatusCode != http.StatusInternalServerError {
		t.Errorf("a fault of the caller's is answered %d", a.StatusCode)
	}
}

func TestNotice_WhereNoneAreTaken_IsNothing(t *testing.T) {
	t.Parallel()
	isRefusal(t, serve(t, Options{}).tell(t, landed, "Bearer good"), http.StatusNotFound, fault.BadRequest)
}

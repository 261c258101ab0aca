package authn_test

import (
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

const account = "events@p.iam.gserviceaccount.com"

func (w *world) sender(t *testing.T) *authn.Sender {
	t.Helper()
	s, err := authn.NewSender(authn.SenderOptions{
		Issuer:   w.issuer.URL(),
		Audience: "events",
		Account:  account,
		Now:      w.clock.now,
	})
	testkit.Must(t, err)
	t.Cleanup(s.Close)
	return s
}

// pushed are the claims of a token as Pub/Sub sends it.
func (w *world) pushed(changes map[string]any) map[string]any {
	return with(with(w.claims(), map[string]any{
		"aud":            "events",
		"sub":            "117",
		"azp":            "117",
		"email":          account,
		"email_verified": true,
	}), changes)
}

func TestSender_ItsOwnToken_IsTaken(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	if err := w.sender(t).Check(t.Context(),
		headers("Authorization", "Bearer "+w.sign(t, w.pushed(nil), nil))); err != nil {
		t.Error(err)
	}
}

func TestSender_AnyOtherToken_IsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	s := w.sender(t)
	for name, changes := range map[string]map[string]any{
		"another account":        {"email": "other@p.iam.gserviceaccount.com"},
		"the account, longer":    {"email": account + ".evil.example"},
		"the account, in case":   {"email": "EVENTS@p.iam.gserviceaccount.com"},
		"an unverified email":    {"email_verified": false},
		"no word on the email":   {"email_verified": nil},
		"no email":               {"email": nil},
		"the API's audience":     {"aud": audience},
		"two audiences":          {"aud": []string{"events", audience}},
		"a longer audience":      {"aud": "events/"},
		"another issuer":         {"iss": "https://accounts.google.com"},
		"one that has expired":   {"exp": w.clock.now().Add(-time.Minute).Unix()},
		"one of the day to come": {"iat": w.clock.now().Add(time.Hour).Unix()},
	} {
		if err := s.Check(t.Context(),
			headers("Authorization", "Bearer "+w.sign(t, w.pushed(changes), nil))); !fault.Is(err,
			fault.Unauthenticated) {
			t.Errorf("%s: %v", name, err)
		}
	}
	forged := signWith(t, "HS256", []byte("k"), w.pushed(nil), map[string]any{"kid": "k"})
	for _, h := range [][]string{{}, {"Authorization", "Bearer " + forged}, {"X-API-Key", "k"},
		{"Authorization", "Basic a"}} {
		if err := s.Check(t.Context(), headers(h...)); !fault.Is(err, fault.Unauthenticated) {
			t.Errorf("%v: %v", h, err)
		}
	}
}

func TestNewSender_WithoutAccountOrAudience_IsInvalid(t *testing.T) {
	t.Parallel()
	for _, o := range []authn.SenderOptions{{Issuer: "https://id.example", Audience: "a"},
		{Issuer: "https://id.example", Account: account},
		{Issuer: "http://id.example", Audience: "a", Account: account}} {
		if _, err := authn.NewSender(o); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", o, err)
		}
	}
}

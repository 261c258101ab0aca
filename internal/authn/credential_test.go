package authn_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

func TestAuthenticate_NotExactlyOneCredential_SaysWhatToSend(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	valid, token := w.sign(t, w.claims(), nil), authn.NewToken().Reveal()
	for say, pairs := range map[string][]string{
		"Send a credential":                  {"X-Other", "x"},
		"not both":                           {"Authorization", "Bearer " + valid, "X-API-Key", token},
		"either Authorization or X-API-Key":  {"Authorization", "Bearer " + valid, "X-API-Key", ""},
		"Send the Authorization header once": {"Authorization", "Bearer " + valid, "Authorization", "Bearer " + valid},
		"Send the X-API-Key header once":     {"X-API-Key", token, "X-API-Key", token},
		"X-API-Key header is empty":          {"X-API-Key", ""},
		"The Authorization header is empty":  {"Authorization", ""},
		"no token after Bearer":              {"Authorization", "Bearer "},
		"takes the scheme Bearer":            {"Authorization", "Basic " + valid},
		"takes the scheme Bearer and a JWT":  {"Authorization", valid},
		"goes into the X-API-Key header":     {"Authorization", "Bearer " + token},
	} {
		t.Run(say, func(t *testing.T) {
			t.Parallel()
			a, err := w.Authenticate(t.Context(), headers(pairs...), authz.Origin{})
			wantRefused(t, a, err, fault.Unauthenticated, append(strings.Split(valid, "."), token)...)
			var f *fault.Error
			if errors.As(err, &f); !strings.Contains(f.Say, say) {
				t.Errorf("it says %q", f.Say)
			}
		})
	}
}

func TestAuthenticate_SchemeInAnyCase_IsBearer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, authn.Options{})
	if _, err := w.Authenticate(t.Context(), headers("Authorization", "bEARER "+w.sign(t, w.claims(), nil)),
		authz.Origin{}); err != nil {
		t.Error(err)
	}
}

package authn_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestNewToken_IsParsedToItsHashAndPrefix(t *testing.T) {
	t.Parallel()
	shape := regexp.MustCompile(`^p1_[0-9A-Za-z]{49}$`)
	seen := map[string]bool{}
	for range 1000 {
		token := authn.NewToken()
		hash, prefix, err := authn.ParseToken(token.Reveal())
		if err != nil || !bytes.Equal(hash, token.Hash()) || len(hash) != 32 || prefix != token.Prefix() ||
			prefix != token.Reveal()[:10] {
			t.Fatalf("%x, %s, %v", hash, prefix, err)
		}
		if !shape.MatchString(token.Reveal()) || seen[token.Reveal()] {
			t.Fatalf("%s… is malformed or there twice", prefix)
		}
		seen[token.Reveal()] = true
	}
}

func TestToken_PrintedAnyHow_ShowsItsPrefixOnly(t *testing.T) {
	t.Parallel()
	token := authn.NewToken()
	encoded, err := json.Marshal(map[string]any{"token": token})
	testkit.Must(t, err)
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("made", "token", token, "in", struct{ Token authn.Token }{token})
	all := fmt.Sprintf("%v %+v %#v %s %q %x %d", token, token, token, token, token, token, token) +
		fmt.Sprintf("%v %+v", struct{ t authn.Token }{token}, &struct{ Token authn.Token }{token}) + string(encoded) +
		log.String()
	if rest := token.Reveal()[10:]; strings.Contains(all, rest) || strings.Contains(all, fmt.Sprintf("%x", rest)) {
		t.Error("the token was printed")
	}
	if !strings.Contains(all, token.Prefix()) {
		t.Errorf("nothing to recognise it by in %s", all)
	}
}

func TestToken_Zero_IsNone(t *testing.T) {
	t.Parallel()
	var none authn.Token
	if none.Reveal() != "" || none.Prefix() != "" || none.String() != "…" {
		t.Errorf("the zero token is %q", none.Reveal())
	}
}

// FuzzParseToken: whatever is accepted is refused after any one character is changed, and errors quote nothing.
func FuzzParseToken(f *testing.F) {
	for _, seed := range []string{"", "p1_", authn.NewToken().Reveal(), authn.NewToken().Reveal() + "0",
		strings.Repeat("p", 52), "p1_" + strings.Repeat("0", 49), "p1_\xff\x00"} {
		f.Add(seed, 5)
	}
	f.Fuzz(func(t *testing.T, text string, at int) {
		hash, prefix, err := authn.ParseToken(text)
		if err != nil {
			if hash != nil || prefix != "" || !fault.Is(err, fault.Unauthenticated) || len(text) > 12 &&
				strings.Contains(err.Error(), text) {
				t.Fatalf("refused with %x, %q, %v", hash, prefix, err)
			}
			return
		}
		if len(text) != 52 || !strings.HasPrefix(text, prefix) || len(hash) != 32 {
			t.Fatalf("accepted %q as %s", text, prefix)
		}
		if at < 0 || at >= len(text) {
			return
		}
		changed := []byte(text)
		changed[at] ^= 1
		if _, _, err := authn.ParseToken(string(changed)); err == nil {
			t.Fatalf("%q is accepted too", changed)
		}
	})
}

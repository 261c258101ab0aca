package transport

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestCut_LongSentence_FitsACloseFrame(t *testing.T) {
	t.Parallel()
	for _, sentence := range []string{"short", strings.Repeat("ä", 61) + "x", strings.Repeat("ä", 62),
		strings.Repeat("€", 100), strings.Repeat("x ", 100)} {
		got := cut(sentence)
		if len(got) > 123 || !utf8.ValidString(got) || len(sentence) <= 123 && got != sentence {
			t.Errorf("%q became %q", sentence, got)
		}
	}
}

func FuzzParseMessage(f *testing.F) {
	for _, seed := range []string{
		`{"type":"connection_init","payload":{"authorization":"Bearer x"}}`,
		`{"type":"subscribe","id":"1","payload":{"query":"{a}"}}`,
		`{"type":"ping"}`, `{"type":"complete","id":"1","payload":null}`, `{"type":"ping","type":"pong"}`,
		`{"Type":"ping"}`, `[]`, `{`, `null`, `{"type":{}}`, `{"a":`,
	} {
		f.Add([]byte(seed))
	}
	anything := func([]byte) error { return nil }
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := parseMessage(text, anything)
		if err != nil {
			if !fault.Is(err, fault.BadRequest) {
				t.Fatalf("got %v", err)
			}
			return
		}
		if m.kind == "" || len(m.payload) > 0 && !json.Valid(m.payload) {
			t.Fatalf("got %+v", m)
		}
		if m.kind != typeInit {
			return
		}
		h, err := withCredential(http.Header{"Cookie": {"a"}}, m.payload)
		if err != nil && !fault.Is(err, fault.BadRequest) || len(h) > len(credentialHeaders) {
			t.Fatalf("got %v, %v", h, err)
		}
	})
}

package redact_test

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"net/url"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/redact"
)

// encodings are what a value may be in. Each may have other bytes around the value in the same encoding.
var encodings = []func(plain string) string{
	func(p string) string { return p },
	func(p string) string { return hex.EncodeToString([]byte(p)) },
	func(p string) string { return strings.ToUpper(hex.EncodeToString([]byte(p))) },
	url.QueryEscape, url.PathEscape,
	func(p string) string { return jsonText(p, true) },
	func(p string) string { return jsonText(p, false) },
	func(p string) string { return jsonText(jsonText(p, true), true) },
	inBase64(base64.StdEncoding), inBase64(base64.RawStdEncoding), inBase64(base64.URLEncoding),
	inBase64(base64.RawURLEncoding),
}

func inBase64(e *base64.Encoding) func(string) string {
	return func(p string) string { return e.EncodeToString([]byte(p)) }
}

// decoded is a text and whatever its runs decode to, from each place where a decoder might begin.
func decoded(text string) []string {
	all := []string{text}
	standard := strings.NewReplacer("-", "+", "_", "/").Replace(text)
	for _, run := range strings.FieldsFunc(standard,
		func(r rune) bool { return !strings.ContainsRune(base64Letters, r) }) {
		for from := range min(4, len(run)) {
			rest := run[from:]
			plain, _ := base64.RawStdEncoding.DecodeString(rest[:len(rest)/4*4])
			all = append(all, string(plain))
			even, _ := hex.DecodeString(rest[:len(rest)/2*2])
			all = append(all, string(even))
		}
	}
	if plain, err := url.QueryUnescape(text); err == nil {
		all = append(all, plain)
	}
	return all
}

const base64Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"

// valueOf draws a value of at least eight characters: random enough that it is nowhere by chance.
func valueOf(t *rapid.T, label string) string {
	return rapid.StringMatching(`[!-~ é\n]{0,3}[!-~]{8,20}[é -~]{0,40}[!-~]`).Draw(t, label)
}

// around draws text of a kind that no value is made of.
func around(t *rapid.T, label string) string {
	return rapid.StringMatching(`(\x01|\x02|\x03){0,8}`).Draw(t, label)
}

func TestRedact_ValuesInAnyEncodingAnywhere_AreNowhereInTheOutput(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		secrets := make([]redact.Secret, rapid.IntRange(1, 4).Draw(t, "secrets"))
		var text strings.Builder
		for i := range secrets {
			value := valueOf(t, "value")
			secrets[i] = redact.Secret{Name: "N", Version: i, Value: []byte(value)}
			encode := rapid.SampledFrom(encodings).Draw(t, "encoding")
			text.WriteString(rapid.StringMatching(`[ .:|]{0,4}`).Draw(t, "between"))
			text.WriteString(encode(around(t, "before") + value + around(t, "behind")))
		}
		set := redact.NewSet(secrets)
		out, counts := set.Redact([]byte(text.String()))
		for _, s := range secrets {
			for _, plain := range decoded(string(out)) {
				if strings.Contains(plain, string(s.Value)) {
					t.Fatalf("%q is in %q of %q", s.Value, plain, text.String())
				}
			}
		}
		if len(counts) == 0 {
			t.Fatalf("nothing was replaced in %q", text.String())
		}
		checkChunks(t, set, text.String(), string(out))
	})
}

func checkChunks(t *rapid.T, set *redact.Set, text, want string) {
	var out bytes.Buffer
	w := redact.NewWriter(&out, set)
	for len(text) > 0 {
		n := rapid.IntRange(1, min(len(text), 40)).Draw(t, "piece")
		_, _ = w.Write([]byte(text[:n]))
		text = text[n:]
	}
	if _ = w.Close(); out.String() != want {
		t.Fatalf("in pieces: %q, not %q", out.String(), want)
	}
}

func TestRedact_WhatStays_DoesNotDependOnTheValue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(8, 70).Draw(t, "length")
		letters := rapid.SliceOfN(rapid.ByteRange(0x80, 0xff), n, n)
		one, two := string(letters.Draw(t, "one")), string(letters.Draw(t, "two"))
		before, behind := around(t, "before"), around(t, "behind")
		for i, encode := range encodings {
			if i > 2 && i < 8 {
				continue // lossy for binary values, or of a length that depends on them
			}
			a, b := redacted(encode(before+one+behind), key(one)), redacted(encode(before+two+behind), key(two))
			if a != b {
				t.Fatalf("encoding %d shows the difference of %q and %q: %q, %q", i, one, two, a, b)
			}
		}
	})
}

func TestRedact_TextWithoutTheValue_PassesByteForByte(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := string(rapid.SliceOf(rapid.Byte()).Draw(t, "text"))
		value := rapid.StringMatching(`[a-z]{12,30}`).Draw(t, "value")
		if rapid.Bool().Draw(t, "near") {
			text += value[:len(value)-1] + "!" + value[1:] + text
		}
		set := redact.NewSet([]redact.Secret{key(value)})
		if out, counts := set.Redact([]byte(text)); string(out) != text || counts != nil {
			t.Fatalf("%q became %q", text, out)
		}
		checkChunks(t, set, text, text)
	})
}

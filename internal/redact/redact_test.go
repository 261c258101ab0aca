package redact_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/redact"
)

const mark = "[secret:KEY@v3]"

func key(value string) redact.Secret {
	return redact.Secret{Name: "KEY", Version: 3, Value: []byte(value)}
}

func redacted(text string, secrets ...redact.Secret) string {
	out, _ := redact.NewSet(secrets).Redact([]byte(text))
	return string(out)
}

func expect(t *testing.T, text, want string, secrets ...redact.Secret) {
	t.Helper()
	if got := redacted(text, secrets...); got != want {
		t.Errorf("%q became\n%q, not\n%q", text, got, want)
	}
}

// awkward has something for every way of escaping.
const awkward = "p<ä>&s's\"w+o/r\\d=é\u2028😀~*(x)\t,;:@$#?!\x01\x7fü"

func jsonText(s string, html bool) string {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(html)
	_ = encoder.Encode(s)
	return b.String()[1 : b.Len()-2] // no quotes, no line break
}

func TestRedact_EveryEncoding_IsReplaced(t *testing.T) {
	t.Parallel()
	upper := func(s string) string { return strings.ToUpper(hex.EncodeToString([]byte(s))) }
	inJSON := jsonText(awkward, true)
	lowerEscapes := func(s string) string {
		for i := range 256 {
			s = strings.ReplaceAll(s, fmt.Sprintf("%%%02X", i), fmt.Sprintf("%%%02x", i))
		}
		return s
	}
	account, _ := strings.CutPrefix((&url.URL{User: url.UserPassword("u", awkward), Host: "h"}).String(), "//u:")
	password, _ := strings.CutSuffix(account, "@h")
	for name, encoded := range map[string]string{
		"raw":                awkward,
		"hex":                hex.EncodeToString([]byte(awkward)),
		"upper hex":          upper(awkward),
		"query":              url.QueryEscape(awkward),
		"lower query":        lowerEscapes(url.QueryEscape(awkward)),
		"path":               url.PathEscape(awkward),
		"lower path":         lowerEscapes(url.PathEscape(awkward)),
		"password":           password,
		"URL's path":         strings.TrimPrefix((&url.URL{Path: "/" + awkward}).String(), "/"),
		"encodeURIComponent": "p%3C%C3%A4%3E%26s's%22w%2Bo%2Fr%5Cd%3D%C3%A9%E2%80%A8%F0%9F%98%80~*(x)%09%2C%3B%3A%40%24%23%3F!%01%7F%C3%BC",
		"encodeURI":          "p%3C%C3%A4%3E&s's%22w+o/r%5Cd=%C3%A9%E2%80%A8%F0%9F%98%80~*(x)%09,;:@$#?!%01%7F%C3%BC",
		"Python quote":       "p%3C%C3%A4%3E%26s%27s%22w%2Bo/r%5Cd%3D%C3%A9%E2%80%A8%F0%9F%98%80~%2A%28x%29%09%2C%3B%3A%40%24%23%3F%21%01%7F%C3%BC",
		"URLSearchParams":    "p%3C%C3%A4%3E%26s%27s%22w%2Bo%2Fr%5Cd%3D%C3%A9%E2%80%A8%F0%9F%98%80%7E*%28x%29%09%2C%3B%3A%40%24%23%3F%21%01%7F%C3%BC",
		"all escaped":        "%" + strings.Join(pairs(upper(awkward)), "%"),
		"JSON":               inJSON,
		"JSON without HTML":  jsonText(awkward, false),
		"JSON in JSON":       jsonText(inJSON, false),
		"JSON.stringify":     `p<ä>&s's\"w+o/r\\d=é` + "\u2028" + `😀~*(x)\t,;:@$#?!\u0001` + "\x7fü",
		"Python json": `p<\u00e4>&s's\"w+o/r\\d=\u00e9\u2028\ud83d\ude00~*(x)\t,;:@$#?!\u0001` +
			"\x7f" + `\u00fc`,
		"PHP json": `p<\u00e4>&s's\"w+o\/r\\d=\u00e9\u2028\ud83d\ude00~*(x)\t,;:@$#?!\u0001` +
			"\x7f" + `\u00fc`,
		".NET json": `p\u003C\u00E4\u003E\u0026s\u0027s\u0022w\u002Bo/r\\d=\u00E9\u2028\uD83D\uDE00~*(x)\t,;:@$#?!\u0001\u007F\u00FC`,
		"Python in JSON": `p<\\u00e4>&s's\\\"w+o/r\\\\d=\\u00e9\\u2028\\ud83d\\ude00~*(x)\\t,;:@$#?!\\u0001` +
			"\x7f" + `\\u00fc`,
	} {
		expect(t, "before "+encoded+" after", "before "+mark+" after", key(awkward))
		if got := redacted(encoded, key(awkward)); got != mark {
			t.Errorf("%s alone became %q", name, got)
		}
	}
}

func pairs(s string) []string {
	var all []string
	for ; len(s) > 0; s = s[2:] {
		all = append(all, s[:2])
	}
	return all
}

var base64s = map[string]*base64.Encoding{
	"std":     base64.StdEncoding,
	"url":     base64.URLEncoding,
	"raw std": base64.RawStdEncoding,
	"raw url": base64.RawURLEncoding,
}

func TestRedact_Base64AtEveryAlignment_LeavesNoBitOfTheValue(t *testing.T) {
	t.Parallel()
	one, two := "\xff\xfe\xfb?>~value-of-1", "\x00\x01\x02 aZvalue+of/2"
	if len(one) != len(two) {
		t.Fatal("the values must differ in nothing but their bytes")
	}
	for name, encoding := range base64s {
		for before := range 7 {
			for after := range 7 {
				for cut := range 3 {
					around := func(value string) string {
						value = value[:len(value)-cut]
						plain := strings.Repeat("B", before) + value + strings.Repeat("A", after)
						return redacted("data="+encoding.EncodeToString([]byte(plain))+".", key(value))
					}
					if a, b := around(one), around(two); a != b || strings.Count(a, mark) != 1 {
						t.Errorf("%s with %d before and %d behind: %q, %q", name, before, after, a, b)
					}
				}
			}
		}
	}
}

func TestRedact_Base64InMailAndURL_IsReplaced(t *testing.T) {
	t.Parallel()
	value := strings.Repeat("\xff\xfe line? 0123456789>", 12)
	encoded := base64.StdEncoding.EncodeToString([]byte(value))
	for _, columns := range []int{64, 76} {
		for _, end := range []string{"\n", "\r\n"} {
			var wrapped []string
			for rest := encoded; len(rest) > 0; rest = rest[min(columns, len(rest)):] {
				wrapped = append(wrapped, rest[:min(columns, len(rest))])
			}
			expect(t, "a: "+strings.Join(wrapped, end)+end, "a: "+mark+end, key(value))
		}
	}
	expect(t, "?a="+url.QueryEscape(encoded)+"&b", "?a="+mark+"&b", key(value))
}

func TestRedact_TextWithoutSecrets_StaysAsItIs(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "a", "plain text\r\nwith lines\n", "\x00\xff\xfe", "hunter2hunter", "aHVudGVy"} {
		expect(t, text, text, key("hunter2hunter2"))
		expect(t, text, text)
		expect(t, text, text, key(""), key(" \n"))
	}
}

func TestRedact_AtBothEnds_IsReplaced(t *testing.T) {
	t.Parallel()
	expect(t, "hunter2hunter2 and hunter2hunter2", mark+" and "+mark, key("hunter2hunter2"))
	expect(t, "hunter2hunter2hunter2hunter2", mark, key("hunter2hunter2"))
	expect(t, "geheim-пароль-密码!", "geheim-"+mark+"!", key("пароль-密码"))
}

func TestRedact_OverlappingSecrets_LeaveNothingOfAny(t *testing.T) {
	t.Parallel()
	a := redact.Secret{Name: "A", Version: 1, Value: []byte("abcdefgh1")}
	b := redact.Secret{Name: "B", Version: 2, Value: []byte("h1234567")}
	longer := redact.Secret{Name: "C", Version: 1, Value: []byte("xxabcdefgh1xx")}
	expect(t, "<abcdefgh1234567>", "<[secret:A@v1][secret:B@v2]>", a, b)
	expect(t, "<xxabcdefgh1xx>", "<[secret:C@v1]>", a, longer)
	expect(t, "<abcdefgh1xx>", "<[secret:A@v1]xx>", a, longer)
	expect(t, "<xxabcdefgh1234567>", "<xx[secret:A@v1][secret:B@v2]>", a, b, longer)
	expect(t, strings.Repeat("a", 30), "[secret:R@v0]", redact.Secret{Name: "R", Value: []byte("aaaaaaaa")})
	expect(t, "prefix-one prefix-one-two", "[secret:P@v1] [secret:Q@v1]", redact.Secret{
		Name:    "P",
		Version: 1,
		Value:   []byte("prefix-one"),
	},
		redact.Secret{Name: "Q", Version: 1, Value: []byte("prefix-one-two")})
}

func TestRedact_Counts_AreOfEachSecretInOrder(t *testing.T) {
	t.Parallel()
	set := redact.NewSet([]redact.Secret{
		{ID: "1", Name: "A", Version: 4, Value: []byte("first-value")}, {
			ID:      "2",
			Name:    "B",
			Version: 5,
			Value:   []byte("never-there"),
		},
		{ID: "3", Name: "C", Version: 6, Value: []byte("third-value")}, {
			ID:      "4",
			Name:    "D",
			Version: 7,
			Value:   []byte("first-value"),
		},
	})
	text := []byte("third-value first-value " + hex.EncodeToString([]byte("third-value")))
	out, counts := set.Redact(text)
	want := []redact.Count{{ID: "1", Name: "A", Version: 4, Count: 1}, {ID: "3", Name: "C", Version: 6, Count: 2}}
	if diff := cmp.Diff(want, counts); diff != "" {
		t.Error(diff)
	}
	if string(out) != "[secret:C@v6] [secret:A@v4] [secret:C@v6]" || !bytes.HasPrefix(text, []byte("third-value")) {
		t.Errorf("%q from %q", out, text)
	}
}

func TestSet_Printed_ShowsNoValue(t *testing.T) {
	t.Parallel()
	s := key("hunter2-canary")
	set := redact.NewSet([]redact.Secret{s})
	w := redact.NewWriter(&bytes.Buffer{}, set)
	_, _ = w.Write([]byte("hunter2-canar"))
	hidden := struct {
		s *redact.Set
		w *redact.Writer
	}{set, w}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%d", "%x", "%q"} {
		for _, x := range []any{s, &s, set, *set, w, hidden, &hidden, []any{set, w, s}} {
			got := fmt.Sprintf(verb, x)
			for _, form := range []string{"hunter2", hex.EncodeToString([]byte("hunter2")), "104 117 110"} {
				if strings.Contains(strings.ToLower(got), form) {
					t.Errorf("%s prints %s", verb, got)
				}
			}
		}
	}
	if text, err := json.Marshal([]any{s, set}); err != nil || bytes.Contains(text, []byte("aHVudGVy")) {
		t.Errorf("%s, %v", text, err)
	}
}

func TestBuild_ContextThatHasEnded_EndsIt(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if set, err := redact.Build(ctx, []redact.Secret{key("hunter2hunter2")}); set != nil ||
		!errors.Is(err, context.Canceled) {
		t.Errorf("got %v, %v", set, err)
	}
}

func TestSet_Wiped_IsOfNoUse(t *testing.T) {
	t.Parallel()
	set := redact.NewSet([]redact.Secret{key("hunter2hunter2")})
	if n := set.Size(); n < 300<<10 || n > 500<<10 {
		t.Errorf("one secret takes %d bytes", n)
	}
	set.Wipe()
	defer func() {
		if recover() == nil {
			t.Error("text passes a set that was wiped")
		}
	}()
	set.Redact([]byte("hunter2hunter2"))
}

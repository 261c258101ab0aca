package redact_test

import (
	"encoding/base64"
	"encoding/hex"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/provenanceone/data-api/internal/redact"
)

// wrap breaks a text into lines of so many columns; 0 is one line.
func wrap(text string, columns int, end string) string {
	if columns == 0 {
		return text
	}
	var lines []string
	for ; len(text) > columns; text = text[columns:] {
		lines = append(lines, text[:columns])
	}
	return strings.Join(append(lines, text), end)
}

// spaced puts something between the bytes of hexadecimal.
func spaced(between string) func(string) string {
	return func(p string) string { return strings.Join(pairs(hex.EncodeToString([]byte(p))), between) }
}

var wrappedCodings = map[string]func(string) string{
	"base64":     inBase64(base64.StdEncoding),
	"base64url":  inBase64(base64.RawURLEncoding),
	"hex":        spaced(""),
	"spaced hex": spaced(" "),
	"colons":     spaced(":"),
	"dashes":     spaced("-"),
	"array":      spaced(", 0x"),
	"escapes":    spaced(`\x`),
	"upper hex":  func(p string) string { return strings.ToUpper(hex.EncodeToString([]byte(p))) },
}

// squeeze takes out of a text what may stand between the characters of base64 and hexadecimal, and the marks.
var squeeze = strings.NewReplacer(mark, ".", "\r", "", "\n", "", " ", "", ":", "", ", 0x", "", `\x`, "", `\n`, "")

func TestRedact_WrappedAnywhere_IsNowhereInTheOutput(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(4, 64).Draw(t, "length")
		value := string(rapid.SliceOfN(rapid.ByteRange(1, 0xff), n, n).Draw(t, "value"))
		if len(strings.TrimSpace(value)) < n {
			t.Skip("what is found then is shorter")
		}
		offset := rapid.IntRange(0, 2).Draw(t, "offset")
		if n > 6 { // shorter ones are found only where no line breaks within them
			offset += 3 * rapid.SampledFrom([]int{0, 0, 1, 5, 14, 18, 30}).Draw(t, "further")
		}
		name := rapid.SampledFrom([]string{"base64", "base64url", "hex", "upper hex", "spaced hex", "colons", "dashes",
			"array", "escapes"}).Draw(t, "coding")
		behind := rapid.IntRange(0, 5).Draw(t, "behind")
		if strings.HasPrefix(name, "base64") && n < 7 {
			offset, behind = 0, 0 // as published
		}
		if n < 6 && !strings.HasPrefix(name, "base64") {
			name = "hex" // as published
		}
		plain := strings.Repeat("\x00", offset) + value + strings.Repeat("\x00", behind)
		columns := rapid.SampledFrom([]int{0, 60, 64, 76}).Draw(t, "columns")
		end := rapid.SampledFrom([]string{"\n", "\r\n", "\n    ", `\n`}).Draw(t, "end")
		text := "data: " + end + wrap(wrappedCodings[name](plain), columns, end) + end
		set := redact.NewSet([]redact.Secret{key(value)})
		out, counts := set.Redact([]byte(text))
		for _, plain := range decoded(strings.ToLower(squeeze.Replace(string(out)))) {
			if strings.Contains(plain, value) {
				t.Fatalf("%s at %d, %d columns: %q became %q", name, offset, columns, text, out)
			}
		}
		if len(counts) != 1 || !strings.HasPrefix(string(out), "data: "+end) {
			t.Fatalf("%s at %d, %d columns: %q became %q", name, offset, columns, text, out)
		}
		checkChunks(t, set, text, string(out))
	})
}

func TestRedact_WrappedBase64AtEveryOffset_LeavesNoBitOfTheValue(t *testing.T) {
	t.Parallel()
	one, two := "\xff\xfe\xfb?>~value-of-1", "\x00\x01\x02 aZvalue+of/2"
	for columns, bytesInLine := range map[int]int{76: 57, 64: 48, 60: 45} {
		for offset := range 2 * bytesInLine {
			around := func(value string) string {
				plain := strings.Repeat("B", offset) + value + strings.Repeat("A", 40)
				return redacted(wrap(base64.StdEncoding.EncodeToString([]byte(plain)), columns, "\n"), key(value))
			}
			if a, b := around(one), around(two); a != b || strings.Count(a, mark) != 1 {
				t.Errorf("%d columns, at %d: %q, %q", columns, offset, a, b)
			}
		}
	}
}

func TestRedact_WrappedHexAtEveryOffset_IsReplaced(t *testing.T) {
	t.Parallel()
	const value = "hunter2-hunter2"
	for name, coding := range wrappedCodings {
		if strings.HasPrefix(name, "base64") {
			continue
		}
		for offset := range 40 {
			text := wrap(coding(strings.Repeat("\x00", offset)+value+"\x00\x00"), 60, "\n")
			out := redacted(text, key(value))
			if left := strings.ReplaceAll(squeeze.Replace(out), "-", ""); strings.Trim(left, "0") != "." {
				t.Errorf("%s at %d: %q became %q", name, offset, text, out)
			}
		}
	}
}

func TestRedact_AsToolsPrintIt_IsReplaced(t *testing.T) {
	t.Parallel()
	const value = "Zx9$secret-of-twenty"
	for name, text := range map[string]string{
		"xxd -p":          "5a7839247365637265742d6f662d7477656e7479\n",
		"od -An -tx1":     " 5a 78 39 24 73 65 63 72 65 74 2d 6f 66 2d 74 77\n 65 6e 74 79\n",
		"hexdump -C, one": "5a 78 39 24 73 65 63 72  65 74 2d 6f 66 2d 74 77 65 6e 74 79",
		"xxd groups":      "5a78 3924 7365 6372 6574 2d6f 662d 7477 656e 7479",
		"openssl":         "    5a:78:39:24:73:65:63:72:65:74:2d:6f:66:2d:74:\n    77:65:6e:74:79\n",
		"BitConverter":    "5A-78-39-24-73-65-63-72-65-74-2D-6F-66-2D-74-77-65-6E-74-79",
		"xxd -i": "  0x5a, 0x78, 0x39, 0x24, 0x73, 0x65, 0x63, 0x72, 0x65, 0x74, 0x2d, 0x6f,\n  0x66, 0x2d, " +
			"0x74, 0x77, 0x65, 0x6e, 0x74, 0x79\n",
		"mixed case":     "5A783924736563726574" + "2d6F662D7477656e7479",
		"escaped":        `\x5a\x78\x39\x24\x73\x65\x63\x72\x65\x74\x2d\x6f\x66\x2d\x74\x77\x65\x6e\x74\x79`,
		"JSON, escaped":  `\u005a\u0078\u0039\u0024\u0073\u0065\u0063\u0072\u0065\u0074\u002d\u006f\u0066\u002d\u0074\u0077\u0065\u006e\u0074\u0079`,
		"echo":           "Wng5JHNlY3JldC1vZi10d2VudHkK",
		"echo, unquoted": "AAAAAAAAAAAAAAAAAAAAAAAAWng5JHNl Y3JldC1vZi10d2VudHkK",
		"in JSON":        `AAAAAAAAAAAAAAAAAAAAAAAAWng\n5JHNlY3JldC1vZi10d2VudHkK`,
	} {
		if out := redacted(text, key(value)); strings.Count(out, mark) != 1 || len(squeeze.Replace(out)) > 28 {
			t.Errorf("%s: %q", name, out)
		}
	}
}

func TestRedact_Prose_IsLeftAsItIs(t *testing.T) {
	t.Parallel()
	expect(t, "rows 61 62 63 64 and 61:62:63:64", "rows 61 62 63 64 and 61:62:63:64", key("abcd"))
	r := rand.New(rand.NewPCG(1, 2))
	secrets := make([]redact.Secret, 200)
	for i := range secrets {
		value := make([]byte, 4+i%12)
		for k := range value {
			value[k] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"[r.IntN(62)]
		}
		secrets[i] = key(string(value))
	}
	var text strings.Builder
	for range 50_000 {
		text.WriteString(strings.Fields("the added face 61 62 3a 45 bed cafe, deed: and\n of a be in to\n    40 41 " +
			"42 decade facade")[r.IntN(21)] + " ")
	}
	expect(t, text.String(), text.String(), secrets...)
}

func TestWriter_OrdinaryLines_AreNotHeldBack(t *testing.T) {
	t.Parallel()
	set := redact.NewSet([]redact.Secret{key("a-secret-value"), key("\x00\x10 and another"), key("ready: 3000 or so")})
	for _, line := range []string{"a line\n", "listening on 3000\n", "Continue? [y/N] ", "Password: ", "took 12\r\n",
		"name:\t", "2026-03-01 10\n", "id 61\n"} {
		var out strings.Builder
		w := redact.NewWriter(&out, set)
		_, _ = w.Write([]byte(line))
		if out.String() != line {
			t.Errorf("of %q only %q is shown", line, out.String())
		}
	}
}

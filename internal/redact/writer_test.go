package redact_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/redact"
)

// chunked writes a text in pieces and returns what came out.
func chunked(t *testing.T, set *redact.Set, text []byte, size func() int) (string, []redact.Count) {
	t.Helper()
	var out bytes.Buffer
	w := redact.NewWriter(&out, set)
	for rest := text; len(rest) > 0; {
		n := min(size(), len(rest))
		if written, err := w.Write(rest[:n]); written != n || err != nil {
			t.Fatalf("wrote %d of %d: %v", written, n, err)
		}
		rest = rest[n:]
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String(), w.Counts()
}

// varied are secrets, and a text with all of them, in which every rule has work.
func varied() ([]redact.Secret, []byte) {
	r := rand.New(rand.NewPCG(7, 8))
	long := make([]byte, 3000)
	for i := range long {
		long[i] = byte(r.Uint32())
	}
	secrets := []redact.Secret{
		key(awkward), key("admin"), key("ab"), key(pem), key("abcdefgh1"), key("h1234567"), key(strings.Repeat("a",
			200) + "b"), key(string(long)),
		{Name: "JSON", Value: []byte(`{"a":"json-field-a","b":12345678}`), JSON: true},
	}
	var text []byte
	for i := range 3 {
		for _, s := range secrets {
			text = append(text, " around\\n"[:1+i*4]...)
			text = append(text, s.Value...)
			text = append(text, base64.StdEncoding.EncodeToString(append([]byte("xyz"[:i]), s.Value...))...)
			text = append(text, s.Value[:len(s.Value)*2/3]...)
		}
		text = append(text, "abcdefgh1234567 "+strings.Repeat("a", 300)+"b admin ab"...)
	}
	return secrets, text
}

func TestWriter_HoweverTheTextIsCut_WritesTheSame(t *testing.T) {
	t.Parallel()
	secrets, text := varied()
	set := redact.NewSet(secrets)
	want, counts := set.Redact(text)
	r := rand.New(rand.NewPCG(9, 10))
	for size := range 65 {
		next := func() int { return size }
		if size == 0 {
			next = func() int { return 1 + r.IntN(500) }
		}
		got, n := chunked(t, set, text, next)
		if got != string(want) || cmp.Diff(counts, n) != "" {
			t.Errorf("pieces of %d: %s", size, cmp.Diff(string(want), got))
		}
	}
}

func TestWriter_TextBeyondAPortion_IsTheSame(t *testing.T) {
	t.Parallel()
	secrets, text := varied()
	text = bytes.Repeat(text, 8)
	set := redact.NewSet(secrets)
	want, _ := set.Redact(text)
	if got, _ := chunked(t, set, text, func() int { return len(text) }); got != string(want) {
		t.Error(cmp.Diff(string(want), got))
	}
}

func TestWriter_HoldsBack_OnlyWhatMayBegin(t *testing.T) {
	t.Parallel()
	const value = "%postgres://u:p@host/database?with=enough-to-be-longer-than-one-head&and=still-more!"
	for _, row := range []struct{ write, shown string }{
		{"no beginning: ", "no beginning: "},
		{"here: %", "here: "},
		{"%postgres", ""},
		{"%postgres=# ", "%postgres=# "},
		{value[:70], ""},
		{value[:63] + "!", value[:63] + "!"},
		{value[:len(value)-1], ""},
		{value, mark},
		{value + value[:20], mark},
	} {
		var out bytes.Buffer
		w := redact.NewWriter(&out, redact.NewSet([]redact.Secret{key(value)}))
		for i := range len(row.write) {
			_, _ = w.Write([]byte{row.write[i]})
		}
		if out.String() != row.shown {
			t.Errorf("after %q: %q, not %q", row.write, out.String(), row.shown)
		}
		_ = w.Close()
		if want := strings.ReplaceAll(row.write, value, mark); out.String() != want {
			t.Errorf("closed: %q, not %q", out.String(), want)
		}
	}
}

func TestWriter_LongFormThatEndsOtherwise_IsPassedOnSoon(t *testing.T) {
	t.Parallel()
	value := strings.Repeat("0123456789x", 100)
	for _, same := range []int{64, 65, 127, 128, 129, 500, 1099} {
		var out bytes.Buffer
		w := redact.NewWriter(&out, redact.NewSet([]redact.Secret{key(value)}))
		text := value[:same] + strings.Repeat("!", 8)
		for i := range len(text) {
			_, _ = w.Write([]byte{text[i]})
		}
		if out.String() != text {
			t.Errorf("after %d bytes of a value and 8 others: %d are shown", same, out.Len())
		}
	}
}

func TestWriter_NoSecrets_HoldsNothingBack(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	w := redact.NewWriter(&out, redact.NewSet(nil))
	_, _ = w.Write([]byte("abc"))
	if out.String() != "abc" || w.Counts() != nil {
		t.Errorf("%q, %v", out.String(), w.Counts())
	}
}

type failing struct {
	after int
	short bool
	err   error
}

func (f *failing) Write(p []byte) (int, error) {
	switch f.after--; {
	case f.after >= 0:
		return len(p), nil
	case f.short:
		return len(p) / 2, nil
	}
	return 0, f.err
}

func TestWriter_DestinationFails_ItsErrorStays(t *testing.T) {
	t.Parallel()
	broken := errors.New("disk full")
	for _, row := range []struct {
		dst  failing
		want error
	}{{failing{after: 1, err: broken}, broken}, {failing{after: 1, short: true}, io.ErrShortWrite}} {
		w := redact.NewWriter(&row.dst, redact.NewSet([]redact.Secret{key("hunter2hunter2")}))
		if n, err := w.Write([]byte("first. ")); n != 7 || err != nil {
			t.Errorf("first write: %d, %v", n, err)
		}
		for range 2 {
			if n, err := w.Write([]byte("second. ")); n != 0 || !errors.Is(err, row.want) {
				t.Errorf("write: %d, %v", n, err)
			}
		}
		if err := w.Close(); !errors.Is(err, row.want) {
			t.Errorf("close: %v", err)
		}
	}
	w := redact.NewWriter(&failing{err: broken}, redact.NewSet([]redact.Secret{key("hunter2hunter2")}))
	if _, err := w.Write([]byte("hunter2")); err != nil {
		t.Error(err)
	}
	if err := w.Close(); !errors.Is(err, broken) {
		t.Errorf("what was held back cannot be written: %v", err)
	}
}

func TestWriter_Closed_TakesNothing(t *testing.T) {
	t.Parallel()
	w := redact.NewWriter(io.Discard, redact.NewSet(nil))
	if first, second := w.Close(), w.Close(); first != nil || second != nil {
		t.Errorf("%v, %v", first, second)
	}
	if n, err := w.Write([]byte("x")); n != 0 || !errors.Is(err, redact.ErrClosed) {
		t.Errorf("%d, %v", n, err)
	}
}

func TestWriter_EndlessText_NeedsBoundedMemory(t *testing.T) { // not parallel: AllocsPerRun
	secrets := longPeriodic(0)
	w := redact.NewWriter(io.Discard, redact.NewSet(secrets))
	run := bytes.Repeat([]byte("a"), 8<<10)
	write := func(n int) float64 {
		return testing.AllocsPerRun(1, func() {
			for range n {
				_, _ = w.Write(run)
			}
		})
	}
	write(128)
	if allocations := write(128); allocations > 8 {
		t.Errorf("another MiB of a beginning allocated %v times", allocations)
	}
}

package secret_test

import (
	"bytes"
	"encoding/base64"
	"encoding/gob"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/secret"
)

const canary = "hunter2-canary"

// leaks reports that a text holds the canary in any form that a printer could give it.
func leaks(s string) bool {
	plain := []byte(canary)
	list := strings.Trim(fmt.Sprintf("%d", plain), "[]")
	forms := []string{canary, hex.EncodeToString(plain), fmt.Sprintf("% x", plain),
		base64.StdEncoding.EncodeToString(plain), list, strings.ReplaceAll(list, " ", ", "),
		strings.Trim(fmt.Sprintf("%#v", plain), "[]byte{}"), fmt.Sprintf("%o", plain[:3]), fmt.Sprintf("%b", plain[:3])}
	for _, form := range forms {
		if strings.Contains(strings.ToLower(s), strings.ToLower(form)) {
			return true
		}
	}
	return false
}

type holder struct{ V secret.Value }

type parent struct {
	Shown   secret.Value
	Pointed *secret.Value
	hidden  secret.Value
	list    []secret.Value
	Map     map[string]secret.Value
	Given   secret.ValueInput
	Any     any
}

func newParent() parent {
	v := secret.NewValue([]byte(canary))
	return parent{v, &v, v, []secret.Value{v}, map[string]secret.Value{"k": v}, secret.ValueInput{Text: &v}, v}
}

func TestValue_InEveryVerb_IsRedacted(t *testing.T) {
	t.Parallel()
	p := newParent()
	for name, held := range map[string]any{
		"value":             p.Shown,
		"exported":          struct{ V []secret.Value }{p.list},
		"pointer":           p.Pointed,
		"parent":            p,
		"pointer to parent": &p,
		"list":              p.list,
		"map":               p.Map,
		"reveal":            secret.Reveal{},
		"given":             p.Given,
	} {
		for verb := ' '; verb <= '~'; verb++ {
			for _, flags := range []string{"%", "%+", "%#", "% ", "%q%-10.3", "%08", "%[1]"} {
				if out := fmt.Sprintf(flags+string(verb), held); leaks(out) {
					t.Errorf("%s by %s%c is %s", name, flags, verb, out)
				}
			}
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "% v", "%-9v"} {
		if out := fmt.Sprintf(verb+verb, p, &p); leaks(out) {
			t.Errorf("its parent by %s is %s", verb, out)
		}
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%d"} {
		if got := fmt.Sprintf(verb, p.Shown); got != "[secret]" {
			t.Errorf("%s is %s", verb, got)
		}
	}
}

func TestValue_InErrorsAndPanics_IsRedacted(t *testing.T) {
	t.Parallel()
	p := newParent()
	joined := errors.Join(fmt.Errorf("rotating %v", p),
		fmt.Errorf("rotating %#v: %w", &p, errors.New(fmt.Sprint(p.Shown))))
	if leaks(joined.Error()) || leaks(fmt.Sprintf("%+v %#v", joined, joined)) {
		t.Errorf("it is %v", joined)
	}
	defer func() {
		if r := recover(); leaks(fmt.Sprint(r)) {
			t.Errorf("the panic says %v", r)
		}
	}()
	panic(p)
}

func TestValue_InEveryEncoding_IsRedacted(t *testing.T) {
	t.Parallel()
	p := newParent()
	encoders := map[string]func(any) ([]byte, error){
		"JSON": json.Marshal,
		"XML":  xml.Marshal,
		"gob": func(v any) ([]byte, error) {
			var out bytes.Buffer
			err := gob.NewEncoder(&out).Encode(v)
			return out.Bytes(), err
		},
	}
	for name, encode := range encoders {
		for _, held := range []any{p, p.Shown, p.Pointed, holder{p.Shown}} {
			if out, err := encode(held); leaks(string(out)) || err != nil && leaks(err.Error()) {
				t.Errorf("%s of %T is %s", name, held, out)
			}
		}
	}
	for _, encode := range []func(any) ([]byte, error){json.Marshal, xml.Marshal} {
		if out, err := encode(holder{p.Shown}); err != nil || !strings.Contains(string(out), "[secret]") {
			t.Errorf("it is %s, %v", out, err)
		}
	}
}

func TestValue_InTheLog_IsRedacted(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	p := newParent()
	for _, handler := range []slog.Handler{slog.NewTextHandler(&out, nil), slog.NewJSONHandler(&out, nil)} {
		slog.New(handler).With("with", p.Shown).WithGroup("g").
			Info("rotated", "value", p.Shown, "pointer", p.Pointed, "parent", p, "group",
				slog.GroupValue(slog.Any("v", p.list)))
	}
	if leaks(out.String()) || strings.Count(out.String(), "[secret]") < 4 {
		t.Errorf("the log says %s", out.String())
	}
}

func TestValue_Wiped_IsEmptyWhereverItWasCopied(t *testing.T) {
	t.Parallel()
	plain := []byte(canary)
	v := secret.NewValue(plain)
	other := v
	v.Wipe()
	if v.Len() != 0 || other.Len() != 0 || !bytes.Equal(plain, make([]byte, len(plain))) {
		t.Errorf("it is %q, its copy has %d bytes", plain, other.Len())
	}
	var none secret.Value
	none.Wipe()
	if none.Open() != nil || none.Len() != 0 || fmt.Sprint(none) != "[secret]" {
		t.Error("no value is something")
	}
}

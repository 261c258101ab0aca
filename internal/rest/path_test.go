package rest

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

var byKey = &route{path: "/datastores/{id}/objects/{key+}"}

func TestMatch_Key_IsDecodedOnceAndNeverCleaned(t *testing.T) {
	t.Parallel()
	for sent, want := range map[string]string{
		"a/b.csv":   "a/b.csv",
		"a//b":      "a//b",
		"/a":        "/a",
		"a/":        "a/",
		"../x":      "../x",
		"a/../../b": "a/../../b",
		"./.":       "./.",
		"%2e%2e/x":  "../x",
		"a%2Fb":     "a/b",
		"%252F":     "%2F",
		"a+b":       "a+b",
		"a%20b":     "a b",
		"%C3%BC":    "ü",
		"ü":         "ü",
		"%00":       "\x00",
		"%ff":       "\xff",
		"a;b=c":     "a;b=c",
		"objects/x": "objects/x",
	} {
		got, ok := byKey.match("/datastores/d/objects/" + sent)
		if !ok || got["key"] != want || got["id"] != "d" {
			t.Errorf("%q: got %q, %v, want %q", sent, got, ok, want)
		}
	}
}

func TestMatch_OtherPaths_DoNotFit(t *testing.T) {
	t.Parallel()
	for _, path := range []string{
		"", "/", "datastores/d/objects/k", "/datastores/d/objects/", "/datastores/d/objects", "/datastores//objects/k",
		"//datastores/d/objects/k",
		"/Datastores/d/objects/k", "/datastores/d/objectsx/k", "/datastores/d%2Fobjects/k", "/datastores/%zz/objects/k",
		"/datastores/d/objects/%", "/datastores",
	} {
		if got, ok := byKey.match(path); ok {
			t.Errorf("%q fits, with %q", path, got)
		}
	}
	exact := &route{path: "/datastores/{id}"}
	for path, fits := range map[string]bool{
		"/datastores/d":       true,
		"/datastores/d/":      false,
		"/datastores/":        false,
		"/%64atastores/a%2Fb": true,
		"/datastores/..":      true,
	} {
		if _, ok := exact.match(path); ok != fits {
			t.Errorf("%q fits: %v", path, ok)
		}
	}
}

// FuzzKey holds that every key there can be has a path, and that whatever is in a path is decoded once, and changed in
// nothing else.
func FuzzKey(f *testing.F) {
	for _, seed := range []string{"a/b", "..//x", "%2F", "%00", "ü", "\xff", "a b+c?d#e;f", strings.Repeat("é", 450)} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if text == "" {
			return
		}
		for _, escaped := range []string{url.PathEscape(text), strings.ReplaceAll(url.PathEscape(text), "%2F", "/")} {
			if got, ok := byKey.match("/datastores/d/objects/" + escaped); !ok || got["key"] != text {
				t.Fatalf("the key %q, sent as %q, is taken for %q", text, escaped, got["key"])
			}
		}
		asSent(t, text)
	})
}

// asSent takes the text for a path that net/http has let through.
func asSent(t *testing.T, text string) {
	t.Helper()
	target, err := url.ParseRequestURI("/datastores/d/objects/" + text)
	if err != nil {
		return
	}
	got, ok := byKey.match(target.EscapedPath())
	want := strings.TrimPrefix(target.Path, "/datastores/d/objects/")
	if ok != (want != "") || ok && got["key"] != want {
		t.Fatalf("the path %q is taken for %q, %v; decoded once it is %q", target.EscapedPath(), got["key"], ok, want)
	}
}

func TestFind_HEADIsWhereverGETIs_AndTheRestIsNamed(t *testing.T) {
	t.Parallel()
	a, err := New(Options{})
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		"/datastores":               "GET HEAD POST",
		"/datastores/x":             "DELETE GET HEAD",
		"/datastores/x/objects/a/b": "DELETE GET HEAD",
		"/secrets/x/reveal":         "POST",
		"/openapi.json":             "GET HEAD",
	} {
		for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodDelete,
			http.MethodPut} {
			r := &http.Request{Method: method, URL: &url.URL{Path: path}}
			at, ok := a.Find(r)
			if got := strings.Join(at.Methods, " "); !ok || got != want ||
				(at.Handler != nil) != strings.Contains(want, method) {
				t.Errorf("%s %s: %v, methods %q, handler %v", method, path, ok, got, at.Handler != nil)
			}
		}
	}
}

func TestDisposition_AnyKey_IsAHeader(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]string{
		"a/b.csv":         "attachment; filename=b.csv",
		"a/":              "attachment",
		`a"b;c`:           `attachment; filename="a\"b;c"`,
		"Übersicht 1.pdf": "attachment; filename*=utf-8''%C3%9Cbersicht%201.pdf",
	} {
		if got := disposition(key); got != want || !utf8.ValidString(got) {
			t.Errorf("%q: %q, want %q", key, got, want)
		}
	}
}

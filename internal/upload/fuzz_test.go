package upload

import (
	"mime"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
)

func FuzzIsMediaType_WhatItAllowsIsAHeaderThatArrivesUnchanged(f *testing.F) {
	for _, seed := range []string{
		"text/csv", "text/csv; charset=utf-8", `a/b; c="d;e"`, "text/csv;", "text//csv", "text/csv\r\nx: y",
		" text/csv", "*/*", "a/b; c=\"\\\"\"", "text",
		"text/csv, text/html", "multipart/form-data; boundary=x", strings.Repeat("x", 256),
		"text/csv; a*=utf-8''%0D%0A", "é/ü",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if object.CheckContentType("contentType", s) != nil {
			return
		}
		if name, _, err := mime.ParseMediaType(s); err != nil || len(s) > 255 || !strings.Contains(name, "/") {
			t.Fatalf("%q is no media type: %v", s, err)
		}
		var sent strings.Builder
		if err := (http.Header{"Content-Type": {s}}).Write(&sent); err != nil ||
			sent.String() != "Content-Type: "+s+"\r\n" {
			t.Fatalf("%q is sent as %q: %v", s, sent.String(), err)
		}
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", s)
		if got := w.Result().Header.Get("Content-Type"); got != s {
			t.Fatalf("%q arrives as %q", s, got)
		}
	})
}

func FuzzRequest_Check_RefusesOnlyAsInvalidAndNamesAField(f *testing.F) {
	f.Add("a/b", "text/csv", int64(1), "XUFAKrxLKna5cZ2REBfFkg==", int32(0), int64(time.Hour))
	f.Add("", "", int64(-1), "", int32(-1), int64(-1))
	f.Add("u\u0308", "text/csv\x00", int64(1<<62), "\n", int32(1), int64(1))
	f.Fuzz(func(t *testing.T, key, contentType string, size int64, md5 string, ifVersion int32, ttl int64) {
		r := BeginRequest{
			Key:         key,
			ContentType: contentType,
			MaxBytes:    &size,
			MD5:         &md5,
			IfVersion:   &ifVersion,
			TTL:         time.Duration(ttl),
		}
		err := r.check(1 << 20)
		if err == nil {
			return
		}
		said, ok := err.(*fault.Error) //nolint:errorlint // it is given as it is
		if !ok || said.Kind != fault.Invalid || said.Details["field"] == nil {
			t.Fatalf("got %v", err)
		}
		if len(key) > 8 && strings.Contains(said.Say, key) {
			t.Fatalf("it echoes: %v", err)
		}
	})
}

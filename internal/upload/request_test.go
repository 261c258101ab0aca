package upload_test

import (
	"encoding/json"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// metadataOf is metadata of so many bytes as JSON.
func metadataOf(bytes int) map[string]any {
	return map[string]any{"k": strings.Repeat("x", bytes-len(`{"k":""}`))}
}

func TestBegin_WithinItsLimits_IsAllowed(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, change := range map[string]func(*upload.BeginRequest){
		"longest key":          func(q *upload.BeginRequest) { q.Key = strings.Repeat("k", 900) },
		"longest of umlauts":   func(q *upload.BeginRequest) { q.Key = strings.Repeat("ü", 450) },
		"short life":           func(q *upload.BeginRequest) { q.TTL = 3 * time.Second },
		"longest life":         func(q *upload.BeginRequest) { q.TTL = 24 * time.Hour },
		"one byte":             func(q *upload.BeginRequest) { q.MaxBytes = new(int64(1)) },
		"as many as may be":    func(q *upload.BeginRequest) { q.MaxBytes = new(int64(most)) },
		"the default size":     func(q *upload.BeginRequest) { q.MaxBytes = nil },
		"type with parameters": func(q *upload.BeginRequest) { q.ContentType = `text/csv; charset="utf-8"; header=present` },
		"type with two spaces": func(q *upload.BeginRequest) { q.ContentType = "text/csv;  charset=utf-8" },
		"longest type":         func(q *upload.BeginRequest) { q.ContentType = "text/" + strings.Repeat("x", 250) },
		"largest metadata":     func(q *upload.BeginRequest) { q.Metadata = metadataOf(8 << 10) },
		"no metadata":          func(q *upload.BeginRequest) { q.Metadata = nil },
		"numbers": func(q *upload.BeginRequest) {
			q.Metadata = map[string]any{"n": json.Number("9007199254740993"), "x": json.Number("1.5e+308")}
		},
		"an MD5":      func(q *upload.BeginRequest) { q.MD5 = new(md5OfHello) },
		"must be new": func(q *upload.BeginRequest) { q.Key, q.IfVersion = "new", new(int32(0)) },
	} {
		g := r.begin(t, r.acme, "a", change)
		if status := r.put(t, g, "hello"[:min(5, int(g.Upload.MaxBytes))]); status != 200 {
			t.Errorf("%s: its PUT is answered %d", name, status)
		}
		r.wantCompleted(t, g.Upload.ID)
	}
	g := r.begin(t, r.acme, "a", func(q *upload.BeginRequest) { q.TTL = time.Second })
	if got := g.Upload.ExpiresAt.Sub(r.clock.now()); got != time.Second {
		t.Errorf("the shortest life is %s", got)
	}
}

func TestBegin_BeyondItsLimits_IsInvalidAndNamesTheField(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, c := range map[string]struct {
		change func(*upload.BeginRequest)
		field  string
	}{
		"empty key":             {func(q *upload.BeginRequest) { q.Key = "" }, "key"},
		"key too long":          {func(q *upload.BeginRequest) { q.Key = strings.Repeat("k", 901) }, "key"},
		"umlauts too long":      {func(q *upload.BeginRequest) { q.Key = strings.Repeat("ü", 450) + "k" }, "key"},
		"decomposed key":        {func(q *upload.BeginRequest) { q.Key = "u\u0308.csv" }, "key"},
		"key with a line break": {func(q *upload.BeginRequest) { q.Key = "a\nb" }, "key"},
		"key with NUL":          {func(q *upload.BeginRequest) { q.Key = "a\x00b" }, "key"},
		"key with C1 control":   {func(q *upload.BeginRequest) { q.Key = "a\u0085b" }, "key"},
		"key not in UTF-8":      {func(q *upload.BeginRequest) { q.Key = "a\xff" }, "key"},
		"life too short":        {func(q *upload.BeginRequest) { q.TTL = time.Second - 1 }, "expiresIn"},
		"life too long":         {func(q *upload.BeginRequest) { q.TTL = 24*time.Hour + 1 }, "expiresIn"},
		"negative life":         {func(q *upload.BeginRequest) { q.TTL = -time.Hour }, "expiresIn"},
		"no bytes":              {func(q *upload.BeginRequest) { q.MaxBytes = new(int64(0)) }, "maxBytes"},
		"negative bytes":        {func(q *upload.BeginRequest) { q.MaxBytes = new(int64(-1)) }, "maxBytes"},
		"a byte too many":       {func(q *upload.BeginRequest) { q.MaxBytes = new(int64(most + 1)) }, "maxBytes"},
		"all bytes there are":   {func(q *upload.BeginRequest) { q.MaxBytes = new(int64(math.MaxInt64)) }, "maxBytes"},
		"no type":               {func(q *upload.BeginRequest) { q.ContentType = "" }, "contentType"},
		"half a type":           {func(q *upload.BeginRequest) { q.ContentType = "text" }, "contentType"},
		"type without subtype":  {func(q *upload.BeginRequest) { q.ContentType = "text/" }, "contentType"},
		"type with a break": {func(q *upload.BeginRequest) { q.ContentType = "text/csv\r\nx-goog-meta-a: b" },
			"contentType"},
		"type with a space":   {func(q *upload.BeginRequest) { q.ContentType = " text/csv" }, "contentType"},
		"type with an umlaut": {func(q *upload.BeginRequest) { q.ContentType = "text/cßv" }, "contentType"},
		"type too long": {func(q *upload.BeginRequest) { q.ContentType = "text/" + strings.Repeat("x", 251) },
			"contentType"},
		"MD5 in hex": {func(q *upload.BeginRequest) { q.MD5 = new("5d41402abc4b2a76b9719d911017c592") }, "md5"},
		"empty MD5":  {func(q *upload.BeginRequest) { q.MD5 = new("") }, "md5"},
		"MD5 without padding": {func(q *upload.BeginRequest) {
			q.MD5 = new(strings.TrimRight(md5OfHello,
				"="))
		}, "md5"},
		"MD5 with a line break": {func(q *upload.BeginRequest) { q.MD5 = new(md5OfHello + "\r\n") }, "md5"},
		"MD5 of 15 bytes":       {func(q *upload.BeginRequest) { q.MD5 = new("XUFAKrxLKna5cZ2REBfF") }, "md5"},
		"negative version":      {func(q *upload.BeginRequest) { q.IfVersion = new(int32(-1)) }, "ifVersion"},
		"metadata too large":    {func(q *upload.BeginRequest) { q.Metadata = metadataOf(8<<10 + 1) }, "metadata"},
		"metadata not JSON": {func(q *upload.BeginRequest) { q.Metadata = map[string]any{"f": func() {}} },
			"metadata"},
		"a number too large": {func(q *upload.BeginRequest) { q.Metadata = map[string]any{"n": json.Number("1e309")} },
			"metadata"},
		"a number too small": {func(q *upload.BeginRequest) { q.Metadata = map[string]any{"n": []any{json.Number("-1E-309")}} }, "metadata"},
		"a number of no size": {func(q *upload.BeginRequest) {
			q.Metadata = map[string]any{"n": map[string]any{"m": json.Number("1e99999999999999999999")}}
		}, "metadata"},
	} {
		req := ask(r.in, "a")
		c.change(&req)
		_, err := r.uploads.Begin(bg, r.acme, req)
		if e := asFault(err); e == nil || e.Kind != fault.Invalid || e.Details["field"] != c.field {
			t.Errorf("%s: got %v, want %s", name, err, c.field)
		}
	}
	r.wantUsage(t, "0 objects, 0 used, 0 reserved")
}

func TestBegin_MetadataNumbers_KeepEveryDigit(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	id := r.land(t, r.begin(t, r.acme, "a",
		func(q *upload.BeginRequest) { q.Metadata = map[string]any{"n": json.Number("9007199254740993")} }), "hello")
	o := r.read(t, "a")
	u, err := r.uploads.Find(bg, r.acme, id)
	testkit.Must(t, err)
	for _, raw := range []json.RawMessage{o.Current.Metadata, u.Metadata} {
		if string(raw) != `{"n": 9007199254740993}` {
			t.Errorf("it is %s", raw)
		}
	}
}

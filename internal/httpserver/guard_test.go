package httpserver

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
)

const fine = `{"query":"{viewer{id}}"}`

func TestGuard_GraphQLRequest_IsHandedOnByteByByte(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for _, body := range []string{
		fine, " \n" + fine + "\r\n\t ", `{"query":"","variables":null,"operationName":null,"extensions":null}`,
		`{"extensions":{},"operationName":"A","variables":{"a":[1,2,{"b":"\\u0000 \\ud800"}]},"query":"{a}"}`,
		`{"query":"\ud83d\ude00 😀 \u00e9 \"\\"}`, `{"query":"{a}","variables":{"a":` + strings.Repeat("[", 62) +
			strings.Repeat("]", 62) + `}}`,
		`{"qu\u0065ry":"{a}"}`,
	} {
		for _, contentType := range []string{"application/json", "application/json; charset=utf-8",
			`Application/JSON;charset="UTF-8"`} {
			if got := s.post(t, body, "Content-Type", contentType, "Content-Encoding",
				"identity"); got.StatusCode != http.StatusOK || got.text != body {
				t.Errorf("%s as %s: got %d %s", body, contentType, got.StatusCode, got.text)
			}
		}
	}
}

func TestGuard_AnythingElse_IsABadRequestWithoutEcho(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for name, body := range map[string]string{
		"nothing":                   "",
		"blanks":                    " \n",
		"no JSON":                   "hunter2",
		"cut off":                   `{"query":"mutation{rotate(value:\"hunter2`,
		"text":                      `"hunter2"`,
		"number":                    "1",
		"null":                      "null",
		"batch":                     `[` + fine + `]`,
		"empty batch":               "[]",
		"two objects":               fine + fine,
		"trailing":                  fine + " hunter2",
		"byte order mark":           "\ufeff" + fine,
		"no query":                  `{"variables":{"v":"hunter2"}}`,
		"query is null":             `{"query":null}`,
		"query is an object":        `{"query":{"hunter2":1}}`,
		"query is a list":           `{"query":["hunter2"]}`,
		"variables are text":        `{"query":"{a}","variables":"hunter2"}`,
		"variables are a list":      `{"query":"{a}","variables":["hunter2"]}`,
		"operationName is a number": `{"query":"{a}","operationName":1}`,
		"extensions are true":       `{"query":"{a}","extensions":true}`,
		"two queries":               `{"query":"{a}","query":"{hunter2}"}`,
		"escaped twin":              `{"query":"{a}","\u0071uery":"{hunter2}"}`,
		"capital twin":              `{"query":"{a}","Query":"{hunter2}"}`,
		"another member":            `{"query":"{a}","hunter2":1}`,
		"empty name":                `{"query":"{a}","":1}`,
		"invalid UTF-8":             "{\"query\":\"hunter2\xff\"}",
		"raw surrogate":             "{\"query\":\"hunter2\xed\xa0\x80\"}",
		"NUL":                       `{"query":"{a}","variables":{"v":"hunter2\u0000"}}`,
		"raw NUL":                   "{\"query\":\"\x00\"}",
		"NUL in a name":             `{"query":"{a}","variables":{"\u0000":1}}`,
		"high surrogate":            `{"query":"hunter2\ud800"}`,
		"low surrogate":             `{"query":"\uDC00hunter2"}`,
		"two high":                  `{"query":"\ud800\ud800"}`,
		"wrong order":               `{"query":"\ude00\ud83d"}`,
		"high and text":             `{"query":"\ud83dxxxxxx"}`,
		"high and other":            `{"query":"\ud83d\u0041"}`,
		"too deep": `{"query":"{a}","variables":{"a":` + strings.Repeat("[", 63) +
			strings.Repeat("]", 63) + `}}`,
		"very deep": strings.Repeat("[", 500_000) + strings.Repeat("]", 500_000),
	} {
		got := s.post(t, body)
		isRefusal(t, got, http.StatusBadRequest, fault.BadRequest)
		if t.Failed() {
			t.Fatalf("%s: %s", name, got.text)
		}
	}
	if s.ran.Load() != 0 || strings.Contains(s.log.String(), "hunter2") {
		t.Errorf("%d requests were run; logged %s", s.ran.Load(), s.log)
	}
}

func TestGuard_BodyAtTheLimit_IsRun(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	body := fine + strings.Repeat(" ", 1<<20-len(fine))
	if got := s.post(t, body); got.StatusCode != http.StatusOK || len(got.text) != 1<<20 {
		t.Errorf("at the limit: got %d %.200s", got.StatusCode, got.text)
	}
	got := s.post(t, body+" ")
	isRefusal(t, got, http.StatusRequestEntityTooLarge, fault.BadRequest)
	if !strings.Contains(got.text, "upload") {
		t.Errorf("got %s", got.text)
	}
}

func TestGuard_BodyThatIsNoJSON_IsUnsupported(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{})
	for _, contentType := range []string{
		"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql",
		"application/graphql-response+json",
		"application/jsonp", "application/json; charset=utf-16", "application/json; charset=",
		"text/plain, application/json", "application/json, text/plain", "*/*",
	} {
		isRefusal(t, s.post(t, fine, "Content-Type", contentType), http.StatusUnsupportedMediaType, fault.BadRequest)
	}
	isRefusal(t, s.post(t, fine, "Content-Encoding", "gzip"), http.StatusUnsupportedMediaType, fault.BadRequest)
	twice := s.request(t, http.MethodPost, "/graphql", fine, "Authorization", "Bearer good")
	twice.Header["Content-Type"] = []string{"application/json", "text/plain"}
	isRefusal(t, s.do(t, twice), http.StatusUnsupportedMediaType, fault.BadRequest)
	if s.ran.Load() != 0 {
		t.Errorf("%d requests were run", s.ran.Load())
	}
}

func FuzzCheckBody(f *testing.F) {
	for _, body := range []string{fine, `{"query":"\ud83d\ude00","variables":{"a":[]}}`, `{"query":"\ud800"}`, `[` +
		fine + `]`, fine + fine, "\x00", `{"query":"\u00`} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		if refused := checkBody(body, 64); refused != nil {
			if refused.Kind != fault.BadRequest {
				t.Fatalf("got %v", refused)
			}
			return
		}
		var got map[string]any
		if err := json.Unmarshal(body, &got); err != nil {
			t.Fatalf("%q passed: %v", body, err)
		}
		query, ok := got["query"].(string)
		if !ok || len(got) > 4 || !utf8.ValidString(query) || strings.ContainsRune(query, 0) {
			t.Fatalf("%q passed", body)
		}
		decoded, _ := json.Marshal(got)
		sent := strings.ToLower(string(body))
		if strings.ContainsRune(string(decoded), '\ufffd') && !strings.ContainsRune(sent, '\ufffd') &&
			!strings.Contains(sent, `\ufffd`) {
			t.Fatalf("%q passed, and decoding changed it", body)
		}
	})
}

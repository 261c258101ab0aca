package client_test

import (
	"bytes"
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/provenanceone/data-api/client"
)

// bucket is an API with a storage that has one object, and fails as a test has it.
type bucket struct {
	t *testing.T

	mu sync.Mutex
	// fail answers a request to storage otherwise; it returns whether it has.
	fail func(nth int, w http.ResponseWriter, r *http.Request, body []byte) bool
	nth  int
	// content is what has arrived, and rejection why it is not taken.
	content             []byte
	rejection           string
	generation          int
	modes, operations   []string
	sessions, cancelled int
	// corrupt makes downloads of other bytes than those that are stored.
	corrupt bool
	// address is that of storage, where it is not the signed one.
	address string
}

const signed = "https://storage.example/o?X-Goog-Signature=cafe&upload_id=cafe"

func (b *bucket) client() *client.Client { return must(b.t, client.APIKey("p1_secret"), b.serve) }

func (b *bucket) serve(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(cut)
		return
	}
	if r.URL.Host != "storage.example" {
		b.answer(w, body)
		return
	}
	if r.Header.Get("X-API-Key") != "" || r.Header.Get("Authorization") != "" {
		b.t.Error("storage was given the credential")
	}
	b.store(w, r, body)
}

func (b *bucket) store(w http.ResponseWriter, r *http.Request, body []byte) {
	b.nth++
	switch {
	case b.fail != nil && b.fail(b.nth, w, r, body):
	case r.Method == http.MethodGet:
		b.get(w, r)
	case r.Header.Get("Content-Range") == "":
		b.content = body
	default:
		b.part(w, r, body)
	}
}

func (b *bucket) part(w http.ResponseWriter, r *http.Request, body []byte) {
	b.sessions++
	span, total, _ := strings.Cut(strings.TrimPrefix(r.Header.Get("Content-Range"), "bytes "), "/")
	if first, _, ok := strings.Cut(span, "-"); ok && first != strconv.Itoa(len(b.content)) {
		b.t.Errorf("%s was sent while storage has %d", span, len(b.content))
	}
	if total == "*" && len(body)%(256<<10) != 0 {
		b.t.Errorf("a part has %d bytes", len(body))
	}
	b.content = append(b.content, body...)
	if total == strconv.Itoa(len(b.content)) {
		if r.Header.Get("X-Goog-Hash") != "crc32c="+sumOf(b.content) {
			w.WriteHeader(http.StatusBadRequest)
		}
		return
	}
	if len(b.content) > 0 {
		w.Header().Set("Range", fmt.Sprintf("bytes=0-%d", len(b.content)-1))
	}
	w.WriteHeader(http.StatusPermanentRedirect)
}

func (b *bucket) get(w http.ResponseWriter, r *http.Request) {
	from, status := 0, http.StatusOK
	if text, ok := strings.CutPrefix(r.Header.Get("Range"), "bytes="); ok {
		from, _ = strconv.Atoi(strings.TrimSuffix(text, "-"))
		w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(b.content)-1, len(b.content)))
		status = http.StatusPartialContent
	}
	w.Header().Set("X-Goog-Generation", strconv.Itoa(b.generation))
	w.WriteHeader(status)
	rest := bytes.Clone(b.content[from:])
	if b.corrupt {
		rest[0]++
	}
	_, _ = w.Write(rest)
}

func (b *bucket) answer(w http.ResponseWriter, body []byte) {
	var asked struct {
		OperationName string
		Variables     struct{ Input map[string]any }
	}
	if err := json.Unmarshal(body, &asked); err != nil {
		b.t.Error(err)
	}
	b.operations = append(b.operations, asked.OperationName)
	version := fmt.Sprintf(`{"id":"v","version":1,"sizeBytes":"%d","crc32c":"%s"}`, len(b.content), sumOf(b.content))
	upload := fmt.Sprintf(`{"id":"u","state":"COMPLETED","version":%s}`, version)
	if b.rejection != "" {
		upload = fmt.Sprintf(`{"id":"u","state":"REJECTED","rejection":"%s"}`, b.rejection)
	}
	switch asked.OperationName {
	case "CreateUploadURL":
		b.modes = append(b.modes, fmt.Sprintf("%v %v", asked.Variables.Input["mode"], asked.Variables.Input["maxBytes"]))
		most, _ := asked.Variables.Input["maxBytes"].(string)
		if most == "" {
			most = "104857600"
		}
		_, _ = fmt.Fprintf(w, `{"data":{"createUploadURL":{"url":"%s","headers":[],"upload":{"id":"u","maxBytes":"%s"}}}}`,
			cmp.Or(b.address, signed), most)
	case "CompleteUpload":
		_, _ = fmt.Fprintf(w, `{"data":{"completeUpload":{"upload":%s}}}`, upload)
	case "CancelUpload":
		b.cancelled++
		_, _ = fmt.Fprint(w, `{"data":{"cancelUpload":{}}}`)
	case "CreateDownloadURL":
		_, _ = fmt.Fprintf(w, `{"data":{"createDownloadURL":{"url":"%s","version":%s}}}`, cmp.Or(b.address, signed),
			version)
	}
}

func sumOf(content []byte) string {
	sum := crc32.Checksum(content, crc32.MakeTable(crc32.Castagnoli))
	return base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, sum))
}

// unsized hides how long a reader is.
type unsized struct{ io.Reader }

package e2e

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// put sends a body to a signed URL and checks what storage says.
func (w *world) put(url, contentType string, maxBytes int64, body io.Reader, want int) {
	w.t.Helper()
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPut, url, body)
	testkit.Must(w.t, err)
	r.Header.Set("Content-Type", contentType)
	r.Header.Set("X-Goog-Content-Length-Range", "0,"+strconv.FormatInt(maxBytes, 10))
	r.Header.Set("X-Goog-If-Generation-Match", "0")
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	defer func() { _ = response.Body.Close() }()
	if text, _ := io.ReadAll(response.Body); response.StatusCode != want {
		w.t.Fatalf("PUT: %d %s, want %d", response.StatusCode, text, want)
	}
}

// doIn sends an operation with the X-Workspace-Id header.
func (w *world) doIn(id string, who credential, query string) answer {
	w.t.Helper()
	body, err := json.Marshal(map[string]string{"query": query})
	testkit.Must(w.t, err)
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "http://"+w.address+"/graphql",
		bytes.NewReader(body))
	testkit.Must(w.t, err)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("X-Workspace-Id", id)
	r.Header.Set(who.header, who.value)
	response, err := client.Do(r)
	testkit.Must(w.t, err)
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	testkit.Must(w.t, err)
	a := answer{status: response.StatusCode, body: toldCost.ReplaceAll(text, nil)}
	testkit.Must(w.t, json.Unmarshal(text, &a.tree))
	return a
}

// TestBytes_LargeFiles_GoUpAndComeDownTheSame sends a CSV of 1 MB and a binary of 100 MB by curl, and looks at the
// server's memory meanwhile.
func TestBytes_LargeFiles_GoUpAndComeDownTheSame(t *testing.T) {
	t.Parallel()
	plain := plainBinary(t)
	server, err := shared.serve(plain, "server-plain")
	testkit.Must(t, err)
	defer func() {
		if err := server.stop(); err != nil {
			t.Error(err)
		}
	}()
	w := newWorld(t, shared)
	w.address = server.address
	a := w.do(w.user("acme", authz.Editor),
		`mutation { createDatastore(input: {name: "files"}) { datastore { id } } }`, nil)
	datastore := a.text("data", "createDatastore", "datastore", "id")
	w.roundTrip(datastore, "big.csv", "text/csv", csv(t, 1<<20))
	w.roundTrip(datastore, "big.bin", "application/octet-stream", binary(t, 100<<20))
	rss := peakMemory(t, server.cmd.Process.Pid)
	fmt.Printf("peak memory of the server over a 1 MB and a 100 MB file: %d MiB\n", rss>>20)
	if rss > 150<<20 {
		t.Errorf("the server's memory reached %d MiB", rss>>20)
	}
}

// plainBinary returns a binary without the race detector, which takes memory of its own. All tests share one.
func plainBinary(t *testing.T) string {
	t.Helper()
	plain, err := buildPlain()
	testkit.Must(t, err)
	return plain
}

var buildPlain = sync.OnceValues(func() (string, error) {
	plain := shared.binary + "-plain"
	if out, err := exec.Command("go", "build", "-tags", "dev", "-o", plain, "..").CombinedOutput(); err != nil {
		return "", fmt.Errorf("building without the race detector: %w\n%s", err, out)
	}
	return plain, nil
})

func csv(t *testing.T, atLeast int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "big.csv")
	var text bytes.Buffer
	for i := 0; int64(text.Len()) < atLeast; i++ {
		fmt.Fprintf(&text, "%d,row %d,%d\n", i, i, i*i)
	}
	testkit.Must(t, os.WriteFile(path, text.Bytes(), 0o600))
	return path
}

func binary(t *testing.T, size int64) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "big.bin")
	file, err := os.Create(path)
	testkit.Must(t, err)
	random := rand.NewChaCha8([32]byte{1})
	if _, err := io.CopyN(file, random, size); err != nil {
		t.Fatal(err)
	}
	testkit.Must(t, file.Close())
	return path
}

func (w *world) roundTrip(datastore, key, contentType, path string) {
	w.t.Helper()
	editor := w.user("acme", authz.Editor)
	a := w.do(editor, `mutation($i: CreateUploadURLInput!) { createUploadURL(input: $i) { url headers { name value } } }`,
		map[string]any{"i": map[string]any{
			"datastoreId": datastore,
			"key":         key,
			"contentType": contentType,
			"maxBytes":    "209715200",
		}})
	args := []string{"-sS", "-f", "-X", "PUT", a.text("data", "createUploadURL", "url"), "-T", path}
	headers, _ := a.at("data", "createUploadURL", "headers").([]any)
	for _, h := range headers {
		header, _ := h.(map[string]any)
		args = append(args, "-H", fmt.Sprintf("%s: %s", header["name"], header["value"]))
	}
	w.curl(args...)
	a = w.do(editor, `mutation($d: ID!, $k: String!) { createDownloadURL(input: {datastoreId: $d, key: $k}) { url } }`,
		map[string]any{"d": datastore, "k": key})
	down := filepath.Join(w.t.TempDir(), "down")
	w.curl("-sS", "-f", "-o", down, a.text("data", "createDownloadURL", "url"))
	if up, got := sum(w.t, path), sum(w.t, down); up != got {
		w.t.Errorf("%s went up as %x and came down as %x", key, up, got)
	}
}

func (w *world) curl(args ...string) {
	w.t.Helper()
	w.program("curl", args...)
}

// program runs one, and returns what it says.
func (w *world) program(name string, args ...string) string {
	w.t.Helper()
	out, err := exec.CommandContext(w.t.Context(), name, args...).CombinedOutput()
	if err != nil {
		w.t.Fatalf("%s: %v\n%s", name, err, out)
	}
	return string(out)
}

func sum(t testing.TB, path string) [32]byte {
	t.Helper()
	file, err := os.Open(path)
	testkit.Must(t, err)
	defer func() { _ = file.Close() }()
	hash := sha256.New()
	if n, err := io.Copy(hash, file); err != nil || n == 0 {
		t.Fatalf("%d bytes: %v", n, err)
	}
	return [32]byte(hash.Sum(nil))
}

// peakMemory is the most resident memory that a process has had, in bytes.
func peakMemory(t *testing.T, pid int) int64 {
	t.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	testkit.Must(t, err)
	for line := range strings.Lines(string(status)) {
		if text, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseInt(strings.Fields(text)[0], 10, 64)
			testkit.Must(t, err)
			return kib << 10
		}
	}
	t.Fatal("the kernel does not say")
	return 0
}

// TestBytes_ExpiredURL_IsRefusedByStorage waits for the shortest URL there is.
func TestBytes_ExpiredURL_IsRefusedByStorage(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	editor := w.user("acme", authz.Editor)
	a := w.do(editor, `mutation { createDatastore(input: {name: "files"}) { datastore { id } } }`, nil)
	a = w.do(editor, `mutation($d: ID!) { createUploadURL(input: {datastoreId: $d, key: "k", contentType: "text/csv", maxBytes: "9", expiresIn: "PT1S"}) { url upload { expiresAt } } }`,
		map[string]any{"d": a.text("data", "createDatastore", "datastore", "id")})
	expires, err := time.Parse(time.RFC3339, a.text("data", "createUploadURL", "upload", "expiresAt"))
	testkit.Must(t, err)
	<-time.After(time.Until(expires) + 1100*time.Millisecond)
	w.put(a.text("data", "createUploadURL", "url"), "text/csv", 9, strings.NewReader("a"), 400)
}

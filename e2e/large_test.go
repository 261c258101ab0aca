package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// mostMemory is what a server, and the stand-in of storage, may take, in bytes.
const mostMemory = 150 << 20

// TestLarge_FilesUpAndDown_TakeConstantMemory sends a file in one PUT and in parts, one of them broken off, and reads
// both back: 64 MiB, or 1 GiB at full size.
func TestLarge_FilesUpAndDown_TakeConstantMemory(t *testing.T) {
	t.Parallel()
	size := int64(64 << 20)
	if atFullSize() {
		size = 1 << 30
	}
	s := plainStack(t)
	w, path := newWorld(t, s), binary(t, size)
	in := w.bin()
	more := map[string]any{"contentType": "application/octet-stream", "maxBytes": fmt.Sprint(size)}
	began := time.Now()
	w.uploadWhole(w.landing(w.user("acme", authz.Editor), in, "whole", more), path)
	more["mode"] = "RESUMABLE"
	w.uploadInParts(w.landing(w.user("acme", authz.Editor), in, "parts", more), path, size)
	up := time.Since(began)
	want := sum(t, path)
	for _, key := range []string{"whole", "parts"} {
		a := w.do(w.user("acme", authz.Viewer),
			`mutation($d: ID!, $k: String!) { createDownloadURL(input: {datastoreId: $d, key: $k}) { url } }`,
			map[string]any{"d": in, "k": key})
		down := filepath.Join(t.TempDir(), "down")
		w.curl("-sS", "-f", "-o", down, a.text("data", "createDownloadURL", "url"))
		if got := sum(t, down); got != want {
			t.Errorf("%s came down as another file", key)
		}
		testkit.Must(t, os.Remove(down))
	}
	server, storage := peakMemory(t, s.server.cmd.Process.Pid), peakMemory(t, s.backends.cmd.Process.Pid)
	fmt.Printf("%d MiB up twice in %s and down twice: peak memory of the server %d MiB, of the backends %d MiB\n",
		size>>20, up.Round(time.Millisecond), server>>20, storage>>20)
	if server > mostMemory || storage > mostMemory {
		t.Errorf("the server's memory reached %d MiB, the backends' %d MiB", server>>20, storage>>20)
	}
}

func (w *world) uploadWhole(l landing, path string) {
	w.t.Helper()
	args := []string{"-sS", "-f", "-X", "PUT", l.url, "-T", path}
	for name := range l.headers {
		args = append(args, "-H", name+": "+l.headers.Get(name))
	}
	w.curl(args...)
}

// uploadInParts sends half of a file, breaks off in the middle of the rest, asks how far it is, and goes on from there.
func (w *world) uploadInParts(l landing, path string, size int64) {
	w.t.Helper()
	w.part(l, path, 0, size/2, size, http.StatusPermanentRedirect)
	w.breakOff(l, path, size/2, size)
	have := w.sentSoFar(l)
	if have < size/2 || have >= size || have%(256<<10) != 0 {
		w.t.Fatalf("after %d bytes and a break it has %d", size/2, have)
	}
	w.part(l, path, have, size, size, http.StatusOK)
}

func (w *world) session(l landing, of string, body *os.File, length int64) (int, http.Header, error) {
	r, err := http.NewRequestWithContext(w.t.Context(), http.MethodPut, l.url, http.NoBody)
	if err != nil {
		return 0, nil, err
	}
	r.Header.Set("Content-Range", "bytes "+of)
	if body != nil {
		r.Body, r.ContentLength = body, length
	}
	response, err := client.Do(r)
	if err != nil {
		return 0, nil, err
	}
	return response.StatusCode, response.Header, response.Body.Close()
}

// sentSoFar asks a session how many bytes it has, until it is done with what came.
func (w *world) sentSoFar(l landing) (have int64) {
	w.t.Helper()
	w.until("the session tells its state", func() bool {
		status, header, err := w.session(l, "*/*", nil, 0)
		if err != nil || status != http.StatusPermanentRedirect {
			return false
		}
		_, err = fmt.Sscanf(header.Get("Range"), "bytes=0-%d", &have)
		return err == nil
	})
	return have + 1
}

// slice is bytes of a file, in a file of their own.
func (w *world) slice(path string, from, to int64) string {
	w.t.Helper()
	out := filepath.Join(w.t.TempDir(), "slice")
	w.program("sh", "-c", fmt.Sprintf("tail -c +%d %q | head -c %d > %q", from+1, path, to-from, out))
	return out
}

func (w *world) part(l landing, path string, from, to, size int64, want int) {
	w.t.Helper()
	total := "*"
	if to == size {
		total = fmt.Sprint(size)
	}
	out := w.program("curl", "-sS", "-o", os.DevNull, "-w", "%{http_code}", "-X", "PUT", l.url, "-H",
		fmt.Sprintf("Content-Range: bytes %d-%d/%s", from, to-1, total),
		"-T", w.slice(path, from, to))
	if strings.TrimSpace(out) != fmt.Sprint(want) {
		w.t.Fatalf("a part is answered %s", out)
	}
}

// breakOff says that all the rest comes, and sends a third of it.
func (w *world) breakOff(l landing, path string, from, size int64) {
	w.t.Helper()
	file, err := os.Open(w.slice(path, from, from+(size-from)/3))
	testkit.Must(w.t, err)
	if status, _, err := w.session(l, fmt.Sprintf("%d-%d/%d", from, size-1, size), file, size-from); err == nil {
		w.t.Fatalf("half a part is answered %d", status)
	}
}

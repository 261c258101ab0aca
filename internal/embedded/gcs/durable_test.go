package gcs_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"cloud.google.com/go/storage"
)

func TestRestart_KeepsEverything(t *testing.T) {
	t.Parallel()
	r := start(t)
	attrs := r.write("a", "content")
	r.write("b", "gone")
	r.must(r.object("b").Delete(t.Context()))
	r.must(r.server.Close())
	again := startOn(t, r.dir)
	found, err := again.object("a").Attrs(t.Context())
	r.must(err)
	if found.Generation != attrs.Generation || !found.Created.Equal(attrs.Created) || again.read("a") != "content" ||
		again.listed(nil, 10) != "a" {
		t.Errorf("after a restart the object is %+v", found)
	}
	if _, err := again.client.Bucket(bucket).Attrs(t.Context()); err != nil {
		t.Errorf("the bucket: %v", err)
	}
	if next := again.write("a", "changed"); next.Generation <= attrs.Generation {
		t.Errorf("generation %d follows %d", next.Generation, attrs.Generation)
	}
}

func TestStart_AfterACrash_SweepsWhatWasLeft(t *testing.T) {
	t.Parallel()
	r := start(t)
	r.write("a", "content")
	r.must(r.server.Close())
	leftover := filepath.Join(r.dir, "blobs", "LEFTOVER")
	r.must(os.WriteFile(leftover, []byte("cont"), 0o600))
	again := startOn(t, r.dir)
	if _, err := os.Stat(leftover); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the leftover file is there: %v", err)
	}
	if again.read("a") != "content" {
		t.Error("the object went with the leftover file")
	}
}

func TestKill_LosesNothingAcknowledged_AndTearsNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	child := exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childDir+"="+dir)
	out, err := child.StdoutPipe()
	r := &rig{t: t, dir: dir}
	r.must(err)
	r.must(child.Start())
	url, err := bufio.NewReader(out).ReadString('\n')
	r.must(err)
	r.connect(strings.TrimSpace(url))
	r.must(r.client.Bucket(bucket).Create(t.Context(), "dev", nil))
	for i := range 20 {
		r.write(fmt.Sprint("kept-", i), fmt.Sprint("content ", i))
	}
	gone := r.breakOff(strings.TrimSpace(url)+"/"+bucket+"/torn", func() { r.must(child.Process.Kill()) })
	<-gone
	_ = child.Wait()
	again := startOn(t, dir)
	for i := range 20 {
		if got := again.read(fmt.Sprint("kept-", i)); got != fmt.Sprint("content ", i) {
			t.Errorf("object %d is %q", i, got)
		}
	}
	if _, err := again.object("torn").Attrs(t.Context()); !errors.Is(err, storage.ErrObjectNotExist) {
		t.Errorf("the torn object: %v", err)
	}
	blobs, err := os.ReadDir(filepath.Join(dir, "blobs"))
	r.must(err)
	if len(blobs) != 20 {
		t.Errorf("%d files are left of 20 objects", len(blobs))
	}
}

// breakOff sends half a body, then calls cut; the channel closes when the request has ended.
func (r *rig) breakOff(url string, cut func()) <-chan struct{} {
	r.t.Helper()
	reader, writer := io.Pipe()
	ended := make(chan struct{})
	req := r.request(http.MethodPut, url, reader, "Authorization", "Bearer "+token)
	go func() {
		defer close(ended)
		if res, err := r.http.Do(req); err == nil {
			_ = res.Body.Close()
		}
	}()
	_, err := writer.Write(make([]byte, 1<<20))
	r.must(err)
	cut()
	r.must(writer.CloseWithError(io.ErrUnexpectedEOF))
	return ended
}

func TestPut_BrokenOff_LeavesNothing(t *testing.T) {
	t.Parallel()
	r := start(t)
	<-r.breakOff(r.server.URL()+"/"+bucket+"/torn", func() {})
	r.must(r.server.Close())
	blobs, err := os.ReadDir(filepath.Join(r.dir, "blobs"))
	r.must(err)
	if len(blobs) != 0 {
		t.Errorf("%d files are left", len(blobs))
	}
}

func TestStart_OnAnOpenDirectory_IsRefused(t *testing.T) {
	t.Parallel()
	r := start(t)
	if _, err := gcsStart(r.dir, "127.0.0.1:0"); err == nil {
		t.Error("two emulators share a directory")
	}
}

// TestPut_Large_TakesConstantMemory runs alone: it counts what the whole process allocates.
func TestPut_Large_TakesConstantMemory(t *testing.T) {
	r := start(t)
	const size = 64 << 20
	warm := r.do(r.request(http.MethodPut, r.sign(http.MethodPut, "warm"), strings.NewReader("content")))
	warm.want(t, http.StatusOK, "")
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	r.do(r.request(http.MethodPut, r.sign(http.MethodPut, "large"), io.LimitReader(zeros{}, size))).
		want(t, http.StatusOK, "")
	res, err := r.http.Do(r.request(http.MethodGet, r.sign(http.MethodGet, "large"), nil))
	r.must(err)
	got, err := io.Copy(io.Discard, res.Body)
	r.must(err)
	r.must(res.Body.Close())
	runtime.ReadMemStats(&after)
	if got != size {
		t.Errorf("read back %d bytes of %d", got, size)
	}
	if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
		t.Errorf("%d bytes were allocated for %d", grown, size)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { clear(p); return len(p), nil }

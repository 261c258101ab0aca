package e2e

import (
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// mostOfTheClient is what a program with the Go client may take, in bytes: it holds 8 MiB of a file at a time.
const mostOfTheClient = 64 << 20

// TestLarge_ByTheGoClient_BrokenUpAndDown_TakesConstantMemory sends a file up by the Go client and reads it back, while
// the connections to storage are reset in the middle: 50 MiB, or 1 GiB at full size.
func TestLarge_ByTheGoClient_BrokenUpAndDown_TakesConstantMemory(t *testing.T) {
	t.Parallel()
	size, s := int64(50<<20), shared
	if atFullSize() {
		size, s = 1<<30, plainStack(t)
	}
	program := filepath.Join(t.TempDir(), "updown")
	if out, err := exec.CommandContext(t.Context(), "go", "build", "-o", program, "./testdata/updown").
		CombinedOutput(); err != nil {
		t.Fatalf("building: %v\n%s", err, out)
	}
	w, path := newWorld(t, s), binary(t, size)
	in, key := w.bin(), w.apiKey("acme", authz.DatastoresWrite, authz.DatastoresRead)
	storage, err := url.Parse(s.setting("gcsEndpoint"))
	testkit.Must(t, err)
	cut := newCutter(t, storage.Host, size/3)

	began := time.Now()
	out, err := exec.CommandContext(t.Context(), program, "http://"+w.address+"/graphql", key.value, in, path,
		storage.Host, cut.address()).CombinedOutput()
	if err != nil {
		t.Fatalf("after %d breaks: %v\n%s", cut.breaks.Load(), err, out)
	}
	said := func(name string) string {
		_, rest, _ := strings.Cut("\n"+string(out), "\n"+name+":")
		line, _, _ := strings.Cut(rest, "\n")
		return strings.TrimSpace(line)
	}
	var kib int64
	_, err = fmt.Sscanf(said("VmHWM"), "%d kB", &kib)
	testkit.Must(t, err)
	fmt.Printf("%d MiB up and down by the Go client with %d breaks in %s: its peak memory is %d MiB\n", size>>20,
		cut.breaks.Load(), time.Since(began).Round(time.Millisecond), kib>>10)
	if said("Sum") != fmt.Sprintf("%x", sum(t, path)) || said("Version") != "1" {
		t.Errorf("another file came down:\n%s", out)
	}
	if kib<<10 > mostOfTheClient {
		t.Errorf("the client's memory reached %d MiB", kib>>10)
	}
	if cut.breaks.Load() < 4 {
		t.Errorf("it was broken %d times only", cut.breaks.Load())
	}
}

// plainStack is a stack of its own, built without the race detector.
func plainStack(t *testing.T) *stack {
	t.Helper()
	s, err := newStack(plainBinary(t))
	if err == nil {
		err = s.run()
	}
	testkit.Must(t, err)
	t.Cleanup(func() {
		if err := errors.Join(s.searchForURLs(), s.stop()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// cutter passes connections on to an address, and resets one each time that so many bytes have passed.
type cutter struct {
	listener net.Listener
	target   string
	every    int64
	passed   atomic.Int64
	breaks   atomic.Int64
}

func newCutter(t *testing.T, target string, every int64) *cutter {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	c := &cutter{listener: listener, target: target, every: every}
	var serving sync.WaitGroup
	serving.Go(func() {
		for {
			from, err := listener.Accept()
			if err != nil {
				return
			}
			serving.Go(func() { c.pass(from) })
		}
	})
	t.Cleanup(func() {
		_ = listener.Close()
		serving.Wait()
	})
	return c
}

func (c *cutter) address() string { return c.listener.Addr().String() }

func (c *cutter) pass(from net.Conn) {
	to, err := net.Dial("tcp", c.target)
	if err != nil {
		_ = from.Close()
		return
	}
	end := func() {
		_ = from.Close()
		_ = to.Close()
	}
	var both sync.WaitGroup
	for _, way := range [][2]net.Conn{{from, to}, {to, from}} {
		both.Go(func() {
			defer end()
			c.copy(way[1], way[0])
		})
	}
	both.Wait()
}

func (c *cutter) copy(to io.Writer, from io.Reader) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		passed := c.passed.Add(int64(n))
		if passed/c.every > (passed-int64(n))/c.every {
			c.breaks.Add(1)
			return
		}
		if _, failed := to.Write(buffer[:n]); failed != nil || err != nil {
			return
		}
	}
}

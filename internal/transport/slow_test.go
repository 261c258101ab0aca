package transport

import (
	"net/http"
	"testing"
	"time"
)

// A reader that does not read holds what the sockets of both sides buffer, and what each operation waits with: not
// what it would get in all.

func TestSocket_ReaderThatDoesNotRead_IsCutOff(t *testing.T) {
	t.Parallel()
	p := quick()
	p.write = 300 * time.Millisecond
	g := newRig(t, p)
	reader := g.join("ann")
	for _, id := range []string{"a", "b", "c"} {
		reader.ask(id, `subscription{flood}`)
	}
	g.settles(t, 40)
	if err := reader.conn.Write(t.Context(), 1, []byte(`{"type":"ping"}`)); err == nil {
		time.Sleep(50 * time.Millisecond)
		if err := reader.conn.Write(t.Context(), 1, []byte(`{"type":"ping"}`)); err == nil {
			t.Error("the socket is still open")
		}
	}
}

func TestSSE_ReaderThatDoesNotRead_IsCutOff(t *testing.T) {
	t.Parallel()
	p := quick()
	p.write = 300 * time.Millisecond
	g := newRig(t, p)
	g.stream(http.MethodPost, "ann", `subscription{flood}`)
	g.settles(t, 40)
}

func TestSSE_ReaderThatDoesNotRead_IsCutOffAtOnceWhenRevoked(t *testing.T) {
	t.Parallel()
	p := quick()
	p.write = time.Minute
	g := newRig(t, p)
	r := g.stream(http.MethodPost, "ann", `subscription{flood}`)
	g.settles(t, 40)
	g.forget("ann")
	time.Sleep(p.look + 2*p.farewell)
	start := time.Now()
	n := 0
	for buffer := make([]byte, 1<<20); ; n++ {
		if _, err := r.body.Read(buffer); err != nil {
			break
		}
	}
	if time.Since(start) > 5*time.Second {
		t.Error("the stream went on")
	}
}

// settles waits until no more answers are made, which must be few.
func (g *rig) settles(t *testing.T, most int64) {
	t.Helper()
	for last, still := int64(-1), 0; still < 20; time.Sleep(50 * time.Millisecond) {
		if now := g.floods.Load(); now != last {
			last, still = now, 0
			continue
		}
		still++
	}
	if n := g.floods.Load(); n == 0 || n > most {
		t.Errorf("%d answers were made for who does not read", n)
	}
}

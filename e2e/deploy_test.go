package e2e

import (
	"context"
	"net"
	"net/http"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/testkit"
)

// front sends requests to servers.
type front interface {
	// route names the servers to send to from now on.
	route(addresses []string)
	// dial connects a client.
	dial(ctx context.Context) (net.Conn, error)
}

// drainFor is longer than it takes to see that a server is no longer ready, and to tell nginx.
const drainFor = 8 * time.Second

// TestDeploy_RollingRestart_LosesNothing restarts two servers, one after the other, under 16 clients that write: every
// request is answered 200, and what was answered is there.
func TestDeploy_RollingRestart_LosesNothing(t *testing.T) {
	t.Parallel()
	for name, newFront := range map[string]func(*testing.T) front{"behind nginx": newNginx, "by readiness": newTurns} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := &fleet{world: newWorld(t, shared), front: newFront(t)}
			f.who = f.user("acme", authz.Editor)
			ctx, over := context.WithCancel(t.Context())
			var all sync.WaitGroup
			defer all.Wait()
			defer over()
			all.Go(func() { f.watch(ctx) })
			servers := []*process{f.start(), f.start()}
			for client := range clientsAtOnce {
				all.Go(func() { f.write(ctx, client) })
			}
			f.progress()
			for _, old := range servers {
				f.restart(old)
			}
			over()
			all.Wait()
			f.check()
		})
	}
}

// TestStop_SecondSignal_EndsADrainAtOnce drains for ten minutes, of which nobody waits for one.
func TestStop_SecondSignal_EndsADrainAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, shared)
	p, err := shared.serve(shared.binary, "draining", "--no-jobs", "--drain-for", "10m")
	testkit.Must(t, err)
	defer p.kill()
	s := w.open(p.address, w.user("acme", authz.Viewer))
	testkit.Must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	for status := http.StatusOK; status == http.StatusOK; {
		status, _ = readiness(t, p)
	}
	if status, said := readiness(t, p); status != http.StatusServiceUnavailable || said != `{"status":"stopping"}` {
		t.Errorf("readiness is %d %s", status, said)
	}
	if a := s.do(`{ datastores(first: 1) { totalCount } }`, nil); a.code() != "" || a.at("data", "datastores") == nil {
		t.Errorf("a socket gets %s while the server drains", a.body)
	}
	testkit.Must(t, p.cmd.Process.Signal(syscall.SIGTERM))
	select {
	case <-p.ended:
	case <-time.After(time.Minute):
		t.Error("it drains on")
	}
}

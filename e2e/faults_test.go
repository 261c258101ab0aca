package e2e

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"github.com/provenanceone/data-api/internal/testkit"
)

// fault is what happens to one call that a server makes.
type fault string

const (
	none       fault = "none"
	killBefore fault = "killed before"
	killAfter  fault = "killed after"
	lost       fault = "answer lost"
	delayed    fault = "delayed"
	twice      fault = "done twice"
)

// trap lets one of the calls that pass it meet a fault, and counts them.
type trap struct {
	mu     sync.Mutex
	passed int
	at     int
	fault  fault
	kill   func()
	// dying is done once a kill that a call was told to make has been made.
	dying sync.WaitGroup
}

// arm counts anew, and has the call of that number, counted from 1, meet the fault.
func (t *trap) arm(at int, f fault, kill func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.passed, t.at, t.fault, t.kill = 0, at, f, kill
}

// disarm returns how many calls have passed, once the server is dead if one of them kills it.
func (t *trap) disarm() int {
	t.mu.Lock()
	t.fault = none
	passed := t.passed
	t.mu.Unlock()
	t.dying.Wait()
	return passed
}

// next is what the next call meets. Where that kills the server, the call makes the kill, wherever it ends.
func (t *trap) next() (met fault, kill func()) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.passed++; t.passed != t.at {
		return none, nil
	}
	if t.fault != killBefore && t.fault != killAfter {
		return t.fault, nil
	}
	t.dying.Add(1)
	die := t.kill
	return t.fault, sync.OnceFunc(func() {
		defer t.dying.Done()
		die()
	})
}

// frame is a message of gRPC as it comes.
type frame struct{ bytes []byte }

type frames struct{}

func (frames) Marshal(v any) ([]byte, error) { return v.(*frame).bytes, nil }
func (frames) Unmarshal(data []byte, v any) error {
	v.(*frame).bytes = append([]byte{}, data...)
	return nil
}
func (frames) Name() string { return "proto" }

// vaultProxy stands between a server and Secret Manager, and returns where.
func vaultProxy(t *testing.T, target string, faults *trap) string {
	t.Helper()
	to, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.ForceCodec(frames{})))
	testkit.Must(t, err)
	proxy := grpc.NewServer(grpc.ForceServerCodec(frames{}),
		grpc.UnknownServiceHandler(func(_ any, stream grpc.ServerStream) error {
			return passCall(stream, to, faults)
		}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	testkit.Must(t, err)
	go func() { _ = proxy.Serve(listener) }()
	t.Cleanup(func() {
		proxy.Stop()
		_ = to.Close()
	})
	return listener.Addr().String()
}

func passCall(stream grpc.ServerStream, to *grpc.ClientConn, faults *trap) error {
	method, _ := grpc.MethodFromServerStream(stream)
	var in, out frame
	if err := stream.RecvMsg(&in); err != nil {
		return err
	}
	met, kill := faults.next()
	if met == killBefore {
		kill()
	}
	if met == delayed {
		time.Sleep(500 * time.Millisecond)
	}
	md, _ := metadata.FromIncomingContext(stream.Context())
	ctx := metadata.NewOutgoingContext(context.WithoutCancel(stream.Context()),
		metadata.Pairs("authorization", strings.Join(md.Get("authorization"), "")))
	err := to.Invoke(ctx, method, &in, &out)
	switch met {
	case twice:
		_ = to.Invoke(ctx, method, &in, &frame{}) // what came of it the first time is the answer
	case killAfter:
		kill()
	case lost:
		return status.Error(codes.Unavailable, "the answer is lost")
	default:
	}
	if err != nil {
		return err
	}
	return stream.SendMsg(&out)
}

// databaseProxy stands between a server and Postgres, and returns the URL that leads through it. A call is what the
// server sends at once.
func databaseProxy(t *testing.T, target string, faults *trap) string {
	t.Helper()
	u, err := url.Parse(target)
	testkit.Must(t, err)
	q := u.Query()
	name := ".s.PGSQL." + q.Get("port")
	if q.Get("port") == "" {
		name = ".s.PGSQL.5432"
	}
	dir, err := os.MkdirTemp("", "data-api-db-") // a socket's path is short
	testkit.Must(t, err)
	listener, err := net.Listen("unix", filepath.Join(dir, name))
	testkit.Must(t, err)
	t.Cleanup(func() { _ = errors.Join(listener.Close(), os.RemoveAll(dir)) })
	socket := filepath.Join(q.Get("host"), name)
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			go passConnection(conn, socket, faults)
		}
	}()
	q.Set("host", dir)
	u.RawQuery = q.Encode()
	return u.String()
}

func passConnection(from net.Conn, socket string, faults *trap) {
	defer func() { _ = from.Close() }()
	to, err := net.Dial("unix", socket)
	if err != nil {
		return
	}
	defer func() { _ = to.Close() }()
	go func() {
		_, _ = io.Copy(from, to)
		_ = from.Close()
	}()
	buffer := make([]byte, 64<<10)
	for {
		n, err := from.Read(buffer)
		if err != nil || !passMessage(buffer[:n], from, to, faults) {
			return
		}
	}
}

// passMessage reports whether the connection goes on.
func passMessage(message []byte, from, to net.Conn, faults *trap) bool {
	met, kill := faults.next()
	switch met {
	case killBefore:
		kill()
	case delayed:
		time.Sleep(500 * time.Millisecond)
	case lost:
		_ = from.Close()
	default:
	}
	_, err := to.Write(message)
	if met == killAfter {
		time.Sleep(20 * time.Millisecond) // the database has begun with it
		kill()
	}
	return err == nil && met != lost
}

// frail is a server that dies when it is told to, with proxies to what it calls, and is started again.
type frail struct {
	*stack
	t *testing.T
	// What it calls.
	vault, database, storage trap
	args                     []string
	server                   *process
	starts                   int
	// before and after are the values of every secret that is tried: the search for values in files goes through each.
	before, after string
}

func newFrail(t *testing.T, s *stack) *frail {
	t.Helper()
	f := &frail{stack: s, t: t, before: s.canaries.add("before"), after: s.canaries.add("after")}
	f.args = []string{"--secretmanager-endpoint", vaultProxy(t, s.setting("secretManagerEndpoint"), &f.vault),
		"--database-url", databaseProxy(t, s.setting("databaseUrl"), &f.database), "--gcs-endpoint",
		storageProxy(t, s.setting("gcsEndpoint"), &f.storage), "--no-jobs", "--max-points-per-minute", "0"}
	f.start()
	t.Cleanup(func() { _ = f.server.cmd.Process.Kill() })
	return f
}

func (f *frail) start() {
	f.t.Helper()
	f.starts++
	started, err := f.serve(f.binary, fmt.Sprintf("frail-%d", f.starts), f.args...)
	testkit.Must(f.t, err)
	f.server = started
}

// revive starts it again if it has died.
func (f *frail) revive() {
	f.t.Helper()
	select {
	case <-f.server.ended:
		f.t.Logf("server %d has died: %v", f.starts, f.server.why)
		f.start()
	default:
	}
}

// Package e2e drives the whole server over the wire: the real binary, embedded backends in another process, real
// clients.
package e2e

import (
	"bufio"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/childproc"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/trace/tracetest"
)

// stack is one set of backends, and a server on them.
type stack struct {
	dir      string
	binary   string
	instance map[string]any
	key      *oidc.Key
	db       *postgres.DB
	backends *process
	server   *process
	// traces is the collector of all traces of the server, which are in a file of the same name.
	traces *httptest.Server
	// canaries are all secret values that any test has used.
	canaries *canaries
	// urls are the parts of URLs, handed out by storage or for it, that make them credentials.
	urls *canaries
}

var shared *stack

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	s, err := start()
	if err != nil {
		fmt.Fprintln(os.Stderr, "starting the stack:", err)
		return 1
	}
	shared = s
	code := m.Run()
	if err := errors.Join(s.searchForCanaries(), s.searchForURLs()); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL: ", err)
		code = 1
	}
	if err := s.stop(); err != nil {
		fmt.Fprintln(os.Stderr, "FAIL: stopping the stack:", err)
		code = 1
	}
	return code
}

// start builds the binary, with `dev` and the race detector, and starts backends and one server.
func start() (*stack, error) {
	s, err := newStack("")
	if err != nil {
		return nil, err
	}
	if out, err := exec.Command("go", "build", "-race", "-tags", "dev", "-o", s.binary, "..").
		CombinedOutput(); err != nil {
		return nil, fmt.Errorf("building: %w\n%s", err, out)
	}
	return s, s.run()
}

// ownStack is another set of backends, with a server on it, for a test that breaks things that others need.
func ownStack(t *testing.T) *stack {
	t.Helper()
	s, err := newStack(shared.binary)
	if err == nil {
		err = s.run()
	}
	testkit.Must(t, err)
	t.Cleanup(func() {
		if err := errors.Join(s.searchForCanaries(), s.stop()); err != nil {
			t.Error(err)
		}
	})
	return s
}

// newStack is a place for one, with a binary that is there already or will be.
func newStack(binary string) (*stack, error) {
	dir, err := os.MkdirTemp("", "data-api-e2e-")
	if err != nil {
		return nil, err
	}
	s := &stack{
		dir:      dir,
		binary:   cmp.Or(binary, filepath.Join(dir, "data-api")),
		canaries: &canaries{},
		urls:     &canaries{},
	}
	return s, os.Chmod(dir, 0o711) // Postgres runs as another account below it
}

func (s *stack) run() (err error) {
	if s.backends, err = s.launch(s.binary, "backends", "ready", "backends", "--state-dir", s.state()); err != nil {
		return err
	}
	if err := s.read(); err != nil {
		return err
	}
	if err := s.collectTraces(); err != nil {
		return errors.Join(err, s.stop())
	}
	if s.server, err = s.serve(s.binary, "server", "--traces-endpoint", s.traces.URL+"/v1/traces",
		"--traces-sample-ratio", "1"); err == nil {
		err = s.subscribe(s.server.address)
	}
	if err != nil {
		return errors.Join(err, s.stop())
	}
	return nil
}

// collectTraces writes all traces into a file, which is searched with all others.
func (s *stack) collectTraces() error {
	file, err := os.Create(s.tracesFile())
	if err == nil {
		s.traces = httptest.NewServer(&tracetest.Collector{Raw: file})
	}
	return err
}

func (s *stack) tracesFile() string { return filepath.Join(s.dir, "traces") }

func (s *stack) state() string { return filepath.Join(s.dir, "state") }

func (s *stack) setting(name string) string {
	text, _ := s.instance[name].(string)
	return text
}

// read learns where the backends are, and opens the database as the server does.
func (s *stack) read() error {
	raw, err := os.ReadFile(filepath.Join(s.state(), "instance.json"))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &s.instance); err != nil {
		return err
	}
	if s.key, err = oidc.LoadKey(filepath.Join(s.state(), "oidc")); err != nil {
		return err
	}
	if _, err := postgres.Migrate(context.Background(), s.setting("migrateDatabaseUrl")); err != nil {
		return err
	}
	s.db, err = postgres.Open(s.setting("databaseUrl"))
	return err
}

// serve starts a server on the backends, at any free port, with more flags if need be.
func (s *stack) serve(binary, name string, flags ...string) (*process, error) {
	return s.launch(binary, name, "listening", append([]string{"serve", "--listen", "127.0.0.1:0", "--open-workspaces",
		"--drain-for", "0s", "--database-url", s.setting("databaseUrl"), "--oidc-issuer", s.setting("oidcIssuer"), "--oidc-audience",
		s.setting("oidcAudience"),
		"--gcp-project", s.setting("gcpProject"), "--regions", s.setting("region"), "--signing-key-file",
		s.setting("signingKeyFile"),
		"--server-key-file", s.setting("serverKeyFile"), "--gcs-endpoint", s.setting("gcsEndpoint"),
		"--secretmanager-endpoint", s.setting("secretManagerEndpoint"), "--backend-bearer-file",
		s.setting("bearerFile"),
		"--events-audience", eventsAudience, "--events-service-account", eventsAccount, "--events-issuer",
		s.setting("oidcIssuer")}, flags...)...)
}

func (s *stack) stop() error {
	var errs []error
	if s.db != nil {
		errs = append(errs, s.db.Close())
	}
	for _, p := range []*process{s.server, s.backends} {
		if p != nil {
			errs = append(errs, p.stop())
		}
	}
	if s.traces != nil {
		s.traces.Close()
	}
	return errors.Join(append(errs, os.RemoveAll(s.dir))...)
}

// process is a running data-api with its output in a file.
type process struct {
	cmd     *exec.Cmd
	log     string
	address string
	// ended is closed once it has, and then why says how.
	ended chan struct{}
	why   error
}

// launch starts the binary and waits until a line of its output contains the word.
func (s *stack) launch(binary, name, word string, args ...string) (*process, error) {
	return s.launchAs(nil, binary, name, word, args...)
}

// launchAs is launch as another account; nil is one's own.
func (s *stack) launchAs(account *syscall.Credential, binary, name, word string, args ...string) (*process, error) {
	p := &process{log: filepath.Join(s.dir, name+".log"), ended: make(chan struct{})}
	file, err := os.Create(p.log)
	if err != nil {
		return nil, err
	}
	reader, writer := io.Pipe()
	p.cmd = exec.Command(binary, args...)
	p.cmd.Env = append(os.Environ(), "GORACE=halt_on_error=1")
	p.cmd.Stdout, p.cmd.Stderr = writer, writer
	p.cmd.SysProcAttr = childproc.Attributes(syscall.SIGTERM)
	p.cmd.SysProcAttr.Credential = account
	if err := p.cmd.Start(); err != nil {
		return nil, err
	}
	ready, written := make(chan string, 1), make(chan struct{})
	go func() {
		watch(reader, file, word, ready)
		_ = file.Close()
		close(written)
	}()
	go func() {
		p.why = p.cmd.Wait()
		_ = writer.Close()
		<-written
		close(p.ended)
	}()
	select {
	case line := <-ready:
		p.address = addressIn(line)
		return p, nil
	case <-p.ended:
		return nil, fmt.Errorf("%s ended: %w\n%s", name, p.why, p.said())
	case <-time.After(60 * time.Second):
		err := p.stop()
		return nil, errors.Join(fmt.Errorf("%s was not ready after a minute:\n%s", name, p.said()), err)
	}
}

func watch(from io.Reader, to io.Writer, word string, ready chan<- string) {
	var once sync.Once
	lines := bufio.NewScanner(from)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		_, _ = fmt.Fprintln(to, lines.Text())
		if strings.Contains(lines.Text(), word) {
			once.Do(func() { ready <- lines.Text() })
		}
	}
}

// addressIn finds the address in the log line that says where the server listens.
func addressIn(line string) string {
	var entry struct{ Address string }
	_ = json.Unmarshal([]byte(line), &entry)
	return entry.Address
}

// said is all that it has printed.
func (p *process) said() []byte {
	text, _ := os.ReadFile(p.log)
	return text
}

// kill is kill -9, and waits until it has died.
func (p *process) kill() {
	_ = p.cmd.Process.Kill()
	<-p.ended
}

// lastWords is nil of a process that ended well, else how it ended and the last that it said.
func (p *process) lastWords() error {
	if p.why == nil {
		return nil
	}
	said := p.said()
	return fmt.Errorf("%s: %w\n%s", filepath.Base(p.log), p.why, said[max(0, len(said)-4<<10):])
}

func (p *process) stop() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); errors.Is(err, os.ErrProcessDone) {
		return nil
	}
	select {
	case <-p.ended:
		return p.lastWords()
	case <-time.After(15 * time.Second):
		return errors.Join(errors.New("it did not stop within 15 s of SIGTERM"), p.cmd.Process.Kill())
	}
}

// client keeps no connection, so that no test waits for another's.
var client = &http.Client{Timeout: 2 * time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}

package pgtest

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/provenanceone/data-api/internal/childproc"
)

const poolerPort = "6432"

// Pooler is a PgBouncer in front of a cluster.
type Pooler struct {
	tb      testing.TB
	dir     string
	server  string
	account *syscall.Credential
	running *exec.Cmd
}

// NewPooler starts a PgBouncer in front of the cluster that a URL leads to; mode is its pool_mode.
//
// Without PgBouncer the test is skipped with the reason; under CI=true it fails.
func NewPooler(tb testing.TB, behind, mode string) *Pooler {
	tb.Helper()
	u, err := url.Parse(behind)
	if err != nil {
		tb.Fatal(err)
	}

	info, err := os.Stat(u.Query().Get("host"))
	if err != nil {
		tb.Fatal(err)
	}

	dir, err := os.MkdirTemp("", "data-api-pooler-") // a socket's path is short
	if err != nil {
		tb.Fatal(err)
	}

	p := &Pooler{tb: tb, dir: dir, server: u.Query().Get("host")}
	if owner, ok := info.Sys().(*syscall.Stat_t); ok && os.Geteuid() == 0 { // PgBouncer refuses to run as root
		p.account = &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}
		if err := os.Chown(dir, int(owner.Uid), int(owner.Gid)); err != nil {
			tb.Fatal(err)
		}
	}

	tb.Cleanup(func() {
		p.stop()
		if err := os.RemoveAll(dir); err != nil {
			tb.Error(err)
		}
	})
	p.start(mode)
	return p
}

// URL leads through the pooler to what a URL of the cluster names.
func (p *Pooler) URL(direct string) string {
	u, err := url.Parse(direct)
	if err != nil {
		p.tb.Fatal(err)
	}

	q := u.Query()
	q.Set("host", p.dir)
	q.Set("port", poolerPort)
	u.RawQuery = q.Encode()
	return u.String()
}

// Restart ends the pooler and starts it in another mode, at the same place.
func (p *Pooler) Restart(mode string) {
	p.tb.Helper()
	p.stop()
	p.start(mode)
}

func (p *Pooler) start(mode string) {
	p.tb.Helper()
	program := pgbouncer(p.tb)
	p.write("users.txt", `"data_api_app" ""`+"\n"+`"data_api_owner" ""`+"\n")
	p.write("pgbouncer.ini", fmt.Sprintf(`[databases]
* = host=%s
[pgbouncer]
unix_socket_dir = %s
listen_port = %s
auth_type = trust
auth_file = %s
pool_mode = %s
default_pool_size = 60
`, p.server, p.dir, poolerPort, filepath.Join(p.dir, "users.txt"), mode))
	p.running = exec.CommandContext(context.WithoutCancel(p.tb.Context()), program, //nolint:gosec // a program of the machine
		filepath.Join(p.dir, "pgbouncer.ini"))
	p.running.SysProcAttr = childproc.Attributes(syscall.SIGTERM)
	p.running.SysProcAttr.Credential = p.account
	said, err := p.running.StderrPipe()
	if err == nil {
		err = p.running.Start()
	}

	if err != nil {
		p.tb.Fatal(err)
	}

	var all strings.Builder
	for lines := bufio.NewScanner(said); lines.Scan(); {
		if strings.Contains(lines.Text(), "process up") {
			go func() { _, _ = io.Copy(io.Discard, said) }()
			return
		}

		fmt.Fprintln(&all, lines.Text())
	}

	p.tb.Fatalf("PgBouncer did not start: %s", &all)
}

func (p *Pooler) write(name, text string) {
	p.tb.Helper()
	//nolint:gosec // another account reads it, and it holds no password
	if err := os.WriteFile(filepath.Join(p.dir, name), []byte(text), 0o644); err != nil {
		p.tb.Fatal(err)
	}
}

// stop ends it at once, and waits until it has ended.
func (p *Pooler) stop() {
	if p.running != nil && p.running.Process != nil {
		_ = p.running.Process.Kill() // it may have ended by itself
		_ = p.running.Wait()
	}

	p.running = nil
}

func pgbouncer(tb testing.TB) string {
	tb.Helper()
	for _, name := range []string{"pgbouncer", "/usr/sbin/pgbouncer"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}

	if os.Getenv("CI") == "true" {
		tb.Fatal("PgBouncer is not installed: `apt-get install pgbouncer`")
	}

	tb.Skip("skipped for want of PgBouncer: `apt-get install pgbouncer`")
	return ""
}

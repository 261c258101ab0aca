package e2e

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/provenanceone/data-api/internal/childproc"
	"github.com/provenanceone/data-api/internal/testkit"
)

// nginx is one in front of servers. It listens at a Unix socket.
type nginx struct {
	t       *testing.T
	dir     string
	running *exec.Cmd
}

// newNginx returns one that is started by its first route. Without nginx the test is skipped with the reason; under
// CI=true it fails.
func newNginx(t *testing.T) front {
	t.Helper()
	program := nginxProgram(t)
	dir, err := os.MkdirTemp("", "data-api-nginx-") // a socket's path is short
	testkit.Must(t, err)
	n := &nginx{t: t, dir: dir}
	n.running = exec.Command(program, "-p", dir, "-e", "stderr", "-c", filepath.Join(dir, "nginx.conf"))
	n.running.SysProcAttr = childproc.Attributes(syscall.SIGTERM)
	t.Cleanup(func() {
		if n.running.Process != nil {
			_ = n.running.Process.Signal(syscall.SIGTERM)
			_ = n.running.Wait()
		}
		testkit.Must(t, os.RemoveAll(dir))
	})
	return n
}

func nginxProgram(t *testing.T) string {
	t.Helper()
	for _, name := range []string{"nginx", "/usr/sbin/nginx"} {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("nginx is not installed: `apt-get install nginx-light`")
	}
	t.Skip("skipped for want of nginx: `apt-get install nginx-light`")
	return ""
}

// route has nginx send requests to these servers from now on, over connections that it keeps. Requests under way end
// where they began.
func (n *nginx) route(addresses []string) {
	if len(addresses) == 0 {
		return
	}
	account := ""
	if os.Geteuid() == 0 {
		account = "user root;" // else its workers could not write below this folder
	}
	config := fmt.Sprintf(`daemon off; worker_processes 2; pid nginx.pid; %s
events { worker_connections 512; }
http {
	access_log off;
	client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi; uwsgi_temp_path uwsgi; scgi_temp_path scgi;
	upstream servers { server %s; keepalive 16; }
	server {
		listen unix:%s;
		location / {
			proxy_pass http://servers; proxy_http_version 1.1;
			proxy_set_header Connection ""; proxy_set_header Host $http_host;
		}
	}
}
`, account, strings.Join(addresses, "; server "), n.socket())
	err := os.WriteFile(filepath.Join(n.dir, "nginx.conf"), []byte(config), 0o600)
	if err == nil && n.running.Process == nil {
		err = n.running.Start()
	} else if err == nil {
		err = n.running.Process.Signal(syscall.SIGHUP)
	}
	if err != nil {
		n.t.Error(err)
	}
}

func (n *nginx) socket() string { return filepath.Join(n.dir, "socket") }

func (n *nginx) dial(ctx context.Context) (net.Conn, error) {
	return new(net.Dialer).DialContext(ctx, "unix", n.socket())
}

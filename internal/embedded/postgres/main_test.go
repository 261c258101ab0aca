package postgres_test

import (
	"bufio"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	_ "github.com/lib/pq"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"github.com/provenanceone/data-api/internal/embedded/postgres"
)

// holdEnv makes the test binary a process that starts a cluster in that directory and keeps it until its input ends.
const holdEnv = "DATA_API_TEST_HOLD_CLUSTER"

const patience = 60 * time.Second

var quick = map[string]string{"fsync": "off", "shared_buffers": "16MB"}

func TestMain(m *testing.M) {
	if dir := os.Getenv(holdEnv); dir != "" {
		if err := hold(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	goleak.VerifyTestMain(m, goleak.Cleanup(func(code int) {
		if seeded.Load() {
			dir, _ := seed()
			_ = os.RemoveAll(dir)
		}
		os.Exit(code)
	}))
}

func hold(dir string) error {
	cluster, err := postgres.Start(context.Background(), postgres.Options{Dir: dir, Settings: quick})
	if err != nil {
		return err
	}
	fmt.Println(cluster.PID())
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		return err
	}
	return cluster.Stop(context.Background())
}

// holder is another process that has a cluster.
type holder struct {
	cmd    *exec.Cmd
	server int
}

func holdElsewhere(t *testing.T, dir string) holder {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), holdEnv+"="+dir)
	cmd.Stderr = os.Stderr
	stdin, errIn := cmd.StdinPipe()
	stdout, errOut := cmd.StdoutPipe()
	if errIn != nil || errOut != nil {
		t.Fatal(errIn, errOut)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = stdin.Close()
		_ = cmd.Wait()
	})
	line, err := bufio.NewReader(stdout).ReadString('\n')
	if err != nil {
		t.Fatal("the other process did not start a cluster:", err)
	}
	server, err := strconv.Atoi(strings.TrimSpace(line))
	if err != nil {
		t.Fatal(err)
	}
	return holder{cmd, server}
}

// kill ends the other process as the kernel does when memory runs out.
func (h holder) kill(t *testing.T) {
	t.Helper()
	if err := h.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = h.cmd.Wait()
}

// base is in memory where there is plenty of it, as a cluster is a thousand files; else the temporary directory.
func base() string {
	var stat unix.Statfs_t
	if os.Getenv("TMPDIR") == "" && unix.Statfs("/dev/shm", &stat) == nil && stat.Bavail*uint64(stat.Bsize) > 2<<30 {
		return "/dev/shm"
	}
	return os.TempDir()
}

// stateDir is a directory that the server's account can reach, unlike t.TempDir when root runs the tests.
func stateDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp(base(), "data-api-postgres-")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

var seeded atomic.Bool

// seed is a state directory whose cluster was made and stopped.
var seed = sync.OnceValues(func() (string, error) {
	seeded.Store(true)
	dir, err := os.MkdirTemp(base(), "data-api-postgres-seed-")
	if err != nil {
		return "", err
	}
	cluster, err := postgres.Start(context.Background(), postgres.Options{Dir: dir, Settings: quick})
	if err != nil {
		return dir, err
	}
	return dir, cluster.Stop(context.Background())
})

// madeDir is a state directory with a cluster in it, copied from one that was made once, as that takes a second.
func madeDir(t *testing.T) string {
	t.Helper()
	from, err := seed()
	skipWithoutPostgres(t, err)
	dir := stateDir(t)
	if output, err := exec.CommandContext(t.Context(), "cp", "-a", from+"/.", dir).CombinedOutput(); err != nil {
		t.Fatalf("copying a cluster: %v\n%s", err, output)
	}
	return dir
}

func skipWithoutPostgres(t *testing.T, err error) {
	t.Helper()
	if postgres.NotInstalled(err) && os.Getenv("CI") != "true" {
		t.Skipf("skipped for want of a Postgres: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func start(t *testing.T, dir string) *postgres.Cluster {
	t.Helper()
	began := time.Now()
	cluster, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, Settings: quick})
	skipWithoutPostgres(t, err)
	t.Logf("started in %s", time.Since(began))
	t.Cleanup(func() { _ = cluster.Stop(context.Background()) })
	return cluster
}

func stop(t *testing.T, cluster *postgres.Cluster) {
	t.Helper()
	began := time.Now()
	if err := cluster.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	t.Logf("stopped in %s", time.Since(began))
}

// ask runs a statement as the owner, and returns the first column of its first row, "" if there is none.
func ask(t *testing.T, cluster *postgres.Cluster, statement string) string {
	t.Helper()
	answer, err := tryAsk(t, cluster, statement)
	if err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	return answer
}

func tryAsk(t *testing.T, cluster *postgres.Cluster, statement string, args ...any) (answer string, err error) {
	t.Helper()
	db, err := sql.Open("postgres", cluster.URL(postgres.Owner, postgres.Database))
	if err != nil {
		return "", err
	}
	defer func() { _ = db.Close() }()
	err = db.QueryRowContext(t.Context(), statement, args...).Scan(&answer)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
	}
	return answer, err
}

// alive is false for a zombie: who adopted it may be slow to bury it.
func alive(pid int) bool {
	_, err := os.Readlink(filepath.Join("/proc", strconv.Itoa(pid), "exe"))
	return err == nil
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	tick, end := time.NewTicker(5*time.Millisecond), time.NewTimer(patience)
	defer tick.Stop()
	defer end.Stop()
	for !holds() {
		select {
		case <-tick.C:
		case <-end.C:
			t.Fatal("not in time: " + what)
		}
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

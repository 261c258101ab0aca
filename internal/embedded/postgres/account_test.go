package postgres_test

import (
	"io"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/provenanceone/data-api/internal/embedded/postgres"
)

func TestStart_AsRoot_RunsAsAnotherAccount(t *testing.T) {
	t.Parallel()
	needRoot(t)
	cluster := start(t, madeDir(t))
	info, err := os.Stat(filepath.Join("/proc", itoa(cluster.PID())))
	if err != nil {
		t.Fatal(err)
	}
	if info.Sys().(*syscall.Stat_t).Uid == 0 {
		t.Error("the server runs as root")
	}
}

func TestStart_AsRootBelowAClosedDirectory_IsRefusedNamingIt(t *testing.T) {
	t.Parallel()
	needRoot(t)
	closed := filepath.Join(stateDir(t), "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.Start(t.Context(), postgres.Options{Dir: filepath.Join(closed, "a", "b"), Settings: quick})
	if err == nil || !strings.Contains(err.Error(), closed+" keeps it out") {
		t.Errorf("the error is %v", err)
	}
}

func TestStart_AsRootOnAUsersCluster_RunsAsThatUser(t *testing.T) {
	t.Parallel()
	needRoot(t)
	dir, nobody := madeDir(t), lookup(t, "nobody")
	if output, err := exec.Command("chown", "-R", "nobody", dir).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, output)
	}
	info, err := os.Stat(filepath.Join("/proc", itoa(start(t, dir).PID())))
	if err != nil {
		t.Fatal(err)
	}
	if got := info.Sys().(*syscall.Stat_t).Uid; strconv.Itoa(int(got)) != nobody.Uid {
		t.Errorf("the server runs as user %d", got)
	}
}

// Those of this package's tests where the account makes a difference, as a user who is not root.
func TestStart_AsAnOrdinaryUser_DoesTheSame(t *testing.T) {
	t.Parallel()
	needRoot(t)
	nobody := lookup(t, "nobody")
	uid, errUID := strconv.ParseUint(nobody.Uid, 10, 32)
	gid, errGID := strconv.ParseUint(nobody.Gid, 10, 32)
	if errUID != nil || errGID != nil {
		t.Fatal(errUID, errGID)
	}
	home := stateDir(t)
	if err := os.Chown(home, int(uid), int(gid)); err != nil {
		t.Fatal(err)
	}
	binary := copyOfTheTests(t, home)
	cmd := exec.CommandContext(t.Context(), binary,
		"-test.run=^TestStart_(Anew|Again|InUse|RightAfter|HalfMade)", "-test.v")
	cmd.Dir = home
	cmd.Env = []string{"TMPDIR=" + home, "HOME=" + home, "PATH=" + os.Getenv("PATH"), "CI=" + os.Getenv("CI")}
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}
	output, err := cmd.CombinedOutput()
	t.Logf("as nobody:\n%s", output)
	if err != nil || !strings.Contains(string(output), "--- PASS: TestStart_Again_KeepsData") {
		t.Errorf("the tests of an ordinary user: %v", err)
	}
}

// copyOfTheTests puts this very program where others may run it.
func copyOfTheTests(t *testing.T, dir string) string {
	t.Helper()
	from, err := os.Open(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = from.Close() }()
	to, err := os.OpenFile(filepath.Join(dir, "postgres.test"), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.Copy(to, from); err != nil {
		t.Fatal(err)
	}
	if err := to.Close(); err != nil {
		t.Fatal(err)
	}
	return to.Name()
}

func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("skipped: only root can be another user")
	}
}

func lookup(t *testing.T, name string) *user.User {
	t.Helper()
	u, err := user.Lookup(name)
	if err != nil {
		t.Skipf("skipped for want of a user %s: %v", name, err)
	}
	return u
}

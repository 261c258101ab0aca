package postgres_test

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/provenanceone/data-api/internal/embedded/postgres"
	"github.com/provenanceone/data-api/internal/fault"
)

func itoa(n int) string { return strconv.Itoa(n) }

func TestStart_AfterTheServerWasKilled_Recovers(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	first := start(t, dir)
	ask(t, first, `CREATE TABLE kept AS SELECT 'it' AS what`)
	kill(t, first.PID())
	<-first.Done()
	if err := first.Stop(t.Context()); err == nil || !strings.Contains(err.Error(), syscall.SIGKILL.String()) {
		t.Errorf("Stop does not say how the server ended: %v", err)
	}
	if got := ask(t, start(t, dir), `SELECT what FROM kept`); got != "it" {
		t.Errorf("found %q", got)
	}
}

func TestStart_ParentKilled_ServerEndsToo(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	other := holdElsewhere(t, dir)
	other.kill(t)
	eventually(t, "the server ends after its parent", func() bool { return !alive(other.server) })
	if _, err := os.Stat(filepath.Join(dir, "data", "postmaster.pid")); !os.IsNotExist(err) {
		t.Errorf("the server did not shut down cleanly: %v", err)
	}
}

func TestStart_RightAfterTheParentWasKilled_WaitsForItsServer(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	other := holdElsewhere(t, dir)
	other.kill(t)
	cluster := start(t, dir)
	if alive(other.server) {
		t.Error("the server of the killed process still runs")
	}
	if got := ask(t, cluster, `SELECT 'well'`); got != "well" {
		t.Errorf("answered %q", got)
	}
}

func TestStart_HalfMadeCluster_IsMadeAnew(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	for _, path := range []string{"initialised", "data/global/pg_control"} {
		if err := os.Remove(filepath.Join(dir, path)); err != nil {
			t.Fatal(err)
		}
	}
	if got := ask(t, start(t, dir), `SELECT 'well'`); got != "well" {
		t.Errorf("answered %q", got)
	}
}

func TestStart_ForeignFilesInData_AreNotWiped(t *testing.T) {
	t.Parallel()
	dir := madeDir(t)
	precious := filepath.Join(dir, "data", "thesis.txt")
	if err := os.Remove(filepath.Join(dir, "initialised")); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(precious, []byte("years of work"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, Settings: quick})
	if err == nil || !strings.Contains(err.Error(), precious) {
		t.Errorf("the error is %v", err)
	}
	if err := postgres.Remove(t.Context(), dir); err == nil {
		t.Error("Remove removed it")
	}
	if _, err := os.Stat(precious); err != nil {
		t.Error(err)
	}
}

func TestStart_PidFileOfAStranger_IsNoObstacle(t *testing.T) {
	t.Parallel()
	for name, pid := range map[string]string{"a living process": itoa(os.Getpid()), "torn": ""} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := madeDir(t)
			first := start(t, dir)
			pidFile := filepath.Join(dir, "data", "postmaster.pid")
			content, err := os.ReadFile(pidFile)
			if err != nil {
				t.Fatal(err)
			}
			stop(t, first)
			stale := strings.Replace(string(content), itoa(first.PID()), pid, 1)
			if pid == "" {
				stale = ""
			}
			if err := os.WriteFile(pidFile, []byte(stale), 0o600); err != nil {
				t.Fatal(err)
			}
			ask(t, start(t, dir), `SELECT 'well'`)
		})
	}
}

func TestRemove_EndsAnOrphanAndLeavesNothing(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(stateDir(t), "cluster")
	other := holdElsewhere(t, dir)
	if err := postgres.Remove(t.Context(), dir); !fault.Is(err, fault.Conflict) {
		t.Errorf("removing a cluster in use: %v", err)
	}
	other.kill(t)
	if err := postgres.Remove(t.Context(), dir); err != nil {
		t.Fatal(err)
	}
	if alive(other.server) {
		t.Error("its server still runs")
	}
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("the directory is still there: %v", err)
	}
}

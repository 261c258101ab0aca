package pgtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
)

func TestSweep_RemovesWhatDeadProcessesLeft(t *testing.T) {
	t.Parallel()
	gone := exec.Command("true")
	if err := gone.Run(); err != nil {
		t.Fatal(err)
	}
	left, kept := dirOf(t, gone.Process.Pid), dirOf(t, os.Getpid())
	sweep(t.Context())
	if _, err := os.Stat(left); !os.IsNotExist(err) {
		t.Errorf("a dead process' directory is still there: %v", err)
	}
	if _, err := os.Stat(kept); err != nil {
		t.Errorf("a living process' directory: %v", err)
	}
}

func TestAbandoned_OtherNames_AreLeftAlone(t *testing.T) {
	t.Parallel()
	for _, name := range []string{dirPrefix, dirPrefix + "x-1", dirPrefix + "-1", dirPrefix + "0-1"} {
		if abandoned(filepath.Join("/tmp", name)) {
			t.Errorf("%s would be removed", name)
		}
	}
}

func dirOf(t *testing.T, pid int) string {
	t.Helper()
	dir, err := os.MkdirTemp(bases()[0], dirPrefix+strconv.Itoa(pid)+"-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

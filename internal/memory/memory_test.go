package memory_test

import (
	"testing"

	"golang.org/x/sys/unix"

	"github.com/provenanceone/data-api/internal/memory"
)

func TestNoCoreDumps_LeavesNoneToBeWritten(t *testing.T) {
	t.Parallel()
	if err := memory.NoCoreDumps(); err != nil {
		t.Fatal(err)
	}
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_CORE, &limit); err != nil || limit.Cur != 0 || limit.Max != 0 {
		t.Errorf("core dumps are limited to %+v, %v", limit, err)
	}
}

package pgtest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/provenanceone/data-api/internal/embedded/postgres"
)

const (
	memory = "/dev/shm"
	// enoughBytes is what a cluster may grow to; containers often have 64 MB of memory file system, too little for one.
	enoughBytes = 2 << 30
)

// bases are the directories that clusters are made in: in memory where there is plenty, which halves the time of a
// start.
func bases() []string {
	var stat unix.Statfs_t
	if unix.Statfs(memory, &stat) != nil || unix.Access(memory, unix.W_OK) != nil {
		return []string{os.TempDir()}
	}

	if stat.Bavail*uint64(stat.Bsize) >= enoughBytes { //nolint:gosec // a block size is never negative
		return []string{memory, os.TempDir()}
	}

	return []string{os.TempDir()}
}

// sweep removes the clusters of test processes that are gone. One that it cannot remove does not keep tests from
// running.
func sweep(ctx context.Context) {
	for _, base := range bases() {
		dirs, _ := filepath.Glob(filepath.Join(base, dirPrefix+"*")) // a malformed TMPDIR has nothing to sweep
		for _, dir := range dirs {
			if abandoned(dir) {
				_ = postgres.Remove(ctx, dir)
			}
		}
	}
}

// abandoned reports whether the process that a directory is named after is gone.
func abandoned(dir string) bool {
	owner, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), dirPrefix), "-")
	pid, err := strconv.Atoi(owner)
	return err == nil && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH)
}

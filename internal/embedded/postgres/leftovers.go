package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	leftoverPoll = 5 * time.Millisecond
	// leftoverPatience is what a server of ours that lost its parent gets to shut down; a fast shutdown takes
	// milliseconds.
	leftoverPatience = 10 * time.Second
	unreadable       = -1
)

// endLeftovers ends the server that an earlier process left in the directory, and returns when it is gone.
//
// A process id alone proves nothing, for ids are used again: a process counts if it is a postgres in this very
// directory. When there is none, a postmaster.pid that names a living stranger is removed, as it would keep the server
// from starting.
func endLeftovers(ctx context.Context, at layout) error {
	pid, err := pidIn(at.pidFile)
	if err != nil {
		return fmt.Errorf("reading what ran before: %w", err)
	}

	if pid == 0 && at.initialised() {
		return nil
	}

	if err := awaitEmpty(ctx, at.data, pid); err != nil {
		return err
	}

	if pid == unreadable || pid > 0 && syscall.Kill(pid, 0) != syscall.ESRCH {
		if err := os.Remove(at.pidFile); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("removing the stale postmaster.pid: %w", err)
		}
	}

	return nil
}

// pidIn returns the process id that postmaster.pid begins with, 0 if there is no such file, unreadable if it was torn.
func pidIn(path string) (int, error) {
	content, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}

	if err != nil {
		return 0, err
	}

	first, _, _ := strings.Cut(string(content), "\n")
	if pid, err := strconv.Atoi(first); err == nil && pid > 0 {
		return pid, nil
	}

	return unreadable, nil
}

// awaitEmpty asks the server in a directory to shut down, and tells all that is left of it to after leftoverPatience.
func awaitEmpty(ctx context.Context, data string, server int) error {
	tick := time.NewTicker(leftoverPoll)
	defer tick.Stop()
	patience := time.NewTimer(leftoverPatience)
	defer patience.Stop()
	for asked := false; ; asked = true {
		running, err := serversIn(data)
		if err != nil || len(running) == 0 {
			return err
		}

		if !asked && slices.Contains(running, server) {
			signalAll(syscall.SIGINT, server)
		}

		select {
		case <-ctx.Done():
			return fmt.Errorf("waiting for an earlier server (pid %d) to end: %w", running[0], context.Cause(ctx))
		case <-patience.C:
			signalAll(syscall.SIGQUIT, running...)
		case <-tick.C:
		}
	}
}

// signalAll sends a signal; a process that is gone by now needs none.
func signalAll(signal syscall.Signal, pids ...int) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, signal)
	}
}

// serversIn returns the process ids of the servers, sessions included, that work in a data directory.
func serversIn(data string) ([]int, error) {
	links, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		return nil, fmt.Errorf("listing processes: %w", err)
	}

	var pids []int
	for _, link := range links {
		// Processes that end meanwhile, and those of other accounts, cannot be read; neither are ours.
		if cwd, err := os.Readlink(link); err != nil || cwd != data {
			continue
		}

		process := filepath.Dir(link)
		name, err := os.ReadFile(filepath.Join(process, "comm"))
		pid, notID := strconv.Atoi(filepath.Base(process))
		if err == nil && notID == nil && strings.HasPrefix(string(name), "postgres") {
			pids = append(pids, pid)
		}
	}

	return pids, nil
}

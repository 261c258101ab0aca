package postgres

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"github.com/provenanceone/data-api/internal/fault"
)

// dirLock is the right to a state directory. The kernel takes it back when this process ends; the server does not
// inherit it.
type dirLock struct{ file *os.File }

// lockDir takes the lock file and writes this process's id into it.
//
// Errors: fault.Conflict if another process holds it.
func lockDir(path string) (*dirLock, error) {
	file, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening the lock: %w", err)
	}

	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	switch {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return nil, errors.Join(heldBy(file), file.Close())
	case err == nil:
		err = sign(file)
	}

	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking the state directory: %w", err), file.Close())
	}

	return &dirLock{file}, nil
}

func sign(file *os.File) error {
	if err := file.Truncate(0); err != nil {
		return err
	}

	_, err := file.WriteAt([]byte(strconv.Itoa(os.Getpid())+"\n"), 0)
	return err
}

func heldBy(file *os.File) error {
	content, err := io.ReadAll(io.LimitReader(file, 32))
	holder := strings.TrimSpace(string(content))
	if err != nil || holder == "" {
		holder = "unknown"
	}

	return fault.New(fault.Conflict, "The state directory is in use by another process (pid %s): stop that one, or "+
		"use another directory.", holder)
}

// release gives the lock back; a nil lock was never taken, and a second release does nothing.
//
// Closing is not enough: a process that is being forked at this moment has the file open too, until it runs its
// program.
func (l *dirLock) release() error {
	if l == nil {
		return nil
	}

	err := errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
	if err != nil && !errors.Is(err, os.ErrClosed) {
		return fmt.Errorf("releasing the lock: %w", err)
	}

	return nil
}

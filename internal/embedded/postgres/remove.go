package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Remove removes a cluster with its data; a server that a dead process left behind is ended first.
//
// Errors: fault.Conflict if a process uses the directory; an error, with nothing removed, if data is not of Postgres'
// making.
func Remove(ctx context.Context, dir string) error {
	if err := remove(ctx, dir); err != nil {
		return fmt.Errorf("removing the cluster in %s: %w", dir, err)
	}

	return nil
}

func remove(ctx context.Context, dir string) (err error) {
	at, err := layoutOf(dir)
	if err != nil {
		return err
	}

	lock, err := lockDir(at.lock)
	if err != nil {
		return err
	}

	defer func() { err = errors.Join(err, lock.release()) }()
	if err := endLeftovers(ctx, at); err != nil {
		return err
	}

	// The marker goes first: what is left if this is cut short is half a cluster, and known as one.
	if err := os.RemoveAll(at.marker); err != nil {
		return err
	}

	if err := wipe(at.data); err != nil {
		return err
	}

	return removeAll(at.config, at.access, at.ident, at.journal, at.lock,
		filepath.Join(at.socketDir, socketName), filepath.Join(at.socketDir, socketName+".lock"), at.socketDir, at.dir)
}

// removeAll removes files, and directories if nothing is in them: others may keep something beside the cluster.
func removeAll(paths ...string) error {
	var all error
	for _, path := range paths {
		if err := os.Remove(path); err != nil && !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.ENOTEMPTY) {
			all = errors.Join(all, err)
		}
	}

	return all
}

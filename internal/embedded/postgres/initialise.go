package postgres

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	_ "github.com/lib/pq" // the driver that createRoles connects with
)

// outputPatience is how long a program's own children may keep its output open after it has ended.
const outputPatience = 5 * time.Second

// initialise makes an empty cluster, in place of half a one that is there.
//
// Collation is by code point and characters are UTF-8, as C.UTF-8 has it; where the C library lacks it, C.
// Page checksums are on. unsynced is for a cluster that need not survive the machine.
func initialise(ctx context.Context, at layout, bin binaries, runAs account, unsynced bool) error {
	var err error
	for _, locale := range []string{"C.UTF-8", "C"} {
		if err := errors.Join(wipe(at.data), runAs.give(at.data)); err != nil {
			return fmt.Errorf("making room for a cluster: %w", err)
		}

		args := []string{
			"-D", at.data, "-U", Superuser, "--encoding=UTF8", "--locale=" + locale, "--data-checksums",
			"--auth-local=peer", "--auth-host=reject", "--no-instructions",
		}
		if unsynced {
			args = append(args, "--no-sync")
		}

		initdb := exec.Command(bin.path("initdb"), args...) //nolint:gosec,noctx // runToEnd minds the context
		err = runToEnd(ctx, initdb, runAs)
		if err == nil || !strings.Contains(err.Error(), "invalid locale name") {
			break
		}
	}

	if err != nil {
		return fmt.Errorf("running initdb: %w", err)
	}

	return nil
}

// runToEnd runs a program; the error has the end of what it wrote.
func runToEnd(ctx context.Context, cmd *exec.Cmd, runAs account) error {
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr, cmd.Dir = &output, &output, "/"
	cmd.WaitDelay = outputPatience
	c, err := startChild(cmd, runAs, syscall.SIGKILL)
	if err != nil {
		return err
	}

	select {
	case <-c.ended:
	case <-ctx.Done():
		c.signal(syscall.SIGKILL)
		<-c.ended
		return context.Cause(ctx)
	}

	if !cmd.ProcessState.Success() {
		return fmt.Errorf("%w:\n%s", c.err, lastLines(output.String(), shownLines))
	}

	return nil
}

// wipe removes a data directory, if everything in it is of Postgres' making.
func wipe(data string) error {
	entries, err := os.ReadDir(data)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}

	if err != nil {
		return err
	}

	for _, entry := range entries {
		if !madeByPostgres(entry.Name()) {
			return fmt.Errorf("%s is not of postgres' making: move it away, or use another directory",
				filepath.Join(data, entry.Name()))
		}
	}

	return os.RemoveAll(data)
}

func madeByPostgres(name string) bool {
	for _, prefix := range []string{"pg_", "PG_VERSION", "base", "global", "postgresql.", "postmaster."} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}

	return false
}

// createRoles makes the roles and the database of a new cluster.
func createRoles(ctx context.Context, superURL string) error {
	db, err := sql.Open("postgres", superURL)
	if err != nil {
		return fmt.Errorf("connecting to the new cluster: %w", err)
	}

	defer func() { _ = db.Close() }()
	for _, statement := range []string{
		`CREATE ROLE ` + Owner + ` LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS`,
		`CREATE ROLE ` + App + ` LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS`,
		`CREATE DATABASE ` + Database + ` OWNER ` + Owner,
	} {
		if _, err := db.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("creating roles and database: %w", err)
		}
	}

	return nil
}

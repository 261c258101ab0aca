package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const (
	// maxSocketPath keeps the socket's path below the 108 bytes of sockaddr_un, with room for other systems' 104.
	maxSocketPath = 90
	socketName    = ".s.PGSQL.5432"
)

// layout names the files of a state directory.
type layout struct {
	dir string
	// data is Postgres' own directory, the only one that the server's account owns besides socketDir.
	data    string
	pidFile string
	lock    string
	journal string
	// marker is written last when a cluster is made: without it, what is in data is half a cluster.
	marker    string
	config    string
	access    string
	ident     string
	socketDir string
}

// layoutOf makes the state directory, and names what is in it by its one true path.
func layoutOf(dir string) (layout, error) {
	if dir == "" {
		return layout{}, errors.New("a state directory is needed")
	}

	dir, err := makeStateDir(dir)
	if err != nil {
		return layout{}, err
	}

	socketDir, err := socketDirFor(dir)
	in := func(name string) string { return filepath.Join(dir, name) }
	return layout{
		dir:       dir,
		data:      in("data"),
		pidFile:   in("data/postmaster.pid"),
		lock:      in("lock"),
		journal:   in("postgres.log"),
		marker:    in("initialised"),
		config:    in("postgresql.conf"),
		access:    in("pg_hba.conf"),
		ident:     in("pg_ident.conf"),
		socketDir: socketDir,
	}, err
}

// makeStateDir makes the directory; root lets others pass through it, as the server's account must.
func makeStateDir(dir string) (string, error) {
	if err := os.MkdirAll(dir, stateMode()); err != nil {
		return "", fmt.Errorf("making the state directory: %w", err)
	}

	dir, err := filepath.Abs(dir)
	if err == nil {
		dir, err = filepath.EvalSymlinks(dir)
	}

	if err != nil {
		return "", fmt.Errorf("resolving the state directory: %w", err)
	}

	info, err := os.Stat(dir)
	if err == nil {
		err = os.Chmod(dir, info.Mode().Perm()|stateMode())
	}

	if err != nil {
		return "", fmt.Errorf("opening the state directory: %w", err)
	}

	return dir, nil
}

func stateMode() os.FileMode {
	if os.Geteuid() == 0 {
		return 0o711
	}

	return 0o700
}

// socketDirFor is a function of the state directory alone, so that every process finds the same socket after any
// restart.
func socketDirFor(dir string) (string, error) {
	sum := sha256.Sum256([]byte(dir))
	short := "data-api-" + hex.EncodeToString(sum[:8])
	for _, candidate := range []string{filepath.Join(dir, "run"), filepath.Join(os.TempDir(), short),
		filepath.Join("/tmp", short)} {
		if len(filepath.Join(candidate, socketName)) < maxSocketPath {
			return candidate, nil
		}
	}

	return "", fmt.Errorf("no directory for the socket has a path below %d bytes", maxSocketPath)
}

// initialised reports whether data holds a whole cluster.
func (l layout) initialised() bool {
	_, err := os.Stat(l.marker)
	return err == nil
}

// major returns the major version that the cluster was made by, 0 if there is none yet.
func (l layout) major() int {
	content, err := os.ReadFile(l.marker)
	if err != nil {
		return 0
	}

	major, err := strconv.Atoi(strings.TrimSpace(string(content)))
	if err != nil {
		return 0
	}

	return major
}

// markInitialised says for good that data holds a whole cluster of a major version.
func (l layout) markInitialised(major int) error {
	if err := writeDurably(l.marker, strconv.Itoa(major)+"\n"); err != nil {
		return fmt.Errorf("marking the cluster as whole: %w", err)
	}

	return nil
}

// writeDurably replaces a file that the server's account may read, and returns when it is on disk. It writes changes
// only.
func writeDurably(path, content string) error {
	old, err := os.ReadFile(path)
	if err == nil && string(old) == content {
		return nil
	}

	next := path + ".next"
	file, err := os.OpenFile(next, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o644) //nolint:gosec // in the state directory
	if err != nil {
		return err
	}

	_, err = file.WriteString(content)
	if err = errors.Join(err, file.Chmod(0o644), file.Sync(), file.Close()); err != nil {
		return err
	}

	if err := os.Rename(next, path); err != nil {
		return err
	}

	return syncDir(filepath.Dir(path))
}

func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return err
	}

	return errors.Join(dir.Sync(), dir.Close())
}

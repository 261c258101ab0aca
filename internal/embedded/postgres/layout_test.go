package postgres

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestSocketDir_IsShortAndOfTheDirectoryAlone(t *testing.T) {
	t.Parallel()
	long := "/" + strings.Repeat("d", maxSocketPath)
	for name, row := range map[string]struct{ dir, want string }{
		"short": {"/var/lib/data-api/postgres", "/var/lib/data-api/postgres/run"},
		"long":  {long, filepath.Join(os.TempDir(), "data-api-090b2ce0ceb84d47")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := socketDirFor(row.dir)
			if err != nil || got != row.want {
				t.Errorf("the socket is in %s, error %v", got, err)
			}
		})
	}
	one, errOne := socketDirFor(long)
	other, errOther := socketDirFor(long + "/other")
	if one == other || errOne != nil || errOther != nil {
		t.Errorf("two clusters share a socket directory: %s, %v, %v", one, errOne, errOther)
	}
}

func TestSocketDir_LongTemporaryDirectory_FallsBack(t *testing.T) {
	long := "/" + strings.Repeat("t", maxSocketPath)
	t.Setenv("TMPDIR", long)
	got, err := socketDirFor(long)
	if err != nil || filepath.Dir(got) != "/tmp" {
		t.Errorf("the socket is in %s, error %v", got, err)
	}
}

func TestMakeSocketDir_MadeByAnother_IsRefused(t *testing.T) {
	t.Parallel()
	self, err := current()
	if err != nil {
		t.Fatal(err)
	}
	open := filepath.Join(t.TempDir(), "open")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Mkdir(open, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(open, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(t.TempDir(), link); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{open, link} {
		if err := makeSocketDir(dir, self); err == nil || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: the error is %v", dir, err)
		}
	}
}

func TestOpenJournal_TooLong_BeginsAnew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "postgres.log")
	for size, want := range map[int64]int64{maxJournalBytes: maxJournalBytes, maxJournalBytes + 1: 0} {
		if err := os.WriteFile(path, make([]byte, size), 0o600); err != nil {
			t.Fatal(err)
		}
		j, err := openJournal(path)
		if err != nil {
			t.Fatal(err)
		}
		info, err := j.file.Stat()
		if err != nil || info.Size() != want {
			t.Errorf("of %d bytes %d are left, error %v", size, info.Size(), err)
		}
		if err := j.file.Close(); err != nil {
			t.Error(err)
		}
	}
}

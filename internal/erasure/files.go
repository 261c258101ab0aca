package erasure

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// rowsExt ends the name of a file with the rows of a table.
const rowsExt = ".jsonl"

// marker is the content of the file Marker.
type marker struct {
	Workspace authz.WorkspaceID `json:"workspaceId"`
	BegunAt   time.Time         `json:"begunAt"`
	// Files are those of the rows that let people in. The database has these rows no more.
	Files []listed `json:"files"`
}

// listed is a file of an export.
type listed struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// files is a directory with a file a table.
type files struct {
	dir  string
	open map[string]*table
	// flushed is called once all rows are on the disk.
	flushed func() error
}

type table struct {
	file *os.File
	*bufio.Writer
}

func newFiles(dir string, flushed func() error) *files {
	return &files{dir: dir, open: map[string]*table{}, flushed: flushed}
}

// Row implements Sink.
func (f *files) Row(name string, row []byte) error {
	to := f.open[name]
	if to == nil {
		file, err := os.OpenFile(filepath.Join(f.dir, name+rowsExt), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			return fmt.Errorf("exporting: %w", err)
		}

		to = &table{file, bufio.NewWriter(file)}
		f.open[name] = to
	}

	if row == nil { // a table without rows has an empty file
		return nil
	}

	_, err := to.Write(append(row, '\n'))
	return err
}

// Flush implements Sink.
func (f *files) Flush() (err error) {
	for _, to := range f.open {
		err = errors.Join(err, to.Flush(), to.file.Sync())
	}

	if err != nil {
		return err
	}

	return f.flushed()
}

func (f *files) close() {
	for _, to := range f.open {
		_ = to.file.Close() // all is on the disk, or has failed
	}
}

// checkDirectory makes the directory. It must be empty, unless its marker is of this deletion; and then it has all that
// the database has no more.
func checkDirectory(r Record) error {
	if err := os.MkdirAll(r.Export, 0o700); err != nil {
		return fmt.Errorf("making the directory of the export: %w", err)
	}

	there, err := os.ReadDir(r.Export)
	if err != nil {
		return fmt.Errorf("reading the directory of the export: %w", err)
	}

	if len(there) == 0 && r.AccessEndedAt == nil {
		return nil
	}

	var m marker
	err = readJSON(r.Export, Marker, &m)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}

	if m.Workspace != r.Workspace || !m.BegunAt.Equal(r.BegunAt) {
		return fault.New(fault.Conflict, "The directory %s is not empty, or has not what this deletion has exported "+
			"so far. This run destroyed nothing.", r.Export)
	}

	if r.AccessEndedAt == nil {
		return nil
	}

	return checkFiles(r.Export, m.Files)
}

// checkExport compares the files of a complete export with its manifest.
func checkExport(dir string) error {
	var m struct{ Files []listed }
	if err := readJSON(dir, Manifest, &m); err != nil {
		return fault.New(fault.Conflict, "The export in %s is not whole: %s cannot be read. This run destroyed "+
			"nothing.", dir, Manifest).Because(err)
	}

	return checkFiles(dir, m.Files)
}

// checkFiles says which files are not there as they were written.
func checkFiles(dir string, all []listed) error {
	var bad []string
	for _, want := range all {
		if got, err := hashed(dir, want.Name); err != nil || got != want {
			bad = append(bad, want.Name)
		}
	}

	if len(bad) > 0 {
		return fault.New(fault.Conflict, "The export in %s is not whole: missing, or not as they were written, are "+
			"%s. This run destroyed nothing.", dir, strings.Join(bad, ", "))
	}

	return nil
}

// list hashes the files of rows, and further ones, in the order of names.
func list(dir string, more ...string) ([]listed, error) {
	there, err := os.ReadDir(dir)
	all := []listed{}
	for _, file := range there {
		if name := file.Name(); strings.HasSuffix(name, rowsExt) {
			more = append(more, name)
		}
	}

	for _, name := range more {
		one, cannot := hashed(dir, name)
		all, err = append(all, one), errors.Join(err, cannot)
	}

	if err != nil {
		return nil, fmt.Errorf("listing the export: %w", err)
	}

	return all, nil
}

func hashed(dir, name string) (listed, error) {
	file, err := os.Open(filepath.Join(dir, name))
	if err != nil {
		return listed{}, err
	}

	defer func() { _ = file.Close() }()

	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return listed{Name: name, Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

func readJSON(dir, name string, to any) error {
	text, err := os.ReadFile(filepath.Join(dir, name))
	if err != nil {
		return err
	}

	if err := json.Unmarshal(text, to); err != nil {
		return fmt.Errorf("reading %s: %w", name, err)
	}

	return nil
}

func writeJSON(dir, name string, content any) error {
	text, err := json.MarshalIndent(content, "", "  ")
	if err != nil {
		return err
	}

	return write(dir, name, append(text, '\n'))
}

// write returns once a file, whole, and all names of the directory are on the disk.
func write(dir, name string, text []byte) error {
	path := filepath.Join(dir, name)
	file, err := os.OpenFile(path+".new", os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("exporting: %w", err)
	}

	_, err = file.Write(text)
	if err := errors.Join(err, file.Sync(), file.Close()); err != nil {
		return fmt.Errorf("exporting: %w", err)
	}

	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("exporting: %w", err)
	}

	return syncDirectory(dir)
}

func syncDirectory(dir string) error {
	file, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("exporting: %w", err)
	}

	return errors.Join(file.Sync(), file.Close())
}

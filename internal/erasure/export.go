package erasure

import (
	"bufio"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// BlobList names each blob of the export as `gcloud storage cp --read-paths-from-stdin` takes it; Manifest has the size
// and the SHA-256 of each other file.
const (
	BlobList = "blobs.txt"
	Manifest = "manifest.json"
)

// export writes down what there is. Rows that let people in are written, and dropped, before all others: so nothing of
// theirs comes after the rest is written.
func (d Deleter) export(ctx context.Context, r *Record) error {
	if r.ExportedAt != nil {
		return nil
	}

	to, err := newFiles(r.Export, r.AccessEndedAt != nil)
	if err != nil {
		return err
	}
	defer to.close()

	if r.AccessEndedAt == nil {
		if err := d.endAccess(ctx, r, to); err != nil {
			return err
		}
	}

	if err := d.Wait(ctx, time.Until(r.AccessEndedAt.Add(Drain))); err != nil {
		return err
	}

	d.Say("exporting to %s", r.Export)
	if err := errors.Join(d.Database.Export(ctx, r.Workspace, to), to.Flush()); err != nil {
		return err
	}

	if err := d.listBlobs(ctx, *r); err != nil {
		return err
	}

	if err := writeManifest(*r); err != nil {
		return err
	}

	return d.Database.Exported(ctx, r.Workspace)
}

func (d Deleter) endAccess(ctx context.Context, r *Record, to *files) error {
	if err := d.Database.Begin(ctx, *r); err != nil {
		return err
	}

	d.Say("ending access to %s", r.Workspace)
	if err := d.Database.EndAccess(ctx, r.Workspace, to); err != nil {
		return err
	}

	after, err := d.Database.Find(ctx, r.Workspace)
	r.BegunAt, r.AccessEndedAt = after.BegunAt, after.AccessEndedAt
	return err
}

func (d Deleter) listBlobs(ctx context.Context, r Record) error {
	blobs, err := d.Database.Blobs(ctx, r.Workspace, r.Region)
	if err != nil {
		return err
	}

	var all strings.Builder
	for _, p := range blobs {
		fmt.Fprintf(&all, "gs://%s/%s\n", d.Buckets[p.Region], p.Name)
	}

	return os.WriteFile(filepath.Join(r.Export, BlobList), []byte(all.String()), 0o600)
}

// files is a directory with a file a table.
type files struct {
	dir  string
	open map[string]*table
}

type table struct {
	file *os.File
	*bufio.Writer
}

// newFiles makes the directory, which must be empty unless an export goes on in it.
func newFiles(dir string, goesOn bool) (*files, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the directory of the export: %w", err)
	}

	there, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("reading the directory of the export: %w", err)
	}

	if len(there) > 0 && !goesOn && !isExport(dir) {
		return nil, fmt.Errorf("the directory %s is not empty", dir)
	}

	return &files{dir: dir, open: map[string]*table{}}, nil
}

// isExport tells a directory in which an export broke off from one that holds anything else.
func isExport(dir string) bool {
	_, err := os.Stat(filepath.Join(dir, "member.jsonl"))
	return err == nil
}

// Row implements Sink.
func (f *files) Row(name string, row []byte) error {
	to := f.open[name]
	if to == nil {
		file, err := os.OpenFile(filepath.Join(f.dir, name+".jsonl"), os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
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

	return err
}

func (f *files) close() {
	for _, to := range f.open {
		_ = to.file.Close() // all is on the disk, or has failed
	}
}

// listed is a file of an export.
type listed struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

func writeManifest(r Record) error {
	names, err := filepath.Glob(filepath.Join(r.Export, "*.jsonl"))
	if err != nil {
		return err
	}

	all := make([]listed, 0, len(names))
	for _, name := range names { // in order, as Glob returns them
		one, err := hashed(name)
		if err != nil {
			return fmt.Errorf("listing the export: %w", err)
		}

		all = append(all, one)
	}

	text, err := json.MarshalIndent(map[string]any{
		"workspaceId": r.Workspace,
		"region":      r.Region,
		"counts":      r.Counts,
		"files":       all,
	}, "", "  ")
	if err != nil {
		return err
	}

	return os.WriteFile(filepath.Join(r.Export, Manifest), append(text, '\n'), 0o600)
}

func hashed(path string) (listed, error) {
	file, err := os.Open(path)
	if err != nil {
		return listed{}, err
	}

	defer func() { _ = file.Close() }()

	sum := sha256.New()
	n, err := io.Copy(sum, file)
	return listed{Name: filepath.Base(path), Bytes: n, SHA256: hex.EncodeToString(sum.Sum(nil))}, err
}

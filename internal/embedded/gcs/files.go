package gcs

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

const copyBuffer = 256 << 10

var buffers sync.Pool // of *[]byte

// files are the blobs on disk, under random names. A file that no row names is not there: the next start removes it.
type files struct{ dir string }

// blob is a file's content, on disk for good.
type blob struct {
	id   string
	size int64
	sums sums
}

func openFiles(dir string) (files, error) {
	f := files{dir: filepath.Join(dir, "blobs")}
	if err := os.MkdirAll(f.dir, 0o700); err != nil {
		return f, fmt.Errorf("making the blob directory: %w", err)
	}

	return f, nil
}

func (f files) path(id string) string { return filepath.Join(f.dir, id) }

// receive streams a body into a new file and syncs it. Nothing is left of a body that is refused.
func (f files) receive(body io.Reader, bounds lengths) (b blob, err error) {
	b.id = rand.Text()
	file, err := os.OpenFile(f.path(b.id), os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
	if err != nil {
		return blob{}, fmt.Errorf("creating a blob: %w", err)
	}

	defer func() {
		if err != nil {
			f.remove(b.id)
		}
	}()
	sum := newDigest()
	err = errors.Join(copyBounded(io.MultiWriter(file, sum), body, bounds), file.Sync(), file.Close(), f.sync())
	b.size, b.sums = sum.size, sum.sums()
	return b, err
}

// copyBounded copies with a constant buffer, and counts: a length that was announced is not believed.
func copyBounded(to io.Writer, body io.Reader, bounds lengths) error {
	buffer, ok := buffers.Get().(*[]byte)
	if !ok {
		buffer = new(make([]byte, copyBuffer))
	}

	defer buffers.Put(buffer)
	n, err := io.CopyBuffer(to, io.LimitReader(body, bounds.most), *buffer)
	if err == nil {
		err = atEnd(body)
	}

	if err != nil {
		return torn(err)
	}

	return bounds.check(n)
}

// atEnd reports with errTooLarge that a body goes on.
func atEnd(body io.Reader) error {
	switch n, err := io.ReadFull(body, make([]byte, 1)); {
	case n > 0:
		return errTooLarge
	case errors.Is(err, io.EOF):
		return nil
	default:
		return err
	}
}

// torn tells a body that broke off from a disk that did not take it.
func torn(err error) error {
	var disk *fs.PathError
	if errors.As(err, &disk) || errors.Is(err, errTooLarge) {
		return err
	}

	return fmt.Errorf("%w: %w", errIncompleteBody, err)
}

// link gives a blob's content a second name, which lives and dies alone.
func (f files) link(id string) (string, error) {
	next := rand.Text()
	if err := os.Link(f.path(id), f.path(next)); err != nil {
		return "", fmt.Errorf("linking a blob: %w", err)
	}

	return next, f.sync()
}

func (f files) remove(id string) {
	if id != "" {
		_ = os.Remove(f.path(id)) // one that stays is swept at the next start
	}
}

// sync makes the names in the directory durable.
func (f files) sync() error {
	dir, err := os.Open(f.dir)
	if err != nil {
		return fmt.Errorf("opening the blob directory: %w", err)
	}

	return errors.Join(dir.Sync(), dir.Close())
}

// sweep removes the files that a crash left behind.
func (f files) sweep(named map[string]bool) error {
	entries, err := os.ReadDir(f.dir)
	if err != nil {
		return fmt.Errorf("reading the blob directory: %w", err)
	}

	for _, entry := range entries {
		if named[entry.Name()] {
			continue
		}

		if err := os.Remove(f.path(entry.Name())); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("sweeping the blob directory: %w", err)
		}
	}

	return nil
}

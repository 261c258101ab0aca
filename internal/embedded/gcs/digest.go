package gcs

import (
	"crypto/md5" //nolint:gosec // the service sums content by MD5, and so do its clients; nothing is kept safe by it
	"encoding"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"net/http"
	"strings"
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// digest counts and sums what is written to it.
type digest struct {
	md5  hash.Hash
	crc  uint32
	size int64
}

func newDigest() *digest {
	return &digest{md5: md5.New()} //nolint:gosec // a checksum that the protocol names
}

func (d *digest) Write(p []byte) (int, error) {
	d.crc = crc32.Update(d.crc, castagnoli, p)
	d.size += int64(len(p))
	return d.md5.Write(p)
}

func (d *digest) sums() sums {
	return sums{
		md5:    base64.StdEncoding.EncodeToString(d.md5.Sum(nil)),
		crc32c: base64.StdEncoding.EncodeToString(binary.BigEndian.AppendUint32(nil, d.crc)),
	}
}

// state is the running MD5, so that an upload in parts can go on after a restart.
func (d *digest) state() ([]byte, error) {
	running, ok := d.md5.(encoding.BinaryMarshaler)
	if !ok {
		return nil, errors.New("keeping a running checksum: it has no state")
	}

	return running.MarshalBinary()
}

func resumeDigest(md5State []byte, crc uint32, size int64) (*digest, error) {
	d := newDigest()
	d.crc, d.size = crc, size
	if size == 0 {
		return d, nil
	}

	running, ok := d.md5.(encoding.BinaryUnmarshaler)
	if !ok {
		return nil, errors.New("reading a running checksum: it has no state")
	}

	if err := running.UnmarshalBinary(md5State); err != nil {
		return nil, fmt.Errorf("reading a running checksum: %w", err)
	}

	return d, nil
}

// sums are checksums in base64; empty where one is unknown or does not matter.
type sums struct{ md5, crc32c string }

// wantedSums reads the checksums that a request says its body has.
func wantedSums(h http.Header) (sums, error) {
	want := sums{md5: h.Get("Content-MD5")}
	for _, line := range h.Values("X-Goog-Hash") {
		for part := range strings.SplitSeq(line, ",") {
			name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
			switch name {
			case "md5":
				if want.md5 != "" && want.md5 != value {
					return want, errBadDigest
				}

				want.md5 = value
			case "crc32c":
				want.crc32c = value
			}
		}
	}

	return want, want.valid()
}

func (s sums) valid() error {
	if s.md5 != "" && !decodesTo(s.md5, md5.Size) || s.crc32c != "" && !decodesTo(s.crc32c, crc32.Size) {
		return errInvalidDigest
	}

	return nil
}

func decodesTo(encoded string, size int) bool {
	raw, err := base64.StdEncoding.DecodeString(encoded)
	return err == nil && len(raw) == size
}

// or returns the checksums with those of another where one is missing.
func (s sums) or(other sums) sums {
	if s.md5 == "" {
		s.md5 = other.md5
	}

	if s.crc32c == "" {
		s.crc32c = other.crc32c
	}

	return s
}

// met reports with errBadDigest that what came is not what was said.
func (s sums) met(came sums) error {
	if s.md5 != "" && s.md5 != came.md5 || s.crc32c != "" && s.crc32c != came.crc32c {
		return errBadDigest
	}

	return nil
}

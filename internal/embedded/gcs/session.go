package gcs

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"sync"
	"time"

	bolt "go.etcd.io/bbolt"
	raw "google.golang.org/api/storage/v1"
)

const (
	sessionLife  = 7 * 24 * time.Hour
	chunkQuantum = 256 << 10
)

// session is a row of a resumable upload. It survives a restart, with every chunk that was acknowledged.
type session struct {
	Bucket, Name string
	Draft        *raw.Object
	When         conditions
	Blob         string
	// Offset is how many bytes are kept; what lies beyond it in the file was never acknowledged.
	Offset  int64
	MD5     []byte
	CRC     uint32
	BeganAt time.Time
	// Origin is that of the request that began it: pages of it alone may send chunks.
	Origin string
	// Done is the object that the session became; the file is the object's then.
	Done *raw.Object
}

// busy are the sessions that a request is writing to.
type busy struct {
	mu  sync.Mutex
	ids map[string]bool
}

func (b *busy) enter(id string) (leave func(), ok bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ids[id] {
		return nil, false
	}

	if b.ids == nil {
		b.ids = map[string]bool{}
	}

	b.ids[id] = true
	return func() { b.mu.Lock(); delete(b.ids, id); b.mu.Unlock() }, true
}

func endOldSessions(tx *bolt.Tx, now time.Time) error {
	table := tx.Bucket(sessionsKey)
	var old [][]byte
	err := table.ForEach(func(key, _ []byte) error {
		row, err := load[session](table, string(key))
		if err == nil && now.Sub(row.BeganAt) > sessionLife {
			old = append(old, key)
		}

		return err
	})
	for _, key := range old {
		err = errors.Join(err, table.Delete(key))
	}

	return err
}

// newSession makes the row and its file, and returns the id that its URI bears.
func (s *store) newSession(row session) (string, error) {
	empty, err := s.files.receive(http.NoBody, anyLength)
	if err != nil {
		return "", err
	}

	row.Blob, row.BeganAt = empty.id, s.now()
	id := rand.Text() + rand.Text()
	if err := s.saveSession(id, &row); err != nil {
		s.drop(empty.id)
		return "", err
	}

	return id, nil
}

func (s *store) saveSession(id string, row *session) error {
	return s.db.Update(func(tx *bolt.Tx) error { return save(tx.Bucket(sessionsKey), id, row) })
}

func (s *store) session(id, bucket string) (row *session, err error) {
	err = s.db.View(func(tx *bolt.Tx) error {
		row, err = load[session](tx.Bucket(sessionsKey), id)
		return err
	})
	if err == nil && (row == nil || row.Bucket != bucket || s.now().Sub(row.BeganAt) > sessionLife) {
		err = errNoSuchUpload
	}

	return row, err
}

// finish makes the upload an object and says so in the session's row, in one commit: a file is never both an upload's
// and an object's.
func (s *store) finish(id string, row *session, b blob) error {
	if err := os.Truncate(s.files.path(row.Blob), row.Offset); err != nil {
		return fmt.Errorf("cutting off an unfinished chunk: %w", err)
	}

	done := *row
	done.Blob = ""
	_, err := s.put(row.at(), row.When, row.Draft, b, func(tx *bolt.Tx, made *raw.Object) error {
		done.Done = made
		return save(tx.Bucket(sessionsKey), id, &done)
	})
	if err == nil {
		*row = done
	}

	return err
}

// endSession forgets an upload that was cancelled or refused.
func (s *store) endSession(id string, row *session) error {
	err := s.db.Update(func(tx *bolt.Tx) error { return tx.Bucket(sessionsKey).Delete([]byte(id)) })
	if err == nil && row.Done == nil {
		s.drop(row.Blob)
	}

	return err
}

// extend writes a chunk behind the bytes that are kept. Of one that breaks off, with errIncompleteBody, the sum is of
// what came in full quanta.
func (s *store) extend(row *session, chunk io.Reader) (*digest, error) {
	sum, err := resumeDigest(row.MD5, row.CRC, row.Offset)
	if err != nil {
		return nil, err
	}

	file, err := os.OpenFile(s.files.path(row.Blob), os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("opening an upload: %w", err)
	}

	if err = wind(file, row.Offset); err == nil {
		sum, err = copyQuanta(file, chunk, sum)
	}

	return sum, errors.Join(err, file.Sync(), file.Close())
}

// copyQuanta copies to the end, and returns the sum of it all; or, of a body that breaks off, the sum up to the last
// full quantum.
func copyQuanta(to io.Writer, chunk io.Reader, sum *digest) (*digest, error) {
	both, buffer := io.MultiWriter(to, sum), make([]byte, chunkQuantum)
	for {
		n, ended, err := fill(buffer, chunk)
		switch {
		case err != nil:
			return sum, torn(err)
		case sum.size+int64(n) > maxObjectBytes:
			return sum, errTooLarge
		}

		if _, err := both.Write(buffer[:n]); err != nil || ended {
			return sum, err
		}
	}
}

// fill reads until the buffer is full or the body ends, which io.ReadFull does not tell from its breaking off.
func fill(buffer []byte, body io.Reader) (n int, ended bool, err error) {
	for n < len(buffer) && err == nil {
		var more int
		more, err = body.Read(buffer[n:])
		n += more
	}

	if errors.Is(err, io.EOF) {
		return n, true, nil
	}

	return n, false, err
}

// wind cuts off what was never acknowledged, and goes on from there.
func wind(file *os.File, offset int64) error {
	if err := file.Truncate(offset); err != nil {
		return fmt.Errorf("cutting off an unfinished chunk: %w", err)
	}

	if _, err := file.Seek(offset, io.SeekStart); err != nil {
		return fmt.Errorf("finding the end of an upload: %w", err)
	}

	return nil
}

// advance records a chunk in the row.
func (row *session) advance(sum *digest) (err error) {
	row.Offset, row.CRC = sum.size, sum.crc
	row.MD5, err = sum.state()
	return err
}

func (row *session) at() ref { return ref{row.Bucket, row.Name} }

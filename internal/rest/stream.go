package rest

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
)

const (
	// chunk is how much of an object is in memory, twice, while it is sent.
	chunk = 64 << 10
	// patience is how long storage may take for a chunk, and the caller to take one.
	patience = 30 * time.Second
	// farewell is how long a server that stops goes on sending.
	farewell = 8 * time.Second
)

// bounded returns the request with the deadline of ordinary requests, for everything before an object's bytes.
func (b bound) bounded(r *http.Request) (*http.Request, func()) {
	ctx, cancel := context.WithTimeout(r.Context(), b.api.Time)
	return r.WithContext(ctx), cancel
}

// stream sends the bytes of a version whose read is on record. Memory does not grow with their number. An answer that
// cannot be completed is cut off, so that nobody takes it for whole.
func (b bound) stream(w http.ResponseWriter, r *http.Request, v version, says verdict) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	stalled := time.AfterFunc(b.api.Time, cancel)
	defer stalled.Stop()
	content, err := b.api.Contents.Open(ctx, authz.ActorFrom(ctx), v.ID, says.from, says.length)
	if err != nil {
		b.refuse(w, r, err)
		return
	}

	defer func() { _ = content.Close() }()
	s := &sending{ResponseController: http.NewResponseController(w), to: w, cancel: cancel, stalled: stalled}
	// the server's own would end the request, as if the caller were gone
	if err := s.SetReadDeadline(time.Time{}); err != nil {
		b.refuse(w, r, err)
		return
	}

	go s.endWith(ctx, b.api.Stopping(ctx), b.api.farewell)
	b.describe(w.Header(), v, says)
	w.WriteHeader(says.status)
	if sent, err := s.copy(content); err != nil || sent != says.length {
		b.api.Log.InfoContext(ctx, "an object was not sent whole", "requestId", b.api.RequestID(ctx), "sent", sent,
			"of", says.length, "error", err)
		panic(http.ErrAbortHandler)
	}
}

// sending is an object on its way. Its deadlines move on with what is sent, instead of those of a request.
type sending struct {
	*http.ResponseController
	to      io.Writer
	cancel  context.CancelFunc
	stalled *time.Timer
	// mu guards the deadline of writes: once over, it only comes closer.
	mu   sync.Mutex
	over bool
}

// copy sends all that there is. The last chunk waits until the end of the file has proved that the bytes before it are
// the file's.
func (s *sending) copy(content io.Reader) (sent int64, err error) {
	held, free := make([]byte, 0, chunk), make([]byte, 0, chunk)
	for !errors.Is(err, io.EOF) {
		s.stalled.Reset(patience)
		if free, err = fill(content, free); err != nil && !errors.Is(err, io.EOF) {
			return sent, err
		}

		wrote, failed := s.write(held)
		if sent += int64(wrote); failed != nil {
			return sent, failed
		}

		held, free = free, held
	}

	wrote, err := s.write(held)
	return sent + int64(wrote), err
}

// fill reads until the buffer is full, or there is an error.
func fill(from io.Reader, buffer []byte) (filled []byte, err error) {
	filled = buffer[:cap(buffer)]
	n := 0
	for n < len(filled) && err == nil {
		var more int
		more, err = from.Read(filled[n:])
		n += more
	}

	return filled[:n], err
}

func (s *sending) write(p []byte) (int, error) {
	s.stalled.Stop()
	if err := s.extend(); err != nil {
		return 0, err
	}

	return s.to.Write(p)
}

func (s *sending) extend() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.over {
		return errors.New("the server stops")
	}

	return s.SetWriteDeadline(time.Now().Add(patience))
}

// endWith ends sending some time after the server was told to stop: what is left can be asked for by its range.
func (s *sending) endWith(ctx context.Context, stopping <-chan struct{}, farewell time.Duration) {
	select {
	case <-ctx.Done():
		return
	case <-stopping:
	}

	select {
	case <-ctx.Done():
	case <-time.After(farewell):
		s.mu.Lock()
		defer s.mu.Unlock()
		s.over = true
		s.cancel()
		_ = s.SetWriteDeadline(time.Now())
	}
}

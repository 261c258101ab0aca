package transport

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// stream is an answer that consists of events. It may be written to from several goroutines.
//
// Nothing is kept for whoever does not read: a write waits until the event is taken, and fails when that takes too
// long.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	pace    pace

	writing sync.Mutex
	// mu guards the deadline of writes: once last is set, it only comes closer.
	mu   sync.Mutex
	last bool
}

// newStream begins the answer. From then on the deadlines of the HTTP server no longer hold.
func newStream(w http.ResponseWriter, p pace) (*stream, error) {
	s := &stream{w: w, control: http.NewResponseController(w), pace: p}
	// The server's own would end the request, as if the caller were gone.
	if err := s.control.SetReadDeadline(time.Time{}); err != nil {
		return nil, err
	}

	w.Header().Set("Content-Type", eventStream+"; charset=utf-8")
	// Source: nginx, module ngx_http_proxy_module, "proxy_buffering".
	w.Header().Set("X-Accel-Buffering", "no")
	return s, s.write(":\n\n")
}

func (s *stream) next(answer *graphql.Response) error { return s.event(answer) }

// refuse sends an answer without `data`.
func (s *stream) refuse(errs gqlerror.List) error {
	return s.event(refused{errs})
}

func (s *stream) event(answer any) error {
	text, err := json.Marshal(answer)
	if err != nil {
		return err
	}

	return s.write("event: next\ndata: " + string(text) + "\n\n")
}

// complete sends the last event. Browsers pass over an event without a line of data, be it an empty one.
func (s *stream) complete() error { return s.write("event: complete\ndata:\n\n") }

// comment says from time to time that the stream is alive, until ctx ends or nobody hears it.
func (s *stream) comment(ctx context.Context) {
	tick := time.NewTicker(s.pace.comment)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}

		if s.write(": alive\n\n") != nil {
			return
		}
	}
}

func (s *stream) write(text string) error {
	s.writing.Lock()
	defer s.writing.Unlock()
	if err := s.extend(); err != nil {
		return err
	}

	if _, err := s.w.Write([]byte(text)); err != nil {
		return errors.Join(errUnheard, err)
	}

	return s.control.Flush()
}

func (s *stream) extend() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.last {
		return nil
	}

	return s.control.SetWriteDeadline(time.Now().Add(s.pace.write))
}

// hurry leaves what is being written, and what still will be, no more time than a farewell takes.
func (s *stream) hurry() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.last = true
	_ = s.control.SetWriteDeadline(time.Now().Add(s.pace.farewell))
}

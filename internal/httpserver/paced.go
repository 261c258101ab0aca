package httpserver

import (
	"net/http"
	"time"
)

const (
	// takeAtLeast is how long a caller may take for an answer, takeRate how many bytes a second beyond that.
	takeAtLeast = 5 * time.Second
	takeRate    = 256 << 10
)

// paced cuts off whoever takes an answer slowly: until then it stays in memory.
type paced struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (w *paced) Write(p []byte) (int, error) {
	// A writer without deadlines, as tests have, has nobody to wait for.
	_ = w.control.SetWriteDeadline(time.Now().Add(takeAtLeast + time.Duration(len(p))*time.Second/takeRate))
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *paced) Unwrap() http.ResponseWriter { return w.ResponseWriter }

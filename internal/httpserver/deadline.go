package httpserver

import (
	"net/http"
	"time"
)

const (
	// writeTimeout is how long a caller may take to read an answer; slowestRate, in bytes a second, adds to it.
	writeTimeout = 5 * time.Second
	slowestRate  = 256 << 10
)

// deadlineWriter cuts off a caller that reads an answer too slowly, since the answer stays in memory until it is read.
type deadlineWriter struct {
	http.ResponseWriter
	control *http.ResponseController
}

func (w *deadlineWriter) Write(p []byte) (int, error) {
	// A writer without deadlines, as tests have, has nobody to wait for.
	_ = w.control.SetWriteDeadline(time.Now().Add(writeTimeout + time.Duration(len(p))*time.Second/slowestRate))
	return w.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach the connection.
func (w *deadlineWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

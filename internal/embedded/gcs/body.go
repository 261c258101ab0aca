package gcs

import (
	"io"
	"net/http"
	"time"
)

// stallTimeout is how long a sender may send nothing.
const stallTimeout = 60 * time.Second

// steady reads a request's body, however long, for as long as something comes.
type steady struct {
	body       io.Reader
	connection *http.ResponseController
}

func steadyBody(w http.ResponseWriter, body io.Reader) io.Reader {
	return steady{body: body, connection: http.NewResponseController(w)}
}

// Read moves the deadline on before it waits.
func (s steady) Read(p []byte) (int, error) {
	if err := s.connection.SetReadDeadline(time.Now().Add(stallTimeout)); err != nil {
		return 0, err
	}

	return s.body.Read(p)
}

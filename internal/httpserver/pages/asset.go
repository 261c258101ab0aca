package pages

import (
	"bytes"
	"compress/gzip"
	"io"
	"net/http"
	"strconv"
)

// asset is one file, compressed.
type asset struct {
	mediaType  string
	compressed []byte
	// kept says that the name changes with the content, so that whoever has it never asks again.
	kept bool
}

// ServeHTTP answers with the file as it is to who takes gzip, and unpacked to others.
func (a asset) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Type", a.mediaType)
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Add("Vary", "Accept-Encoding")
	if a.kept {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	}

	if takesGzip(r.Header.Values("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		h.Set("Content-Length", strconv.Itoa(len(a.compressed)))
		_, _ = w.Write(a.compressed)
		return
	}

	unpack(w, a.compressed)
}

func unpack(w io.Writer, compressed []byte) {
	plain, err := gzip.NewReader(bytes.NewReader(compressed))
	if err != nil {
		panic(err) // a test unpacks every asset
	}

	_, _ = io.Copy(w, plain) //nolint:gosec // no bomb: the program brought it along
}

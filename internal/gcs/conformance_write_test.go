package gcs_test

import (
	"bytes"

	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (s *suite) writeIsRead() {
	for _, content := range [][]byte{{}, []byte("0123456789"), {0xff, 0},
		bytes.Repeat([]byte("x"), object.MaxContentBytes)} {
		p := s.place()
		w, err := s.store.Write(s.Context(), p, content, "text/csv; charset=utf-8")
		testkit.Must(s, err)
		b, found, err := s.store.Stat(s.Context(), p)
		testkit.Must(s, err)
		if !found || b.SizeBytes != int64(len(content)) || b.ContentType != "text/csv; charset=utf-8" ||
			b.CRC32C != w.CRC32C || b.MD5 != w.MD5 || !b.CreatedAt.Equal(w.At) || w.At.IsZero() {
			s.Errorf("of %d bytes it says %+v, and then %+v", len(content), w, b)
		}

		got, err := s.store.Read(s.Context(), p, object.MaxContentBytes)
		testkit.Must(s, err)
		if !bytes.Equal(got, content) {
			s.Errorf("of %d bytes %d are read", len(content), len(got))
		}
	}
}

func (s *suite) writeAgainChangesNothing() {
	p := s.place()
	first, err := s.store.Write(s.Context(), p, []byte("content"), "text/plain")
	testkit.Must(s, err)
	again, err := s.store.Write(s.Context(), p, []byte("other"), "text/plain")
	testkit.Must(s, err)
	got, err := s.store.Read(s.Context(), p, 99)
	testkit.Must(s, err)
	if first != again || string(got) != "content" {
		s.Errorf("it is %+v, then %+v, with %q", first, again, got)
	}
}

package gcs_test

import (
	"context"
	"io"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

func (s *suite) openReadsARange() {
	p := s.place()
	s.kept(p, "0123456789")
	for _, row := range []struct {
		from, length int64
		want         string
	}{{0, -1, "0123456789"}, {0, 10, "0123456789"}, {2, 3, "234"}, {9, 1, "9"}, {7, -1, "789"}} {
		if got := s.opened(p, row.from, row.length); got != row.want {
			s.Errorf("%d bytes from %d on are %q, want %q", row.length, row.from, got, row.want)
		}
	}
}

func (s *suite) opened(p object.Place, from, length int64) string {
	s.Helper()
	content, err := s.store.Open(s.Context(), p, from, length)
	testkit.Must(s, err)
	text, err := io.ReadAll(content)
	testkit.Must(s, err)
	testkit.Must(s, content.Close())
	return string(text)
}

func (s *suite) openOfNothing() {
	_, err := s.store.Open(s.Context(), s.place(), 0, -1)
	s.wantKind(err, fault.NotFound)
	_, err = s.store.Open(s.Context(), object.Place{Region: "atlantis", Name: "blobs/a"}, 0, -1)
	s.wantKind(err, fault.Unavailable)
}

func (s *suite) openEndsWithItsContext() {
	p := s.place()
	s.kept(p, "0123456789")
	ctx, cancel := context.WithCancel(s.Context())
	content, err := s.store.Open(ctx, p, 0, -1)
	testkit.Must(s, err)
	cancel()
	text, err := io.ReadAll(content)
	if err != nil { // what was in a buffer already may still be read
		s.wantKind(err, fault.Unavailable)
	} else if string(text) != "0123456789" {
		s.Errorf("it reads %q", text)
	}

	testkit.Must(s, content.Close())
}

package gcs_test

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func (s *suite) nothingIsNotFound() { s.absent(s.place()) }

func (s *suite) promoteAgain() {
	staged, blob := s.place(), s.place()
	from := s.kept(staged, "0123456789")
	first, err := s.store.Promote(s.Context(), staged, from.Generation, blob)
	testkit.Must(s, err)
	if first.SizeBytes != 10 || first.ContentType != from.ContentType || first.CRC32C != from.CRC32C ||
		first.MD5 != from.MD5 {
		s.Errorf("the copy is %+v, of %+v", first, from)
	}

	again, err := s.store.Promote(s.Context(), staged, from.Generation, blob)
	testkit.Must(s, err)
	testkit.Must(s, s.store.Drop(s.Context(), staged))
	late, err := s.store.Promote(s.Context(), staged, from.Generation, blob)
	testkit.Must(s, err)
	if !cmp.Equal(first, again) || !cmp.Equal(first, late) {
		s.Errorf("the copy is %+v, then %+v, then %+v", first, again, late)
	}
}

func (s *suite) promoteOtherGeneration() {
	staged, blob := s.place(), s.place()
	from := s.kept(staged, "content")
	_, err := s.store.Promote(s.Context(), staged, from.Generation+1, blob)
	s.wantKind(err, fault.NotFound)
	_, err = s.store.Promote(s.Context(), s.place(), from.Generation, blob)
	s.wantKind(err, fault.NotFound)
	s.absent(blob)
}

func (s *suite) get(p object.Place, rule object.GetRule) *http.Request {
	s.Helper()
	rule.ExpiresAt = time.Now().Add(time.Minute)
	signed, err := s.store.SignGet(s.Context(), p, rule)
	testkit.Must(s, err)
	req, err := http.NewRequestWithContext(s.Context(), http.MethodGet, signed, nil)
	testkit.Must(s, err)
	return req
}

func (s *suite) getAnswersAsSigned() {
	p := s.place()
	s.kept(p, "content")
	a := s.answer(s.get(p, object.GetRule{ContentType: "application/pdf", Filename: "Übersicht 1.pdf"}))
	if a.status != http.StatusOK || a.body != "content" || a.header.Get("Content-Type") != "application/pdf" {
		s.Errorf("answered %d %q as %q", a.status, a.body, a.header.Get("Content-Type"))
	}

	if got := a.header.Get("Content-Disposition"); got != `attachment; filename="_bersicht 1.pdf"; filename*=UTF-8''%C3%9Cbersicht%201.pdf` {
		s.Errorf("it is saved as %s", got)
	}

	if got := s.answer(s.get(p, object.GetRule{})).header.Get("Content-Disposition"); got != "attachment" {
		s.Errorf("without a name it is saved as %s", got)
	}
}

func (s *suite) tamperedGetIsRefused() {
	p, other := s.place(), s.place()
	s.kept(p, "content")
	s.kept(other, "content")
	moved := s.get(p, object.GetRule{ContentType: "application/pdf"})
	moved.URL.Path, moved.URL.RawPath = s.get(other, object.GetRule{}).URL.Path, s.get(other,
		object.GetRule{}).URL.RawPath
	s.answers(moved, http.StatusForbidden)
	retyped := s.get(p, object.GetRule{ContentType: "application/pdf"})
	retyped.URL.RawQuery = strings.Replace(retyped.URL.RawQuery, "application%2Fpdf", "text%2Fhtml", 1)
	s.answers(retyped, http.StatusForbidden)
}

func (s *suite) readReturnsTheFirstBytes() {
	full, empty := s.place(), s.place()
	s.kept(full, "0123456789")
	s.kept(empty, "")
	for _, row := range []struct {
		from object.Place
		most int64
		want string
	}{{full, 4, "0123"}, {full, 10, "0123456789"}, {full, 99, "0123456789"}, {full, 0, ""}, {empty, 4,
		""}, {empty, 0, ""}} {
		got, err := s.store.Read(s.Context(), row.from, row.most)
		testkit.Must(s, err)
		if string(got) != row.want {
			s.Errorf("the first %d bytes are %q, want %q", row.most, got, row.want)
		}
	}
}

func (s *suite) readNothingIsNotFound() {
	_, err := s.store.Read(s.Context(), s.place(), 4)
	s.wantKind(err, fault.NotFound)
}

func (s *suite) dropAgain() {
	p := s.place()
	s.kept(p, "content")
	for range 2 {
		testkit.Must(s, s.store.Drop(s.Context(), p))
		s.absent(p)
	}
}

func (s *suite) unknownRegionIsUnavailable() {
	nowhere := object.Place{Region: "atlantis", Name: "staging/a"}
	for _, err := range s.everyError(s.Context(), nowhere) {
		s.wantKind(err, fault.Unavailable)
		if err != nil && !strings.Contains(err.Error(), "atlantis") {
			s.Errorf("%v does not name the region", err)
		}
	}
}

func (s *suite) cancelledIsUnavailable() {
	ctx, cancel := context.WithCancel(s.Context())
	cancel()
	for _, err := range s.everyError(ctx, s.place()) {
		s.wantKind(err, fault.Unavailable)
	}
}

// everyError is what each method of both ports ends with.
func (s *suite) everyError(ctx context.Context, p object.Place) []error {
	_, signPut := s.store.SignPut(ctx, p, rule())
	_, session := s.store.OpenSession(ctx, p, upload.SessionRule{ContentType: "text/plain"})
	_, signGet := s.store.SignGet(ctx, p, object.GetRule{ExpiresAt: rule().ExpiresAt})
	_, _, stat := s.store.Stat(ctx, p)
	_, promote := s.store.Promote(ctx, p, 1, p)
	_, read := s.store.Read(ctx, p, 1)
	_, write := s.store.Write(ctx, p, []byte("a"), "text/plain")
	return []error{signPut, session, signGet, stat, promote, read, s.store.Drop(ctx, p), write}
}

package gcs_test

import (
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/testkit"
)

const md5OfDigits = "eB5eJF1ptWaXm4bijSPyxw==" // of 0123456789

func (s *suite) putIsDescribed() {
	p := s.place()
	before := time.Now().Add(-time.Minute)
	b := s.kept(p, "0123456789")
	if b.Generation == 0 || b.SizeBytes != 10 || b.ContentType != rule().ContentType || b.CRC32C != "KAwGng==" ||
		b.MD5 != md5OfDigits ||
		b.CreatedAt.Before(before) {
		s.Errorf("the blob is %+v", b)
	}
}

func (s *suite) replayChangesNothing() {
	p := s.place()
	put := s.signed(p, rule())
	s.answers(s.request(put, strings.NewReader("first")), http.StatusOK)
	s.answers(s.request(put, strings.NewReader("second")), http.StatusPreconditionFailed)
	got, err := s.store.Read(s.Context(), p, 10)
	testkit.Must(s, err)
	if string(got) != "first" {
		s.Errorf("the blob is %q", got)
	}
}

func (s *suite) longerBodyIsRefused() {
	p := s.place()
	put := s.signed(p, rule())
	s.answers(s.request(put, strings.NewReader("0123456789a")), http.StatusBadRequest)
	s.answers(s.request(put, io.MultiReader(strings.NewReader("0123456789a"))), http.StatusBadRequest)
	s.absent(p)
}

func (s *suite) longestBodyIsTaken() {
	p := s.place()
	s.answers(s.request(s.signed(p, rule()), io.MultiReader(strings.NewReader("0123456789"))), http.StatusOK)
}

func (s *suite) answers(req *http.Request, status int) {
	s.Helper()
	if got, body := s.send(req); got != status {
		s.Errorf("answered %d, want %d: %s", got, status, body)
	}
}

func (s *suite) otherHeadersAreRefused() {
	p := s.place()
	put := s.signed(p, rule())
	for _, h := range put.Headers {
		other := s.request(put, strings.NewReader("content"))
		other.Header.Set(h.Name, h.Value+"1")
		s.answers(other, http.StatusForbidden)
		without := s.request(put, strings.NewReader("content"))
		without.Header.Del(h.Name)
		if status, _ := s.send(without); status < 400 {
			s.Errorf("without %s it answers %d", h.Name, status)
		}
	}

	more := s.request(put, strings.NewReader("content"))
	more.Header.Set("x-goog-meta-owner", "someone")
	if status, _ := s.send(more); status < 400 {
		s.Errorf("with one more header it answers %d", status)
	}

	s.absent(p)
}

func (s *suite) otherNameIsRefused() {
	p, other := s.place(), s.place()
	req := s.request(s.signed(p, rule()), strings.NewReader("content"))
	elsewhere := s.request(s.signed(other, rule()), nil)
	req.URL.Path, req.URL.RawPath = elsewhere.URL.Path, elsewhere.URL.RawPath
	s.answers(req, http.StatusForbidden)
	s.absent(p)
	s.absent(other)
}

func (s *suite) otherMethodIsRefused() {
	p := s.place()
	put := s.signed(p, rule())
	s.kept(p, "content")
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodDelete, http.MethodPost} {
		req := s.request(put, nil)
		req.Method = method
		s.answers(req, http.StatusForbidden)
	}

	if _, found, err := s.store.Stat(s.Context(), p); !found || err != nil {
		s.Errorf("the blob is gone: %v", err)
	}
}

func (s *suite) otherContentIsRefused() {
	p := s.place()
	r := rule()
	r.MD5 = md5OfDigits
	put := s.signed(p, r)
	s.answers(s.request(put, strings.NewReader("9876543210")), http.StatusBadRequest)
	s.absent(p)
	s.answers(s.request(put, strings.NewReader("0123456789")), http.StatusOK)
}

// typeAloneIsBound: what the headers of other PUTs are bound to is for whoever looks at the blob then.
func (s *suite) typeAloneIsBound() {
	p := s.place()
	r := rule()
	r.MD5, r.ContentTypeOnly = md5OfDigits, true
	put := s.signed(p, r)
	if len(put.Headers) != 1 || put.Headers[0].Name != "Content-Type" {
		s.Errorf("it must be sent with %v", put.Headers)
	}

	retyped := s.request(put, strings.NewReader("content"))
	retyped.Header.Set("Content-Type", "text/html")
	s.answers(retyped, http.StatusForbidden)
	s.absent(p)
	s.answers(s.request(put, strings.NewReader("first")), http.StatusOK)
	s.answers(s.request(put, strings.NewReader("second and longer")), http.StatusOK)
	b, _, err := s.store.Stat(s.Context(), p)
	testkit.Must(s, err)
	if b.SizeBytes != 17 {
		s.Errorf("the blob has %d bytes", b.SizeBytes)
	}
}

func (s *suite) expiredIsUnavailable() {
	r := rule()
	r.ExpiresAt = time.Now().Add(-time.Second)
	_, err := s.store.SignPut(s.Context(), s.place(), r)
	s.wantKind(err, fault.Unavailable)
	r.ExpiresAt = time.Now().Add(8 * 24 * time.Hour)
	_, err = s.store.SignPut(s.Context(), s.place(), r)
	s.wantKind(err, fault.Unavailable)
}

package gcs_test

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

const quantum = 256 << 10

func (s *suite) session(p object.Place, rule upload.SessionRule) string {
	s.Helper()
	rule.ContentType = "text/csv"
	uri, err := s.store.OpenSession(s.Context(), p, rule)
	testkit.Must(s, err)
	return uri
}

// part sends bytes of a whole, with no credential but the URI.
func (s *suite) part(uri, of, body string) answer {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), http.MethodPut, uri, strings.NewReader(body))
	testkit.Must(s, err)
	if of != "" {
		req.Header.Set("Content-Range", "bytes "+of)
	}

	return s.answer(req)
}

func (s *suite) partsAreOneBlob() {
	p := s.place()
	uri, content := s.session(p, upload.SessionRule{}), strings.Repeat("0123456789abcdef", quantum/16)
	if a := s.part(uri, fmt.Sprintf("0-%d/*", quantum-1), content); a.status != http.StatusPermanentRedirect {
		s.Errorf("the first part is answered %d: %s", a.status, a.body)
	}

	s.absent(p)
	if a := s.part(uri, "*/*", ""); a.status != http.StatusPermanentRedirect ||
		a.header.Get("Range") != fmt.Sprintf("bytes=0-%d", quantum-1) {
		s.Errorf("asked how far it is, it answers %d %q", a.status, a.header.Get("Range"))
	}

	if a := s.part(uri, fmt.Sprintf("%d-%d/%d", quantum, quantum+2, quantum+3), "end"); a.status != http.StatusOK {
		s.Errorf("the last part is answered %d: %s", a.status, a.body)
	}

	b, found, err := s.store.Stat(s.Context(), p)
	if testkit.Must(s, err); !found || b.SizeBytes != quantum+3 || b.ContentType != "text/csv" || b.MD5 == "" {
		s.Errorf("the blob is %+v", b)
	}

	testkit.Must(s, s.store.EndSession(s.Context(), uri))
	if _, found, _ = s.store.Stat(s.Context(), p); !found {
		s.Error("ending the session of a blob has dropped it")
	}
}

func (s *suite) otherPartsAreRefused() {
	p := s.place()
	if a := s.part(s.session(p, upload.SessionRule{MD5: md5OfDigits}), "",
		"9876543210"); a.status != http.StatusBadRequest {
		s.Errorf("other bytes are answered %d", a.status)
	}

	s.absent(p)
	if a := s.part(s.session(p, upload.SessionRule{MD5: md5OfDigits}), "", "0123456789"); a.status != http.StatusOK {
		s.Errorf("the bytes are answered %d: %s", a.status, a.body)
	}
}

func (s *suite) endedSessionTakesNothing() {
	p := s.place()
	uri := s.session(p, upload.SessionRule{})
	for range 2 {
		testkit.Must(s, s.store.EndSession(s.Context(), uri))
	}

	if a := s.part(uri, "", "content"); a.status < 400 {
		s.Errorf("it answers %d", a.status)
	}

	s.absent(p)
	s.wantKind(s.store.EndSession(s.Context(), "http://127.0.0.1:1/upload?upload_id=a"), fault.Unavailable)
}

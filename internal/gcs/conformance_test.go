package gcs_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

// conforms is the suite of the ports upload.Blobs, object.Blobs and object.Opener: what every storage behind them
// does. It leaves nothing behind.
func conforms(t *testing.T, store *gcs.Store) {
	t.Helper()
	for name, test := range map[string]func(*suite){
		"SignPut_AsSigned_IsDescribedByStat":        (*suite).putIsDescribed,
		"SignPut_Replayed_ChangesNothing":           (*suite).replayChangesNothing,
		"SignPut_LongerBody_IsRefused":              (*suite).longerBodyIsRefused,
		"SignPut_LongestBody_IsTaken":               (*suite).longestBodyIsTaken,
		"SignPut_OtherHeaders_IsRefused":            (*suite).otherHeadersAreRefused,
		"SignPut_OtherName_IsRefused":               (*suite).otherNameIsRefused,
		"SignPut_OtherMethod_IsRefused":             (*suite).otherMethodIsRefused,
		"SignPut_OtherContentThanMD5_IsRefused":     (*suite).otherContentIsRefused,
		"SignPut_ExpiredAlready_IsUnavailable":      (*suite).expiredIsUnavailable,
		"SignPut_OfTheTypeAlone_BindsNothingElse":   (*suite).typeAloneIsBound,
		"OpenSession_InParts_IsDescribedByStat":     (*suite).partsAreOneBlob,
		"OpenSession_OtherContentThanMD5_IsRefused": (*suite).otherPartsAreRefused,
		"OpenSession_Ended_TakesNoMore":             (*suite).endedSessionTakesNothing,
		"Stat_Nothing_IsNotFound":                   (*suite).nothingIsNotFound,
		"Promote_Again_DescribesTheSame":            (*suite).promoteAgain,
		"Promote_OtherGeneration_IsNotFound":        (*suite).promoteOtherGeneration,
		"SignGet_AnswersAsSigned":                   (*suite).getAnswersAsSigned,
		"SignGet_Tampered_IsRefused":                (*suite).tamperedGetIsRefused,
		"Read_AtMost_ReturnsTheFirstBytes":          (*suite).readReturnsTheFirstBytes,
		"Write_IsDescribedAndRead":                  (*suite).writeIsRead,
		"Write_Again_ChangesNothing":                (*suite).writeAgainChangesNothing,
		"Read_Nothing_IsNotFound":                   (*suite).readNothingIsNotFound,
		"Open_ReadsARange":                          (*suite).openReadsARange,
		"Open_OfNothing_IsAFault":                   (*suite).openOfNothing,
		"Open_EndsWithItsContext":                   (*suite).openEndsWithItsContext,
		"Drop_Again_IsNoError":                      (*suite).dropAgain,
		"AnyMethod_InAnUnknownRegion_IsUnavailable": (*suite).unknownRegionIsUnavailable,
		"AnyMethod_Cancelled_IsUnavailable":         (*suite).cancelledIsUnavailable,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			test(&suite{T: t, store: store})
		})
	}
}

// suite is one test with its storage.
type suite struct {
	*testing.T
	store *gcs.Store
}

// place is a new place, emptied at the end.
func (s *suite) place() object.Place {
	p := object.Place{Region: region, Name: "staging/conformance/" + uuid.NewString() + "/a b+ü"}
	s.Cleanup(func() { testkit.Must(s, s.store.Drop(context.WithoutCancel(s.Context()), p)) })
	return p
}

func rule() upload.PutRule {
	return upload.PutRule{
		ContentType: "text/plain; charset=utf-8",
		MaxBytes:    10,
		ExpiresAt:   time.Now().Add(time.Minute),
	}
}

func (s *suite) wantKind(err error, kind fault.Kind) {
	s.Helper()
	var said *fault.Error
	if !errors.As(err, &said) || said.Kind != kind || said.Say == "" {
		s.Errorf("got %v, want a fault %s", err, kind)
	}

	if err != nil && strings.Contains(strings.ToLower(err.Error()), "signature=") {
		s.Errorf("the error holds a signature")
	}
}

func (s *suite) signed(p object.Place, rule upload.PutRule) upload.SignedPut {
	s.Helper()
	put, err := s.store.SignPut(s.Context(), p, rule)
	testkit.Must(s, err)
	return put
}

// kept uploads a content and describes it.
func (s *suite) kept(p object.Place, content string) upload.Blob {
	s.Helper()
	r := rule()
	r.MaxBytes = int64(len(content))
	if status, _ := s.send(s.request(s.signed(p, r), strings.NewReader(content))); status != http.StatusOK {
		s.Fatalf("uploading answered %d", status)
	}

	b, found, err := s.store.Stat(s.Context(), p)
	testkit.Must(s, err)
	if !found {
		s.Fatal("what was uploaded is not found")
	}

	return b
}

func (s *suite) absent(p object.Place) {
	s.Helper()
	if _, found, err := s.store.Stat(s.Context(), p); found || err != nil {
		s.Errorf("the blob is there, or nobody knows: %v", err)
	}
}

func (s *suite) request(put upload.SignedPut, body io.Reader) *http.Request {
	s.Helper()
	req, err := http.NewRequestWithContext(s.Context(), http.MethodPut, put.URL, body)
	testkit.Must(s, err)
	for _, h := range put.Headers {
		req.Header.Set(h.Name, h.Value)
	}

	return req
}

func (s *suite) send(req *http.Request) (status int, body string) {
	s.Helper()
	a := s.answer(req)
	return a.status, a.body
}

// answer is what a request was answered with.
type answer struct {
	status int
	header http.Header
	body   string
}

func (s *suite) answer(req *http.Request) answer {
	s.Helper()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport}).Do(req)
	testkit.Must(s, err)
	body, err := io.ReadAll(res.Body)
	testkit.Must(s, errors.Join(err, res.Body.Close()))
	return answer{res.StatusCode, res.Header, string(body)}
}

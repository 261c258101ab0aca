package fault_test

import (
	"errors"
	"fmt"
	"io"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestError_NothingOfItsCause_IsSaid(t *testing.T) {
	t.Parallel()
	err := fault.Field(fault.Invalid, "key", "A key has %d bytes.", 900).Because(io.ErrUnexpectedEOF)
	if err.Say != "A key has 900 bytes." || !errors.Is(err, io.ErrUnexpectedEOF) || err.Details["field"] != "key" {
		t.Errorf("got %+v", err)
	}
	if got := err.Error(); got != "BAD_USER_INPUT: A key has 900 bytes. (unexpected EOF)" {
		t.Errorf("the log says %q", got)
	}
	if got := fault.New(fault.NotFound, "100%% gone").Error(); got != "NOT_FOUND: 100% gone" {
		t.Errorf("the log says %q", got)
	}
}

func TestWith_LeavesTheOriginalAsItWas(t *testing.T) {
	t.Parallel()
	base := fault.Field(fault.Conflict, "ifVersion", "It has moved on.")
	one, two := base.With("currentVersion", 1), base.With("currentVersion", 2)
	if len(base.Details) != 1 || one.Details["currentVersion"] != 1 || two.Details["currentVersion"] != 2 ||
		base.Because(io.EOF) == base || base.Unwrap() != nil {
		t.Errorf("%v, %v, %v", base.Details, one.Details, two.Details)
	}
}

func TestKindOf_TheFirstFaultInTheChain_Decides(t *testing.T) {
	t.Parallel()
	gone, denied := fault.New(fault.NotFound, "gone"), fault.New(fault.Forbidden, "no")
	for want, err := range map[fault.Kind]error{
		fault.NotFound:    fmt.Errorf("begin upload: %w", gone),
		fault.Forbidden:   errors.Join(io.EOF, denied, gone),
		fault.Unavailable: fault.New(fault.Unavailable, "down").Because(gone),
		fault.Internal:    io.EOF,
	} {
		if got := fault.KindOf(err); got != want || !fault.Is(err, want) {
			t.Errorf("%v is %s, want %s", err, got, want)
		}
	}
	if fault.Is(nil, fault.Internal) || fault.Is(gone, fault.Internal) {
		t.Error("nothing is an error")
	}
}

package outcome_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/provenanceone/data-api/internal/outcome"
)

func TestOutcome_Fields_AreNamedOnceInOrder(t *testing.T) {
	t.Parallel()
	ctx, o := outcome.New(t.Context())
	var all sync.WaitGroup
	for _, field := range []string{"secrets", "datastores", "secrets", "me"} {
		all.Go(func() { outcome.From(ctx).Ran(field) })
	}
	all.Wait()
	if got := o.Operation(); got != "datastores,me,secrets" {
		t.Errorf("it is %q", got)
	}
}

func TestOutcome_ManyFields_AreTwenty(t *testing.T) {
	t.Parallel()
	_, o := outcome.New(t.Context())
	for i := range 30 {
		o.Ran(fmt.Sprintf("field%02d", i))
	}
	if got := o.Operation(); strings.Count(got, ",") != 19 || !strings.HasSuffix(got, "field19") {
		t.Errorf("it is %q", got)
	}
}

func TestOutcome_Code_IsOfTheLastAnswer(t *testing.T) {
	t.Parallel()
	ctx, o := outcome.New(t.Context())
	outcome.From(ctx).Refused("NOT_FOUND")
	outcome.From(ctx).Refused("FORBIDDEN")
	if got := o.Code(); got != "FORBIDDEN" {
		t.Errorf("it is %q", got)
	}
}

func TestOutcome_OutsideOfARequest_KeepsNothing(t *testing.T) {
	t.Parallel()
	o := outcome.From(t.Context())
	o.Ran("me")
	o.Refused("FORBIDDEN")
	if o.Operation() != "" || o.Code() != "" {
		t.Errorf("it is %q %q", o.Operation(), o.Code())
	}
}

func TestOutcome_Inner_LeavesTheOuterAlone(t *testing.T) {
	t.Parallel()
	ctx, outer := outcome.New(t.Context())
	ctx, inner := outcome.New(ctx)
	outcome.From(ctx).Ran("me")
	if outer.Operation() != "" || inner.Operation() != "me" {
		t.Errorf("the outer has %q, the inner %q", outer.Operation(), inner.Operation())
	}
}

func TestOutcome_Limit_IsTheOneThatWasHit(t *testing.T) {
	t.Parallel()
	ctx, o := outcome.New(t.Context())
	if outcome.From(ctx).Hit(""); o.Limit() != "" {
		t.Errorf("it is %q", o.Limit())
	}
	outcome.From(ctx).Hit("max-depth")
	if outcome.From(ctx).Hit(""); o.Limit() != "max-depth" {
		t.Errorf("it is %q", o.Limit())
	}
}

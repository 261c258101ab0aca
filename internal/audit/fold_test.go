package audit_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/testkit"
)

// at is a viewer at an address.
func at(name, ip string) authz.Actor {
	a := viewer(name)
	a.From.IP = ip
	return a
}

func TestDenials_AddressesOfAFold_AreOnRecordByNetworkAtMostTwenty(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.deny(t, at("a", "192.0.2.1"), "Mutation.revealSecret")
	for _, ip := range []string{"192.0.2.9", "2001:db8::1", "2001:db8::2", "::ffff:192.0.2.9", "", "2001:db8:0:1::1"} {
		d.deny(t, at("a", ip), "Mutation.revealSecret")
	}
	d.now = d.now.Add(time.Minute)
	testkit.Must(t, d.Flush(t.Context()))
	want := []string{"192.0.2.9", "2001:db8::/64", "2001:db8:0:1::/64"}
	if len(d.entries) != 2 || d.folded() != 7 || !slices.Equal(d.addresses(1), want) ||
		d.entries[1].By.From.IP != "2001:db8:0:1::1" {
		t.Fatalf("the entries are %v", d.entries)
	}
	d.deny(t, at("a", "192.0.2.1"), "Mutation.revealSecret")
	for i := range 30 {
		d.deny(t, at("a", fmt.Sprint("192.0.2.", i)), "Mutation.revealSecret")
	}
	d.now = d.now.Add(time.Minute)
	d.deny(t, at("a", "192.0.2.1"), "Mutation.revealSecret")
	if got := d.addresses(3); len(got) != 21 || got[20] != "and others" || d.folded() != 7+32 {
		t.Errorf("%d denials are on record, from %v", d.folded(), got)
	}
}

func TestDenials_WithoutALaterOne_AreWrittenByTheTimerAndAtTheEnd(t *testing.T) {
	t.Parallel()
	d := newDesk()
	for range 3 {
		d.deny(t, viewer("a"), "Mutation.revealSecret")
	}
	if err := d.Flush(t.Context()); err != nil || len(d.entries) != 1 {
		t.Fatalf("within the minute %d are written, %v", len(d.entries), err)
	}
	d.now, d.down = d.now.Add(time.Minute), true
	if err := d.Flush(t.Context()); !fault.Is(err, fault.Unavailable) {
		t.Fatalf("while it is down: %v", err)
	}
	d.down = false
	later := ident.New[audit.Event]()
	if err := errors.Join(d.Flush(t.Context()), d.Flush(t.Context())); err != nil || len(d.entries) != 2 ||
		d.folded() != 3 {
		t.Fatalf("after the minute: %v, %v", d.entries, err)
	}
	if d.entries[1].ID < later {
		t.Error("the fold is on record before what was shown already")
	}
	for range 5 {
		d.deny(t, viewer("a"), "Mutation.revealSecret")
	}
	if err := errors.Join(d.Close(t.Context()), d.Close(t.Context())); err != nil || len(d.entries) != 4 ||
		d.folded() != 8 {
		t.Errorf("at the end: %v, %v", d.entries, err)
	}
}

func TestDenials_KeepFlushesWhatIsDue(t *testing.T) {
	t.Parallel()
	d := newDesk()
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	d.deny(t, viewer("a"), "Mutation.revealSecret")
	d.now = d.now.Add(time.Minute)
	written := make(chan struct{})
	d.told = func() { close(written) }
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() {
		d.Keep(ctx, time.Millisecond, slog.New(slog.DiscardHandler))
		close(ended)
	}()
	<-written
	cancel()
	<-ended
}

func TestDenials_OfAThing_NameItAndTheReason(t *testing.T) {
	t.Parallel()
	d := newDesk()
	reveal := func(id, reason string) {
		r := audit.Refusal{Field: "Mutation.revealSecret", Need: admin, TargetID: id, Reason: reason}
		testkit.Must(t, d.Denials.Record(t.Context(), viewer("a"), r))
	}
	reveal("one", "the pager rang")
	reveal("two", strings.Repeat("ä", 1001))
	reveal("one", "again")
	if len(d.entries) != 2 || d.entries[0].Target.ID != "one" || d.entries[0].Reason != "the pager rang" ||
		d.entries[1].Target.ID != "two" || d.entries[1].Reason != strings.Repeat("ä", 1000) {
		t.Fatalf("the entries are %v", d.entries)
	}
	for i := range 1000 {
		reveal(fmt.Sprint(i), "")
	}
	if err := d.Close(t.Context()); err != nil || d.folded() != 1003 || len(d.entries) > 25 {
		t.Errorf("%d denials are on record, in %d entries, %v", d.folded(), len(d.entries), err)
	}
}

func TestDenials_OfAForbiddenNetwork_AreOfHighRisk(t *testing.T) {
	t.Parallel()
	d := newDesk()
	key := authz.Actor{
		Who:       authz.Who{Kind: authz.APIKey, PrincipalID: "k", Label: "nightly"},
		Workspace: "w",
		From:      authz.Origin{IP: "192.0.2.1"},
	}
	for range 2 {
		testkit.Must(t, d.RecordNetwork(t.Context(), key))
	}
	if len(d.entries) != 1 {
		t.Fatalf("%d entries", len(d.entries))
	}
	e := d.entries[0]
	if e.Action != audit.AccessDenied || e.Risk != audit.High || e.Outcome != audit.Denied ||
		e.By.From.IP != "192.0.2.1" ||
		e.Target != (audit.Target{Kind: "api_key", ID: "k", Label: "nightly"}) {
		t.Errorf("the entry is %+v", e)
	}
}

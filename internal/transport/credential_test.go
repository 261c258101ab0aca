package transport

import (
	"errors"
	"testing"
	"time"

	"github.com/coder/websocket"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

func ann() authz.Actor {
	return authz.Actor{Who: authz.Who{Kind: authz.User, PrincipalID: "ann"}, Workspace: "w", Role: authz.Admin}
}

func TestSocket_CredentialEnds_SocketCloses(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		change func(*rig)
		code   websocket.StatusCode
		say    string
	}{
		"revoked": {func(g *rig) { g.forget("ann") }, closeUnauthorized, "revoked"},
		"lowered": {func(g *rig) { a := ann(); a.Role = authz.Viewer; g.set("ann", a) },
			closeForbidden, "changed"},
		"another workspace": {func(g *rig) { a := ann(); a.Workspace = "x"; g.set("ann", a) },
			closeForbidden, "changed"},
		"forbidden": {func(g *rig) { g.fail(fault.New(fault.Forbidden, "Not from here.")) }, closeForbidden,
			"Not from here."},
		"unknown for long": {func(g *rig) { g.fail(errors.New("down")) }, websocket.StatusTryAgainLater,
			"could not be checked"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newRig(t, quick())
			busy, idle := g.join("ann"), g.join("ann")
			busy.ask("s", `subscription{silence}`)
			test.change(g)
			busy.expectClose(test.code, test.say)
			idle.expectClose(test.code, test.say)
		})
	}
}

func TestSocket_MoreRights_KeepItOpen(t *testing.T) {
	t.Parallel()
	g := newRig(t, quick())
	a := ann()
	a.Role = authz.Viewer
	g.set("ann", a)
	p := g.join("ann")
	g.set("ann", ann())
	p.ask("1", `{who}`)
	p.expect(`{"id":"1","type":"next","payload":{"data":{"who":"ADMIN"}}}`)
	p.expect(`{"id":"1","type":"complete"}`)
	g.set("ann", a)
	p.ask("2", `{who}`)
	p.expectClose(closeForbidden, "changed")
}

func TestSocket_Expiry_ClosesItWithoutALook(t *testing.T) {
	t.Parallel()
	slow := quick()
	slow.idle = time.Hour
	g := newRig(t, slow)
	a := ann()
	a.ExpiresAt = time.Now().Add(150 * time.Millisecond)
	g.set("ann", a)
	p := g.join("ann")
	p.expectClose(closeUnauthorized, "expired")
	if looks := g.looks.Load(); looks != 1 || time.Now().Before(a.ExpiresAt) {
		t.Errorf("%d looks", looks)
	}
}

func TestSocket_ShortOutage_RefusesOperationsAndKeepsItOpen(t *testing.T) {
	t.Parallel()
	patient := quick()
	patient.doubt = time.Hour
	g := newRig(t, patient)
	p := g.join("ann")
	p.ask("s", `subscription{silence}`)
	for g.looks.Load() < 2 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(patient.look)
	g.fail(fault.New(fault.Unavailable, "Not now.").Because(errors.New("down")))
	time.Sleep(5 * patient.look)
	p.ask("1", `{who}`)
	p.expectCode("1", string(fault.Unavailable))
	g.fail(nil)
	p.ask("1", `{who}`)
	p.expect(`{"id":"1","type":"next","payload":{"data":{"who":"ADMIN"}}}`)
}

// TestSocket_Looks_AreOneAtATimeHoweverMuchRuns shows what a busy connection costs: one look an interval.
func TestSocket_Looks_AreOnePerIntervalHoweverMuchRuns(t *testing.T) {
	t.Parallel()
	p := quick()
	p.look = 100 * time.Millisecond
	g := newRig(t, p)
	busy := g.join("ann")
	for i := range DefaultOperations {
		busy.ask(string(rune('a'+i)), `subscription{silence}`)
	}
	for g.looks.Load() < 1+DefaultOperations {
		time.Sleep(time.Millisecond)
	}
	before, began := g.looks.Load(), time.Now()
	time.Sleep(10 * p.look)
	looks := g.looks.Load() - before
	if intervals := int64(time.Since(began) / p.look); looks < 3 || looks > intervals+1 {
		t.Errorf("%d looks in %d intervals", looks, intervals)
	}
}

func TestDefaultPace_RevokedCredential_IsCutOffWithinASecond(t *testing.T) {
	t.Parallel()
	p := defaultPace()
	if p.look > 900*time.Millisecond || p.drain+p.farewell >= 10*time.Second {
		t.Errorf("got %+v", p)
	}
}

package transport

import (
	"testing"

	"github.com/provenanceone/data-api/internal/authz"
)

func TestSocket_OneTooManyOfAPrincipal_IsClosedUntilAnotherIs(t *testing.T) {
	t.Parallel()
	g := newRig(t, defaultPace())
	key := authz.Actor{Who: authz.Who{Kind: authz.APIKey, PrincipalID: "key"}, Workspace: "w"}
	g.set("key", key)
	var open []*peer
	for range 8 {
		open = append(open, g.join("key"))
	}
	refused := g.dial()
	refused.send(`{"type":"connection_init","payload":{"authorization":"key"}}`)
	refused.expectClose(closeTooMany, "You have 8 sockets open on this server, which is the most: close one first.")
	g.join("ann")

	if err := open[0].conn.CloseNow(); err != nil {
		t.Fatal(err)
	}
	for {
		p := g.dial()
		p.send(`{"type":"connection_init","payload":{"authorization":"key"}}`)
		if text, err := p.receive(); err == nil && text == `{"type":"connection_ack"}` {
			break // the server has noticed that the other one is gone
		}
	}
}

func TestCrowd_APersonInTwoWorkspaces_IsOne(t *testing.T) {
	t.Parallel()
	c := newCrowd(1)
	ann := authz.Actor{Who: authz.Who{Kind: authz.User, PrincipalID: "member-1"}, Issuer: "i", Subject: "ann"}
	leave, err := c.enter(ann)
	if err != nil {
		t.Fatal(err)
	}
	ann.PrincipalID = "member-2"
	if _, err := c.enter(ann); err == nil {
		t.Error("she counts as two")
	}
	ann.Subject = "ben"
	if _, err := c.enter(ann); err != nil {
		t.Error("he counts as her")
	}
	if leave(); len(c.open) != 1 {
		t.Errorf("%d principals are remembered", len(c.open))
	}
}

package transport

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// credentialHeaders are those that say who acts, and where.
var credentialHeaders = []string{"Authorization", "X-Api-Key", "X-Workspace-Id"}

// credential is what a connection acts by, for as long as it is open.
type credential struct {
	Connections
	headers http.Header
	// turn is held by whoever looks, so that a connection costs one look at a time.
	turn chan struct{}

	mu sync.Mutex
	// actor is who was found last, good when that was. Without good, nobody was yet.
	actor authz.Actor
	good  time.Time
	// doubted is since when it could not be found out; zero while it can.
	doubted time.Time
}

func newCredential(c Connections, headers http.Header) *credential {
	return &credential{Connections: c, headers: headers, turn: make(chan struct{}, 1)}
}

var (
	errExpired = fault.New(fault.Unauthenticated, "The credential has expired.")
	errLess    = fault.New(fault.Forbidden, "Your role, scopes or workspace changed: connect again.")
	errDoubt   = fault.New(fault.Unavailable, "The credential could not be checked for some seconds: connect again.")
)

// look finds out anew who acts, and returns the context of an operation of theirs.
//
// Errors: as Connections.Admit; fault.Forbidden if they may less than before.
func (c *credential) look(ctx context.Context) (context.Context, error) {
	select {
	case c.turn <- struct{}{}:
		defer func() { <-c.turn }()
	case <-ctx.Done():
		return nil, ctx.Err()
	}

	admitted, err := c.Admit(ctx, c.headers)
	if err != nil {
		return nil, err
	}

	return admitted, c.found(authz.ActorFrom(admitted))
}

func (c *credential) found(actor authz.Actor) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.good.IsZero() && !actor.Covers(c.actor) {
		return errLess
	}

	c.actor, c.good, c.doubted = actor, time.Now(), time.Time{}
	return nil
}

// watch looks at the credential from time to time, more often while busy, and returns why the connection must end, or
// nil once ctx has.
func (c *credential) watch(ctx context.Context, busy func() bool) error {
	tick := time.NewTicker(c.pace.look)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}

		if err := c.check(ctx, busy()); err != nil {
			return err
		}
	}
}

func (c *credential) check(ctx context.Context, busy bool) error {
	c.mu.Lock()
	expires, good := c.actor.ExpiresAt, c.good
	c.mu.Unlock()
	if !expires.IsZero() && !time.Now().Before(expires) {
		return errExpired
	}

	if !busy && time.Since(good) < c.pace.idle {
		return nil
	}

	ctx, cancel := context.WithTimeout(ctx, c.pace.patience)
	defer cancel()
	_, err := c.look(ctx)
	if err == nil || ends(err) {
		return err
	}

	return c.doubt(err)
}

// doubt returns why a connection must end whose credential could not be looked at, once that has lasted for some time.
func (c *credential) doubt(err error) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.doubted.IsZero() {
		c.doubted = time.Now()
	}

	if time.Since(c.doubted) > c.pace.doubt {
		return errDoubt.Because(err)
	}

	return nil
}

// ends reports whether an error says that a credential is no good, rather than that this could not be found out.
func ends(err error) bool {
	return fault.Is(err, fault.Unauthenticated) || fault.Is(err, fault.Forbidden)
}

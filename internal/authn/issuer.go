package authn

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/coreos/go-oidc/v3/oidc"
	"golang.org/x/sync/singleflight"
)

const (
	// fetchLimit bounds discovery and keys together.
	fetchLimit = 3 * time.Second
	// A storm of tokens with unknown key ids costs fetchesPerWindow fetches in fetchWindow.
	fetchWindow      = 30 * time.Second
	fetchesPerWindow = 2
	// firstRetry is the pause between tries while there are no keys at all.
	firstRetry = time.Second
	// Keys are fetched again beside the requests after refreshAfter, and not trusted after trustFor:
	// an issuer that has been silent that long has issued nothing that is still valid.
	refreshAfter = 10 * time.Minute
	trustFor     = time.Hour
)

// issuer keeps the public keys of an OpenID Connect issuer.
type issuer struct {
	url    string
	client *http.Client
	now    func() time.Time
	flight singleflight.Group

	mu sync.Mutex
	// jwksURL is what discovery found; empty when it must look again.
	jwksURL string
	keys    keySet
	// fetched is when keys were fetched.
	fetched time.Time
	// tries are when the last fetches began, at most fetchesPerWindow, oldest first.
	tries []time.Time
	// failure is how the last fetch ended.
	failure error
}

func newIssuer(o Options) *issuer {
	return &issuer{url: o.Issuer, client: newClient(o.Transport), now: o.Now}
}

// keysFor returns the issuer's keys, fetched anew if need be and the budget allows; the key asked for may not be among
// them.
//
// Errors: fault.Unavailable if there are no keys to trust, or the key is unknown and the issuer cannot be asked.
func (i *issuer) keysFor(ctx context.Context, id string) (keySet, error) {
	keys, age, _ := i.state()
	if keys.has(id) && age < trustFor {
		if age >= refreshAfter && i.mayFetch() {
			i.refresh(ctx)
		}

		return keys, nil
	}

	select {
	case <-i.refresh(ctx):
	case <-ctx.Done():
		return nil, unchecked("the identity provider", ctx.Err())
	}

	keys, age, failure := i.state()
	if age >= trustFor || failure != nil && !keys.has(id) {
		return nil, unchecked("the identity provider", failure)
	}

	return keys, nil
}

func (i *issuer) state() (keySet, time.Duration, error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.keys, i.now().Sub(i.fetched), i.failure
}

// refresh fetches the keys, if the budget allows, once for all who ask at the same time; none of them can cancel it.
func (i *issuer) refresh(ctx context.Context) <-chan singleflight.Result {
	return i.flight.DoChan("keys", func() (any, error) {
		if !i.begin() {
			return nil, nil
		}

		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), fetchLimit)
		defer cancel()
		keys, err := i.fetch(oidc.ClientContext(ctx, i.client))
		i.end(keys, err)
		return nil, err
	})
}

func (i *issuer) mayFetch() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return i.allowed(i.now())
}

func (i *issuer) allowed(now time.Time) bool {
	switch last := len(i.tries) - 1; {
	case last < 0:
		return true
	case i.keys == nil:
		return now.Sub(i.tries[last]) >= firstRetry
	}

	return len(i.tries) < fetchesPerWindow || now.Sub(i.tries[0]) >= fetchWindow
}

func (i *issuer) begin() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	now := i.now()
	if !i.allowed(now) {
		return false
	}

	i.tries = append(i.tries, now)
	if len(i.tries) > fetchesPerWindow {
		i.tries = i.tries[1:]
	}

	return true
}

func (i *issuer) end(keys keySet, err error) {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.failure = err; err != nil {
		i.jwksURL = ""
		return
	}

	i.keys, i.fetched = keys, i.now()
}

func (i *issuer) fetch(ctx context.Context) (keySet, error) {
	url, err := i.discover(ctx)
	if err != nil {
		return nil, fmt.Errorf("discovering issuer: %w", err)
	}

	keys, err := fetchKeys(ctx, i.client, url)
	if err != nil {
		return nil, fmt.Errorf("fetching keys: %w", err)
	}

	return keys, nil
}

// discover returns where the keys are.
func (i *issuer) discover(ctx context.Context) (string, error) {
	i.mu.Lock()
	known := i.jwksURL
	i.mu.Unlock()
	if known != "" {
		return known, nil
	}

	provider, err := oidc.NewProvider(ctx, i.url)
	if err != nil {
		return "", err
	}

	var found struct {
		JWKSURL string `json:"jwks_uri"`
	}
	if err := provider.Claims(&found); err != nil {
		return "", err
	}

	if !trustworthy(found.JWKSURL) {
		return "", fmt.Errorf("the keys are neither behind https nor on loopback")
	}

	i.mu.Lock()
	defer i.mu.Unlock()
	i.jwksURL = found.JWKSURL
	return found.JWKSURL, nil
}

package httpserver

import (
	"context"
	"fmt"
	"net/http"
	"net/netip"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// office is where many people share one address.
type office struct {
	// good are the credentials that let somebody in.
	good sync.Map
	// looks and most are how many credentials of each kind are looked at now, and were at most.
	jwts, keys, mostJWTs, mostKeys atomic.Int32
	// hold lets a look end; nil does at once.
	hold chan struct{}
}

func (o *office) authenticate(_ context.Context, h http.Header, from authz.Origin) (authz.Actor, error) {
	now, most := &o.jwts, &o.mostJWTs
	credential := h.Get("Authorization")
	if credential == "" {
		now, most, credential = &o.keys, &o.mostKeys, h.Get("X-Api-Key")
	}
	for n := now.Add(1); n > most.Load(); {
		most.Store(n)
	}
	defer now.Add(-1)
	if o.hold != nil {
		<-o.hold
	}
	if strings.Contains(credential, "expired") {
		return authz.Actor{}, fault.New(fault.Unauthenticated, "It has expired.").
			Because(&authz.CredentialError{Expired: true})
	}
	if _, good := o.good.Load(credential); !good {
		who := authz.Who{Kind: authz.APIKey, PrincipalID: "revoked-key"}
		return authz.Actor{}, fault.New(fault.Unauthenticated, "It is bad.").Because(&authz.CredentialError{Who: who})
	}
	return authz.Actor{Who: authz.Who{Kind: authz.User, PrincipalID: "member-1"}, From: from}, nil
}

func (o *office) employ(credentials ...string) *office {
	for _, c := range credentials {
		o.good.Store(c, true)
	}
	return o
}

func (s *site) withKey(t testing.TB, key string) reply {
	t.Helper()
	return s.post(t, fine, "Authorization", "", "X-Api-Key", key)
}

// guess sends bad credentials until the address is beyond the limit.
func (s *site) guess(t testing.TB) {
	t.Helper()
	for i := range 20 {
		s.withKey(t, fmt.Sprint("guess-", i))
	}
	isRefusal(t, s.withKey(t, "guess"), http.StatusTooManyRequests, fault.RateLimited)
}

func TestGate_ExpiredTokens_AreNeverCounted(t *testing.T) {
	t.Parallel()
	s := serve(t, Options{Authenticate: new(office).employ("Bearer good").authenticate})
	for range 50 {
		isRefusal(t, s.post(t, fine, "Authorization", "Bearer expired"), http.StatusUnauthorized, fault.Unauthenticated)
	}
	isRefusal(t, s.post(t, fine, "Authorization", "Bearer bad"), http.StatusUnauthorized, fault.Unauthenticated)
	s.guess(t)
	isRefusal(t, s.post(t, fine, "Authorization", "Bearer expired"), http.StatusUnauthorized, fault.Unauthenticated)
}

func TestGate_GoodCredentialsBeyondTheLimit_AreServedBesideTwoHundredBadOnes(t *testing.T) {
	t.Parallel()
	o := new(office).employ("Bearer good", "key seen", "key new")
	s := serve(t, Options{Authenticate: o.authenticate})
	s.withKey(t, "key seen")
	s.guess(t)
	o.mostJWTs.Store(0)
	o.mostKeys.Store(0)
	o.hold = make(chan struct{})
	var all sync.WaitGroup
	for i := range 100 {
		all.Go(func() { s.withKey(t, fmt.Sprint("forged ", i)) })
		all.Go(func() { s.post(t, fine, "Authorization", fmt.Sprint("Bearer forged ", i)) })
	}
	for _, headers := range [][]string{{"Authorization", "Bearer good"}, {"Authorization", "", "X-Api-Key", "key seen"},
		{"Authorization", "", "X-Api-Key", "key new"}} {
		all.Go(func() {
			if got := s.post(t, fine, headers...); got.StatusCode != http.StatusOK {
				t.Errorf("%s: got %d %s", headers, got.StatusCode, got.text)
			}
		})
	}
	for range 203 {
		o.hold <- struct{}{}
	}
	all.Wait()
	// The key that was seen waits for nobody: it may be looked at beside the one whose turn it is.
	if jwts, keys := o.mostJWTs.Load(), o.mostKeys.Load(); jwts > jwtsAtOnce || keys > keysAtOnce+1 {
		t.Errorf("%d JWTs and %d keys were looked at at once", jwts, keys)
	}
}

func TestGate_KeyGoodWithinTheHour_WaitsForNobody(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Unix(1_800_000_000, 0)}
	o := new(office).employ("key")
	s := serve(t, Options{Authenticate: o.authenticate, Now: clock.Now})
	s.withKey(t, "key")
	clock.advance(time.Hour - time.Second)
	s.guess(t)
	o.hold = make(chan struct{})
	held := make(chan struct{})
	go func() {
		defer close(held)
		s.withKey(t, "guess that is looked at")
	}()
	for o.keys.Load() == 0 {
		runtime.Gosched()
	}
	done := make(chan reply, 1)
	go func() { done <- s.withKey(t, "key") }()
	for o.keys.Load() < 2 && len(done) == 0 {
		runtime.Gosched()
	}
	close(o.hold)
	if got := <-done; got.StatusCode != http.StatusOK {
		t.Errorf("within the hour: got %d %s", got.StatusCode, got.text)
	}
	<-held
}

func TestGate_RevokedKeyThatWasGood_IsRefusedAtOnceAndForgotten(t *testing.T) {
	t.Parallel()
	o := new(office).employ("key")
	s := serve(t, Options{Authenticate: o.authenticate})
	s.withKey(t, "key")
	o.good.Delete("key")
	isRefusal(t, s.withKey(t, "key"), http.StatusUnauthorized, fault.Unauthenticated)
	if log := s.log.String(); !strings.Contains(log, `"status":401`) ||
		!strings.Contains(log, `"ip":"127.0.0.1","workspaceId":"","actorKind":"API_KEY","actorId":"revoked-key"`) {
		t.Errorf("logged %s", log)
	}
	h := http.Header{"X-Api-Key": {"key"}}
	g := newGoodKeys(time.Now)
	g.add(h)
	g.forget(h)
	if g.has(h) || g.has(http.Header{}) {
		t.Error("a key that was refused is remembered as good")
	}
}

func TestGoodKeys_AreForgottenAfterAnHourAndBounded(t *testing.T) {
	t.Parallel()
	clock := &clock{now: time.Unix(0, 0)}
	g := newGoodKeys(clock.Now)
	for i := range knownKeys + 10 {
		g.add(http.Header{"X-Api-Key": {fmt.Sprint(i)}})
	}
	last := http.Header{"X-Api-Key": {fmt.Sprint(knownKeys)}}
	if g.seen.Len() != knownKeys || !g.has(last) {
		t.Errorf("remembers %d", g.seen.Len())
	}
	if clock.advance(time.Hour); g.has(last) {
		t.Error("a key is remembered for longer than an hour")
	}
}

func TestLanes_Crowded_RefuseAndAreForgottenWhenEmpty(t *testing.T) {
	t.Parallel()
	l, in := newCheckLimiter(), checkKey{network: netip.MustParsePrefix("192.0.2.1/32"), apiKey: true}
	leave, ok := l.acquire(t.Context(), in)
	if !ok {
		t.Fatal("nobody was there")
	}
	ctx, cancel := context.WithCancel(t.Context())
	var waiting sync.WaitGroup
	for range maxWaiting {
		l.join(in)
	}
	if _, ok := l.acquire(ctx, in); ok {
		t.Error("one more than may wait got in")
	}
	q := l.queues[in]
	for range maxWaiting {
		waiting.Go(func() { l.leave(in, q) })
	}
	waiting.Wait()
	cancel()
	if _, ok := l.acquire(ctx, in); ok {
		t.Error("whoever went got a turn")
	}
	if leave(); len(l.queues) != 0 {
		t.Errorf("%d lanes are open", len(l.queues))
	}
}

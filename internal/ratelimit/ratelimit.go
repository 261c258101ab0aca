// Package ratelimit bounds how many points each caller spends in a minute, on every way in.
package ratelimit

import (
	"math"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/simplelru"
	"golang.org/x/time/rate"

	"github.com/provenanceone/data-api/internal/fault"
)

// knownCallers is how many callers are remembered, at about 300 bytes each; the least recently seen makes room.
const knownCallers = 10_000

// Limiter is a token bucket for each caller. A bucket holds a minute's points, and fills steadily.
//
// A caller whom it does not remember has a full bucket. A nil Limiter bounds nobody.
type Limiter struct {
	perMinute int
	now       func() time.Time
	mu        sync.Mutex
	known     *simplelru.LRU[string, *rate.Limiter]
}

// New returns a limiter of so many points a minute; nil for 0, which is no limit.
func New(perMinute int, now func() time.Time) *Limiter {
	if perMinute == 0 {
		return nil
	}

	known, err := simplelru.NewLRU[string, *rate.Limiter](knownCallers, nil)
	if err != nil {
		panic(err)
	}

	return &Limiter{perMinute: perMinute, now: now, known: known}
}

// Balance is what a caller has in the bucket, in points.
type Balance struct {
	// PerMinute is what a full bucket holds, and what comes back within a minute; zero for no limit.
	PerMinute int
	// Left is what can be spent at once.
	Left int
	// Full is how long it takes until the bucket is full again, if nothing is spent.
	Full time.Duration
}

// Spend takes points out of a caller's bucket, and returns what is left.
//
// Errors: fault.RateLimited, with retryAfterSeconds, if there are too few; then nothing is taken.
func (l *Limiter) Spend(caller string, points int) (Balance, error) {
	if l == nil {
		return Balance{}, nil
	}

	now, bucket := l.now(), l.bucket(caller)
	if !bucket.AllowN(now, points) {
		// Another try costs a point before it is priced.
		return Balance{}, l.refusal(l.in(float64(points) + 1 - bucket.TokensAt(now)))
	}

	return l.balance(bucket, now), nil
}

// GiveBack puts points into a caller's bucket that were spent on what was then not done.
func (l *Limiter) GiveBack(caller string, points int) {
	if l == nil {
		return
	}

	l.bucket(caller).AllowN(l.now(), -points)
}

// Balance returns what a caller has left.
func (l *Limiter) Balance(caller string) Balance {
	if l == nil {
		return Balance{}
	}

	return l.balance(l.bucket(caller), l.now())
}

func (l *Limiter) balance(bucket *rate.Limiter, now time.Time) Balance {
	left := bucket.TokensAt(now)
	return Balance{PerMinute: l.perMinute, Left: int(left), Full: l.in(float64(l.perMinute) - left)}
}

func (l *Limiter) bucket(caller string) *rate.Limiter {
	l.mu.Lock()
	defer l.mu.Unlock()
	bucket, ok := l.known.Get(caller)
	if !ok {
		bucket = rate.NewLimiter(rate.Limit(l.perMinute)/60, l.perMinute)
		l.known.Add(caller, bucket)
	}

	return bucket
}

// in is how long so many points take to come back.
func (l *Limiter) in(points float64) time.Duration {
	return time.Duration(points / float64(l.perMinute) * float64(time.Minute))
}

func (l *Limiter) refusal(wait time.Duration) error {
	seconds := max(Seconds(wait), 1)
	return fault.New(fault.RateLimited, "You have spent your %d points a minute on this server: nothing of this was "+
		"done. Try again in %d seconds.", l.perMinute, seconds).With("retryAfterSeconds", seconds).
		Beyond("max-points-per-minute")
}

// Seconds rounds up to whole seconds: who waits that long has waited long enough.
func Seconds(d time.Duration) int { return int(math.Ceil(d.Seconds())) }

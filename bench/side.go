package main

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"time"
)

const (
	// mostClients is how many clients there are at most.
	mostClients = 16
	// patience is how long a client waits beyond its turn.
	patience = 30 * time.Second
)

// made counts what was asked, so that nothing is made twice.
var made atomic.Int64

// side is what one of the two compared is asked.
type side struct {
	address string
	// requests are asked in turn, by whichever client comes next.
	requests []request
	// by is how one operation is carried out where that takes several requests, with the request that begins it; nil
	// is that request alone.
	by func(ctx context.Context, c *client, r request, n int64) ([]byte, error)
	// most is how often a turn may do it; zero is any number.
	most int64
	// shape is that of its answers; nil before its first turn.
	shape any
}

// turn is what one side did in one turn.
type turn struct {
	took []time.Duration
	rate float64
	// answer is the last one of the first client.
	answer []byte
}

// take lets clients ask over and over, each at least once, until a time has passed, or the most was done.
func (s side) take(ctx context.Context, clients int, window time.Duration) (t turn, err error) {
	var done sync.WaitGroup
	var count atomic.Int64
	turns, errs, all := make([]turn, clients), make([]error, clients), make([]*client, clients)
	for i := range all {
		if all[i], err = dial(ctx, s.address, window+patience); err != nil {
			return t, err
		}

		defer all[i].close()
	}

	began := time.Now()
	for i, c := range all {
		done.Go(func() {
			mine := &turns[i]
			for ctx.Err() == nil && errs[i] == nil && (len(mine.took) == 0 || time.Since(began) < window) &&
				(count.Add(1) <= s.most || s.most == 0) {
				start := time.Now()
				mine.answer, errs[i] = s.once(ctx, c)
				mine.took = append(mine.took, time.Since(start))
			}
		})
	}

	done.Wait()
	elapsed := time.Since(began)
	for i := range turns {
		if errs[i] != nil {
			return t, errs[i]
		}

		t.took = append(t.took, turns[i].took...)
	}

	t.rate, t.answer = float64(len(t.took))/elapsed.Seconds(), turns[0].answer
	return t, ctx.Err()
}

func (s side) once(ctx context.Context, c *client) ([]byte, error) {
	n := made.Add(1)
	r := s.requests[n%int64(len(s.requests))]
	if s.by != nil {
		return s.by(ctx, c, r, n)
	}

	return c.ask(r, n)
}

// first asks the first request once, and returns the decoded answer.
func (s side) first(ctx context.Context) (any, error) {
	s.requests, s.most = s.requests[:1], 1
	t, err := s.take(ctx, 1, time.Second)
	if err != nil {
		return nil, err
	}

	answer, err := decode(t.answer)
	if said, ok := answer.(map[string]any); ok {
		delete(said, "extensions") // what it cost, which the bare side does not reckon
	}

	return answer, err
}

func decode(answer []byte) (v any, err error) {
	if err = json.Unmarshal(answer, &v); err != nil {
		err = fmt.Errorf("%w: %s", err, answer)
	}

	return v, err
}

// values compares two answers by all that they say.
func values(answer any) any { return answer }

// shape compares two answers by their fields, and by what kinds of values those have.
func shape(answer any) any {
	switch v := answer.(type) {
	case map[string]any:
		fields := map[string]any{}
		for name, value := range v {
			fields[name] = shape(value)
		}

		return fields
	case []any:
		elements := make([]any, len(v))
		for i := range v {
			elements[i] = shape(v[i])
		}

		return elements
	default:
		return fmt.Sprintf("%T", v)
	}
}

// checkAlike refuses to compare a bare side that does not answer the same.
func (o operation) checkAlike(ctx context.Context) error {
	if o.alike == nil {
		return nil
	}

	ours, err := o.ours.first(ctx)
	if err != nil {
		return err
	}

	bare, err := o.bare.first(ctx)
	if err == nil && !reflect.DeepEqual(o.alike(ours), o.alike(bare)) {
		err = fmt.Errorf("the bare side answers %v, the server %v", bare, ours)
	}

	return err
}

// check holds the last answer of a turn against the shape of the first turn's.
func (s *side) check(t turn) error {
	got, err := decode(t.answer)
	if err != nil {
		return err
	}

	if s.shape == nil {
		s.shape = shape(got)
	}

	if !reflect.DeepEqual(shape(got), s.shape) {
		return fmt.Errorf("the last answer is %s, and not of the shape %v", t.answer, s.shape)
	}

	return nil
}

package secret

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/provenanceone/data-api/internal/fault"
)

// stub is a vault whose values say which they are. It keeps what it gave, to see whether that is wiped.
type stub struct {
	Vault
	reads atomic.Int64
	err   error
	// hold keeps readings under way until it is closed; nil for not at all.
	hold  chan struct{}
	begun chan struct{}
	mu    sync.Mutex
	given [][]byte
}

func (s *stub) Access(_ context.Context, p Place, n Number) (Value, error) {
	s.reads.Add(1)
	if s.hold != nil {
		s.begun <- struct{}{}
		<-s.hold
	}
	if s.err != nil {
		return Value{}, s.err
	}
	plain := []byte(fmt.Sprintf("%s %d", p.ID, n))
	s.mu.Lock()
	defer s.mu.Unlock()
	s.given = append(s.given, plain)
	return NewValue(plain), nil
}

func (s *stub) Destroy(context.Context, Place, Number) error { return nil }

func (s *stub) Delete(context.Context, Place) error { return nil }

func access(t *testing.T, c *Cache, id string, n Number) Value {
	t.Helper()
	v, err := c.Access(t.Context(), Place{"eu", ID(id)}, n)
	if want := fmt.Sprintf("%s %d", id, n); err != nil || string(v.Open()) != want {
		t.Fatalf("got %q, %v; want %q", v.Open(), err, want)
	}
	return v
}

// held are the bytes that the cache itself keeps.
func (c *Cache) held() (all [][]byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, v := range c.recent.Values() {
		all = append(all, v.Open())
	}
	return all
}

func TestCache_ReadsEachVersionOnce(t *testing.T) {
	t.Parallel()
	v := &stub{}
	c := NewCache(v)
	for range 3 {
		access(t, c, "a", 1).Wipe()
		access(t, c, "a", 2)
		access(t, c, "b", 1)
	}
	if v.reads.Load() != 3 {
		t.Errorf("%d readings", v.reads.Load())
	}
	for _, plain := range v.given {
		if !bytes.Equal(plain, make([]byte, len(plain))) {
			t.Errorf("what the vault gave stays in memory beside the copy: %q", plain)
		}
	}
}

func TestCache_PastItsBounds_DropsWhatWasUsedLongestAgo_AndWipesIt(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]*Cache{"entries": newCache(&stub{}, 2, 1000), "bytes": newCache(&stub{}, 1000, 7)} {
		access(t, c, "a", 1)
		first := c.held()[0]
		mine := access(t, c, "a", 1)
		access(t, c, "b", 1)
		access(t, c, "a", 1)
		access(t, c, "c", 1)
		if n := c.Vault.(*stub).reads.Load(); n != 3 || len(c.held()) != 2 {
			t.Fatalf("%s: %d readings, %d kept", name, n, len(c.held()))
		}
		access(t, c, "b", 1) // drops a
		if !bytes.Equal(first, make([]byte, len(first))) {
			t.Errorf("%s: what was dropped is still %q", name, first)
		}
		if string(mine.Open()) != "a 1" {
			t.Errorf("%s: a value in use became %q", name, mine.Open())
		}
		if c.bytes != 6 {
			t.Errorf("%s: it counts %d bytes", name, c.bytes)
		}
	}
	small := newCache(&stub{}, 10, 2)
	access(t, small, "a", 1)
	if len(small.held()) != 0 || small.bytes != 0 {
		t.Error("it keeps more than it may")
	}
}

func TestCache_AtOnce_IsOneReading_AndEachHasItsOwn(t *testing.T) {
	t.Parallel()
	v := &stub{hold: make(chan struct{}), begun: make(chan struct{}, 1)}
	c := NewCache(v)
	gone, leave := context.WithCancel(t.Context())
	left := make(chan error)
	go func() {
		_, err := c.Access(gone, Place{"eu", "a"}, 1)
		left <- err
	}()
	<-v.begun
	var all errgroup.Group
	for range 8 {
		all.Go(func() error {
			got, err := c.Access(t.Context(), Place{"eu", "a"}, 1)
			if err != nil || string(got.Open()) != "a 1" {
				return fmt.Errorf("got %q, %w", got.Open(), err)
			}
			got.Wipe()
			return nil
		})
	}
	leave() // who began the reading does not end it for the others
	if err := <-left; !errors.Is(err, context.Canceled) {
		t.Errorf("who left got %v", err)
	}
	close(v.hold)
	if err := all.Wait(); err != nil || v.reads.Load() != 1 {
		t.Errorf("%d readings, %v", v.reads.Load(), err)
	}
	for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(time.Millisecond) {
		v.mu.Lock()
		wiped := bytes.Equal(v.given[0], make([]byte, 3))
		v.mu.Unlock()
		if wiped {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("what was read for all stays in memory")
		}
	}
}

func TestCache_Failure_IsNotKept(t *testing.T) {
	t.Parallel()
	v := &stub{err: fault.New(fault.Unavailable, "It is down.")}
	c := NewCache(v)
	if _, err := c.Access(t.Context(), Place{"eu", "a"}, 1); !fault.Is(err, fault.Unavailable) {
		t.Errorf("got %v", err)
	}
	v.err = nil
	access(t, c, "a", 1)
}

func TestCache_Destroyed_IsForgottenAtOnce(t *testing.T) {
	t.Parallel()
	v := &stub{}
	c := NewCache(v)
	for n := range Number(3) {
		access(t, c, "a", n+1)
	}
	access(t, c, "b", 1)
	kept := c.held()
	if err := errors.Join(c.Destroy(t.Context(), Place{"eu", "a"}, 1),
		c.Delete(t.Context(), Place{"eu", "b"})); err != nil {
		t.Fatal(err)
	}
	if len(c.held()) != 2 {
		t.Errorf("%d are kept", len(c.held()))
	}
	c.Wipe()
	for _, plain := range kept {
		if !bytes.Equal(plain, make([]byte, len(plain))) {
			t.Errorf("it still holds %q", plain)
		}
	}
}

func TestCache_DestroyedWhileItIsRead_IsNotKept(t *testing.T) {
	t.Parallel()
	v := &stub{hold: make(chan struct{}), begun: make(chan struct{}, 1)}
	c := NewCache(v)
	var all errgroup.Group
	all.Go(func() error {
		_, err := c.Access(t.Context(), Place{"eu", "a"}, 1)
		return err
	})
	<-v.begun
	if err := c.Destroy(t.Context(), Place{"eu", "a"}, 1); err != nil {
		t.Fatal(err)
	}
	close(v.hold)
	if err := all.Wait(); err != nil || len(c.held()) != 0 {
		t.Errorf("%d are kept, %v", len(c.held()), err)
	}
}

// TestCache_UnderEviction_GivesWholeValues has readers take values while others are dropped all the time.
func TestCache_UnderEviction_GivesWholeValues(t *testing.T) {
	t.Parallel()
	c := newCache(&stub{}, 3, 1000)
	var all errgroup.Group
	for worker := range 8 {
		all.Go(func() error {
			for i := range 2000 {
				n := Number((worker + i) % 7)
				v, err := c.Access(t.Context(), Place{"eu", "a"}, n)
				if want := fmt.Sprintf("a %d", n); err != nil || string(v.Open()) != want {
					return fmt.Errorf("got %q, %w; want %q", v.Open(), err, want)
				}
				v.Wipe()
			}
			return nil
		})
	}
	if err := all.Wait(); err != nil {
		t.Error(err)
	}
}

func TestCache_Reads_AreHitsUnlessTheyAskTheVault(t *testing.T) {
	t.Parallel()
	vault := &stub{hold: make(chan struct{}), begun: make(chan struct{}, 1)}
	c := NewCache(vault)
	var all errgroup.Group
	all.Go(func() error { _, err := c.Access(t.Context(), Place{"eu", "a"}, 1); return err })
	<-vault.begun
	all.Go(func() error { _, err := c.Access(t.Context(), Place{"eu", "a"}, 1); return err })
	for {
		if hits, _ := c.Reads(); hits == 1 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	close(vault.hold)
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	access(t, c, "a", 1)
	if hits, misses := c.Reads(); hits != 2 || misses != 1 {
		t.Errorf("there are %d hits and %d misses", hits, misses)
	}
}

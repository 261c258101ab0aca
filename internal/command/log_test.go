package command

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/provenanceone/data-api/internal/config"
)

// writes are what a log has written, each one apart.
type writes struct {
	mu  sync.Mutex
	all []string
}

func (w *writes) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.all = append(w.all, string(p))
	return len(p), nil
}

func (w *writes) now() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.all)
}

func (w *writes) String() string { return strings.Join(w.now(), "") }

func TestBufferedLogger_LinesOfAMoment_AreOneWriteInTheirOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out writes
		log, end := bufferedLogger(&out, slog.LevelInfo)
		defer end()
		log.Info("first")
		log.With("a", 1).WithGroup("g").Info("second", "b", 2)
		log.Debug("hidden")
		if got := out.now(); len(got) != 0 {
			t.Errorf("it has not waited: %q", got)
		}
		time.Sleep(logDelay)
		synctest.Wait()
		if got := out.now(); len(got) != 1 || strings.Count(got[0], "\n") != 2 ||
			strings.Index(got[0], "first") > strings.Index(got[0], "second") {
			t.Errorf("after %v: %q", logDelay, got)
		}
		log.Info("third")
		time.Sleep(logDelay)
		synctest.Wait()
		if got := out.now(); len(got) != 2 || !strings.Contains(got[1], "third") {
			t.Errorf("a later line: %q", got)
		}
	})
}

func TestBufferedLogger_Warning_IsWrittenAtOnceWithWhatCameBefore(t *testing.T) {
	t.Parallel()
	var out writes
	log, end := bufferedLogger(&out, slog.LevelInfo)
	defer end()
	log.Info("before")
	log.With("a", 1).WithGroup("g").Warn("bad")
	if got := out.now(); len(got) != 1 || !strings.Contains(got[0], "before") || !strings.Contains(got[0], "bad") {
		t.Errorf("got %q", got)
	}
}

func TestBufferedLogger_ManyLines_WaitInBoundedMemory(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out writes
		log, end := bufferedLogger(&out, slog.LevelInfo)
		defer end()
		for range 3 * logBytes / 100 {
			log.Info(strings.Repeat("x", 100))
		}
		if got := out.now(); len(got) < 3 || len(got[0]) > logBytes+200 {
			t.Errorf("%d writes before any time has passed", len(got))
		}
	})
}

func TestServe_Ends_EveryLineIsWritten(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]error{"orderly": nil, "with an error": errors.New("broken")} {
		var out writes
		var log *slog.Logger
		serve := func(_ context.Context, _ config.Serve, given *slog.Logger, _ func(string)) error {
			log = given
			log.Info("last words")
			return answer
		}
		if err := logged(t.Context(), serve, config.Serve{}, &out); !errors.Is(err, answer) {
			t.Errorf("%s: %v", name, err)
		}
		log.Info("straggler")
		if !strings.Contains(out.String(), "last words") || !strings.Contains(out.String(), "straggler") {
			t.Errorf("%s: %s", name, out.String())
		}
	}
}

func TestServe_Panic_EveryLineIsWritten(t *testing.T) {
	t.Parallel()
	var out writes
	defer func() {
		if recover() == nil || !strings.Contains(out.String(), "last words") {
			t.Errorf("got %s", out.String())
		}
	}()
	_ = logged(t.Context(), func(_ context.Context, _ config.Serve, log *slog.Logger, _ func(string)) error {
		log.Info("last words")
		panic("broken")
	}, config.Serve{}, &out)
}

package command

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/provenanceone/data-api/internal/config"
)

// writes are what a log has written, each one apart.
type writes []string

func (w *writes) Write(p []byte) (int, error) {
	*w = append(*w, string(p))
	return len(p), nil
}

func TestBufferedLogger_LinesOfAMoment_AreOneWriteInTheirOrder(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var out writes
		log, end := bufferedLogger(&out, slog.LevelInfo)
		defer end()
		log.Info("first")
		log.With("a", 1).WithGroup("g").Info("second", "b", 2)
		log.Debug("hidden")
		if len(out) != 0 {
			t.Errorf("it has not waited: %q", out)
		}
		time.Sleep(logDelay)
		synctest.Wait()
		if len(out) != 1 || strings.Count(out[0], "\n") != 2 ||
			strings.Index(out[0], "first") > strings.Index(out[0], "second") {
			t.Errorf("after %v: %q", logDelay, out)
		}
		log.Info("third")
		time.Sleep(logDelay)
		synctest.Wait()
		if len(out) != 2 || !strings.Contains(out[1], "third") {
			t.Errorf("a later line: %q", out)
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
	if len(out) != 1 || !strings.Contains(out[0], "before") || !strings.Contains(out[0], "bad") {
		t.Errorf("got %q", out)
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
		if len(out) < 3 || len(out[0]) > logBytes+200 {
			t.Errorf("%d writes before any time has passed", len(out))
		}
	})
}

func TestServe_Ends_EveryLineIsWritten(t *testing.T) {
	t.Parallel()
	for name, answer := range map[string]error{"orderly": nil, "with an error": errors.New("broken")} {
		var out bytes.Buffer
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
	var out bytes.Buffer
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

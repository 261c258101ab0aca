package jobs

import (
	"bytes"
	"context"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/lib/pq"

	"github.com/provenanceone/data-api/internal/fault"
)

func TestLevelOf_OnlyAnOutageOfTheDatabase_IsADetail(t *testing.T) {
	t.Parallel()
	for text, c := range map[string]struct {
		err  error
		want slog.Level
	}{
		"no connection": {fmt.Errorf("list: %w", fault.New(fault.Unavailable, "x").Because(fault.ErrOutage)),
			slog.LevelDebug},
		"an idle session":   {&pq.Error{Code: "57P05"}, slog.LevelWarn},
		"cut off":           {fmt.Errorf("list: %w", &pq.Error{Code: "57P01"}), slog.LevelDebug},
		"a wrong statement": {&pq.Error{Code: "42601"}, slog.LevelWarn},
		"storage":           {fmt.Errorf("stat: unexpected EOF, connection reset by peer"), slog.LevelWarn},
	} {
		if got := levelOf(c.err); got != c.want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

func TestWarnings_OfAStop_AreDetails(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	river := slog.New(warnings{slog.NewTextHandler(&log, nil)})
	river.Error("Failed to send job insert notification", "err", context.Canceled.Error())
	river.Error("Failed to fetch jobs", "err", "pq: relation does not exist")
	if got := log.String(); strings.Contains(got, "notification") || !strings.Contains(got, "fetch jobs") {
		t.Errorf("it logs %s", got)
	}
}

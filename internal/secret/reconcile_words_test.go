package secret_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/reconcile"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

// says reconciles and returns what it logs, without times, and the error's sentence.
func (h *house) says(t *testing.T, p reconcile.Plan) (lines, sentence string) {
	t.Helper()
	var log bytes.Buffer
	drop := func(_ []string, a slog.Attr) slog.Attr {
		if a.Key == "time" || a.Key == "since" && !a.Value.Time().IsZero() {
			return slog.Attr{}
		}
		return a
	}
	r := secret.NewReconciler(h.DB.Secrets(), h.vault, h.clock.now,
		slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: drop})))
	if _, err := r.Reconcile(t.Context(), p); err != nil {
		sentence = err.Error()
	}
	return strings.ReplaceAll(log.String(), `\"`, `'`), sentence
}

func wantSays(t *testing.T, when, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s:\n%s\nwant\n%s", when, got, want)
	}
}

func TestReconcile_WhatItLogsAndRefuses_StaysAsOperatorsSearchForIt(t *testing.T) {
	t.Parallel()
	h := newHouse(t, 0)
	kept, gone := h.create(t, "kept", "a"), h.create(t, "gone", "b")
	testkit.Must(t, h.vault.Delete(t.Context(), secret.Place{Region: "eu", ID: gone.ID}))
	_, err := h.vault.Add(t.Context(), secret.Place{Region: "eu", ID: kept.ID}, *value("orphan"))
	testkit.Must(t, err)
	h.orphan(t, h.openAs(t, "another"))
	whole := h.orphan(t, h.vault)
	h.clock.advance(25 * time.Hour)
	lines, sentence := h.says(t, reconcile.Plan{})
	line := `level=%s msg="the vault and the database differ" kind=%s region=eu secret=%s number=%d%s ended=false ` +
		"dryRun=false\n"
	orphans := []string{fmt.Sprintf(line, "WARN", "orphan", kept.ID, 2, ""),
		fmt.Sprintf(line, "WARN", "orphan", whole.ID, 0, "")}
	wantSays(t, "at first", lines+sentence,
		fmt.Sprintf(line, "ERROR", "missing", gone.ID, 0, " since=0001-01-01T00:00:00.000Z")+
			orphans[0]+orphans[1]+
			"level=INFO msg=reconciled secrets=3 versions=2 foreign=1 findings=3 dryRun=false\n")
	h.sql(t, `UPDATE upkeep.instance SET run = 0`)
	const behind = "The database has 0 runs on record, the vault in eu has 1: the database was restored from before, " +
		"or is a copy. Nothing was touched. If it is the right one, say so: `data-api reconcile --adopt`."
	lines, sentence = h.says(t, reconcile.Plan{})
	wantSays(t, "behind", lines+sentence,
		`level=ERROR msg="reconciling was stopped: nothing was destroyed" error="CONFLICT: `+behind+`"`+
			"\nCONFLICT: "+behind)
	for range 9 {
		h.orphan(t, h.vault)
	}
	_, sentence = h.says(t, reconcile.Plan{Adopt: true})
	wantSays(t, "many", sentence, "CONFLICT: Of 14 secrets and versions in the vault, 11 have no row: more than 10, "+
		"and "+
		"more than 1 in 100. Nothing was touched. Is this the right database?")
}

package object_test

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/reconcile"
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
	r := object.NewReconciler(h.DB.Objects(), h.Store, h.today,
		slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{ReplaceAttr: drop})))
	if _, err := r.Reconcile(bg, p); err != nil {
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
	h := newHouse(t)
	first := h.orphan(t)
	lost := object.BlobPlace("eu", h.keep(t, "lost", "text/plain", "bytes").Current.BlobID)
	testkit.Must(t, h.Drop(bg, lost))
	_, sentence := h.says(t, reconcile.Plan{})
	wantSays(t, "no mark", sentence, "CONFLICT: The bucket of eu bears no deployment's mark, and has 1 blobs without "+
		"a row. Nothing was touched. If it is this database's, say so: `data-api reconcile --adopt`.")
	lines, sentence := h.says(t, reconcile.Plan{Adopt: true})
	wantSays(t, "adopted", lines+sentence,
		`level=ERROR msg="a bucket and the database differ" kind=lost region=eu name=`+
			lost.Name+` since=0001-01-01T00:00:00.000Z ended=false dryRun=false
level=WARN msg="a bucket and the database differ" kind=orphan region=eu name=`+first.Name+` ended=false dryRun=false
level=INFO msg=reconciled blobs=1 staged=0 foreign=0 lost=1 findings=2 dryRun=false
`)
	h.sql(t, `UPDATE upkeep.instance SET bucket_run = 0`)
	const behind = "The database has 0 runs on record, the bucket of eu has 1: the database was restored from " +
		"before, " +
		"or is a copy. Nothing was touched. If it is the right one, say so: `data-api reconcile --adopt`."
	lines, sentence = h.says(t, reconcile.Plan{})
	wantSays(t, "behind", lines+sentence,
		`level=ERROR msg="reconciling was stopped: nothing was dropped" error="CONFLICT: `+
			behind+`"`+"\nCONFLICT: "+behind)
	for range 10 {
		h.orphan(t)
	}
	_, sentence = h.says(t, reconcile.Plan{Adopt: true})
	wantSays(t, "many", sentence, "CONFLICT: Of 11 blobs in the buckets, 11 have no row: more than 10, and more than "+
		"1 "+
		"in 100. Nothing was touched. Is this the right database?")
	h.sql(t, `UPDATE upkeep.instance SET id = gen_random_uuid()`)
	_, sentence = h.says(t, reconcile.Plan{Adopt: true})
	wantSays(t, "another", sentence, "CONFLICT: The bucket of eu belongs to another deployment than this database. "+
		"Nothing was touched. Is this the right database?")
}

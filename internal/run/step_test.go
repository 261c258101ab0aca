package run_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/testkit"
	"github.com/provenanceone/data-api/internal/upload"
)

func (y *yard) request(key string) upload.BeginRequest {
	return upload.BeginRequest{DatastoreID: y.in, Key: key, ContentType: "text/csv", TTL: time.Hour}
}

func TestGet_OfWhatHasJustLanded_SettlesItAndGivesItsText(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.lands(y.request("reports/2026-05-01.csv"), "day,amount\n2026-05-01,12\n")
	got := y.do(y.step(run.Get, "reports/2026-05-01.csv"))
	if text := got.Content.Text(); text == nil || *text != "day,amount\n2026-05-01,12\n" || got.Content.Truncated ||
		got.DownloadURL != "" || got.Version.Version != 1 {
		t.Errorf("got %+v", got)
	}
	if want := "datastore.upload_url_created ALLOWED, datastore.object_created ALLOWED, datastore.object_read " +
		"ALLOWED, datastore.step_executed ALLOWED"; y.record() != want {
		t.Errorf("on record are %s", y.record())
	}
}

func TestGet_GoesOnRecord_OfTheVersionByBothActions(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	v := y.putText("a", "one")
	y.do(y.step(run.Get, "a"))
	for _, action := range []string{"datastore.object_created", "datastore.object_read"} {
		got := y.text(`SELECT concat_ws(' ', s.target_kind, s.target_id = o.target_id, s.target_label,
			s.actor_id = o.actor_id, s.request_id = o.request_id)
			FROM audit_event o JOIN audit_event s ON s.details->>'partId' = o.id::text
			AND s.action = 'datastore.step_executed' WHERE o.action = $1`, action)
		if got != "object t a t t" {
			t.Errorf("%s is part of: %s", action, got)
		}
		details := y.text(`SELECT concat_ws(' ', details->>'runId', details->>'stepId', details->>'step',
			details->>'version', details->>'datastoreId')
			FROM audit_event WHERE action = $1`, action)
		want := fmt.Sprintf("run-1 step-1 %s 1 %s",
			map[bool]run.StorageAction{true: run.Put, false: run.Get}[action == "datastore.object_created"], y.in)
		if details != want {
			t.Errorf("%s says %s, want %s", action, details, want)
		}
		if n := y.text(`SELECT count(*) FROM audit_event WHERE action = 'datastore.step_executed'
			AND details @> jsonb_build_object('runId', 'run-1', 'versionId', $1::text)`, v.ID); n != "2" {
			t.Errorf("%s steps name the version", n)
		}
	}
}

func TestGet_OfAnObjectOf256KiB_IsInline_AndOfOneByteMoreIsAURL(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	content := strings.Repeat("0123456789abcdef", object.MaxContentBytes/16)
	y.lands(y.request("n"), content)
	y.lands(y.request("n+1"), content+"!")
	if got := y.do(y.step(run.Get, "n")); string(got.Content.Bytes) != content || got.DownloadURL != "" {
		t.Errorf("inline are %d bytes, and the URL %q", len(got.Content.Bytes), got.DownloadURL)
	}
	got := y.do(y.step(run.Get, "n+1"))
	if got.Content != nil || got.Version.SizeBytes != object.MaxContentBytes+1 {
		t.Fatalf("got %+v", got)
	}
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, got.DownloadURL, nil)
	testkit.Must(t, err)
	if status, body := y.send(req); status != http.StatusOK || body != content+"!" {
		t.Errorf("the URL answers %d with %d bytes", status, len(body))
	}
	if n := y.text(`SELECT count(*) FROM audit_event
		WHERE action IN ('datastore.object_read', 'datastore.step_executed') AND details->>'how' = 'download-url'`); n != "2" {
		t.Errorf("%s events of a URL", n)
	}
}

func TestGet_WhatIsNoUTF8_HasNoText(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	s := y.step(run.Put, "raw")
	s.Bytes = []byte{0xff, 0x00, 'a'}
	y.do(s)
	got := y.do(y.step(run.Get, "raw"))
	if got.Content.Text() != nil || string(got.Content.Bytes) != "\xff\x00a" ||
		got.Version.ContentType != "application/octet-stream" {
		t.Errorf("got %q of %s", got.Content.Bytes, got.Version.ContentType)
	}
}

func TestGet_OfNothing_IsNotFoundAndNotOnRecord(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.putText("a", "one")
	for _, key := range []string{"b", "A", "", "a\x00", "\xff", strings.Repeat("k", 901), "u\u0308"} {
		wantField(t, y.refused(y.step(run.Get, key)), fault.NotFound, "key")
	}
	for _, v := range []int32{0, 2, -1} {
		s := y.step(run.Get, "a")
		s.Version = &v
		wantField(t, y.refused(s), fault.NotFound, "version")
	}
}

func TestExecute_InADatastoreThatIsNotThere_IsNotFoundWhateverItDoes(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.putText("a", "one")
	said := map[string]bool{}
	for _, s := range []run.Step{y.step(run.Get, "a"), {Run: first, Action: run.List}, y.step(run.Delete, "a"), {
		Run:    first,
		Action: run.Put,
		Key:    new("a"),
		Text:   new("two"),
	}} {
		s.DatastoreID = y.in
		_, foreign := y.Execute(t.Context(), y.globex, s)
		s.DatastoreID = "01980000-0000-7000-8000-00000000dead"
		_, unknown := y.Execute(t.Context(), y.globex, s)
		s.DatastoreID = "x"
		_, malformed := y.Execute(t.Context(), y.globex, s)
		for _, err := range []error{foreign, unknown, malformed} {
			wantField(t, err, fault.NotFound, "datastoreId")
			said[err.Error()] = true
		}
	}
	if len(said) != 1 {
		t.Errorf("they can be told apart: %v", said)
	}
	if blobs := y.bucket(); len(blobs) != 1 {
		t.Errorf("storage holds %v", blobs)
	}
}

func TestList_GivesPagesByKey_AndIsOnRecordBeforeItLeaves(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	for _, key := range []string{"b/1", "a", "b/2", "b/3", "c"} {
		y.putText(key, key)
	}
	y.lands(y.request("b/4"), "landed")
	list := run.Step{Run: second, Action: run.List, DatastoreID: y.in, Prefix: new("b/"), First: new(int32(3))}
	listed := y.do(list).Objects
	if got := keys(listed.Items); !slices.Equal(got, []string{"b/1", "b/2", "b/3"}) || !listed.HasNext {
		t.Errorf("the first page is %v", got)
	}
	list.After = new(listed.Keys[2].Cursor())
	if got := keys(y.do(list).Objects.Items); !slices.Equal(got, []string{"b/4"}) {
		t.Errorf("the second page is %v", got)
	}
	if got := keys(y.do(run.Step{Run: second, Action: run.List, DatastoreID: y.in}).Objects.Items); len(got) != 6 {
		t.Errorf("all are %v", got)
	}
	if got := y.text(`SELECT string_agg(concat_ws(' ', target_kind, target_label, details->>'stepId',
		details->>'prefix', details->>'objects'), ', ' ORDER BY id)
		FROM audit_event WHERE action = 'datastore.step_executed' AND details->>'step' = 'LIST'`); got != "datastore reports step-2 b/ 3, datastore reports step-2 b/ 1, datastore reports step-2  6" {
		t.Errorf("on record: %s", got)
	}
}

func wantField(t *testing.T, err error, kind fault.Kind, field string) {
	t.Helper()
	if got := wantKind(t, err, kind, "field"); got != field {
		t.Errorf("it names %v, not %s: %v", got, field, err)
	}
}

func keys(all []object.Object) (keys []string) {
	for _, o := range all {
		keys = append(keys, o.Key)
	}
	return keys
}

func TestDelete_IfItsVersionIsCurrent_DeletesOnRecordByBothActions(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.putText("a", "one")
	y.putText("a", "two")
	s := y.step(run.Delete, "a")
	for _, v := range []int32{0, 1, 3} {
		s.IfVersion = &v
		if current := wantKind(t, y.refused(s), fault.Conflict, "currentVersion"); current != int32(2) {
			t.Errorf("it says %v", current)
		}
	}
	s.IfVersion = new(int32(2))
	if done := y.do(s); done != (run.StepResult{}) {
		t.Errorf("it answers %+v", done)
	}
	if blobs := y.bucket(); len(blobs) != 0 {
		t.Errorf("storage holds %v", blobs)
	}
	if got := y.text(`SELECT string_agg(concat_ws(' ', action, risk, target_label, details->>'version',
		details->>'step'), ', ' ORDER BY action) FROM audit_event
		WHERE details->>'step' = 'DELETE'`); got != "datastore.object_deleted MEDIUM a 2 DELETE, "+
		"datastore.step_executed LOW a 2 DELETE" {
		t.Errorf("on record: %s", got)
	}
	wantField(t, y.refused(s), fault.NotFound, "key")
}

func TestDelete_SentAgainWithItsKey_IsDoneOnce(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	y.putText("a", "one")
	s := y.step(run.Delete, "a")
	s.IdempotencyKey = new("k")
	y.do(s)
	y.putText("a", "new")
	y.do(s)
	if got := y.do(y.step(run.Get, "a")); string(got.Content.Bytes) != "new" {
		t.Errorf("it has %q", got.Content.Bytes)
	}
	s.Key = new("b")
	wantField(t, y.refused(s), fault.IdempotencyMismatch, "idempotencyKey")
}

func TestExecute_WithAFieldTooManyOrTooFew_NamesIt(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	fields := map[string]func(*run.Step){
		"key":            func(s *run.Step) { s.Key = new("a") },
		"prefix":         func(s *run.Step) { s.Prefix = new("") },
		"version":        func(s *run.Step) { s.Version = new(int32(1)) },
		"ifVersion":      func(s *run.Step) { s.IfVersion = new(int32(1)) },
		"text":           func(s *run.Step) { s.Text = new("") },
		"base64":         func(s *run.Step) { s.Bytes = []byte{} },
		"contentType":    func(s *run.Step) { s.ContentType = new("text/csv") },
		"first":          func(s *run.Step) { s.First = new(int32(1)) },
		"after":          func(s *run.Step) { s.After = new("") },
		"idempotencyKey": func(s *run.Step) { s.IdempotencyKey = new("k") },
	}
	used := map[run.StorageAction][]string{
		run.Get:    {"key", "version"},
		run.Put:    {"key", "ifVersion", "text", "base64", "contentType", "idempotencyKey"},
		run.List:   {"prefix", "first", "after"},
		run.Delete: {"key", "ifVersion", "idempotencyKey"},
	}
	for action, uses := range used {
		whole := run.Step{Run: first, Action: action, DatastoreID: y.in}
		for field, set := range fields {
			s := whole
			if action != run.List {
				s.Key = new("a")
			}
			if action == run.Put {
				s.Text = new("one")
			}
			set(&s)
			if !slices.Contains(uses, field) {
				wantField(t, y.refused(s), fault.Invalid, field)
			}
		}
		if action != run.List {
			wantField(t, y.refused(whole), fault.Invalid, "key")
		}
	}
	neither, both := y.step(run.Put, "a"), y.step(run.Put, "a")
	both.Text, both.Bytes = new(""), []byte{}
	wantField(t, y.refused(neither), fault.Invalid, "text")
	wantField(t, y.refused(both), fault.Invalid, "base64")
}

func TestExecute_WithHostileInput_NamesTheFieldAndDoesNothing(t *testing.T) {
	t.Parallel()
	y := newYard(t)
	text := new("one")
	for field, bad := range map[string][]run.Step{
		"runId": {{Action: run.List}, {Run: run.Run{RunID: "ü", StepID: "s"}, Action: run.List},
			{Run: run.Run{RunID: strings.Repeat("r", ident.MaxExternalID+1), StepID: "s"}, Action: run.List}},
		"stepId": {{Run: run.Run{RunID: "r", StepID: "a\n"}, Action: run.List}},
		"ifVersion": {{
			Run:       first,
			Action:    run.Put,
			Key:       new("a"),
			Text:      text,
			IfVersion: new(int32(-1)),
		}, {Run: first, Action: run.Delete, Key: new("a"), IfVersion: new(int32(-1))}},
		"key": {{
			Run:    first,
			Action: run.Put,
			Key:    new(""),
			Text:   text,
		}, {
			Run:    first,
			Action: run.Put,
			Key:    new("a\x00"),
			Text:   text,
		}, {
			Run:    first,
			Action: run.Put,
			Key:    new("\xff"),
			Text:   text,
		}, {Run: first, Action: run.Put, Key: new(strings.Repeat("k", 901)), Text: text}},
		"contentType": {{
			Run:         first,
			Action:      run.Put,
			Key:         new("a"),
			Text:        text,
			ContentType: new("text/csv\r\nx: y"),
		}, {Run: first, Action: run.Put, Key: new("a"), Text: text, ContentType: new("")}},
		"first": {{
			Run:    first,
			Action: run.List,
			First:  new(int32(0)),
		}, {Run: first, Action: run.List, First: new(int32(101))}},
		"after":          {{Run: first, Action: run.List, After: new("no cursor")}},
		"idempotencyKey": {{Run: first, Action: run.Put, Key: new("a"), Text: text, IdempotencyKey: new("")}},
	} {
		for _, s := range bad {
			s.DatastoreID = y.in
			wantField(t, y.refused(s), fault.Invalid, field)
		}
	}
}

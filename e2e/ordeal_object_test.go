package e2e

import (
	"fmt"
	"strings"
)

// What is uploaded first, and then.
const oldText, newText = "day,amount", "day,amount,currency"

// objectOrdeals are operations on what a datastore holds. In an attempt, id is of the datastore, name is a key in it,
// and key is of an upload.
var objectOrdeals = map[string]ordeal{
	"create an upload URL": {
		prepare: holds(),
		mutation: `mutation($s: ID!, $n: String!, $k: String!) { createUploadURL(input: {datastoreId: $s, key: $n, contentType: "text/plain", maxBytes: "64", idempotencyKey: $k}) {
			url upload { id } } }`,
		check: func(a *attempt, first, second answer) {
			a.key = second.text("data", "createUploadURL", "upload", "id")
			if id := first.text("data", "createUploadURL", "upload", "id"); id != "" && id != a.key {
				a.t.Errorf("%s was acknowledged as upload %s and is %s", a.name, id, a.key)
			}
			a.put(second.text("data", "createUploadURL", "url"), "text/plain", 64, strings.NewReader(newText), 200)
			a.wantEventsOf(a.key, "datastore.upload_url_created", 1)
			a.reads(a.name, newText, 1)
			a.weighs(1, len(newText))
		},
	},
	"complete an upload": {
		prepare:  holds(landed),
		mutation: `mutation($r: ID!) { completeUpload(input: {uploadId: $r}) { upload { state } object { id } } }`,
		check: func(a *attempt, _, second answer) {
			if second.text("data", "completeUpload", "upload", "state") != "COMPLETED" {
				a.t.Errorf("%s: %s", a.name, second.body)
			}
			a.reads(a.name, newText, 1)
			a.wantEventsOf(second.text("data", "completeUpload", "object", "id"), "datastore.object_created", 1)
			a.weighs(1, len(newText))
		},
	},
	"overwrite": {
		prepare:  holds(kept, landed),
		mutation: `mutation($r: ID!) { completeUpload(input: {uploadId: $r}) { upload { state } object { id } } }`,
		check: func(a *attempt, _, second answer) {
			a.reads(a.name, newText, 2)
			a.wantEventsOf(second.text("data", "completeUpload", "object", "id"), "datastore.object_created", 2)
			a.weighs(1, len(newText))
		},
	},
	"settle by reading": {
		prepare:  holds(kept, landed),
		mutation: `query($s: ID!, $n: String!) { datastore(id: $s) { object(key: $n) { current { version } } } }`,
		check: func(a *attempt, _, _ answer) {
			a.reads(a.name, newText, 2)
			a.weighs(1, len(newText))
		},
	},
	"delete an object": {
		prepare:  holds(kept),
		mutation: `mutation($s: ID!, $n: String!) { deleteObject(input: {datastoreId: $s, key: $n}) { objectId } }`,
		check: func(a *attempt, first, second answer) {
			if first.code() == "" && first.status == 200 && second.code() != "NOT_FOUND" {
				a.t.Errorf("%s was deleted, and then %s", a.name, second.body)
			}
			a.isGone()
		},
	},
	"delete by prefix": {
		prepare:  holds(kept, other, landed),
		mutation: `mutation($s: ID!) { deleteObjects(input: {datastoreId: $s, prefix: "", dryRun: false}) { objectCount deletion { id } } }`,
		check: func(a *attempt, first, second answer) {
			if second.text("data", "deleteObjects", "deletion", "id") == "" {
				a.t.Errorf("%s: %s", a.name, second.body)
			}
			if first.status == 200 && first.code() == "" && first.text("data", "deleteObjects", "objectCount") != "2" {
				a.t.Errorf("%s: %s", a.name, first.body)
			}
		},
		settled: (*attempt).isGone,
	},
	"delete a datastore by force": {
		prepare:  holds(kept, other, landed),
		mutation: `mutation($s: ID!) { deleteDatastore(input: {datastoreId: $s, force: true}) { deletion { id } } }`,
		check: func(a *attempt, first, second answer) {
			if acknowledged := first.status == 200 && first.code() == ""; acknowledged &&
				second.code() != "NOT_FOUND" || second.code() != "" && second.code() != "NOT_FOUND" {
				a.t.Errorf("%s: first %s, then %s", a.name, first.body, second.body)
			}
			if got := a.do(a.admin, `query($s: ID!) { datastore(id: $s) { id } }`,
				map[string]any{"s": a.id}); got.at("data", "datastore") != nil {
				a.t.Errorf("%s is still there", a.name)
			}
			a.wantEventsOf(a.id, "datastore.deleted", 1)
		},
		settled: func(a *attempt) {
			a.isGone()
			if got := a.usage(a.admin); !strings.HasSuffix(got, " 0 reserved") {
				a.t.Errorf("%s: %s", a.name, got)
			}
		},
	},
}

// holds prepares a datastore, and what is in it.
func holds(all ...func(*attempt)) func(*attempt) {
	return func(a *attempt) {
		a.id = a.do(a.admin, `mutation($n: String!) { createDatastore(input: {name: $n}) { datastore { id } } }`,
			map[string]any{"n": a.name}).text("data", "createDatastore", "datastore", "id")
		for _, one := range all {
			one(a)
		}
	}
}

// upload has bytes arrive at a key.
func (a *attempt) upload(key, content string) (id string) {
	got := a.do(a.admin, `mutation($s: ID!, $n: String!) { createUploadURL(input: {datastoreId: $s, key: $n, contentType: "text/plain", maxBytes: "64"}) { url upload { id } } }`,
		map[string]any{"s": a.id, "n": key})
	if id = got.text("data", "createUploadURL", "upload", "id"); id == "" {
		a.t.Fatalf("preparing %s: %s", a.name, got.body)
	}
	a.put(got.text("data", "createUploadURL", "url"), "text/plain", 64, strings.NewReader(content), 200)
	return id
}

func (a *attempt) complete(id string) {
	got := a.do(a.admin, `mutation($u: ID!) { completeUpload(input: {uploadId: $u}) { upload { state } } }`,
		map[string]any{"u": id})
	if got.text("data", "completeUpload", "upload", "state") != "COMPLETED" {
		a.t.Fatalf("preparing %s: %s", a.name, got.body)
	}
}

// landed is an upload that nobody has settled; kept and other are objects.
func landed(a *attempt) { a.key = a.upload(a.name, newText) }
func kept(a *attempt)   { a.complete(a.upload(a.name, oldText)) }
func other(a *attempt)  { a.complete(a.upload(a.name+"/other", oldText)) }

// reads checks what is at a key.
func (a *attempt) reads(key, content string, version int) {
	got := a.do(a.admin, `query($s: ID!, $n: String!) { datastore(id: $s) { object(key: $n) { current { version content { text } } } } }`, map[string]any{"s": a.id, "n": key})
	at := func(path ...string) any {
		return got.at(append([]string{"data", "datastore", "object", "current"}, path...)...)
	}
	if at("content", "text") != content || fmt.Sprint(at("version")) != fmt.Sprint(version) {
		a.t.Errorf("at %s is not version %d as it should be: %s", key, version, got.body)
	}
}

// weighs checks how much the datastore holds.
func (a *attempt) weighs(objects, bytes int) {
	got := a.do(a.admin, `query($s: ID!) { datastore(id: $s) { objectCount usedBytes } }`, map[string]any{"s": a.id})
	if got.text("data", "datastore", "objectCount") != fmt.Sprint(objects) ||
		got.text("data", "datastore", "usedBytes") != fmt.Sprint(bytes) {
		a.t.Errorf("%s does not hold %d objects and %d bytes: %s", a.name, objects, bytes, got.body)
	}
}

func (a *attempt) wantEventsOf(target, action string, events int) {
	got := a.do(a.admin, `query($t: ID!, $a: String!) { auditEvents(first: 100, filter: {targetId: $t, action: $a}) { nodes { id } } }`, map[string]any{"t": target, "a": action})
	if nodes, _ := got.at("data", "auditEvents", "nodes").([]any); len(nodes) != events {
		a.t.Errorf("%s has %d events %s, want %d", a.name, len(nodes), action, events)
	}
}

// isGone checks that the datastore has no object any more, and that each one's end is on record once.
func (a *attempt) isGone() {
	var left, unrecorded int
	if err := a.rows.QueryRow(`SELECT (SELECT count(*) FROM object WHERE datastore_id = $1),
		(SELECT count(*) FROM (SELECT target_id FROM audit_event WHERE details->>'datastoreId' = $1::text
		AND action IN ('datastore.object_created', 'datastore.object_deleted')
			GROUP BY target_id HAVING count(*) FILTER (WHERE action = 'datastore.object_deleted') <> 1) q)`, a.id).
		Scan(&left, &unrecorded); err != nil || left+unrecorded > 0 {
		a.t.Errorf("%s: %d objects are left, the end of %d is not on record once; %v", a.name, left, unrecorded, err)
	}
}

package e2e

import "github.com/provenanceone/data-api/internal/authz"

// stepOrdeals are steps of a run in a datastore, by a runtime's key.
var stepOrdeals = map[string]ordeal{
	"put by a step": {
		prepare: holds(kept, byRuntime),
		mutation: `mutation($s: ID!, $n: String!, $k: String!) { runStorageStep(input: {run: {runId: "r", stepId: "s"}, action: PUT, datastoreId: $s, key: $n,
			text: "` + newText + `", contentType: "text/plain", ifVersion: 1, idempotencyKey: $k}) { version { id version object { id } } } }`,
		check: func(a *attempt, first, second answer) {
			id := second.text("data", "runStorageStep", "version", "id")
			if acknowledged := first.text("data", "runStorageStep", "version", "id"); id == "" || acknowledged != "" &&
				acknowledged != id {
				a.t.Errorf("%s: first %s, then %s", a.name, first.body, second.body)
			}
			a.reads(a.name, newText, 2)
			a.weighs(1, len(newText))
			a.wantEventsOf(second.text("data", "runStorageStep", "version", "object", "id"),
				"datastore.step_executed", 1)
			a.wantEventsOf(second.text("data", "runStorageStep", "version", "object", "id"),
				"datastore.object_created", 2)
		},
	},
	"delete by a step": {
		prepare: holds(kept, byRuntime),
		mutation: `mutation($s: ID!, $n: String!, $k: String!) { runStorageStep(input: {run: {runId: "r", stepId: "s"},
			action: DELETE, datastoreId: $s, key: $n,
			idempotencyKey: $k}) { version { id } } }`,
		check: func(a *attempt, first, second answer) {
			if second.code() != "" {
				a.t.Errorf("%s: first %s, then %s", a.name, first.body, second.body)
			}
			a.isGone()
		},
	},
}

// byRuntime has a runtime's key send the operation.
func byRuntime(a *attempt) { a.who = a.apiKey("acme", authz.RunsExecute) }

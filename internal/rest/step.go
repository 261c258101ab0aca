package rest

import "net/http"

// stepOutput is what a storage step answers. What its action does not have is null.
type stepOutput struct {
	Object      *file       `json:"object" doc:"get, put: the version read or written; null if it is not kept any more."`
	Text        *string     `json:"text" doc:"get: the content of an object of at most 256 KiB, if it is UTF-8."`
	Base64      *string     `json:"base64" doc:"get: the content of an object of at most 256 KiB."`
	DownloadURL *string     `json:"downloadUrl" doc:"get: a URL of a larger object's content, for a quarter of an hour."`
	Objects     *page[file] `json:"objects" doc:"list: the objects by key."`
}

// stepResult is what a storage step answers as GraphQL has it.
type stepResult struct {
	Version *struct {
		Object struct{ Key string }
		version
	}
	Content     *struct{ Text, Base64 *string }
	DownloadURL *string
	Objects     *connection[stored]
}

func (in stepResult) output() stepOutput {
	out := stepOutput{DownloadURL: in.DownloadURL}
	if in.Version != nil {
		written := in.Version.file(in.Version.Object.Key)
		out.Object = &written
	}

	if in.Content != nil {
		out.Text, out.Base64 = in.Content.Text, in.Content.Base64
	}

	if in.Objects != nil {
		listed := filesOf(*in.Objects)
		out.Objects = &listed
	}

	return out
}

var storageStep = route{
	method:  http.MethodPost,
	path:    "/runs/{runId}/steps/{stepId}/storage",
	name:    "runStorageStep",
	summary: "Execute a workflow's storage step.",
	about: "The body is the step as a workflow configures it: `action`, `datastoreId` and what the action uses; " +
		"a member that it does not use is refused. Called by the workflow runtime, with an API key that has " +
		"runs:execute. " +
		"On record as datastore.step_executed, and as what it did to an object.",
	operation: `mutation($input: StorageStepInput!) { result: runStorageStep(input: $input) { ` +
		`version { object { key } ` + versionFields[1:] +
		` content { text base64 } downloadURL objects { nodes ` + storedFields +
		` pageInfo { endCursor hasNextPage } } } }`,
	inputs: []input{
		{
			in: inPath, name: "runId", to: "input.run.runId",
			doc: "The platform's id of the run: 1 to 128 printable ASCII characters.",
		},
		{
			in: inPath, name: "stepId", to: "input.run.stepId",
			doc: "The platform's id of the step: 1 to 128 printable ASCII characters.",
		},
		{
			in:       inBody,
			name:     "action",
			to:       "input.action",
			required: true,
			kind:     choice,
			of:       []string{"get", "put", "list", "delete"},
			doc:      "What the step does. Upper case means the same.",
		},
		{in: inBody, name: "datastoreId", required: true},
		body("key", text, "get, put, delete: required."),
		body("version", whole, "get: the current one by default."),
		body("text", text, "put: the content as text, at most 256 KiB. Either this or `base64` is required."),
		body("base64", text, "put: the content as base64, at most 256 KiB once decoded."),
		body("contentType", text, "put: `text/plain; charset=utf-8` by default for text, "+
			"`application/octet-stream` for base64."),
		body("ifVersion", whole, "put, delete: only while this is the key's current version; for put, 0 means the "+
			"key must be new."),
		body("prefix", text, "list: objects whose key starts with this; all by default."),
		{
			in: inBody, name: "limit", to: "input.first", kind: whole,
			doc: "list: objects of a page, 1 to 100; 100 by default.",
		},
		{in: inBody, name: "cursor", to: "input.after", doc: "list: the `nextCursor` of the page before."},
		{
			in:   inHeader,
			name: "Idempotency-Key",
			to:   "input.idempotencyKey",
			doc:  "put, delete: " + idempotencyKey.doc,
		},
	},
	answer: answers(http.StatusOK, stepResult.output),
}

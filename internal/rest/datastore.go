package rest

import (
	"net/http"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// actor is who did something, as it was known at the time.
type actor struct {
	Kind        string  `json:"kind" enum:"USER,API_KEY,SYSTEM"`
	PrincipalID *string `json:"principalId" doc:"The member's or API key's id; null for the system itself."`
	Label       string  `json:"label" doc:"An email address, or a key's name."`
}

// datastore is a flat namespace of objects.
type datastore struct {
	ID             string    `json:"id"`
	Name           string    `json:"name"`
	Description    *string   `json:"description"`
	MaxObjectBytes *big      `json:"maxObjectBytes" doc:"The largest object it takes; null means the deployment's limit."`
	ContentTypes   []string  `json:"contentTypes" doc:"Content types it takes, exact or type/*; empty means any."`
	KeepVersions   int       `json:"keepVersions" doc:"Versions kept of each key, the current one included."`
	ObjectCount    big       `json:"objectCount"`
	UsedBytes      big       `json:"usedBytes" doc:"Bytes of all its object versions."`
	CreatedAt      time.Time `json:"createdAt"`
	CreatedBy      actor     `json:"createdBy"`
	UpdatedAt      time.Time `json:"updatedAt"`
}

const datastoreFields = `{ id name description maxObjectBytes contentTypes keepVersions objectCount usedBytes createdAt createdBy { kind principalId label } updatedAt }`

var errNoDatastore = fault.Field(fault.NotFound, "id", "There is no such datastore in this workspace.")

func datastoreRoutes() []route {
	return []route{
		{
			method:  http.MethodPost,
			path:    "/datastores",
			name:    "createDatastore",
			summary: "Create a datastore.",
			operation: `mutation($input: CreateDatastoreInput!) { result: createDatastore(input: $input) { datastore ` +
				datastoreFields + ` } }`,
			inputs: []input{
				required(body("name", text, "1 to 120 characters, unique in the workspace.")),
				body("description", text, "At most 2,000 characters."),
				body("maxObjectBytes", wide, "The largest object it takes; the deployment's limit by default."),
				body("contentTypes", texts, "Content types it takes, exact or type/*; any by default."),
				body("keepVersions", whole, "Versions kept of each key, 1 by default."),
				idempotencyKey,
			},
			answer: answers(http.StatusCreated,
				func(made struct{ Datastore datastore }) datastore { return made.Datastore }).
				at(func(body any) string {
					return "/datastores/" +
						body.(datastore).ID //nolint:forcetypeassert // as the line above has it
				}),
		}, {
			method:  http.MethodGet,
			path:    "/datastores",
			name:    "listDatastores",
			summary: "List datastores by name.",
			operation: `query($limit: Int, $cursor: String, $nameContains: String, $name: String) { result: datastores(first: $limit, after: $cursor, nameContains: $nameContains, name: $name) { nodes ` +
				datastoreFields + ` pageInfo { endCursor hasNextPage } totalCount } }`,
			inputs: paged(
				query("nameContains", text, "Those whose name has this text in it, whatever its case."),
				query("name", text, "The one with exactly this name."),
			),
			answer: answers(http.StatusOK, counted[datastore]),
		}, {
			method:    http.MethodGet,
			path:      "/datastores/{id}",
			name:      "getDatastore",
			summary:   "Get a datastore.",
			operation: `query($id: ID!) { result: datastore(id: $id) ` + datastoreFields + ` }`,
			inputs:    []input{pathID},
			answer:    asItIs[datastore](http.StatusOK),
			absent:    errNoDatastore,
		}, {
			method:  http.MethodDelete,
			path:    "/datastores/{id}",
			name:    "deleteDatastore",
			summary: "Delete a datastore.",
			about: "Refused with IN_USE while it has objects, unless forced: then they are deleted in the " +
				"background. Its open uploads are cancelled.",
			operation: `mutation($input: DeleteDatastoreInput!) { result: deleteDatastore(input: $input) { datastoreId } }`,
			inputs:    []input{datastoreID, {in: inQuery, name: "force", kind: truth}},
			answer:    nothing(),
		},
	}
}

var idempotencyKey = input{
	in:   inHeader,
	name: "Idempotency-Key",
	to:   "input.idempotencyKey",
	doc: "1 to 128 printable ASCII characters of your choice: within 24 hours the same request with the same key is " +
		"carried out once.",
}

// paged are the inputs of a list, with its own after those of every list.
func paged(own ...input) []input {
	return append([]input{
		{in: inQuery, name: "limit", argument: "first", kind: whole, doc: "Items of a page, 1 to 100; 20 by default."},
		{in: inQuery, name: "cursor", argument: "after", doc: "The `nextCursor` of the page before."},
	}, own...)
}

package rest

import (
	"net/http"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
)

// secret is a credential's name and history, never its value.
type secret struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	Description    *string    `json:"description"`
	Format         string     `json:"format" enum:"TEXT,JSON,BINARY" doc:"That of the current version."`
	Fields         []string   `json:"fields" doc:"The names of a JSON secret's top-level fields."`
	CurrentVersion int        `json:"currentVersion"`
	CreatedAt      time.Time  `json:"createdAt"`
	CreatedBy      actor      `json:"createdBy"`
	RotatedAt      time.Time  `json:"rotatedAt"`
	LastRevealedAt *time.Time `json:"lastRevealedAt"`
	LastInjectedAt *time.Time `json:"lastInjectedAt"`
	PurgeAt        *time.Time `json:"purgeAt" doc:"Set once it is deleted: when it is destroyed for good."`
}

const metadataFields = `{ id name description format fields currentVersion createdAt createdBy { kind principalId label } rotatedAt lastRevealedAt lastInjectedAt purgeAt }`

// rotation is a secret with the version that a rotation made.
type rotation struct {
	secret
	Version int `json:"version" doc:"The version that this request made."`
}

// revelation is a value, with the event that put it on record.
type revelation struct {
	SecretID     string  `json:"secretId"`
	Name         string  `json:"name"`
	Version      int     `json:"version"`
	Value        *string `json:"value" doc:"The value as text, a JSON secret's as JSON text; null when it is binary or sealed."`
	Base64       *string `json:"base64" doc:"The value's bytes; null when it is sealed."`
	Sealed       *string `json:"sealed" doc:"The value as only the holder of the private key reads it; null without recipientKey."`
	AuditEventID string  `json:"auditEventId"`
}

var errNoSecret = fault.Field(fault.NotFound, "id", "There is no such secret in this workspace.")

func valueInput(about string) input {
	return input{
		in:       inBody,
		name:     "value",
		kind:     credential,
		required: true,
		doc: about + ": a string, or a JSON object, whose fields can be revealed and injected one by one. At most 64 " +
			"KiB.",
	}
}

var secretID = input{in: inPath, name: "id", to: "input.secretId"}

func secretRoutes() []route {
	return []route{
		{
			method:  http.MethodPost,
			path:    "/secrets",
			name:    "createSecret",
			summary: "Keep a credential.",
			operation: `mutation($input: CreateSecretInput!) { result: createSecret(input: $input) { secret ` +
				metadataFields + ` } }`,
			inputs: []input{
				required(body("name", text, "1 to 120 of letters, digits, `_`, `-`, `.` and `/`.")),
				valueInput("The credential"),
				body("description", text, "At most 2,000 characters."),
				idempotencyKey,
			},
			answer: answers(http.StatusCreated, func(made struct{ Secret secret }) secret { return made.Secret }).
				at(func(body any) string {
					return "/secrets/" +
						body.(secret).ID //nolint:forcetypeassert // as the line above has it
				}),
		}, {
			method:  http.MethodGet,
			path:    "/secrets",
			name:    "listSecrets",
			summary: "List secrets by name, never their values.",
			operation: `query($limit: Int, $cursor: String, $filter: SecretFilter) { result: secrets(first: $limit, after: $cursor, filter: $filter) { nodes ` +
				metadataFields + ` pageInfo { endCursor hasNextPage } totalCount } }`,
			inputs: paged(
				input{
					in: inQuery, name: "nameContains", to: "filter.nameContains",
					doc: "Those whose name has this text in it, whatever its case.",
				},
				input{in: inQuery, name: "name", to: "filter.name", doc: "The one with exactly this name."},
				input{
					in: inQuery, name: "includeDeleted", to: "filter.includeDeleted", kind: truth,
					doc: "Also those that are deleted and can still be restored.",
				}),
			answer: answers(http.StatusOK, counted[secret]),
		}, {
			method:    http.MethodGet,
			path:      "/secrets/{id}",
			name:      "getSecret",
			summary:   "Get a secret's metadata, never its value.",
			operation: `query($id: ID!) { result: secret(id: $id) ` + metadataFields + ` }`,
			inputs:    []input{pathID},
			answer:    asItIs[secret](http.StatusOK),
			absent:    errNoSecret,
		}, {
			method:  http.MethodDelete,
			path:    "/secrets/{id}",
			name:    "deleteSecret",
			summary: "Delete a secret.",
			about: "Recoverable for a while; its name is free at once. Refused with IN_USE while an agent, " +
				"skill, connection or workflow references it, unless forced.",
			operation: `mutation($input: DeleteSecretInput!) { result: deleteSecret(input: $input) { secret { id } } }`,
			inputs: []input{
				secretID,
				query("force", truth, "Delete it although something references it."),
			},
			answer: nothing(),
		},
		rotate, reveal,
	}
}

var rotate = route{
	method:  http.MethodPost,
	path:    "/secrets/{id}/rotate",
	name:    "rotateSecret",
	summary: "Replace a secret's value.",
	about:   "Once this answers, no reveal of the current version and no new injection gets the old value.",
	operation: `mutation($input: RotateSecretInput!) { result: rotateSecret(input: $input) { secret ` + metadataFields +
		` version { version } } }`,
	inputs: []input{
		secretID,
		valueInput("The new credential"),
		body("ifVersion", whole, "Only while this is the current version."),
		body("endLeases", truth, "Also end the leases of runs that have the old value: for one that leaked."),
		idempotencyKey,
	},
	answer: answers(http.StatusOK, func(made struct {
		Secret  secret
		Version struct{ Version int }
	},
	) rotation {
		return rotation{made.Secret, made.Version.Version}
	}),
}

var reveal = route{
	method:  http.MethodPost,
	path:    "/secrets/{id}/reveal",
	name:    "revealSecret",
	summary: "Return a secret's value, on record.",
	about: "High-risk: the event secret.accessed, with actor, time, IP address and reason, is committed before the " +
		"value is read, and nothing suppresses it. " +
		"Admins, and API keys with secrets:read, only. The body may be empty.",
	operation: `mutation($input: RevealSecretInput!) { result: revealSecret(input: $input) { secret { id name } version value base64 sealed auditEventId } }`,
	inputs: []input{
		secretID,
		body("version", whole, "The current one by default."),
		body("field", text, "One top-level field of a JSON secret."),
		body("reason", text, "Why; on record. Required where the workspace says so."),
		body("recipientKey", text, "An X25519 public key in base64: then only `sealed` is returned."),
	},
	answer: answers(http.StatusOK, func(made struct {
		Secret struct{ ID, Name string }
		revelation
	},
	) revelation {
		made.SecretID, made.Name = made.Secret.ID, made.Secret.Name
		return made.revelation
	}),
}

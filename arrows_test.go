package main_test

// arrows are the imports of ours that each package has: no other one is allowed, and none is listed that is not there.
// What a noun knows of another noun are types of ids, unless a comment says more. Packages that put the program
// together are in wiring.
var arrows = map[string][]string{
	"client/runtime": {"client", "internal/redact", "internal/seal"},
	"dataloader": {"internal/datastore", "internal/object", "internal/reference", "internal/secret",
		"internal/upload"},
	"graph": {"dataloader", "internal/authz", "internal/ident", "internal/scalar", "internal/secret"},
	"internal/apikey": {
		"internal/audit", "internal/authz", "internal/fault", "internal/idempotency", "internal/ident",
		"internal/page",
	},
	"internal/audit":   {"internal/authz", "internal/fault", "internal/ident", "internal/page"},
	"internal/authn":   {"internal/authz", "internal/doctor", "internal/fault", "internal/ident"},
	"internal/authz":   {"internal/fault", "internal/ident"},
	"internal/breaker": {"internal/fault"},
	"internal/config":  {"internal/fault"},
	"internal/datastore": {
		"internal/audit", "internal/authz", "internal/fault", "internal/idempotency", "internal/ident",
		"internal/label", "internal/page",
	},
	// What is deleted are the objects of a datastore.
	"internal/deletion": {
		"internal/audit", "internal/authz", "internal/datastore", "internal/fault", "internal/ident",
		"internal/object",
	},
	"internal/document": {"internal/authz", "internal/fair", "internal/fault", "internal/outcome",
		"internal/ratelimit", "internal/trace"},
	"internal/embedded/oidc":          {"internal/fault"},
	"internal/embedded/postgres":      {"internal/childproc", "internal/fault"},
	"internal/embedded/secretmanager": {"internal/fault"},
	// A workspace ends in all stores; what is where are types of these nouns.
	"internal/erasure": {"internal/authz", "internal/fault", "internal/ident", "internal/object", "internal/reconcile",
		"internal/secret"},
	"internal/fair": {"internal/fault"},
	"internal/gcs": {"internal/breaker", "internal/doctor", "internal/fault", "internal/object", "internal/reconcile",
		"internal/trace", "internal/upload"},
	"internal/httpserver": {"internal/authz", "internal/fair", "internal/fault", "internal/ident",
		"internal/outcome", "internal/ratelimit", "internal/trace"},
	"internal/idempotency": {"internal/audit", "internal/authz", "internal/fault", "internal/ident"},
	"internal/ident":       {"internal/fault"},
	"internal/jobs":        {"internal/fault", "internal/trace"},
	"internal/label":       {"internal/fault", "internal/ident"},
	"internal/login":       {"internal/fault"},
	// Keys end with the membership of whoever created them.
	"internal/member": {
		"internal/apikey", "internal/audit", "internal/authz", "internal/fault", "internal/ident", "internal/page",
		"internal/run",
	},
	"internal/node": {"internal/authz", "internal/fault", "internal/ident"},
	"internal/object": {
		"internal/audit", "internal/authz", "internal/datastore", "internal/fault", "internal/idempotency",
		"internal/ident", "internal/page", "internal/reconcile",
	},
	"internal/page":   {"internal/fault"},
	"internal/pgtest": {"internal/childproc", "internal/embedded/postgres", "migrations"},
	"internal/testkit": {"internal/authz", "internal/embedded/gcs", "internal/embedded/secretmanager", "internal/fault",
		"internal/gcs", "internal/ident", "internal/member", "internal/pgtest", "internal/postgres",
		"internal/secretmanager", "internal/workspace"},
	"internal/postgres": {
		"internal/apikey", "internal/audit", "internal/authn", "internal/authz", "internal/datastore",
		"internal/deletion", "internal/doctor", "internal/erasure", "internal/fair", "internal/fault",
		"internal/idempotency",
		"internal/ident", "internal/label", "internal/member", "internal/node", "internal/object", "internal/page", "internal/reconcile",
		"internal/reference", "internal/run", "internal/secret", "internal/trace", "internal/trusted", "internal/upload",
		"internal/workspace",
		"migrations",
	},
	"internal/ratelimit": {"internal/fault"},
	"internal/reconcile": {"internal/fault"},
	"internal/reference": {
		"internal/audit", "internal/authz", "internal/fault", "internal/ident", "internal/page", "internal/secret",
	},
	"internal/rest": {"internal/authz", "internal/fault", "internal/outcome"},
	// A run is handed values of secrets by who references them, sealed; its steps work on objects.
	"internal/run": {
		"internal/audit", "internal/authz", "internal/datastore", "internal/fair", "internal/fault",
		"internal/idempotency", "internal/ident", "internal/object", "internal/page", "internal/redact",
		"internal/reference", "internal/seal", "internal/secret",
	},
	"internal/scalar": {"internal/fault", "internal/secret"},
	// Values are sealed where they are opened.
	"internal/secret": {
		"internal/audit", "internal/authz", "internal/fault", "internal/idempotency", "internal/ident",
		"internal/label", "internal/page", "internal/reconcile", "internal/seal",
	},
	"internal/secretmanager": {"internal/breaker", "internal/doctor", "internal/fault", "internal/reconcile",
		"internal/secret", "internal/trace"},
	"internal/trace/tracetest": {"internal/trace"},
	"internal/transport": {"internal/authz", "internal/document", "internal/fair", "internal/fault",
		"internal/outcome", "internal/trace"},
	// An upload becomes an object.
	"internal/trusted": {"internal/audit", "internal/authz", "internal/fault"},
	"internal/upload": {
		"internal/audit", "internal/authz", "internal/datastore", "internal/fault", "internal/idempotency",
		"internal/ident", "internal/object", "internal/page",
	},
	"internal/workspace": {
		"internal/audit", "internal/authz", "internal/fault", "internal/idempotency", "internal/ident",
		"internal/member",
	},
	"resolvers": {
		"dataloader", "graph", "internal/apikey", "internal/audit", "internal/authz", "internal/datastore",
		"internal/deletion", "internal/fault", "internal/ident", "internal/label", "internal/member",
		"internal/node", "internal/object", "internal/page", "internal/redact", "internal/reference",
		"internal/run", "internal/secret", "internal/trusted", "internal/upload", "internal/workspace", "schema",
	},
	"schema": {"internal/authz"},
}

// wiring are the packages that may import anything of ours.
var wiring = []string{".", "e2e", "bench", "internal/app", "internal/command", "internal/dev"}

package rest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"

	"github.com/provenanceone/data-api/internal/fault"
)

// tree is a JSON object that is put together.
type tree = map[string]any

const about = "Datastores and secrets of a workspace, by the routes that the product's documentation names. Each " +
	"runs a stored operation of /graphql: " +
	"who may, what is audited and what is allowed are the same there. A body is read as JSON, whatever its media " +
	"type. Every answer has X-Request-Id."

// describe returns the routes as OpenAPI 3.1.
//
// Source: OpenAPI Specification 3.1.0.
func describe(routes []*route) ([]byte, error) {
	known := schemas{}
	paths := tree{}
	for _, r := range routes {
		path := strings.ReplaceAll(r.path, "+}", "}")
		at, _ := paths[path].(tree)
		if at == nil {
			at = tree{}
			paths[path] = at
		}

		at[strings.ToLower(r.method)] = r.describe(known)
	}

	known["Problem"] = problemSchema()
	return json.MarshalIndent(tree{
		"openapi":  "3.1.0",
		"info":     tree{"title": "ProvenanceOne Data API", "version": "1", "description": about},
		"servers":  []tree{{"url": "/"}},
		"security": []tree{{"apiKey": []string{}}, {"jwt": []string{}}},
		"paths":    paths,
		"components": tree{
			"schemas": known,
			"securitySchemes": tree{
				"apiKey": tree{"type": "apiKey", "in": "header", "name": "X-API-Key"},
				"jwt":    tree{"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
			},
			"parameters": tree{"workspace": tree{
				"in":          "header",
				"name":        "X-Workspace-Id",
				"schema":      tree{"type": "string"},
				"description": "Which of a user's workspaces is meant; an API key has one.",
			}},
			"responses": tree{"problem": tree{
				"description": "What went wrong; `code` is that of GraphQL.",
				"content":     tree{problemJSON: tree{"schema": tree{"$ref": "#/components/schemas/Problem"}}},
			}},
		},
	}, "", "  ")
}

func (r *route) describe(known schemas) tree {
	o := tree{"operationId": r.name, "summary": r.summary, "responses": r.responses(known)}
	if r.about != "" {
		o["description"] = r.about
	}

	parameters := []tree{}
	if r.public {
		o["security"] = []tree{}
	} else {
		parameters = append(parameters, tree{"$ref": "#/components/parameters/workspace"})
	}

	for _, in := range r.inputs {
		if in.in != inBody {
			parameters = append(parameters, in.parameter())
		}
	}

	if len(parameters) > 0 {
		o["parameters"] = parameters
	}

	if r.takesBody() {
		o["requestBody"] = r.requestBody()
	}

	return o
}

func (in input) parameter() tree {
	p := tree{
		"in":     map[place]string{inPath: "path", inQuery: "query", inHeader: "header"}[in.in],
		"name":   in.name,
		"schema": in.kind.schema(),
	}
	if in.required {
		p["required"] = true
	}

	if in.doc != "" {
		p["description"] = in.doc
	}

	return p
}

func (r *route) requestBody() tree {
	properties, required := tree{}, []string{}
	for _, in := range r.inputs {
		if in.in != inBody {
			continue
		}

		s := in.kind.schema()
		if in.of != nil {
			s["enum"] = in.of
		}

		if in.doc != "" {
			s["description"] = in.doc
		}

		if in.fallback != nil {
			s["default"] = in.fallback
		}

		properties[in.name] = s
		if in.required {
			required = append(required, in.name)
		}
	}

	s := tree{"type": "object", "properties": properties, "additionalProperties": false}
	if len(required) > 0 {
		s["required"] = required
	}

	return tree{"required": len(required) > 0, "content": tree{"application/json": tree{"schema": s}}}
}

// schema says what an input of the kind may be.
func (k kind) schema() tree {
	switch k {
	case whole:
		return tree{"type": "integer", "format": "int32"}
	case wide:
		return tree{"type": []string{"integer", "string"}, "format": "int64"}
	case truth:
		return tree{"type": "boolean"}
	case object:
		return tree{"type": "object"}
	case texts:
		return tree{"type": "array", "items": tree{"type": "string"}}
	case credential:
		return tree{"type": []string{"string", "object"}, "writeOnly": true}
	case text, choice:
	}

	return tree{"type": "string"}
}

func (r *route) responses(known schemas) tree {
	said := tree{"default": tree{"$ref": "#/components/responses/problem"}}
	success := tree{"description": http.StatusText(r.answer.status)}
	said[strconv.Itoa(r.answer.status)] = success
	if isSafe(r.method) {
		said["304"] = tree{"description": "It is there, and If-None-Match is `*`."}
	}

	switch {
	case r.answer.body != nil:
		success["content"] = tree{"application/json": tree{"schema": known.of(r.answer.body)}}
	case r.public:
		success["content"] = tree{"application/json": tree{"schema": tree{"type": "object"}}}
	case r.answer.status == http.StatusOK:
		describeContent(said, success, r.method)
	}

	if r.answer.location != nil {
		success["headers"] = tree{"Location": tree{
			"schema":      tree{"type": "string"},
			"description": "Where it is found.",
		}}
	}

	return said
}

// describeContent says how an object's own bytes are answered with.
func describeContent(said, success tree, method string) {
	bytes := tree{"*/*": tree{}}
	said["304"] = tree{"description": "The caller has it already, as If-None-Match or If-Modified-Since says."}
	headers := tree{}
	success["headers"] = headers
	for name, about := range map[string]string{
		"ETag":           "Names the version for ever.",
		"Last-Modified":  "When the version was made.",
		"Content-Length": "Its bytes.",
	} {
		headers[name] = tree{"schema": tree{"type": "string"}, "description": about}
	}

	if method == http.MethodGet {
		success["content"] = bytes
		said["206"] = tree{"description": "The bytes of Range.", "content": bytes}
	}
}

func problemSchema() tree {
	codes := []string{string(fault.Internal)}
	for kind := range statuses {
		codes = append(codes, string(kind))
	}

	text := func(about string) tree { return tree{"type": "string", "description": about} }
	return tree{
		"type":        "object",
		"required":    []string{"type", "title", "status", "detail", "code", "requestId"},
		"description": "RFC 9457. Other members are those that GraphQL has beside the code.",
		"properties": tree{
			"type":      text("about:blank: the status says what kind of problem it is, and `code` which."),
			"title":     text("The status in words."),
			"status":    tree{"type": "integer"},
			"detail":    text("A sentence on what happened."),
			"code":      tree{"type": "string", "enum": sorted(codes)},
			"field":     text("The input at fault."),
			"requestId": text("Finds the request in the server's log."),
		},
	}
}

package rest

import (
	"net/http"
	"slices"
	"strings"
)

// table is all the routes there are.
func table() []route {
	all := slices.Concat([]route{{
		method:  http.MethodGet,
		path:    "/openapi.json",
		name:    "getOpenApi",
		summary: "Get this description.",
		public:  true,
		answer:  answer{status: http.StatusOK},
		serve: func(b bound, w http.ResponseWriter, r *http.Request) {
			if !b.stops(w, r) {
				writeText(w, http.StatusOK, "application/json", b.api.openAPI)
			}
		},
	}}, datastoreRoutes(), objectRoutes(), secretRoutes(), []route{storageStep})
	for i := range all {
		all[i].complete()
	}

	return all
}

// complete gives inputs what goes without saying: those of a path are required, and each becomes the variable of its
// name, or in a mutation that field of the variable `input`.
func (r *route) complete() {
	r.inputs = slices.Clone(r.inputs)
	for i := range r.inputs {
		in := &r.inputs[i]
		in.required = in.required || in.in == inPath
		if in.to == "" {
			in.to = in.name
			if strings.HasPrefix(r.operation, "mutation") {
				in.to = "input." + in.name
			}
		}
	}
}

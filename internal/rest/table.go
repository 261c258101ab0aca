package rest

import (
	"net/http"
	"slices"
)

// table is all the routes there are.
func table() []route {
	return slices.Concat([]route{{
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
}

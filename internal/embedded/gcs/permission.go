package gcs

import (
	"net/http"
	"slices"

	raw "google.golang.org/api/storage/v1"
)

// permit refuses what the bearer may not do.
func (s *Server) permit(permission string) error {
	if s.may(permission) {
		return nil
	}

	return errForbidden.because("The caller does not have " + permission + " access.")
}

func (s *Server) may(permission string) bool {
	return s.opts.Permissions == nil || slices.Contains(s.opts.Permissions, permission)
}

// permissionOf is what a request of the JSON API takes; empty where that is none.
//
// Source: Google Cloud Storage, "IAM permissions for JSON methods".
func permissionOf(method string, path []string) string {
	verb := map[string]string{
		http.MethodGet:    "get",
		http.MethodPatch:  "update",
		http.MethodDelete: "delete",
	}[method]
	switch {
	case matches(path, "b"):
		return "storage.buckets.create"
	case matches(path, "b", ""):
		return "storage.buckets." + verb
	case matches(path, "b", "", "o"):
		return "storage.objects.list"
	case matches(path, "b", "", "o", ""):
		return "storage.objects." + verb
	case matches(path, "b", "", "iam", "testPermissions"):
		return ""
	}

	return "storage.objects.create"
}

// servePermissions answers which of the permissions that are asked for the bearer has.
func (s *Server) servePermissions(w http.ResponseWriter, r *http.Request, bucket string) error {
	if r.Method != http.MethodGet {
		return errMethodNotAllowed
	}

	if _, err := s.store.bucket(bucket); err != nil {
		return err
	}

	granted := slices.DeleteFunc(r.URL.Query()["permissions"], func(p string) bool { return !s.may(p) })
	return answerJSON(w, http.StatusOK,
		&raw.TestIamPermissionsResponse{Kind: "storage#testIamPermissionsResponse", Permissions: granted})
}

package httpserver

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/provenanceone/data-api/internal/fault"
)

// checkedQuery checks the query string of a GET before anything else reads it, by the rules that checkedBody has for a
// body. The limit of headers bounds its length. Its refusals repeat nothing of it, and no log has it.
func checkedQuery(limits Limits, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if f := checkQuery(r, limits.JSONDepth); f != nil {
			refuse(w, r, http.StatusBadRequest, f)
			return
		}

		next.ServeHTTP(w, r)
	})
}

func checkQuery(r *http.Request, depth int) *fault.Error {
	if r.ContentLength != 0 {
		return bad("A GET has no body: its parameters are in the URL.")
	}

	sent, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return bad("The query string is not well-formed: encode everything in it but letters and digits.")
	}

	for name, values := range sent {
		if _, known := members[name]; !known {
			return bad("The query string may have the parameters query, documentId, variables, operationName and " +
				"extensions only.")
		}

		if len(values) > 1 {
			return bad("The query string has the parameter %s twice.", name)
		}

		if f := checkParameter(name, values[0], depth); f != nil {
			return f
		}
	}

	if !slices.ContainsFunc(slices.Collect(maps.Keys(sent)), namesDocument) {
		return bad("The query string must have the parameter query, with the GraphQL document, or documentId, which " +
			"names a trusted one.")
	}

	return nil
}

func checkParameter(name, value string, depth int) *fault.Error {
	if !utf8.ValidString(value) || strings.ContainsRune(value, 0) {
		return bad("The parameter %s must be valid UTF-8, without U+0000.", name)
	}

	if !slices.Contains([]string{"variables", "extensions"}, name) {
		return nil
	}

	text := bytes.TrimLeft([]byte(value), " \t\r\n")
	// In a body the object would lie in another one.
	kindFits := json.Valid(text) && bytes.IndexByte([]byte(members[name].starts), text[0]) >= 0
	if !kindFits || scanJSON(text, depth-1) != nil {
		return bad("The parameter %s must be a JSON object or null, nested at most %d levels deep, without U+0000 "+
			"and halves of surrogate pairs.", name, depth-1)
	}

	return nil
}

// byMethod passes a GET to one handler and everything else to another.
func byMethod(get, other http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			get.ServeHTTP(w, r)
			return
		}

		other.ServeHTTP(w, r)
	})
}

package gcs

import (
	"net/http"
	"slices"
	"strconv"
	"strings"

	raw "google.golang.org/api/storage/v1"
)

// allowOrigin lets a page of an allowed origin read the answer, also a refusal.
func (s *Server) allowOrigin(h http.Header, r *http.Request, bucket string) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}

	h.Add("Vary", "Origin")
	method := r.Method
	if method == http.MethodOptions {
		method = r.Header.Get("Access-Control-Request-Method")
	}

	rule := s.corsRule(bucket, origin, method)
	if rule == nil {
		return
	}

	h.Set("Access-Control-Allow-Origin", allowedOrigin(rule, origin))
	if len(rule.ResponseHeader) > 0 && r.Method != http.MethodOptions {
		h.Set("Access-Control-Expose-Headers", strings.Join(rule.ResponseHeader, ", "))
	}
}

// preflight answers 200 whatever is asked; a browser reads from the headers what is allowed.
func (s *Server) preflight(w http.ResponseWriter, r *http.Request, bucket string) {
	rule := s.corsRule(bucket, r.Header.Get("Origin"), r.Header.Get("Access-Control-Request-Method"))
	if rule == nil || !allowsHeaders(rule, r.Header.Get("Access-Control-Request-Headers")) {
		w.Header().Del("Access-Control-Allow-Origin")
		w.WriteHeader(http.StatusOK)
		return
	}

	w.Header().Set("Access-Control-Allow-Methods", strings.Join(rule.Method, ", "))
	w.Header().Set("Access-Control-Allow-Headers", strings.Join(rule.ResponseHeader, ", "))
	if rule.MaxAgeSeconds > 0 {
		w.Header().Set("Access-Control-Max-Age", strconv.FormatInt(rule.MaxAgeSeconds, 10))
	}

	w.WriteHeader(http.StatusOK)
}

// allowSession lets a page of the origin that a session was begun for read its answers, and where to go on, whatever
// the bucket's rules say.
//
// Source: Google Cloud Storage, "Resumable uploads" and "Cross-origin resource sharing": of JSON endpoints, and of the
// Origin of the first request.
func allowSession(h http.Header, r *http.Request, row *session) {
	origin := r.Header.Get("Origin")
	if origin == "" {
		return
	}

	h.Add("Vary", "Origin")
	if origin == row.Origin {
		h.Set("Access-Control-Allow-Origin", origin)
		h.Set("Access-Control-Expose-Headers", "Content-Length, Content-Type, Date, Range, X-GUploader-UploadID")
	}
}

// preflightSession answers 200 whatever is asked; a browser reads from the headers what is allowed.
func (s *Server) preflightSession(w http.ResponseWriter, r *http.Request, bucket, id string) error {
	row, err := s.store.session(id, bucket)
	if err != nil {
		return err
	}

	allowSession(w.Header(), r, row)
	if w.Header().Get("Access-Control-Allow-Origin") != "" {
		w.Header().Set("Access-Control-Allow-Methods", "PUT, POST, DELETE")
		w.Header().Set("Access-Control-Allow-Headers", r.Header.Get("Access-Control-Request-Headers"))
	}

	w.WriteHeader(http.StatusOK)
	return nil
}

// corsRule returns the bucket's first rule for an origin and a method; nil where there is none.
func (s *Server) corsRule(bucket, origin, method string) *raw.BucketCors {
	b, err := s.store.bucket(bucket)
	if err != nil || origin == "" {
		return nil
	}

	for _, rule := range b.Cors {
		if allowedOrigin(rule, origin) != "" && slices.ContainsFunc(rule.Method, oneOf(method)) {
			return rule
		}
	}

	return nil
}

func allowedOrigin(rule *raw.BucketCors, origin string) string {
	switch {
	case slices.Contains(rule.Origin, "*"):
		return "*"
	case slices.Contains(rule.Origin, origin):
		return origin
	}

	return ""
}

func allowsHeaders(rule *raw.BucketCors, asked string) bool {
	for name := range strings.SplitSeq(asked, ",") {
		name = strings.TrimSpace(name)
		if name != "" && !slices.ContainsFunc(rule.ResponseHeader, oneOf(name)) {
			return false
		}
	}

	return true
}

func oneOf(name string) func(string) bool {
	return func(allowed string) bool { return allowed == "*" || strings.EqualFold(allowed, name) }
}

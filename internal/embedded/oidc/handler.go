package oidc

import (
	"encoding/json"
	"log/slog"
	"net/http"

	"github.com/go-jose/go-jose/v4"
)

// discovery is the document that OpenID Connect Discovery 1.0, section 3, asks for.
type discovery struct {
	Issuer       string   `json:"issuer"`
	AuthURL      string   `json:"authorization_endpoint"`
	JWKSURL      string   `json:"jwks_uri"`
	Responses    []string `json:"response_types_supported"`
	SubjectTypes []string `json:"subject_types_supported"`
	Algorithms   []string `json:"id_token_signing_alg_values_supported"`
}

func (i *Issuer) handler(key *Key) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /.well-known/openid-configuration", document(discovery{
		Issuer:       i.url,
		AuthURL:      i.url + "/authorize",
		JWKSURL:      i.url + "/jwks.json",
		Responses:    []string{"id_token"},
		SubjectTypes: []string{"public"},
		Algorithms:   []string{"RS256"},
	}))
	mux.Handle("GET /jwks.json", document(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{key.public()}}))
	mux.HandleFunc("POST "+demoTokenPath, i.demoToken)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusNotFound, map[string]string{"error": "not_found"})
	})
	return mux
}

func document(content any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, content) }
}

func answer(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(content)
}

type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	r.status = status
	r.ResponseWriter.WriteHeader(status)
}

func logged(log *slog.Logger, next http.Handler) http.Handler {
	if log == nil {
		return next
	}

	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		seen := &recorder{w, http.StatusOK}
		next.ServeHTTP(seen, r)
		log.LogAttrs(r.Context(), slog.LevelDebug, "oidc", slog.String("method", r.Method),
			slog.String("path", r.URL.Path), slog.Int("status", seen.status))
	})
}

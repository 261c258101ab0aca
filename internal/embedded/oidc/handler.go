package oidc

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"

	"github.com/go-jose/go-jose/v4"
	"github.com/rs/cors"
)

// discovery is the document that OpenID Connect Discovery 1.0, section 3, asks for.
type discovery struct {
	Issuer       string   `json:"issuer"`
	AuthURL      string   `json:"authorization_endpoint"`
	TokenURL     string   `json:"token_endpoint"`
	EndURL       string   `json:"end_session_endpoint"`
	JWKSURL      string   `json:"jwks_uri"`
	Scopes       []string `json:"scopes_supported"`
	Responses    []string `json:"response_types_supported"`
	Modes        []string `json:"response_modes_supported"`
	Grants       []string `json:"grant_types_supported"`
	Challenges   []string `json:"code_challenge_methods_supported"`
	ClientAuth   []string `json:"token_endpoint_auth_methods_supported"`
	SubjectTypes []string `json:"subject_types_supported"`
	Algorithms   []string `json:"id_token_signing_alg_values_supported"`
	NamesItself  bool     `json:"authorization_response_iss_parameter_supported"`
	// TakesRequestURIs counts as true where a document leaves it out.
	TakesRequestURIs bool `json:"request_uri_parameter_supported"`
}

func (i *Issuer) discovery() discovery {
	return discovery{
		Issuer:       i.url,
		AuthURL:      i.url + authorizePath,
		TokenURL:     i.url + tokenPath,
		EndURL:       i.url + endPath,
		JWKSURL:      i.url + "/jwks.json",
		Scopes:       scopes,
		Responses:    []string{"code"},
		Modes:        []string{"query"},
		Grants:       []string{"authorization_code", "refresh_token"},
		Challenges:   []string{"S256"},
		ClientAuth:   []string{"none"},
		SubjectTypes: []string{"public"},
		Algorithms:   []string{"RS256"},
		NamesItself:  true,
	}
}

func (i *Issuer) handler() http.Handler {
	// what programs in pages of this machine may read; the pages of the issuer are for people
	readable := cors.New(cors.Options{
		AllowOriginFunc: isLocalPage,
		AllowedMethods:  []string{http.MethodGet, http.MethodPost},
		AllowedHeaders:  []string{"Content-Type"},
	}).Handler
	pages := map[string]http.Handler{
		"GET /.well-known/openid-configuration": document(i.discovery()),
		"GET /jwks.json":                        document(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.key.public()}}),
		"POST " + tokenPath:                     http.HandlerFunc(i.token),
	}
	mux := http.NewServeMux()
	for pattern, h := range pages {
		_, path, _ := strings.Cut(pattern, " ")
		mux.Handle(pattern, readable(h))
		mux.Handle("OPTIONS "+path, readable(http.NotFoundHandler()))
	}

	mux.HandleFunc("GET "+authorizePath, opened(i.authorize))
	mux.HandleFunc("POST "+authorizePath, i.decide)
	mux.HandleFunc("GET "+endPath, opened(i.endSession))
	mux.HandleFunc("POST "+endPath, i.endSession)
	mux.HandleFunc("GET /page.css", style)
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusNotFound, map[string]string{"error": "not_found"})
	})
	return i.guarded(mux)
}

// guarded refuses requests that name another host, by which a page elsewhere could pass for one of this origin (DNS
// rebinding), and has nothing kept anywhere.
func (i *Issuer) guarded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("X-Content-Type-Options", "nosniff")
		if "http://"+r.Host != i.url {
			answer(w, http.StatusMisdirectedRequest, refusal{"invalid_request", "This issuer is " + i.url + "."})
			return
		}

		next.ServeHTTP(w, r)
	})
}

// opened refuses what a browser asks for on behalf of another page, to show or run it there: each request is kept for a
// person to answer, and many would have those of others forgotten. Source: Fetch Metadata Request Headers, section 2.1.
func opened(next http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if kind := r.Header.Get("Sec-Fetch-Dest"); kind != "" && kind != "document" {
			answer(w, http.StatusForbidden, refusal{"invalid_request", "This page is for a window of its own."})
			return
		}

		next(w, r)
	}
}

func document(content any) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, content) }
}

func answer(w http.ResponseWriter, status int, content any) {
	w.Header().Set("Content-Type", "application/json")
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

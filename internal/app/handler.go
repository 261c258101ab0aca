package app

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"

	"github.com/provenanceone/data-api/docs"
	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/gcs"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/httpserver/pages"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/rest"
	"github.com/provenanceone/data-api/schema"
)

// Handler answers HTTP: GraphQL, REST, pages for browsers, and the notifications of storage if notices is not nil.
//
// Errors: those of loading the routes and the pages, which are parts of the program.
func (a *App) Handler(credentials *authn.Authenticator, notices *httpserver.Notices) (http.Handler, error) {
	graphQL := a.graphQL()
	routes, err := a.routes(graphQL)
	if err != nil {
		return nil, err
	}

	open, err := a.pages()
	if err != nil {
		return nil, err
	}

	handler := httpserver.NewHandler(httpserver.Options{
		GraphQL:        graphQL,
		REST:           routes,
		Authenticate:   credentials.Authenticate,
		Ready:          a.DB.Check,
		Observe:        a.Metrics.Request,
		Tracer:         a.tracer,
		Waited:         a.Metrics.Waited("bodies"),
		Findings:       a.Findings,
		Rate:           a.rate,
		Limits:         a.Limits(),
		Log:            a.log,
		Hosts:          a.settings.Hosts(),
		TrustedProxies: a.settings.Proxies(),
		Origins:        a.settings.AllowedOrigins,
		Pages:          open,
		Notices:        notices,
		Contract:       schema.Print(a.contract),
	})
	if a.settings.TLSEndsInFront {
		handler = httpserver.BehindTLS(handler)
	}

	return handler, nil
}

// pages returns what anybody may open without a credential: the documentation, who signs people in, and the playground
// and the console if the settings say so.
func (a *App) pages() (map[string]http.Handler, error) {
	open, err := docs.Pages()
	peers := pages.Peers{
		Issuer:  a.settings.OIDCIssuer,
		Client:  a.settings.Identity.SignInClient,
		Storage: cmp.Or(a.settings.Dev.GCSEndpoint, gcs.Google),
	}
	if err == nil && a.settings.Playground {
		maps.Copy(open, pages.Playground(peers))
	}

	if err == nil && a.settings.Console {
		maps.Copy(open, pages.Console(peers))
	}

	if err == nil && a.settings.Identity.SignInClient != "" {
		open[signInPath] = http.HandlerFunc(a.saySignIn)
	}

	return open, err
}

// routes answer REST by the operations of GraphQL, and send stored files themselves.
func (a *App) routes(graphQL http.Handler) (httpserver.REST, error) {
	api, err := rest.New(rest.Options{
		GraphQL:   graphQL,
		Contents:  contents{object.NewReader(a.DB.Objects(), a.Blobs)},
		Log:       a.log,
		RequestID: httpserver.RequestID,
		Stopping:  httpserver.Stopping,
		Time:      a.Limits().Request,
	})
	if err != nil {
		return httpserver.REST{}, fmt.Errorf("making the routes: %w", err)
	}

	return httpserver.REST{
		Refuse:      api.Refuse,
		LargeBodies: rest.LargeBodies,
		Find: func(r *http.Request) (httpserver.Endpoint, bool) {
			at, ok := api.Find(r)
			return httpserver.Endpoint(at), ok
		},
	}, nil
}

// contents reads stored files by the ids that routes have.
type contents struct{ *object.Reader }

// Open implements rest.Contents.
func (c contents) Open(ctx context.Context, a authz.Actor, version string, from, length int64) (io.ReadCloser, error) {
	return c.Reader.Open(ctx, a, object.VersionID(version), from, length)
}

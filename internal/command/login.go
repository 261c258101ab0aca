package command

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/login"
)

// signInWait is how long a person may take on the issuer's page.
const signInWait = 10 * time.Minute

// maxMetadata is in bytes.
const maxMetadata = 64 << 10

// signedIn are the flags of all commands on a person's sign-in.
type signedIn struct {
	API   string `env:"-" default:"${api_url}" placeholder:"URL" help:"The API's address ($$DATA_API_URL; here ${default})."`
	Store string `env:"DATA_API_SIGN_IN_STORE" enum:"auto,file" default:"auto" help:"Where the tokens are: auto is the keyring, else a file; file is a file (${default})."`
}

// AfterApply lets two spellings of an address name one sign-in.
func (f *signedIn) AfterApply() error {
	f.API = strings.TrimRight(f.API, "/")
	return nil
}

func (f signedIn) store() (login.Store, error) {
	if !login.Safe(f.API) {
		return login.Store{}, fault.New(fault.Invalid, "--api %s: it must be an https URL, or an http one on "+
			"loopback: a token goes there.", f.API)
	}

	dir, err := login.Dir()
	return login.Store{API: f.API, Dir: dir, Place: f.Store}, err
}

type loginCommand struct {
	signedIn

	Issuer    string   `env:"DATA_API_OIDC_ISSUER" placeholder:"URL" help:"The OpenID Connect issuer (what the API says)."`
	Client    string   `env:"DATA_API_SIGN_IN_CLIENT" placeholder:"NAME" help:"The issuer's public client for this (what the API says)."`
	Audience  string   `env:"DATA_API_SIGN_IN_AUDIENCE" placeholder:"NAME" help:"What Auth0 calls the API; other issuers need none."`
	Scopes    []string `env:"DATA_API_SIGN_IN_SCOPES" default:"openid,email,offline_access" help:"What to ask the issuer for (${default}); Entra ID also needs the API's own scope."`
	Callback  string   `env:"DATA_API_SIGN_IN_CALLBACK" default:"127.0.0.1:0" placeholder:"HOST:PORT" help:"Where on loopback to take the answer, at /callback (${default}: any port)."`
	NoBrowser bool     `env:"-" help:"Open no browser; the address to open is printed anyway."`
}

// Run signs in, keeps the tokens, and says who the API takes the person for.
func (c loginCommand) Run(ctx context.Context, s streams) error {
	store, err := c.store()
	if err != nil {
		return err
	}

	client, err := c.client(ctx)
	if err != nil {
		return err
	}

	session, err := login.In(ctx, client, login.How{Callback: c.Callback, Wait: signInWait, Show: func(address string) {
		fmt.Fprintln(s.err, "Open this address to sign in:")
		fmt.Fprintln(s.out, address)
		if !c.NoBrowser {
			openBrowser(ctx, address)
		}
	}})
	if err != nil {
		return err
	}

	place, err := store.Keep(ctx, session)
	if err != nil {
		return err
	}

	fmt.Fprintf(s.err, "You are signed in; the tokens are in %s. Sign out: data-api logout\n", place)
	return whoamiCommand{signedIn: c.signedIn}.Run(ctx, s)
}

// client is whom to ask, by the flags and, where they say nothing, by the API.
func (c loginCommand) client(ctx context.Context) (login.Client, error) {
	client := login.Client{Issuer: c.Issuer, ID: c.Client, Audience: c.Audience, Scopes: c.Scopes}
	if client.Issuer != "" && client.ID != "" {
		return client, nil
	}

	issuer, id, err := publishedClient(ctx, c.API)
	if err != nil {
		return login.Client{}, fault.New(fault.Unavailable, "%s does not say who signs people in: name the issuer and "+
			"the client with --issuer and --client, or set --sign-in-client of the server.", c.API).Because(err)
	}

	client.Issuer, client.ID = cmp.Or(client.Issuer, issuer), cmp.Or(client.ID, id)
	return client, nil
}

// publishedClient asks the API for its issuer and client. Source: RFC 9728, section 3.
func publishedClient(ctx context.Context, api string) (issuer, id string, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, api+"/.well-known/oauth-protected-resource", nil)
	if err != nil {
		return "", "", err
	}

	response, err := login.HTTP().Do(r)
	if err != nil {
		return "", "", err
	}

	defer func() { _ = response.Body.Close() }()

	var said struct {
		Issuers []string `json:"authorization_servers"`
		Client  string   `json:"sign_in_client_id"`
	}
	if response.StatusCode != http.StatusOK {
		return "", "", fmt.Errorf("it answers %s", response.Status)
	}

	err = json.NewDecoder(io.LimitReader(response.Body, maxMetadata)).Decode(&said)
	if err != nil || len(said.Issuers) == 0 || said.Client == "" {
		return "", "", cmp.Or(err, errors.New("it names no issuer or no client"))
	}

	return said.Issuers[0], said.Client, nil
}

// openBrowser opens the address, if there is a screen. The address is printed anyway, so a failure is none.
func openBrowser(ctx context.Context, address string) {
	opener := "xdg-open"
	if runtime.GOOS == "darwin" {
		opener = "open"
	} else if os.Getenv("DISPLAY") == "" && os.Getenv("WAYLAND_DISPLAY") == "" {
		return
	}

	browser := exec.CommandContext(context.WithoutCancel(ctx), opener, address) //nolint:gosec // one of the two above
	if browser.Start() == nil {
		go func() { _ = browser.Wait() }()
	}
}

type logoutCommand struct {
	signedIn
}

// Run forgets the tokens, and ends the session at the issuer.
func (c logoutCommand) Run(ctx context.Context, s streams) error {
	store, err := c.store()
	if err != nil {
		return err
	}

	ended, err := store.Out(ctx)
	if err != nil {
		return err
	}

	said := "You are signed out."
	if !ended {
		said = "The tokens are forgotten. The issuer does not say how to end its session: it ends by itself."
	}

	_, err = fmt.Fprintln(s.err, said)
	return err
}

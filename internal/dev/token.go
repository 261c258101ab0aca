package dev

import (
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/embedded/oidc"
)

// demoUser names one of the users that seed makes.
type demoUser struct {
	stateDir
	Workspace string `env:"-" enum:"acme,globex" default:"acme" help:"acme or globex (${default})."`
}

type tokenCommand struct {
	demoUser
	Role string        `env:"-" enum:"admin,editor,viewer" required:"" help:"admin, editor or viewer."`
	For  time.Duration `env:"-" default:"12h" help:"How long it is good for (${default})."`
}

// Run prints a JWT. It needs the instance to have run once, not to run now.
func (c tokenCommand) Run(s Streams) error {
	token, err := c.mint(authz.Role(strings.ToUpper(c.Role)), c.For)
	if err != nil {
		return err
	}

	_, err = fmt.Fprintln(s.Out, token)
	return err
}

// defaultListen is where `serve` listens unless it is told otherwise.
const defaultListen = "127.0.0.1:8080"

// allowPages lets sign-ins return to the playground and the console of the server at an address.
func (b *backends) allowPages(address string) {
	_, port, _ := net.SplitHostPort(address) // it is a listener's
	var pages []string
	for _, host := range []string{address, "localhost:" + port, "127.0.0.1:" + port} {
		pages = append(pages, "http://"+host+"/playground", "http://"+host+"/console")
	}

	b.issuer.AllowPages(pages...)
}

// mint returns a token of a demo user.
func (u demoUser) mint(role authz.Role, ttl time.Duration) (string, error) {
	i, err := u.running()
	if err != nil {
		return "", err
	}

	dir, err := u.path()
	if err != nil {
		return "", err
	}

	key, err := oidc.LoadKey(filepath.Join(dir, "oidc"))
	if err != nil {
		return "", fmt.Errorf("reading the issuer's key: %w", err)
	}

	return key.Mint(oidc.Claims{
		Issuer:        i.OIDCIssuer,
		Audience:      i.OIDCAudience,
		Subject:       demoSubject(u.Workspace, role),
		Email:         demoEmail(u.Workspace, role),
		EmailVerified: true,
		ExpiresIn:     ttl,
		Now:           time.Now(),
	})
}

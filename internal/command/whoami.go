package command

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/login"
)

// maxViewer is in bytes.
const maxViewer = 1 << 20

const viewerQuery = `query WhoAmI { viewer { actor { label } role workspace { id name region } } ` +
	`workspaces { id name region } }`

type whoamiCommand struct {
	signedIn

	Workspace string `env:"DATA_API_WORKSPACE_ID" placeholder:"ID" help:"One of your workspaces, if you have several."`
}

// viewer is what the API says about a person.
type viewer struct {
	Viewer struct {
		Actor     struct{ Label string }
		Role      string
		Workspace *space
	}
	Workspaces []space
}

type space struct{ ID, Name, Region string }

// Run asks the API who the signed-in person is, and prints it.
func (c whoamiCommand) Run(ctx context.Context, s streams) error {
	store, err := c.store()
	if err != nil {
		return err
	}

	session, err := store.Current(ctx)
	if err != nil {
		return err
	}

	v, err := c.ask(ctx, session.AccessToken)
	if err != nil {
		return err
	}

	_, err = io.WriteString(s.out, v.text(session))
	return err
}

func (c whoamiCommand) ask(ctx context.Context, token string) (v viewer, err error) {
	body, err := json.Marshal(map[string]string{"query": viewerQuery})
	if err != nil {
		return v, err
	}

	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.API+"/graphql", bytes.NewReader(body))
	if err != nil {
		return v, err
	}

	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+token)
	if c.Workspace != "" {
		r.Header.Set("X-Workspace-Id", c.Workspace)
	}

	response, err := login.HTTP().Do(r)
	if err != nil {
		return v, fault.New(fault.Unavailable, "The API at %s does not answer.", c.API).Because(err)
	}

	defer func() { _ = response.Body.Close() }()

	answer := struct {
		Data   *viewer
		Errors []struct{ Message string }
	}{Data: &v}
	if err := json.NewDecoder(io.LimitReader(response.Body, maxViewer)).Decode(&answer); err != nil {
		return v, fault.New(fault.Unavailable, "The API at %s answers %s.", c.API, response.Status).Because(err)
	}

	if len(answer.Errors) > 0 {
		return v, fault.New(fault.Unavailable, "The API refused: %s", answer.Errors[0].Message)
	}

	if answer.Data == nil {
		return v, fault.New(fault.Unavailable, "The API at %s answers %s.", c.API, response.Status).
			Because(errors.New("no data"))
	}

	return v, nil
}

// text is what a person reads.
func (v viewer) text(session login.Session) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Signed in as %s\n", visible(v.Viewer.Actor.Label))
	if w := v.Viewer.Workspace; w != nil {
		fmt.Fprintf(&b, "Workspace    %s (%s, %s)\nRole         %s\n", visible(w.Name), visible(w.Region),
			visible(w.ID), visible(v.Viewer.Role))
	} else {
		b.WriteString("Workspace    none is chosen: name one with --workspace\n")
		for _, w := range v.Workspaces {
			fmt.Fprintf(&b, "             %s %s (%s)\n", visible(w.ID), visible(w.Name), visible(w.Region))
		}
	}

	until := "The issuer does not say how long the token is good for"
	if !session.Expires.IsZero() {
		until = "Token until  " + session.Expires.Local().Format(time.RFC3339)
	}

	if session.RefreshToken != "" {
		until += ", renewed by itself"
	}

	return b.String() + until + "\n"
}

// visible is a text of somebody else's, without what a terminal would obey.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		if r != '\n' && r != '\t' && !unicode.IsPrint(r) {
			return '?'
		}

		return r
	}, text)
}

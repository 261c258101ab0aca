package dev

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

type keyCommand struct {
	demoUser
	Scopes []string `env:"-" required:"" placeholder:"SCOPE,…" help:"What it may do, for example datastores:write,secrets:list."`
	Name   string   `env:"-" default:"dev key" help:"The key's name (${default})."`
}

// Run asks the running API for a key, as the workspace's admin, and prints its token.
func (c keyCommand) Run(ctx context.Context, s Streams) error {
	scopes, err := parseScopes(c.Scopes)
	if err != nil {
		return err
	}

	i, err := c.running()
	if err != nil {
		return err
	}

	if i.Listen == "" {
		return fault.New(fault.NotFound, "No API has run on this instance yet: start it with `make run`.")
	}

	token, err := c.mint(authz.Admin, time.Minute)
	if err != nil {
		return err
	}

	key, err := createKey(ctx, "http://"+i.Listen+"/graphql", token, c.Name, scopes)
	if err != nil {
		return err
	}

	_, err = fmt.Fprintln(s.Out, key)
	return err
}

func parseScopes(texts []string) ([]authz.Scope, error) {
	var scopes []authz.Scope
	for _, text := range texts {
		scope, ok := authz.ParseScope(text)
		if !ok {
			var known []string
			for _, s := range authz.AllScopes() {
				known = append(known, s.Text())
			}

			return nil, fault.New(fault.Invalid, "--scopes: there is no scope %q; there are %s.", text,
				strings.Join(known, ", "))
		}

		scopes = append(scopes, scope)
	}

	return scopes, nil
}

const createKeyMutation = `mutation DevKey($input: CreateAPIKeyInput!) { createAPIKey(input: $input) { token } }`

func createKey(ctx context.Context, url, token, name string, scopes []authz.Scope) (string, error) {
	body, err := json.Marshal(map[string]any{
		"query":     createKeyMutation,
		"variables": map[string]any{"input": map[string]any{"name": name, "scopes": scopes}},
	})
	if err != nil {
		return "", err
	}

	request, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return "", err
	}

	request.Header.Set("Authorization", "Bearer "+token)
	request.Header.Set("Content-Type", "application/json")
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", fault.New(fault.Unavailable, "The API does not answer at %s: is `make run` still running?", url).
			Because(err)
	}
	defer response.Body.Close()
	var answer struct {
		Data   struct{ CreateAPIKey struct{ Token string } }
		Errors []struct{ Message string }
	}
	if err := json.NewDecoder(response.Body).Decode(&answer); err != nil {
		return "", fmt.Errorf("reading the API's answer: %w", err)
	}

	if len(answer.Errors) > 0 {
		return "", fault.New(fault.Unavailable, "The API refused: %s", answer.Errors[0].Message)
	}

	return answer.Data.CreateAPIKey.Token, nil
}

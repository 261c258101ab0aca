package dev

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"path/filepath"
	"time"

	"github.com/provenanceone/data-api/internal/embedded/oidc"
)

// The account and audience whose storage notifications a server on embedded backends accepts.
const (
	eventsAudience = "data-api-events"
	eventsAccount  = "events@embedded.iam.gserviceaccount.com"
)

// minter makes the tokens that the embedded storage's notifications come with, as Google makes them for Pub/Sub.
func minter(dir, issuer string) (func(account, audience string) (string, error), error) {
	key, err := oidc.LoadKey(filepath.Join(dir, "oidc"))
	if err != nil {
		return nil, fmt.Errorf("reading the issuer's key: %w", err)
	}

	return func(account, audience string) (string, error) {
		return key.Mint(oidc.Claims{
			Issuer:        issuer,
			Audience:      audience,
			Subject:       account,
			Email:         account,
			EmailVerified: true,
			ExpiresIn:     time.Hour,
		})
	}, nil
}

// subscribe has the embedded storage notify the server at an address of new objects, as an operator sets up once with
// Pub/Sub.
func (i instance) subscribe(ctx context.Context, address string) error {
	bearer, err := i.settings(address).Dev.Bearer()
	if err != nil {
		return err
	}

	body, err := json.Marshal(map[string]any{
		"topic": "projects/" + i.GCPProject + "/topics/storage",
		"pushConfig": map[string]any{
			"pushEndpoint": "http://" + address + "/events/storage",
			"oidcToken":    map[string]string{"serviceAccountEmail": eventsAccount, "audience": eventsAudience},
		},
	})
	if err != nil {
		return err
	}

	r, err := http.NewRequestWithContext(ctx, http.MethodPut, i.GCSEndpoint+"/v1/projects/"+i.GCPProject+
		"/subscriptions/data-api", bytes.NewReader(body))
	if err != nil {
		return err
	}

	r.Header.Set("Authorization", "Bearer "+bearer)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		return fmt.Errorf("subscribing to storage: %w", err)
	}

	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		return fmt.Errorf("subscribing to storage: it answered %d", response.StatusCode)
	}

	return nil
}

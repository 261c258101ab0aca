package app

import (
	"context"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/httpserver"
)

// Notices takes the notifications that storage pushes, if the settings say whose to take: nil otherwise. Call done at
// the end.
//
// Errors: fault.Invalid for an issuer that is no URL.
func (a *App) Notices() (n *httpserver.Notices, done func(), err error) {
	events := a.settings.Events
	if !events.On() {
		return nil, func() {}, nil
	}

	sender, err := authn.NewSender(authn.SenderOptions{
		Issuer:   events.Issuer,
		Audience: events.Audience,
		Account:  events.ServiceAccount,
	})
	if err != nil {
		return nil, nil, err
	}

	regions := map[string]string{}
	for region, bucket := range a.settings.Buckets() {
		regions[bucket] = region
	}

	landed := func(ctx context.Context, bucket, name string) error {
		return a.staging.Landed(ctx, regions[bucket], name)
	}
	return &httpserver.Notices{Check: sender.Check, Landed: landed}, sender.Close, nil
}

package main

import (
	"context"
	"log/slog"

	"github.com/provenanceone/data-api/internal/authn"
	"github.com/provenanceone/data-api/internal/config"
	"github.com/provenanceone/data-api/internal/httpserver"
	"github.com/provenanceone/data-api/internal/idempotency"
)

// notices take what storage says of its own accord, if the settings say from whom; close ends them.
func notices(a adapters, s config.Serve, log *slog.Logger) (n *httpserver.Notices, done func(), err error) {
	if !s.Events.On() {
		return nil, func() {}, nil
	}

	sender, err := authn.NewSender(authn.SenderOptions{
		Issuer:   s.Events.Issuer,
		Audience: s.Events.Audience,
		Account:  s.Events.ServiceAccount,
	})
	if err != nil {
		return nil, nil, err
	}

	regions := map[string]string{}
	for region, bucket := range s.Buckets() {
		regions[bucket] = region
	}

	upkeep := staging(a, s, uploads(a, s, idempotency.NewService(a.db, a.key), log))
	landed := func(ctx context.Context, bucket, name string) error { return upkeep.Landed(ctx, regions[bucket], name) }
	return &httpserver.Notices{Check: sender.Check, Landed: landed}, sender.Close, nil
}

package run

import (
	"context"
	"errors"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/secret"
)

// entry is what an injection puts on record of each secret.
func (r InjectRequest) entry(a authz.Actor, action audit.Action) audit.Entry {
	return audit.Record(a, action).With("runId", r.Run.RunID).With("stepId", r.Run.StepID).
		With("consumerKind", r.Consumer.Kind).With("consumerId", r.Consumer.ExternalID).
		With("runtimeKeyId", r.RuntimeKeyID)
}

// refusal is what is put on record if secrets are not the consumer's.
func (r InjectRequest) refusal(a authz.Actor) audit.Entry {
	return r.entry(a, audit.SecretInjectRefused).Ended(audit.Denied).On("api_key", a.PrincipalID, a.Name()).
		Awaits("secretIds")
}

// Entry is what is put on record of one secret, beside what an injection has in common: the fields too, if not the
// whole value was asked for.
func (c PinRequest) Entry(common audit.Entry, of PinnedSecret) audit.Entry {
	e := common.Named(ident.New[audit.Event]()).On("secret", of.SecretID.String(), of.Name).With("version", of.Version).
		With("leaseId", c.Under)
	if fields := c.fields(of.SecretID); len(fields) > 0 {
		e = e.With("fields", fields)
	}

	return e
}

func (c PinRequest) fields(of secret.ID) (fields []string) {
	for _, w := range c.Secrets {
		if w.SecretID == of && w.Field == nil {
			return nil
		}

		if w.SecretID == of {
			fields = append(fields, *w.Field)
		}
	}

	return fields
}

// failed puts on record that nothing of an injection was handed out, although the log says that it was.
func (s *Service) failed(ctx context.Context, a authz.Actor, r InjectRequest, p PinResult, why error) error {
	entries := make([]audit.Entry, len(p.Held))
	for i, h := range p.Held {
		entries[i] = r.entry(a, audit.SecretInjectFailed).Ended(audit.Failed).On("secret", h.SecretID.String(), h.Name).
			With("version", h.Version).With("leaseId", p.Lease.ID).With("eventId", p.EventIDs[i])
	}

	return errors.Join(why, s.leases.Record(context.WithoutCancel(ctx), entries...))
}

package secret

import (
	"context"
	"reflect"
	"slices"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/ident"
	"github.com/provenanceone/data-api/internal/label"
)

// Update changes what is said of a secret, never its value.
//
// Errors: fault.Invalid naming `name`, `description`, `every`, `cron`, `timeZone`, `length` or a label; fault.NotFound;
// fault.Conflict if the name is taken.
func (s *Service) Update(ctx context.Context, a authz.Actor, id ID, c UpdateRequest) (Secret, error) {
	if c.Name != nil {
		if err := checkName(*c.Name); err != nil {
			return Secret{}, err
		}
	}

	if c.Description != nil {
		if err := ident.CheckDescription("description", *c.Description); err != nil {
			return Secret{}, err
		}
	}

	if c.Rotation != nil {
		if err := (*c.Rotation).check(); err != nil {
			return Secret{}, err
		}
	}

	if c.Labels != nil {
		sorted, err := label.Sorted(*c.Labels)
		if err != nil {
			return Secret{}, err
		}

		c.Labels = &sorted
	}

	return s.store.Update(ctx, id, c, audit.Record(a, audit.SecretUpdated).AwaitsTarget("secret").
		MayHave("name", "labels"))
}

// Beyond returns the request without what the secret and its labels are already, and whether anything is left of it.
func (c UpdateRequest) Beyond(s Secret, labels []label.Label) (left UpdateRequest, more bool) {
	if c.Name != nil && *c.Name == s.Name {
		c.Name = nil
	}

	if c.Description != nil && reflect.DeepEqual(*c.Description, s.Description) {
		c.Description = nil
	}

	if c.Rotation != nil && (*c.Rotation).is(s.Rotation) {
		c.Rotation = nil
	}

	if c.Labels != nil && slices.Equal(*c.Labels, labels) {
		c.Labels = nil
	}

	return c, c != UpdateRequest{}
}

// Delete ends a secret for as long as nobody restores it: it can no longer be revealed, rotated or injected, and its
// name is free.
//
// Errors: fault.NotFound; fault.InUse with `count` and `references` while something uses it, unless it is forced.
func (s *Service) Delete(ctx context.Context, a authz.Actor, id ID, force bool) (Secret, error) {
	return s.store.Delete(ctx, id, force, s.retention.Deleted, audit.Record(a, audit.SecretDeleted).
		AwaitsTarget("secret").With("forced", force).Awaits("references"))
}

// Restore undoes a deletion before the secret is destroyed for good, under another name if one is given.
//
// Errors: fault.Invalid naming `name`; fault.NotFound; fault.Conflict if the name is taken by now, or the secret is
// not deleted.
func (s *Service) Restore(ctx context.Context, a authz.Actor, id ID, name *string) (Secret, error) {
	if name != nil {
		if err := checkName(*name); err != nil {
			return Secret{}, err
		}
	}

	return s.store.Restore(ctx, id, name, audit.Record(a, audit.SecretRestored).AwaitsTarget("secret"))
}

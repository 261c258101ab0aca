package gcs

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"

	"cloud.google.com/go/storage"

	"github.com/provenanceone/data-api/internal/doctor"
)

var _ doctor.Buckets = (*Store)(nil)

// Look implements doctor.Buckets.
func (s *Store) Look(ctx context.Context, region string, origins []string) (doctor.Bucket, error) {
	bucket, err := s.bucket(region)
	if err != nil {
		return doctor.Bucket{}, err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	attrs, err := bucket.Attrs(ctx)
	if err != nil {
		return doctor.Bucket{}, unseen(err)
	}

	is := doctor.Bucket{
		Location:       attrs.Location,
		Uniform:        attrs.UniformBucketLevelAccess.Enabled,
		Private:        attrs.PublicAccessPrevention == storage.PublicAccessPreventionEnforced,
		EmptiesStaging: slices.ContainsFunc(attrs.Lifecycle.Rules, emptiesStaging),
		Versioned:      attrs.VersioningEnabled,
		Closed:         closedTo(attrs.CORS, origins),
	}
	if attrs.CustomPlacementConfig != nil {
		is.Spans = attrs.CustomPlacementConfig.DataLocations
	}

	if attrs.SoftDeletePolicy != nil {
		is.KeepsDeleted = attrs.SoftDeletePolicy.RetentionDuration
	}

	return is, nil
}

// unseen is the error where a bucket could not be asked about.
func unseen(err error) error {
	switch {
	case errors.Is(err, storage.ErrBucketNotExist), answered(err, http.StatusNotFound):
		return doctor.ErrAbsent
	case answered(err, http.StatusForbidden):
		return fmt.Errorf("%w: %w", doctor.ErrDenied, causeOf(err))
	}

	return causeOf(err)
}

// emptiesStaging reports whether a rule deletes all that is in staging once it is old enough: it has no other
// condition.
func emptiesStaging(r storage.LifecycleRule) bool {
	at := slices.Index(r.Condition.MatchesPrefix, stagingPrefix)
	want := stagingRule()
	want.Condition.MatchesPrefix = r.Condition.MatchesPrefix
	return at >= 0 && reflect.DeepEqual(r, want)
}

// closedTo returns the origins that the rules do not let PUT, with the headers of an upload, and GET. Storage goes by
// the first rule that has an origin and a method. It knows no ports but those that a rule names: for any port of a host
// it has the rule for any origin.
func closedTo(rules []storage.CORS, origins []string) (closed []string) {
	needs := corsRule(nil)
	for _, origin := range origins {
		open := func(method string, headers []string) bool {
			first := slices.IndexFunc(rules, func(r storage.CORS) bool {
				return has(r.Origins, origin) && has(r.Methods, method)
			})
			return first >= 0 && !slices.ContainsFunc(headers, func(header string) bool {
				return !has(rules[first].ResponseHeaders, header)
			})
		}
		if !open(http.MethodPut, needs.ResponseHeaders) || !open(http.MethodGet, nil) {
			closed = append(closed, origin)
		}
	}

	return closed
}

func has(all []string, one string) bool {
	return slices.ContainsFunc(all, func(a string) bool { return a == "*" || strings.EqualFold(a, one) })
}

// Granted implements doctor.Buckets.
func (s *Store) Granted(ctx context.Context, region string, permissions []string) ([]string, error) {
	bucket, err := s.bucket(region)
	if err != nil {
		return nil, err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	granted, err := bucket.IAM().TestPermissions(ctx, permissions)
	if err != nil {
		return nil, unseen(err)
	}

	return granted, nil
}

// Repair implements doctor.Buckets. It keeps rules of others, and fails if somebody changes the bucket meanwhile.
func (s *Store) Repair(ctx context.Context, region string, r doctor.Repair) error {
	bucket, err := s.bucket(region)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	attrs, err := bucket.Attrs(ctx)
	if err != nil {
		return unseen(err)
	}

	var change storage.BucketAttrsToUpdate
	if r.Access {
		change.UniformBucketLevelAccess = &storage.UniformBucketLevelAccess{Enabled: true}
		change.PublicAccessPrevention = storage.PublicAccessPreventionEnforced
	}

	if r.Staging {
		change.Lifecycle = &storage.Lifecycle{Rules: append(attrs.Lifecycle.Rules, stagingRule())}
	}

	if len(r.Origins) > 0 {
		change.CORS = slices.Concat(ruleFor(exact(r.Origins)), attrs.CORS, ruleFor(anyPort(r.Origins)))
	}

	_, err = bucket.If(storage.BucketConditions{MetagenerationMatch: attrs.MetaGeneration}).Update(ctx, change)
	if err != nil {
		return causeOf(err)
	}

	return nil
}

// ruleFor is the rule for some origins; none for none.
func ruleFor(origins []string) []storage.CORS {
	if len(origins) == 0 {
		return nil
	}

	return []storage.CORS{corsRule(origins)}
}

// exact returns the origins that a rule can name. Theirs comes first, because storage goes by the first that it finds.
func exact(origins []string) (named []string) {
	for _, o := range origins {
		if !strings.HasSuffix(o, ":*") {
			named = append(named, o)
		}
	}

	return named
}

// anyPort returns any origin if one of them is a host at any port. That rule comes last: it hides none of the others.
func anyPort(origins []string) []string {
	if len(exact(origins)) == len(origins) {
		return nil
	}

	return []string{"*"}
}

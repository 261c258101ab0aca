package gcs

import (
	"context"
	"net/http"
	"time"

	"cloud.google.com/go/storage"
)

const (
	stagingPrefix = "staging/"
	stagingDays   = 8
	corsAge       = time.Hour
	notEnsured    = "Storage did not answer: the bucket was not made."
)

// EnsureBucket makes the bucket of a region, or updates the rules of an existing one: browsers may PUT and GET, and
// storage deletes blobs left in staging after eight days.
//
// Errors: fault.Unavailable, also for an unknown region.
func (s *Store) EnsureBucket(ctx context.Context, region string) error {
	bucket, err := s.bucket(region)
	if err != nil {
		return err
	}

	ctx, cancel := context.WithTimeout(ctx, s.opts.Timeout)
	defer cancel()
	err = bucket.Create(ctx, s.opts.Project, s.bucketRules(region))
	if answered(err, http.StatusConflict) {
		rules := s.bucketRules(region)
		_, err = bucket.Update(ctx, storage.BucketAttrsToUpdate{CORS: rules.CORS, Lifecycle: &rules.Lifecycle})
	}

	if err != nil {
		return unavailable(notEnsured, err)
	}

	return nil
}

func (s *Store) bucketRules(region string) *storage.BucketAttrs {
	return &storage.BucketAttrs{
		Location:                 region,
		CORS:                     []storage.CORS{corsRule(s.opts.Origins)},
		UniformBucketLevelAccess: storage.UniformBucketLevelAccess{Enabled: true},
		PublicAccessPrevention:   storage.PublicAccessPreventionEnforced,
		Lifecycle:                storage.Lifecycle{Rules: []storage.LifecycleRule{stagingRule()}},
	}
}

// stagingRule deletes what was left in staging.
func stagingRule() storage.LifecycleRule {
	return storage.LifecycleRule{
		Action:    storage.LifecycleAction{Type: storage.DeleteAction},
		Condition: storage.LifecycleCondition{AgeInDays: stagingDays, MatchesPrefix: []string{stagingPrefix}},
	}
}

// corsRule lets pages of some origins, or of any, upload and download. It names the headers that a PUT must send and
// those that its answer shows; storage has one list for both.
func corsRule(origins []string) storage.CORS {
	if len(origins) == 0 {
		origins = []string{"*"}
	}

	return storage.CORS{
		MaxAge:  corsAge,
		Origins: origins,
		Methods: []string{http.MethodPut, http.MethodGet},
		ResponseHeaders: []string{
			"Content-Type", "Content-MD5", "x-goog-content-length-range", "x-goog-if-generation-match",
			"ETag", "x-goog-generation", "x-goog-hash",
		},
	}
}

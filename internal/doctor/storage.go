package doctor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// bucketPermissions are what the caller needs on a bucket.
var bucketPermissions = []string{
	"storage.objects.create", "storage.objects.delete", "storage.objects.get", "storage.objects.list",
}

// SigningError says that a signed request failed, or was not even signed.
type SigningError struct {
	// Account is the signer's email.
	Account string
	// Unsigned is whether there is no signature; Forged whether storage takes it for another account's.
	Unsigned, Forged bool
	// Refused is whether the account may not do what it signed.
	Refused bool
	Err     error
}

// Error never holds a URL.
func (e *SigningError) Error() string { return e.Err.Error() }

// Unwrap returns what went wrong.
func (e *SigningError) Unwrap() error { return e.Err }

// Permissions checks that the caller may do in a bucket what the server does there.
func Permissions(b Buckets, at Place) Check {
	name := "permissions on the bucket of " + at.Region
	return func(ctx context.Context) []Finding {
		granted, err := b.Granted(ctx, at.Region, bucketPermissions)
		missing := slices.DeleteFunc(slices.Clone(bucketPermissions),
			func(p string) bool { return slices.Contains(granted, p) })
		switch {
		case errors.Is(err, ErrAbsent):
			return []Finding{fault(name, "The bucket is not there.", "gcloud storage buckets list --project="+
				quote(at.Project))}
		case err != nil:
			return []Finding{fault(name, "Storage did not say what the caller may do.",
				"gcloud storage buckets get-iam-policy "+quote("gs://"+at.Bucket)).because(err)}
		case len(missing) > 0:
			return []Finding{fault(name, "The caller lacks "+strings.Join(missing, ", ")+".",
				bind(at, "roles/storage.objectUser"))}
		}

		return []Finding{ok(name)}
	}
}

// Journey sends a small object to a bucket and fetches it by signed URLs, and compares storage's clock with ours.
func Journey(b Buckets, at Place, now func() time.Time) Check {
	name, watch := "signed URLs of "+at.Region, "storage clock of "+at.Region
	return func(ctx context.Context) []Finding {
		moment, err := b.Travel(ctx, at.Region, now)
		found := []Finding{ok(name)}
		if err != nil {
			found = []Finding{travelled(name, at, err)}
		}

		if moment != (Moment{}) {
			found = append(found, clock(watch, "storage", moment))
		}

		return found
	}
}

// travelled says what a failed journey means.
func travelled(name string, at Place, err error) Finding {
	var signing *SigningError
	if !errors.As(err, &signing) {
		return fault(name, "A small object could not be sent, fetched and deleted.",
			"gcloud storage ls "+quote("gs://"+at.Bucket+"/staging/")).because(err)
	}

	signer := quote("serviceAccount:" + signing.Account)
	switch {
	case signing.Unsigned:
		return fault(name, "No URL can be signed.", "gcloud iam service-accounts add-iam-policy-binding "+
			quote(signing.Account)+" "+caller+" --role=roles/iam.serviceAccountTokenCreator").because(err)
	case signing.Forged:
		return fault(name, "Storage does not know the signature: the key is not, or no more, one of the account that "+
			"it names.", "gcloud iam service-accounts keys create signer.json --iam-account="+
			quote(signing.Account)).because(err)
	case signing.Refused:
		return fault(name, "The signing account may not write and read in the bucket.",
			"gcloud storage buckets add-iam-policy-binding "+quote("gs://"+at.Bucket)+" --member="+signer+
				" --role=roles/storage.objectUser").because(err)
	}

	return fault(name, "Storage did not take a signed request.",
		"gcloud storage buckets get-iam-policy "+quote("gs://"+at.Bucket)).because(err)
}

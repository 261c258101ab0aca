package doctor

import (
	"context"
	"strings"
)

// Vault is Secret Manager, location by location.
type Vault interface {
	// TryAll makes a secret of no deployment in a region's location, does with it all that the server does with
	// secrets, and removes it. It returns the permissions that the caller lacks.
	TryAll(ctx context.Context, region string) (lacking []string, err error)
}

// Secrets checks that the server can do in a location of Secret Manager what it does there.
func Secrets(v Vault, at Place) Check {
	name := "Secret Manager in " + at.Location
	return func(ctx context.Context) []Finding {
		lacking, err := v.TryAll(ctx, at.Region)
		switch {
		case len(lacking) > 0:
			return []Finding{fault(name, "The caller lacks "+strings.Join(lacking, ", ")+".",
				"gcloud projects add-iam-policy-binding "+quote(at.Project)+" "+caller+
					" --role=roles/secretmanager.admin").because(err)}
		case err != nil:
			return []Finding{fault(name, "A secret could not be made, read and removed.",
				"gcloud services enable secretmanager.googleapis.com --project="+quote(at.Project)).because(err)}
		}

		return []Finding{ok(name)}
	}
}

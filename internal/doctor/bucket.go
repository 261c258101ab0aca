package doctor

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"
)

// What storage answers where a bucket cannot be looked at.
var (
	ErrAbsent = errors.New("there is no such bucket")
	ErrDenied = errors.New("the caller may not read the bucket's rules")
)

// Place is a region as the settings have it.
type Place struct {
	Region, Bucket string
	// Location is Secret Manager's.
	Location string
	Project  string
}

// Bucket is what storage says of a bucket.
type Bucket struct {
	// Location is a region, a multi-region such as EU, or a dual-region such as EUR4.
	Location string
	// Spans are the regions of a dual-region whose name says nothing of them.
	Spans []string
	// Uniform is uniform bucket-level access; Private is that public access is prevented.
	Uniform, Private bool
	// EmptiesStaging is whether a rule deletes what lies in staging, when it should.
	EmptiesStaging bool
	// Closed are the origins among those asked for from whose pages no browser can upload or download.
	Closed []string
	// Versioned is whether storage keeps what is overwritten or deleted; KeepsDeleted is how long soft delete does.
	Versioned    bool
	KeepsDeleted time.Duration
}

// Repair says which rules of a bucket to set.
type Repair struct {
	// Access is uniform access, and that public access is prevented.
	Access  bool
	Staging bool
	// Origins are those whose pages may upload and download from now on.
	Origins []string
}

// Buckets are asked about their rules. The names of permissions are IAM's.
type Buckets interface {
	// Look returns what storage says of a region's bucket, for pages of some origins. Errors: ErrAbsent, ErrDenied.
	Look(ctx context.Context, region string, origins []string) (Bucket, error)
	// Granted returns those of the permissions that the caller has.
	Granted(ctx context.Context, region string, permissions []string) ([]string, error)
	// Repair sets rules, and leaves all others as they are.
	Repair(ctx context.Context, region string, r Repair) error
	// Travel sends a small object to a signed URL, reads it by another one, and deletes it. The moment is the zero one
	// if storage did not answer. Errors: SigningError.
	Travel(ctx context.Context, region string, now func() time.Time) (Moment, error)
}

// softDelete is the longest that docs/data-handling.md promises of soft delete.
const softDelete = 7 * 24 * time.Hour

// Rules checks a bucket: that it is there, where, and by which rules it is kept. With apply it sets those that it may.
func Rules(b Buckets, at Place, origins []string, apply bool) Check {
	name := "bucket of " + at.Region
	url := quote("gs://" + at.Bucket)
	return func(ctx context.Context) []Finding {
		is, err := b.Look(ctx, at.Region, origins)
		switch {
		case errors.Is(err, ErrAbsent):
			return []Finding{fault(name, "The bucket is not there.", "gcloud storage buckets create "+url+" --project="+
				quote(at.Project)+" --location="+quote(at.Location)+
				" --uniform-bucket-level-access --public-access-prevention && data-api doctor --apply")}
		case errors.Is(err, ErrDenied):
			return []Finding{warning(name, "The rules of the bucket cannot be read, and were not checked: that takes "+
				"storage.buckets.get.", bind(at, "roles/storage.bucketViewer")).because(err)}
		case err != nil:
			return []Finding{fault(name, "Storage did not say what the bucket's rules are.",
				"gcloud storage buckets describe "+url).because(err)}
		}

		found := judge(name, url, at, is)
		if apply {
			return mended(ctx, b, at.Region, is, found)
		}

		return found
	}
}

// judge has a finding for each rule.
func judge(name, url string, at Place, is Bucket) []Finding {
	update := "gcloud storage buckets update " + url
	const apply = "data-api doctor --apply"
	rules := []struct {
		of   string
		kept bool
		Finding
	}{
		{"location", is.within(at.Location), warning("", "The bucket is in "+is.Location+", and the region's "+
			"secrets in "+at.Location+".", "gcloud storage buckets describe "+url+" --format='value(location)'")},
		{uniform, is.Uniform, fault("", "Uniform bucket-level access is off: single objects may have rules of their "+
			"own.", update+" --uniform-bucket-level-access")},
		{private, is.Private, fault("", "Public access is not prevented.", update+" --public-access-prevention")},
		{staging, is.EmptiesStaging, fault("", "No lifecycle rule deletes what is left in staging/ after 8 days.",
			apply)},
		{cors, len(is.Closed) == 0, fault("", "Pages of these origins can neither upload nor download (CORS): "+
			strings.Join(is.Closed, ", ")+".", apply)},
		{"versioning", !is.Versioned, warning("", "The bucket keeps every version of what the server deletes.",
			update+" --no-versioning")},
		{"soft delete", is.KeepsDeleted <= softDelete, warning("", "The bucket keeps deleted bytes for more than "+
			"seven days.", update+" --soft-delete-duration=7d")},
	}

	found := []Finding{ok(name)}
	for _, rule := range rules {
		f := ok("")
		if !rule.kept {
			f = rule.Finding
		}

		f.Check = name + ": " + rule.of
		found = append(found, f)
	}

	return found
}

// The rules that can be set.
const (
	uniform = "uniform access"
	private = "public access"
	staging = "staging rule"
	cors    = "CORS"
)

// mended sets what can be set, and says so in the place of what was wrong.
func mended(ctx context.Context, b Buckets, region string, is Bucket, found []Finding) []Finding {
	r := Repair{Access: !is.Uniform || !is.Private, Staging: !is.EmptiesStaging, Origins: is.Closed}
	if !r.Access && !r.Staging && len(r.Origins) == 0 {
		return found
	}

	err := b.Repair(ctx, region, r)
	for i, f := range found {
		_, rule, _ := strings.Cut(f.Check, ": ")
		switch {
		case f.Status == OK || !slices.Contains([]string{uniform, private, staging, cors}, rule):
		case err != nil:
			found[i].Says += " It could not be set just now."
			found[i] = found[i].because(err)
		default:
			found[i] = Finding{Check: f.Check, Status: OK, Says: "Set just now. Before: " + f.Says}
		}
	}

	return found
}

// spans are the regions of multi-regions and dual-regions; a prefix ends with a hyphen.
//
// Source: Google Cloud Storage, "Bucket locations".
var spans = map[string][]string{
	"us": {"us-"}, "asia": {"asia-"}, "eu": {"europe-"},
	"nam4": {"us-central1", "us-east1"}, "asia1": {"asia-northeast1", "asia-northeast2"},
	"eur4": {"europe-north1", "europe-west4"}, "eur5": {"europe-west1", "europe-west2"},
	"eur7": {"europe-west2", "europe-west3"}, "eur8": {"europe-west3", "europe-west6"},
}

// outsideEU are regions of Europe that the multi-region EU has no part in.
var outsideEU = []string{"europe-west2", "europe-west6"}

// within reports whether the bucket is in a location, or in several of which that is one.
func (b Bucket) within(location string) bool {
	here := strings.ToLower(b.Location)
	if here == location || slices.ContainsFunc(b.Spans, func(s string) bool { return strings.ToLower(s) == location }) {
		return true
	}

	if here == "eu" && slices.Contains(outsideEU, location) {
		return false
	}

	return slices.ContainsFunc(spans[here], func(s string) bool {
		return s == location || strings.HasSuffix(s, "-") && strings.HasPrefix(location, s)
	})
}

// bind is the command that gives whoever serve calls as a role on a bucket.
func bind(at Place, role string) string {
	bucket := quote("gs://" + at.Bucket)
	return "gcloud storage buckets add-iam-policy-binding " + bucket + " " + caller + " --role=" + role
}

// caller names the account in commands: only whoever types them knows it.
const caller = `--member="serviceAccount:${ACCOUNT:?set it to the email of the account that serve calls as}"`

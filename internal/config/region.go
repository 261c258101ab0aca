package config

import (
	"fmt"
	"regexp"
)

// Region is where workspaces can live.
type Region struct {
	// Name is what workspaces call it, for example `europe-west1`.
	Name string
	// Bucket is the Google Cloud Storage bucket of its objects.
	Bucket string
	// Location is the Secret Manager location of its secrets.
	Location string
}

var regionForm = regexp.MustCompile(`^([a-z0-9-]{1,63})=([a-z0-9][a-z0-9._-]{1,220}[a-z0-9]),([a-z0-9-]{1,63})$`)

// UnmarshalText reads a region as NAME=BUCKET,LOCATION.
func (r *Region) UnmarshalText(text []byte) error {
	parts := regionForm.FindSubmatch(text)
	if parts == nil {
		return fmt.Errorf("--regions %q: write it NAME=BUCKET,LOCATION, for example "+
			"europe-west1=acme-objects,europe-west1", text)
	}

	*r = Region{Name: string(parts[1]), Bucket: string(parts[2]), Location: string(parts[3])}
	return nil
}

// MarshalText writes a region as UnmarshalText reads it.
func (r Region) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// String is the same.
func (r Region) String() string { return r.Name + "=" + r.Bucket + "," + r.Location }

func byName(regions []Region, pick func(Region) string) map[string]string {
	all := make(map[string]string, len(regions))
	for _, r := range regions {
		all[r.Name] = pick(r)
	}

	return all
}

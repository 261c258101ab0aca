package secretmanager

import "testing"

func TestEndpointOf_IsTheLocationsOwn(t *testing.T) {
	t.Parallel()
	if got, want := endpointOf("europe-west1"), "secretmanager.europe-west1.rep.googleapis.com:443"; got != want {
		t.Errorf("endpoint is %s, want %s", got, want)
	}
}

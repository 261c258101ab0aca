package config

import (
	"strings"
	"testing"
)

func TestStoresCheck_EverythingMissing_IsNamedAtOnce(t *testing.T) {
	t.Parallel()
	err := Stores{}.Check()
	for _, flag := range []string{"--database-url", "--gcp-project", "--regions"} {
		if err == nil || !strings.Contains(err.Error(), flag) {
			t.Errorf("%s is not named in: %v", flag, err)
		}
	}
}

func TestStoresCheck_DatabaseElsewhereWithoutTLS_IsRefused(t *testing.T) {
	t.Parallel()
	v := Stores{DatabaseURL: good().DatabaseURL, GCPProject: "p", Regions: good().Regions}
	if err := v.Check(); err != nil {
		t.Fatal(err)
	}
	v.DatabaseURL = "postgres://app:hunter2@db.example/d?sslmode=disable"
	if err := v.Check(); err == nil || !strings.Contains(err.Error(), "--database-url") ||
		strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("got %v", err)
	}
}

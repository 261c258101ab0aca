package config

import (
	"math"
	"strings"
	"testing"
	"time"
)

func good() Serve {
	return Serve{
		Stores: Stores{
			DatabaseURL: "postgres://app@db.example/data?sslmode=verify-full",
			GCPProject:  "p",
			Regions:     []Region{{"eu", "bucket", "europe-west1"}},
		},
		Listen:         "127.0.0.1:8080",
		OIDCIssuer:     "https://id.example",
		OIDCAudience:   "data-api",
		SigningKeyFile: "k.json",
		ServerKeyFile:  "k",
		MaxUploadBytes: 1,
		MaxAnswerBytes: LeastAnswerBytes,
		MaxSockets:     1,
		Requests:       defaults(),
	}
}

func TestCheck_GoodSettings_AreTaken(t *testing.T) {
	t.Parallel()
	if err := good().Check(); err != nil {
		t.Fatal(err)
	}
}

func TestCheck_SignerWithoutAFile_IsTaken(t *testing.T) {
	t.Parallel()
	s := good()
	s.SigningKeyFile, s.SigningServiceAccount = "", "data-api@p.iam.gserviceaccount.com"
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
}

func TestCheck_CollectorsOfTraces_AreTaken(t *testing.T) {
	t.Parallel()
	for _, traces := range []Traces{
		{Endpoint: "https://c.example/v1/traces", Header: "Authorization: Bearer x", SampleRatio: 1},
		{Endpoint: "http://127.0.0.1:4318/v1/traces", Header: "Authorization: Bearer x"},
		{Endpoint: "http://collector.monitoring:4318/v1/traces", TrustedCallers: []string{"10.0.0.0/8", "2001:db8::/32"}},
	} {
		s := good()
		s.Traces = traces
		if err := s.Check(); err != nil || len(traces.Networks()) != len(traces.TrustedCallers) {
			t.Errorf("%+v: %v", traces, err)
		}
	}
}

func TestCheck_EverythingMissing_IsNamedAtOnce(t *testing.T) {
	t.Parallel()
	err := Serve{Listen: "nowhere"}.Check()
	if err == nil {
		t.Fatal("nothing was refused")
	}
	for _, flag := range []string{"--listen", "--database-url", "--oidc-issuer", "--oidc-audience", "--gcp-project",
		"--regions", "--signing-key-file", "--signing-service-account", "--server-key-file", "--max-upload-bytes"} {
		if !strings.Contains(err.Error(), flag) {
			t.Errorf("%s is not named in: %v", flag, err)
		}
	}
}

func TestCheck_UnsafeSettings_AreRefused(t *testing.T) {
	t.Parallel()
	emulators := Emulators{GCSEndpoint: "http://127.0.0.1:1", SecretManagerEndpoint: "127.0.0.1:2", BearerFile: "b"}
	tests := map[string]struct {
		change func(*Serve)
		flag   string
	}{
		"a database elsewhere without TLS": {func(s *Serve) { s.DatabaseURL = "postgres://app@db.example/d?sslmode=disable" }, "--database-url"},
		"an owner elsewhere without TLS":   {func(s *Serve) { s.MigrateDatabaseURL = "postgres:///d?host=db.example&sslmode=prefer" }, "--migrate-database-url"},
		"a database URL that is none":      {func(s *Serve) { s.DatabaseURL = "mysql://x" }, "--database-url"},
		"an issuer in the clear":           {func(s *Serve) { s.OIDCIssuer = "http://id.example" }, "--oidc-issuer"},
		"an issuer that is no URL":         {func(s *Serve) { s.OIDCIssuer = "id.example" }, "--oidc-issuer"},
		"two signers, by the first":        {func(s *Serve) { s.SigningServiceAccount = "a@b" }, "--signing-key-file"},
		"two signers, by the second": {func(s *Serve) { s.SigningServiceAccount = "a@b" },
			"--signing-service-account"},
		"a signer that is no account": {func(s *Serve) {
			s.SigningKeyFile, s.SigningServiceAccount = "",
				"projects/p"
		}, "--signing-service-account"},
		"other audiences with the own one": {func(s *Serve) {
			s.Identity.OtherAudiences = []string{"account", "data-api"}
		}, "--oidc-other-audiences"},
		"traces to no URL":            {func(s *Serve) { s.Traces.Endpoint = "collector:4318" }, "--traces-endpoint"},
		"traces to a user":            {func(s *Serve) { s.Traces.Endpoint = "https://a:b@c.example/v1/traces" }, "--traces-endpoint"},
		"traces to no path":           {func(s *Serve) { s.Traces.Endpoint = "https://c.example" }, "--traces-endpoint"},
		"more traces than all":        {func(s *Serve) { s.Traces.SampleRatio = 1.1 }, "--traces-sample-ratio"},
		"no number of traces":         {func(s *Serve) { s.Traces.SampleRatio = math.NaN() }, "--traces-sample-ratio"},
		"a caller that is no network": {func(s *Serve) { s.Traces.TrustedCallers = []string{"10.0.0.1"} }, "--traces-trusted-callers"},
		"a header to nobody":          {func(s *Serve) { s.Traces.Header = "A: b" }, "--traces-header"},
		"a header that is none": {func(s *Serve) {
			s.Traces = Traces{Endpoint: "https://c.example/v1/traces", Header: "Bearer hunter2"}
		}, "--traces-header"},
		"a header in the clear": {func(s *Serve) {
			s.Traces = Traces{Endpoint: "http://c.example/v1/traces", Header: "A: b"}
		}, "--traces-endpoint"},
		"an empty client":        {func(s *Serve) { s.Identity.Clients = []string{""} }, "--oidc-clients"},
		"less than no drain":     {func(s *Serve) { s.DrainFor = -1 }, "--drain-for"},
		"a drain without an end": {func(s *Serve) { s.DrainFor = 11 * time.Minute }, "--drain-for"},
		"no sockets at all":      {func(s *Serve) { s.MaxSockets = 0 }, "--max-sockets"},
		"fewer than no secrets":  {func(s *Serve) { s.Limits.Secrets = -1 }, "--max-secrets"},
		"fewer than no versions": {func(s *Serve) { s.Limits.SecretVersions = -1 }, "--max-secret-versions"},
		"fewer than no keys":     {func(s *Serve) { s.Limits.APIKeys = -1 }, "--max-api-keys"},
		"too many deletions": {func(s *Serve) { s.Limits.RunningDeletions = 1_000_001 },
			"--max-running-deletions"},
		"fewer than no leases": {func(s *Serve) { s.Limits.OpenLeases = -1 }, "--max-open-leases"},
		"half of the notifications": {func(s *Serve) {
			s.Events = Events{
				Audience: "events",
				Issuer:   "https://id.example",
			}
		}, "--events-service-account"},
		"the other half": {func(s *Serve) {
			s.Events = Events{
				ServiceAccount: "e@p.example",
				Issuer:         "https://id.example",
			}
		}, "--events-audience"},
		"notifications of nobody's": {func(s *Serve) {
			s.Events = Events{Audience: "events", ServiceAccount: "e@p.example"}
		}, "--events-issuer"},
		"notifications issued in the clear": {func(s *Serve) {
			s.Events = Events{"events", "e@p.example",
				"http://id.example"}
		}, "--events-issuer"},
		"notifications of no account": {func(s *Serve) {
			s.Events = Events{"events", "projects/p",
				"https://id.example"}
		}, "--events-service-account"},
		"the API's own audience": {func(s *Serve) {
			s.Events = Events{"data-api", "e@p.example",
				"https://id.example"}
		}, "--events-audience"},
		"emulators off loopback": {func(s *Serve) { s.Dev = emulators; s.Dev.GCSEndpoint = "http://10.0.0.1:1" },
			"--gcs-endpoint"},
		"a vault off loopback": {func(s *Serve) { s.Dev = emulators; s.Dev.SecretManagerEndpoint = "sm.example:443" },
			"--secretmanager-endpoint"},
		"emulators behind a public address": {func(s *Serve) { s.Dev = emulators; s.Listen = "0.0.0.0:8080" },
			"--listen"},
		"metrics at no address": {func(s *Serve) { s.MetricsListen = "9090" }, "--metrics-listen"},
		"half of the emulators": {func(s *Serve) { s.Dev = emulators; s.Dev.SecretManagerEndpoint = "" },
			"go together"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := good()
			test.change(&s)
			err := s.Check()
			if err == nil || !strings.Contains(err.Error(), test.flag) {
				t.Fatalf("want a refusal naming %s, got %v", test.flag, err)
			}
		})
	}
}

func TestRegion_Malformed_IsRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "eu", "eu=b", "eu=bucket", "EU=bucket,eu", "eu=bucket,eu,more"} {
		if err := new(Region).UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

func TestCheck_DatabasePassword_IsNeverQuoted(t *testing.T) {
	t.Parallel()
	s := good()
	s.DatabaseURL = "mysql://app:hunter2@db"
	if err := s.Check(); err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Fatalf("got %v", err)
	}
}

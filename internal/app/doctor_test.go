package app

import (
	"crypto/rand"
	"crypto/rsa"
	"database/sql"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/provenanceone/data-api/internal/doctor"
	"github.com/provenanceone/data-api/internal/pgtest"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestExamine_AllWell_FindsEverythingOK holds what the faults below are faults against, and that nothing is left.
func TestExamine_AllWell_FindsEverythingOK(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	found := p.examine(false)
	for _, f := range found {
		if f != (doctor.Finding{Check: f.Check, Status: doctor.OK}) {
			t.Errorf("%+v", f)
		}
	}
	for _, check := range []string{"issuer", "server key", "database", "database role", "row-level security",
		"audit partitions", "database clock", "migrations", "Secret Manager in europe-west1", "bucket of eu",
		"bucket of eu: CORS", "permissions on the bucket of eu", "signed URLs of eu", "storage clock of eu"} {
		if !slices.ContainsFunc(found, func(f doctor.Finding) bool { return f.Check == check }) {
			t.Errorf("%q was not checked", check)
		}
	}
	if left := p.objects(); len(left) > 0 {
		t.Errorf("left in the bucket: %v", left)
	}
}

// planted is a fault, and what is to be found of it.
type planted struct {
	plant  func(*patient)
	check  string
	status doctor.Status
	says   string
	mend   string
}

func TestExamine_PlantedFault_IsFoundAndNamedWithItsMend(t *testing.T) {
	t.Parallel()
	for name, fault := range plantedFaults() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := newPatient(t)
			fault.plant(p)
			found := p.examine(false)
			at := slices.IndexFunc(found, func(f doctor.Finding) bool { return f.Check == fault.check })
			if at < 0 {
				t.Fatalf("%q is not among %+v", fault.check, found)
			}
			f := found[at]
			if f.Status != fault.status || !strings.Contains(f.Says, fault.says) || !strings.Contains(f.Mend, fault.mend) {
				t.Errorf("got %+v, want %s: …%s…; type …%s…", f, fault.status, fault.says, fault.mend)
			}
			for _, secret := range []string{"X-Goog-Signature", testkit.Bearer} {
				if strings.Contains(f.Cause+f.Says+f.Mend, secret) {
					t.Errorf("%q is in %+v", secret, f)
				}
			}
		})
	}
}

func plantedFaults() map[string]planted {
	all := bucketFaults()
	for name, fault := range rightsFaults() {
		all[name] = fault
	}
	for name, fault := range databaseFaults() {
		all[name] = fault
	}
	return all
}

func bucketFaults() map[string]planted {
	return map[string]planted{
		"a bucket that is not there": {func(p *patient) { p.bucket = nil }, "bucket of eu", doctor.Fault,
			"not there", "gcloud storage buckets create 'gs://blobs-eu' --project='dev' --location='europe-west1'"},
		"a bucket in another location": {func(p *patient) { p.bucket["location"] = "US" }, "bucket of eu: location",
			doctor.Warning, "in US", "gcloud storage buckets describe 'gs://blobs-eu'"},
		"public access": {func(p *patient) {
			p.bucket["iamConfiguration"] = map[string]any{"uniformBucketLevelAccess": map[string]any{"enabled": true}}
		}, "bucket of eu: public access", doctor.Fault, "not prevented", "--public-access-prevention"},
		"access by object": {func(p *patient) {
			p.bucket["iamConfiguration"] = map[string]any{"publicAccessPrevention": "enforced"}
		}, "bucket of eu: uniform access", doctor.Fault, "is off", "--uniform-bucket-level-access"},
		"no lifecycle": {func(p *patient) { delete(p.bucket, "lifecycle") }, "bucket of eu: staging rule", doctor.Fault,
			"after 8 days", "data-api doctor --apply"},
		"an origin that the bucket does not know": {func(p *patient) {
			p.settings.AllowedOrigins = append(p.settings.AllowedOrigins, "https://new.example")
		}, "bucket of eu: CORS", doctor.Fault, "https://new.example", "data-api doctor --apply"},
		"versions of what is deleted": {func(p *patient) {
			p.bucket["versioning"] = map[string]any{"enabled": true}
		}, "bucket of eu: versioning", doctor.Warning, "every version", "--no-versioning"},
		"thirty days of soft delete": {func(p *patient) {
			p.bucket["softDeletePolicy"] = map[string]any{"retentionDurationSeconds": "2592000"}
		}, "bucket of eu: soft delete", doctor.Warning, "seven days", "--soft-delete-duration=7d"},
	}
}

func rightsFaults() map[string]planted {
	return map[string]planted{
		"an issuer of another name": {func(p *patient) { p.issuerName = "https://id.example" }, "issuer", doctor.Fault,
			`"https://id.example"`, "export DATA_API_OIDC_ISSUER='https://id.example'"},
		"an issuer without keys": {func(p *patient) { p.keys = `{"keys":[]}` }, "issuer", doctor.Fault, "no key",
			"/.well-known/openid-configuration"},
		"an issuer that is not there": {func(p *patient) { p.settings.OIDCIssuer = "http://127.0.0.1:1" }, "issuer",
			doctor.Fault, "does not answer", "curl -fsS 'http://127.0.0.1:1/"},
		"a bucket that may not be emptied": {func(p *patient) {
			p.storage.Permissions = []string{"storage.buckets.create", "storage.buckets.get", "storage.objects.create",
				"storage.objects.get", "storage.objects.list"}
		}, "permissions on the bucket of eu", doctor.Fault, "storage.objects.delete", "--role=roles/storage.objectUser"},
		"rules that may not be read": {func(p *patient) {
			p.storage.Permissions = []string{"storage.buckets.create", "storage.objects.create", "storage.objects.get",
				"storage.objects.list", "storage.objects.delete"}
		}, "bucket of eu", doctor.Warning, "storage.buckets.get", "--role=roles/storage.bucketViewer"},
		"secrets that may not be destroyed": {func(p *patient) {
			p.vault.Permissions = []string{"secretmanager.secrets.create", "secretmanager.secrets.get",
				"secretmanager.secrets.update", "secretmanager.secrets.delete", "secretmanager.secrets.list",
				"secretmanager.versions.add", "secretmanager.versions.access", "secretmanager.versions.get",
				"secretmanager.versions.list"}
		}, "Secret Manager in europe-west1", doctor.Fault, "lacks secretmanager.versions.destroy.",
			"gcloud projects add-iam-policy-binding 'dev'"},
		"secrets that may not be made": {func(p *patient) { p.vault.Permissions = []string{} },
			"Secret Manager in europe-west1", doctor.Fault, "secretmanager.secrets.create", "roles/secretmanager.admin"},
		"a signer that storage does not know": {func(p *patient) { p.storage.Signers = nil }, "signed URLs of eu",
			doctor.Fault, "may not write", "--member='serviceAccount:" + testkit.Signer + "'"},
		"the key of another account": {func(p *patient) {
			stranger, err := rsa.GenerateKey(rand.Reader, 2048)
			testkit.Must(p.t, err)
			p.storage.Signers = map[string]*rsa.PublicKey{testkit.Signer: &stranger.PublicKey}
		}, "signed URLs of eu", doctor.Fault, "the key is not", "--iam-account='" + testkit.Signer + "'"},
		"a signing key that is none": {func(p *patient) { p.settings.SigningKeyFile = p.settings.ServerKeyFile },
			"signing key", doctor.Fault, "cannot be used", "gcloud iam service-accounts keys create"},
		"a server key for everybody": {func(p *patient) { p.chmod(0o644) }, "server key", doctor.Warning, "Everybody",
			"chmod o= '"},
		"a short server key": {func(p *patient) { p.write("server.key", "short") }, "server key", doctor.Fault,
			"32 random bytes", "openssl rand -base64 32"},
		"the same server key twice": {
			func(p *patient) { p.settings.OtherServerKeyFile = p.settings.ServerKeyFile }, "other server key", doctor.Fault,
			"cannot be used", "openssl rand -base64 32",
		},
		"no server key": {func(p *patient) { p.settings.ServerKeyFile += ".gone" }, "server key", doctor.Fault,
			"cannot be read", "openssl rand -base64 32 > '"},
	}
}

func databaseFaults() map[string]planted {
	return map[string]planted{
		"a database that is not there": {func(p *patient) {
			p.settings.DatabaseURL = pgtest.With(p.settings.DatabaseURL, "host", p.t.TempDir())
		}, "database", doctor.Fault, "does not answer", `psql "$DATA_API_DATABASE_URL"`},
		"a pooler that shares sessions": {func(p *patient) {
			p.settings.DatabaseURL = pgtest.NewPooler(p.t, p.database.AppURL, "transaction").URL(p.database.AppURL)
		}, "database", doctor.Fault, "A pooler", "pool_mode = session"},
		"a role that may create": {func(p *patient) {
			p.operate(`GRANT CREATE ON SCHEMA public TO data_api_app`)
		}, "database role", doctor.Fault, "create objects",
			`psql "$DATA_API_MIGRATE_DATABASE_URL" -c 'REVOKE CREATE ON SCHEMA public FROM PUBLIC, data_api_app'`},
		"the owner as the app role": {func(p *patient) { p.settings.DatabaseURL = p.database.OwnerURL }, "database role",
			doctor.Fault, "owns the tables", "SELECT session_user"},
		"a table that nothing holds": {func(p *patient) { p.operate(`ALTER TABLE secret NO FORCE ROW LEVEL SECURITY`) },
			"row-level security", doctor.Fault, "public.secret", "ALTER TABLE public.secret FORCE ROW LEVEL SECURITY"},
		"no partition for a month": {func(p *patient) {
			p.operate(`DROP TABLE audit_event_` + time.Now().UTC().AddDate(0, 0, 40).Format("2006_01")) // of a month to come
		}, "audit partitions", doctor.Fault, "audit_event_", "SELECT ensure_audit_partitions(12)"},
		"a migration that has not run": {func(p *patient) {
			p.operate(`DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)`)
		}, "migrations", doctor.Fault, "this program needs", "data-api migrate"},
		"a clock half a minute ahead": {func(p *patient) { p.ahead = 30 * time.Second }, "database clock",
			doctor.Warning, "at least 29s apart", "timedatectl"},
		"a clock two minutes ahead": {func(p *patient) { p.ahead = 2 * time.Minute }, "storage clock of eu",
			doctor.Fault, "apart", "timedatectl"},
	}
}

func TestExamine_Apply_SetsTheRulesOfTheBucketAndKeepsOthers(t *testing.T) {
	t.Parallel()
	p := newPatient(t)
	delete(p.bucket, "cors")
	delete(p.bucket, "iamConfiguration")
	p.bucket["lifecycle"] = map[string]any{"rule": []any{map[string]any{
		"action":    map[string]any{"type": "AbortIncompleteMultipartUpload"},
		"condition": map[string]any{"age": 30},
	}}}
	set := 0
	for _, f := range p.examine(true) {
		if f.Status != doctor.OK {
			t.Errorf("%+v", f)
		}
		if strings.HasPrefix(f.Says, "Set just now.") {
			set++
		}
	}
	if set != 4 {
		t.Errorf("%d rules were set, want 4", set)
	}
	for _, f := range p.examine(false) {
		if f.Status != doctor.OK || f.Says != "" {
			t.Errorf("a second time: %+v", f)
		}
	}
	if kept := p.get("/storage/v1/b/blobs-eu"); !strings.Contains(kept, "AbortIncompleteMultipartUpload") {
		t.Errorf("the other rule is gone: %s", kept)
	}
}

// operate runs a statement as a superuser.
func (p *patient) operate(statement string) {
	p.t.Helper()
	db, err := sql.Open("postgres", p.database.SuperURL)
	testkit.Must(p.t, err)
	_, err = db.ExecContext(p.t.Context(), statement)
	testkit.Must(p.t, err)
	testkit.Must(p.t, db.Close())
}

package object_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/object"
	"github.com/provenanceone/data-api/internal/testkit"
)

// TestWrites_ThatAreRefusedAfterAll_LeaveTheBytesOfWhatTheyWouldReplace is for writes that fail once they have taken
// the last reference from a blob: nothing that is kept may lose its bytes.
func TestWrites_ThatAreRefusedAfterAll_LeaveTheBytesOfWhatTheyWouldReplace(t *testing.T) {
	t.Parallel()
	writes := map[string]func(*rig) error{
		"a copy": func(r *rig) error {
			_, err := r.objects.Copy(bg, r.acme, r.copying("long", "kept", new(int32(2))))
			return err
		},
		"a restore": func(r *rig) error {
			_, err := r.objects.Restore(bg, r.acme, r.restoring("long", 2))
			return err
		},
		"a deletion": func(r *rig) error {
			_, err := r.objects.Delete(bg, r.acme, r.in, "kept", object.Precondition{})
			return err
		},
		"content": func(r *rig) error {
			_, err := r.objects.Put(bg, r.acme, object.PutRequest{
				DatastoreID: r.in,
				Key:         "kept",
				Content:     []byte("much longer"),
				ContentType: "text/plain",
			}, nil)
			return err
		},
	}
	for name, write := range writes {
		for about, c := range map[string]struct {
			breaks string
			kind   fault.Kind
		}{
			"by the quota": {`UPDATE workspace_usage SET limit_bytes = used_bytes`, fault.QuotaExceeded},
			"at the commit": {`CREATE FUNCTION ends() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
					$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
				CREATE CONSTRAINT TRIGGER broken AFTER INSERT ON audit_event DEFERRABLE INITIALLY DEFERRED
					FOR EACH ROW WHEN (NEW.action <> 'datastore.object_read') EXECUTE FUNCTION ends()`,
				fault.Unavailable},
		} {
			if name == "a deletion" && c.kind == fault.QuotaExceeded {
				continue // which a quota does not refuse
			}
			t.Run(name+" "+about, func(t *testing.T) {
				t.Parallel()
				r := newRig(t)
				r.keeps(t, 3)
				contents := []string{"a", "much longer", "c"}
				for _, content := range contents {
					r.keep(t, "kept", "text/plain", content[:1])
					r.keep(t, "long", "text/plain", content)
				}
				_, err := r.Super.ExecContext(bg, c.breaks)
				testkit.Must(t, err)
				if err := write(r); !fault.Is(err, c.kind) {
					t.Errorf("got %v, want %s", err, c.kind)
				}
				for _, key := range []string{"kept", "long"} {
					if got := r.history(t, key); len(got) != len(contents) { // which reads them all
						t.Errorf("%s has %q", key, got)
					}
				}
			})
		}
	}
}

package erasure

import (
	"context"

	"github.com/provenanceone/data-api/internal/fault"
)

// checkStores refuses a bucket and a Secret Manager that are not marked as this database's: nothing would be found
// there, and the rows, which say where everything is, would go all the same.
func (d Deleter) checkStores(ctx context.Context, region string) error {
	instance, err := d.Database.Instance(ctx)
	if err != nil {
		return err
	}

	for what, store := range map[string]Marked{"bucket": d.Blobs, "Secret Manager": d.Vault} {
		m, err := store.Mark(ctx, region)
		if err != nil {
			return err
		}

		if m.Instance != instance || m.Run == 0 {
			return fault.New(fault.Conflict, "The %s of %s is not marked as this database's. This run destroyed "+
				"nothing. Are these the settings of its servers? If nothing was ever compared there, run `data-api reconcile` first.",
				what, region)
		}
	}

	return nil
}

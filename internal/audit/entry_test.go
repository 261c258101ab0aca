package audit_test

import (
	"testing"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/ident"
)

func TestEntry_PartOfAnother_GoesOnRecordWithIt(t *testing.T) {
	t.Parallel()
	whole := ident.New[audit.Event]()
	part := audit.Record(viewer("runtime@acme"), audit.ObjectDeleted).PartOf(audit.StepExecuted, whole).
		On("object", "id", "a").With("version", 2).Ended(audit.Failed)
	all := part.All()
	if len(all) != 2 || all[0].ID != part.ID || all[0].Action != audit.ObjectDeleted || all[0].Risk != audit.Medium ||
		len(all[0].Details) != 1 {
		t.Fatalf("they are %+v", all)
	}
	step := all[1]
	if step.ID != whole || step.Action != audit.StepExecuted || step.Risk != audit.Low ||
		step.Outcome != audit.Failed || step.Target != part.Target || step.By.Who != part.By.Who {
		t.Errorf("the whole is %+v", step)
	}
	if step.Details["version"] != 2 || step.Details["partId"] != part.ID || len(step.Details) != 2 {
		t.Errorf("its details are %v", step.Details)
	}
	if alone := audit.Record(part.By, audit.ObjectRead).All(); len(alone) != 1 {
		t.Errorf("one that is part of nothing is %d", len(alone))
	}
}

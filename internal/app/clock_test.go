package app

import (
	"testing"
	"time"
)

func TestNow_HasNoMoreDigitsThanTheDatabaseKeeps(t *testing.T) {
	t.Parallel()
	for range 100 {
		if at := now(); !at.Equal(at.Truncate(time.Microsecond)) || at.Location() != time.UTC {
			t.Fatalf("it is %s", at.Format(time.RFC3339Nano))
		}
	}
}

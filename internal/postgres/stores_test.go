package postgres

import (
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// TestDB_HasOnlyWhatIsOfNoNoun keeps a noun's statements on the store of that noun, which DB makes.
func TestDB_HasOnlyWhatIsOfNoNoun(t *testing.T) {
	t.Parallel()
	own := []string{"Away", "Check", "Close", "Instance", "LogOutages", "OnWait", "OpenQueue", "Ping", "Ready", "Record",
		"RoundTrips", "Statements", "Stats", "Warm"}
	of := reflect.TypeFor[*DB]()
	for m := range of.Methods() {
		if file, _ := runtime.FuncForPC(m.Func.Pointer()).FileLine(m.Func.Pointer()); strings.HasSuffix(file, "_test.go") {
			continue
		}
		makesStore := m.Type.NumIn() == 1 && m.Type.NumOut() == 1 && m.Type.Out(0).Name() == m.Name
		if !makesStore && !slices.Contains(own, m.Name) {
			t.Errorf("DB.%s belongs to the store of its noun", m.Name)
		}
	}
}

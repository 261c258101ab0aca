package memory

import (
	"os"
	"runtime/debug"
)

const (
	heapGrowth = 400
	heapEnough = 384 << 20
)

// GrowHeap collects garbage when the heap is five times what is live, for that is a few MiB and twice of it is filled
// by a few requests; towards 384 MiB in all it collects more often, as Go does near a memory limit. GOGC and
// GOMEMLIMIT, where one is set, hold instead.
//
// Units: heapGrowth in per cent, heapEnough in bytes.
func GrowHeap() {
	if os.Getenv("GOGC") == "" && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetGCPercent(heapGrowth)
		debug.SetMemoryLimit(heapEnough)
	}
}

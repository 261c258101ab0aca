package client

import (
	"maps"
	"slices"
)

// SafeToRepeat is for the test that compares it with the guide.
var SafeToRepeat = slices.Collect(maps.Keys(safeToRepeat))

// PartSize is for tests of what is longer.
const PartSize = partSize

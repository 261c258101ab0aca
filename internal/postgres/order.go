package postgres

import (
	"math"
	"strconv"

	"github.com/google/uuid"
)

// Cursors before the first page of a list that begins with the newest.
var (
	lastID      = uuid.Max.String()
	lastVersion = strconv.Itoa(math.MaxInt32)
)

// versionNumber reads the number of a cursor. What is no number stands before everything, or after it.
func versionNumber(text string) int64 {
	number, _ := strconv.ParseInt(text, 10, 32)
	return number
}

package command

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// size is a number of bytes, or none.
type size struct{ bytes *int64 }

// units are what a size may end with.
var units = []struct {
	name  string
	bytes int64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"B", 1}, {"", 1}}

// UnmarshalText reads a size like 10GiB, 1048576 or none.
func (s *size) UnmarshalText(text []byte) error {
	if string(text) == "none" {
		return nil
	}

	for _, u := range units {
		digits, has := strings.CutSuffix(string(text), u.name)
		if !has {
			continue
		}

		n, err := strconv.ParseInt(digits, 10, 64)
		if err != nil || n < 0 || n > math.MaxInt64/u.bytes {
			break
		}

		n *= u.bytes
		s.bytes = &n
		return nil
	}

	return fmt.Errorf("%q is no size: it is like 10GiB, 500MiB or 1048576, or none", text)
}

// String is the size in bytes.
func (s size) String() string {
	if s.bytes == nil {
		return "none"
	}

	return strconv.FormatInt(*s.bytes, 10)
}

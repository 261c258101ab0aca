package config

// Requests bound what callers may ask of this server.
type Requests struct {
	PointsPerMinute int `name:"max-points-per-minute" default:"1200000" help:"Points that a person or a key may spend within a minute on this server, 0 for any number (${default})."`
}

const (
	// leastPoints is what a single operation may cost: with fewer, some could never run.
	leastPoints = 2000
	mostPoints  = 1_000_000_000
)

func (r Requests) check() error {
	if n := r.PointsPerMinute; n != 0 && (n < leastPoints || n > mostPoints) {
		return bad("--max-points-per-minute", "must be 0, for no limit, or %d to %d", leastPoints, mostPoints)
	}

	return nil
}

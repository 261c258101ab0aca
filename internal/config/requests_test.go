package config

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"
)

// defaults are the settings of requests as the flags have them.
func defaults() (r Requests) {
	fields := reflect.ValueOf(&r).Elem()
	for i := range fields.NumField() {
		text := fields.Type().Field(i).Tag.Get("default")
		n, err := strconv.ParseInt(text, 10, 64)
		if d, isTime := time.ParseDuration(text); err != nil && isTime == nil {
			n, err = int64(d), nil
		}
		if err != nil {
			panic(err)
		}
		fields.Field(i).SetInt(n)
	}
	return r
}

func TestCheck_LimitsOfRequests_AreTakenWithinTheirBoundsAlone(t *testing.T) {
	t.Parallel()
	second := int(time.Second)
	bounds := map[string][2]int{
		"max-points-per-minute":   {3000, 1_000_000_000},
		"max-cost":                {2000, 10_000},
		"max-document-bytes":      {8192, 262_144},
		"max-document-tokens":     {500, 5000},
		"max-root-fields":         {5, 100},
		"max-aliases":             {10, 150},
		"max-depth":               {8, 50},
		"max-introspection-depth": {1, 50},
		"max-directives":          {10, 250},
		"max-fragments":           {10, 250},
		"max-failed-credentials":  {1, 1000},
		"max-header-bytes":        {20_480, 1_048_576},
		"max-socket-operations":   {1, 100},
		"max-request-time":        {second, 10 * second},
		"max-header-time":         {second, 15 * second},
		"max-body-time":           {5 * second, 300 * second},
		"max-idle-time":           {second, 3600 * second},
		"max-socket-init-time":    {second, 60 * second},
	}
	fields := reflect.TypeFor[Requests]()
	for i := range fields.NumField() {
		name := fields.Field(i).Tag.Get("name")
		within, known := bounds[name]
		if !known {
			t.Errorf("--%s has no bounds here", name)
		}
		for n, taken := range map[int]bool{
			within[0]: true, within[1]: true, within[0] - 1: false, within[1] + 1: false,
		} {
			r := defaults()
			if name == "max-points-per-minute" {
				r.Cost = 3000
			}
			reflect.ValueOf(&r).Elem().Field(i).SetInt(int64(n))
			if err := r.check(); (err == nil) != taken || !taken && !strings.Contains(err.Error(), "--"+name+" ") {
				// A longer time for headers than for all of a request is refused by the name of the latter.
				if name != "max-header-time" || err == nil {
					t.Errorf("--%s %d: %v", name, n, err)
				}
			}
		}
	}
	r := defaults()
	if r.PointsPerMinute = 0; r.check() != nil {
		t.Errorf("no limit of points: %v", r.check())
	}
}

package scalar

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"

	"github.com/99designs/gqlgen/graphql"
)

// MaxObjectDepth is how many objects and lists may lie in each other in a JSONObject, itself included.
const MaxObjectDepth = 20

// MarshalJSONObject writes a JSON object; nil is the empty one.
//
// It panics if the map holds what JSON cannot: that is a mistake of the program, for what UnmarshalJSONObject returned
// always can be written.
func MarshalJSONObject(object map[string]any) graphql.Marshaler {
	if object == nil {
		object = map[string]any{}
	}

	return bounded(func(w io.Writer) {
		var out bytes.Buffer
		encoder := json.NewEncoder(&out)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(object); err != nil {
			panic(fmt.Errorf("write JSONObject: %w", err))
		}

		_, _ = w.Write(bytes.TrimRight(out.Bytes(), "\n"))
	})
}

// UnmarshalJSONObject reads a JSON object as it stands: the numbers of a variable stay json.Number, so that none loses
// digits. Its size is for the noun to bound.
//
// Errors: fault.Invalid for anything but an object, deeper than MaxObjectDepth, or with a key or string that
// UnmarshalString refuses.
func UnmarshalJSONObject(v any) (map[string]any, error) {
	object, ok := v.(map[string]any)
	if !ok {
		return nil, expected("A JSON object is expected.")
	}

	if err := checkJSON(object, MaxObjectDepth); err != nil {
		return nil, err
	}

	return object, nil
}

func checkJSON(v any, depth int) error {
	switch v := v.(type) {
	case string:
		return checkText(v)
	case map[string]any:
		return checkMembers(v, depth)
	case []any:
		return checkElements(v, depth)
	case nil, bool, json.Number, int64, float64:
		return nil
	}

	return expected("A JSON object is expected, with JSON values in it.")
}

func checkMembers(object map[string]any, depth int) error {
	if depth == 0 {
		return tooDeep()
	}

	for key, value := range object {
		if err := checkText(key); err != nil {
			return err
		}

		if err := checkJSON(value, depth-1); err != nil {
			return err
		}
	}

	return nil
}

func checkElements(list []any, depth int) error {
	if depth == 0 {
		return tooDeep()
	}

	for _, value := range list {
		if err := checkJSON(value, depth-1); err != nil {
			return err
		}
	}

	return nil
}

func tooDeep() error {
	return expected("A JSON object may be nested at most %d levels deep.", MaxObjectDepth)
}

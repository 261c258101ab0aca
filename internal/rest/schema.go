package rest

import (
	"reflect"
	"slices"
	"strings"
	"time"
)

// schemas are the components of a description, by name.
type schemas tree

// of returns the schema of a value's type; types with names are components.
func (s schemas) of(value any) tree { return s.ofType(reflect.TypeOf(value)) }

func (s schemas) ofType(t reflect.Type) tree {
	switch {
	case t == reflect.TypeFor[time.Time]():
		return tree{"type": "string", "format": "date-time"}
	case t.Kind() == reflect.Struct:
		name := nameOf(t)
		if s[name] == nil {
			s[name] = tree{} // for what refers to itself
			s[name] = s.ofStruct(t)
		}

		return tree{"$ref": "#/components/schemas/" + name}
	}

	switch t.Kind() {
	case reflect.String:
		return tree{"type": "string"}
	case reflect.Int:
		return tree{"type": "integer", "format": "int32"}
	case reflect.Int64:
		return tree{"type": "integer", "format": "int64"}
	case reflect.Slice:
		return tree{"type": "array", "items": s.ofType(t.Elem())}
	case reflect.Map:
		return tree{"type": "object", "additionalProperties": s.ofType(t.Elem())}
	case reflect.Pointer:
		return orNull(s.ofType(t.Elem()))
	case reflect.Interface:
		return tree{}
	default:
		panic("no schema of " + t.String())
	}
}

func orNull(schema tree) tree {
	if kind, simple := schema["type"].(string); simple {
		schema["type"] = []string{kind, "null"}
		return schema
	}

	return tree{"anyOf": []tree{schema, {"type": "null"}}}
}

// ofStruct has every field: none is ever left out of an answer.
func (s schemas) ofStruct(t reflect.Type) tree {
	properties, required := tree{}, []string{}
	for _, field := range reflect.VisibleFields(t) {
		name := field.Tag.Get("json")
		if name == "" {
			continue // embedded: its fields are visible themselves
		}

		property := s.ofType(field.Type)
		if about := field.Tag.Get("doc"); about != "" {
			property["description"] = about
		}

		if values := field.Tag.Get("enum"); values != "" {
			property["enum"] = strings.Split(values, ",")
		}

		properties[name] = property
		required = append(required, name)
	}

	return tree{"type": "object", "properties": properties, "required": sorted(required)}
}

// nameOf is a type's name with a capital; pages are called after what is on them.
func nameOf(t reflect.Type) string {
	name, argument, generic := strings.Cut(t.Name(), "[")
	if generic {
		name = strings.TrimSuffix(argument[strings.LastIndexByte(argument, '.')+1:], "]") + "Page"
	}

	return strings.ToUpper(name[:1]) + name[1:]
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

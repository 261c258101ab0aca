package gcs

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
)

// conditions are a request's preconditions; nil where it has none of that kind. A row of a resumable upload holds them.
type conditions struct {
	GenerationMatch, GenerationNotMatch         *int64 `json:",omitempty"`
	MetagenerationMatch, MetagenerationNotMatch *int64 `json:",omitempty"`
	// Generation names one generation of the object: any other is not there.
	Generation *int64 `json:",omitempty"`
}

// conditionsOf reads the JSON API's parameters, ifGenerationMatch and so on; of the source of a copy with infix
// "Source".
func conditionsOf(q url.Values, infix string) (conditions, error) {
	generation := "generation"
	if infix != "" {
		generation = "sourceGeneration"
	}

	return readConditions(q.Get, map[string]string{
		"gm": "if" + infix + "GenerationMatch",
		"gn": "if" + infix + "GenerationNotMatch",
		"mm": "if" + infix + "MetagenerationMatch",
		"mn": "if" + infix + "MetagenerationNotMatch",
		"g":  generation,
	})
}

// conditionsIn reads the XML API's headers; the generation is in the query there, too.
func conditionsIn(r *http.Request) (conditions, error) {
	get := func(name string) string {
		if name == "generation" {
			return r.URL.Query().Get(name)
		}

		return r.Header.Get(name)
	}
	return readConditions(get, map[string]string{
		"gm": "x-goog-if-generation-match",
		"gn": "x-goog-if-generation-not-match",
		"mm": "x-goog-if-metageneration-match",
		"mn": "x-goog-if-metageneration-not-match",
		"g":  "generation",
	})
}

func readConditions(get func(string) string, names map[string]string) (c conditions, err error) {
	for kind, target := range map[string]**int64{
		"gm": &c.GenerationMatch,
		"gn": &c.GenerationNotMatch,
		"mm": &c.MetagenerationMatch,
		"mn": &c.MetagenerationNotMatch,
		"g":  &c.Generation,
	} {
		text := get(names[kind])
		if text == "" {
			continue
		}

		n, parseErr := strconv.ParseInt(text, 10, 64)
		if parseErr != nil || n < 0 {
			return c, errInvalidArgument.about(names[kind], "That is no generation.")
		}

		*target = &n
	}

	return c, nil
}

// writes checks the preconditions of writing over what is there; current is nil where there is nothing.
func (c conditions) writes(current *record) error {
	if c.matches(current) && c.differs(current) {
		return nil
	}

	return errPreconditionFailed
}

// reads checks the preconditions of reading, copying or deleting what must be there.
func (c conditions) reads(current *record) error {
	if current == nil || c.Generation != nil && *c.Generation != current.Object.Generation {
		return errNoSuchKey
	}

	return c.writes(current)
}

// fetches is reads, where an unchanged object is no failure but news of its own.
func (c conditions) fetches(current *record) error {
	err := c.reads(current)
	if errors.Is(err, errPreconditionFailed) && c.matches(current) {
		return errNotModified
	}

	return err
}

func (c conditions) matches(current *record) bool {
	generation, metageneration := numbersOf(current)
	return (c.GenerationMatch == nil || *c.GenerationMatch == generation) &&
		(c.MetagenerationMatch == nil || *c.MetagenerationMatch == metageneration)
}

func (c conditions) differs(current *record) bool {
	generation, metageneration := numbersOf(current)
	return (c.GenerationNotMatch == nil || *c.GenerationNotMatch != generation) &&
		(c.MetagenerationNotMatch == nil || *c.MetagenerationNotMatch != metageneration)
}

func numbersOf(current *record) (generation, metageneration int64) {
	if current == nil {
		return 0, 0
	}

	return current.Object.Generation, current.Object.Metageneration
}

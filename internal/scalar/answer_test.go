package scalar

import (
	"bytes"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
)

func TestMarshal_AnswerThatIsTooLong_GoesOnWithNull(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", shortText+1)
	for name, m := range map[string]graphql.Marshaler{
		"String":     MarshalString(long),
		"Base64":     MarshalBase64([]byte(long)),
		"JSONObject": MarshalJSONObject(map[string]any{"a": long}),
	} {
		var answer bytes.Buffer
		answer.Write(make([]byte, AnswerBytes()))
		m.MarshalGQL(&answer)
		if answer.Len() < DefaultAnswerBytes+shortText {
			t.Errorf("%s: it is not written where the answer is as long as it may be", name)
		}
		before := answer.Len()
		m.MarshalGQL(&answer)
		if after := answer.Bytes()[before:]; string(after) != "null" {
			t.Errorf("%s: after that it wrote %.50s", name, after)
		}
	}
}

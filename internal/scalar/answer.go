package scalar

import (
	"bytes"
	"io"
	"sync/atomic"

	"github.com/99designs/gqlgen/graphql"
)

// DefaultAnswerBytes is how long an answer may be: 10 MiB.
const DefaultAnswerBytes = 10 << 20

var answerBytes atomic.Int64

func init() { answerBytes.Store(DefaultAnswerBytes) }

// LimitAnswers sets how many bytes an answer may have. Of one that is longer, what would still follow is written as
// null; whoever sends it must see that it is too long, and refuse it. It holds for the process: generated code calls
// the functions of this package by their names.
func LimitAnswers(n int64) { answerBytes.Store(n) }

// AnswerBytes is how many bytes an answer may have.
func AnswerBytes() int64 { return answerBytes.Load() }

// shortText is in bytes: what is no longer is written without looking at how long the answer is.
const shortText = 128

// bounded writes a value, or null where the answer is too long already. Generated code makes an answer in a
// bytes.Buffer.
func bounded(write func(w io.Writer)) graphql.Marshaler {
	return graphql.WriterFunc(func(w io.Writer) {
		if made, ok := w.(*bytes.Buffer); ok && int64(made.Len()) > AnswerBytes() {
			graphql.Null.MarshalGQL(w)
			return
		}

		write(w)
	})
}

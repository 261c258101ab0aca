package document

import (
	"context"

	"github.com/99designs/gqlgen/graphql"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"github.com/provenanceone/data-api/internal/authz"
	"github.com/provenanceone/data-api/internal/fault"
)

// Trusted knows the documents that a caller may name by an id, or is held to.
type Trusted interface {
	// Text returns the text of a document. Errors: fault.UnknownDocument.
	Text(ctx context.Context, a authz.Actor, id string) (string, error)
	// Allow returns why the caller may not send a document. Errors: fault.UntrustedDocument.
	Allow(ctx context.Context, a authz.Actor, document string) error
}

type trusted struct {
	anySchema
	known Trusted
}

// NewTrusted returns the extension that puts the text of a document in the place of its id, and holds callers to the
// documents that they may send. It comes before NewLimits.
//
// Errors: those of Trusted; fault.BadRequest for a request without a document or an id.
func NewTrusted(known Trusted) graphql.HandlerExtension { return trusted{known: known} }

// ExtensionName names the extension.
func (trusted) ExtensionName() string { return "TrustedDocuments" }

// persistedQuery is the member of `extensions` by which Apollo's clients name a document.
const persistedQuery = "persistedQuery"

// SetID has a request name its document by an id.
func SetID(request *graphql.RawParams, id string) {
	if request.Extensions == nil {
		request.Extensions = map[string]any{}
	}

	request.Extensions[persistedQuery] = map[string]any{"sha256Hash": id}
}

func idOf(request *graphql.RawParams) string {
	named, _ := request.Extensions[persistedQuery].(map[string]any)
	id, _ := named["sha256Hash"].(string)
	return id
}

// MutateOperationParameters finds the document of a request.
func (t trusted) MutateOperationParameters(ctx context.Context, request *graphql.RawParams) *gqlerror.Error {
	who := authz.ActorFrom(ctx)
	if request.Query != "" {
		return refusalOf(t.known.Allow(ctx, who, request.Query))
	}

	id := idOf(request)
	if id == "" {
		return refusal(fault.New(fault.BadRequest, "The request must have a query, or the id of a trusted document as "+
			"documentId."))
	}

	text, err := t.known.Text(ctx, who, id)
	request.Query = text
	return refusalOf(err)
}

// refusalOf carries an error through the server to the error presenter; nil for none.
func refusalOf(err error) *gqlerror.Error {
	if err == nil {
		return nil
	}

	return &gqlerror.Error{Err: err, Message: err.Error()}
}

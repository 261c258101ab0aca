package app

import (
	"context"
	"strings"

	"github.com/vektah/gqlparser/v2/ast"

	"github.com/provenanceone/data-api/internal/audit"
	"github.com/provenanceone/data-api/internal/metrics"
	"github.com/provenanceone/data-api/internal/postgres"
	"github.com/provenanceone/data-api/internal/run"
	"github.com/provenanceone/data-api/internal/upload"
)

// measure has the metrics count by the fields of the contract, and ask the stores.
func (o *Stores) measure(contract *ast.Schema) {
	if o.Metrics == nil {
		o.Metrics = metrics.New()
	}

	var fields []string
	for _, root := range []*ast.Definition{contract.Query, contract.Mutation, contract.Subscription} {
		if root == nil {
			continue
		}

		for _, field := range root.Fields {
			if !strings.HasPrefix(field.Name, "__") { // introspection, which every schema has
				fields = append(fields, field.Name)
			}
		}
	}

	o.Metrics.Fields(fields)
	o.Metrics.Pool("requests", o.DB.Stats)
	o.Metrics.Database(o.DB.Away)
	o.DB.OnWait(o.Metrics.Waited("connections"))
	o.DB.UploadEnded = func(u upload.Upload) { o.Metrics.UploadEnded(endOf(u)) }
	if o.Vault != nil {
		o.Metrics.Cache(o.Vault.Reads)
	}
}

// endOf is how an upload ended, in a word: its state, or that a later write of its key came first.
func endOf(u upload.Upload) string {
	if u.Rejection != nil && *u.Rejection == upload.Superseded {
		return "superseded"
	}

	return strings.ToLower(string(u.State))
}

// countedRuns counts the secrets that runs are given.
type countedRuns struct {
	postgres.Runs
	metrics *metrics.Metrics
}

// Pin implements run.Leases.
func (c countedRuns) Pin(
	ctx context.Context, p run.PinRequest, injected, refused audit.Entry,
) (run.PinResult, error) {
	result, err := c.Runs.Pin(ctx, p, injected, refused)
	if err == nil {
		c.metrics.Injected(len(result.Held))
	}

	return result, err
}

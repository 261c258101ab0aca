package workspace

import "github.com/provenanceone/data-api/internal/fault"

// RefuseMore returns fault.QuotaExceeded, naming the input field, if the workspace has no room for that many more
// bytes.
func (u Usage) RefuseMore(field string, bytes int64) error {
	if u.LimitBytes == nil || u.UsedBytes+u.ReservedBytes+bytes <= *u.LimitBytes {
		return nil
	}

	return fault.Field(fault.QuotaExceeded, field, "The workspace has no room for %d more bytes.", bytes).
		With("limitBytes", *u.LimitBytes).With("usedBytes", u.UsedBytes).With("reservedBytes", u.ReservedBytes)
}

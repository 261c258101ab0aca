package resolvers

import (
	"cmp"

	"github.com/provenanceone/data-api/dataloader"
	"github.com/provenanceone/data-api/graph"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
)

func newSecret(in graph.CreateSecretInput) secret.CreateRequest {
	return secret.CreateRequest{
		Name:           in.Name,
		Description:    in.Description,
		Value:          given(in.Value),
		Rotation:       schedule(in.Rotation),
		Labels:         labels(in.Labels),
		IdempotencyKey: in.IdempotencyKey,
	}
}

func rotation(in graph.RotateSecretInput) secret.RotateRequest {
	return secret.RotateRequest{
		SecretID:       secret.ID(in.SecretID),
		Value:          given(in.Value),
		IfVersion:      in.IfVersion,
		EndLeases:      *in.EndLeases,
		IdempotencyKey: in.IdempotencyKey,
	}
}

func rollback(in graph.RollbackSecretInput) secret.RollBackRequest {
	return secret.RollBackRequest{
		SecretID:       secret.ID(in.SecretID),
		Version:        in.Version,
		IfVersion:      in.IfVersion,
		IdempotencyKey: in.IdempotencyKey,
	}
}

func given(in *graph.SecretValueInput) secret.ValueInput {
	return secret.ValueInput{Text: in.Text, JSON: in.JSON, Base64: in.Base64, Generate: generator(in.Generate)}
}

func generator(in *graph.GenerateSecretInput) *secret.Generator {
	if in == nil {
		return nil
	}

	return &secret.Generator{Length: *in.Length, Alphabet: secret.Alphabet(*in.Alphabet)}
}

func schedule(in *graph.RotationScheduleInput) *secret.Schedule {
	if in == nil {
		return nil
	}

	out := &secret.Schedule{Generator: generator(in.Generate)}
	if in.Every != nil {
		out.Every = *in.Every
	}

	if in.Cron != nil {
		out.Cron = &secret.Cron{Expression: *in.Cron, TimeZone: *in.TimeZone}
	}

	return out
}

func secretChange(in graph.UpdateSecretInput) (c secret.UpdateRequest) {
	c.Name, c.Labels = in.Name, newLabels(in.Labels)
	if description, set := in.Description.ValueOK(); set {
		c.Description = &description
	}

	if rotation, set := in.Rotation.ValueOK(); set {
		c.Rotation = new(schedule(rotation))
	}

	return c
}

// secretArguments are those by which a list of secrets is filtered and ordered.
type secretArguments struct {
	filter *graph.SecretFilter
	order  *graph.SecretOrder
}

func secretFilter(which secretArguments) (secret.Filter, error) {
	in, order := which.filter, secretOrder(which.order)
	if in == nil {
		return secret.Filter{Order: order}, nil
	}

	part, err := page.Text("nameContains", in.NameContains)
	_, empty := page.Text("name", in.Name)
	return secret.Filter{
		NameContains: part,
		Name:         in.Name,
		Referenced:   in.Referenced,
		Overdue:      in.RotationOverdue,
		Deleted:      *in.IncludeDeleted,
		Labels:       labelFilters(in.Labels),
		Order:        order,
	}, cmp.Or(err, empty)
}

var secretOrderFields = map[graph.SecretOrderField]secret.OrderField{
	graph.SecretOrderFieldName:      secret.ByName,
	graph.SecretOrderFieldCreatedAt: secret.ByCreatedAt,
	graph.SecretOrderFieldRotatedAt: secret.ByRotatedAt,
}

func secretOrder(in *graph.SecretOrder) secret.Order {
	if in == nil {
		return secret.Order{}
	}

	return secret.Order{Field: secretOrderFields[in.Field], Descending: descending(in.Direction)}
}

func revealRequest(in graph.RevealSecretInput) secret.RevealRequest {
	return secret.RevealRequest{
		RevealTarget: secret.RevealTarget{
			SecretID: secret.ID(in.SecretID),
			Version:  in.Version,
			Field:    in.Field,
		},
		Reason:       textOf(in.Reason),
		RecipientKey: in.RecipientKey,
	}
}

// textOf is empty for null.
func textOf(s *string) string {
	if s == nil {
		return ""
	}

	return *s
}

func secretOf(s secret.Secret) *graph.Secret { return secretsOf([]secret.Secret{s})[0] }

func secretsOf(all []secret.Secret) []*graph.Secret {
	return each(dataloader.Rows(all), func(row dataloader.Secret) *graph.Secret {
		s := row.Self
		return &graph.Secret{
			ID:             s.ID.String(),
			Name:           s.Name,
			Description:    s.Description,
			Format:         graph.SecretFormat(s.Format),
			Fields:         append([]string{}, s.Fields...),
			Rotation:       scheduleOf(s.Rotation),
			PurgeAt:        s.PurgeAt,
			CurrentVersion: s.CurrentVersion,
			CreatedAt:      s.CreatedAt,
			CreatedBy:      actorOf(s.CreatedBy),
			RotatedAt:      s.RotatedAt,
			LastRevealedAt: s.LastRevealedAt,
			LastInjectedAt: s.LastInjectedAt,
			Row:            row,
		}
	})
}

func secretVersionOf(v secret.Version) *graph.SecretVersion {
	return &graph.SecretVersion{
		Version:   v.Version,
		State:     graph.SecretVersionState(v.State),
		CreatedAt: v.CreatedAt,
		CreatedBy: actorOf(v.CreatedBy),
		DestroyAt: v.DestroyAt,
	}
}

func scheduleOf(s *secret.ScheduleState) *graph.RotationSchedule {
	if s == nil {
		return nil
	}

	out := &graph.RotationSchedule{NextAt: s.NextAt, Overdue: s.Overdue, LastError: s.LastError}
	if s.Cron != nil {
		out.Cron, out.TimeZone = &s.Cron.Expression, &s.Cron.TimeZone
	} else {
		out.Every = &s.Every
	}

	if s.Generator != nil {
		out.Generator = &graph.SecretGenerator{
			Length:   s.Generator.Length,
			Alphabet: graph.SecretAlphabet(s.Generator.Alphabet),
		}
	}

	return out
}

func revealPayload(r secret.Reveal) (*graph.RevealSecretPayload, error) {
	out := &graph.RevealSecretPayload{
		Secret:       secretOf(r.Secret),
		Version:      r.Version,
		Sealed:       r.Sealed,
		AuditEventID: r.EventID.String(),
	}
	if r.Sealed != nil {
		return out, nil
	}

	var err error
	out.Value, out.Base64, err = r.Value.Open()
	return out, err
}

func secretConnection(p page.Page[secret.Secret]) *graph.SecretConnection {
	nodes := secretsOf(p.Items)
	edges, info := gather[graph.SecretEdge](p, nodes)
	return &graph.SecretConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}

func secretVersionsOf(all []secret.Version) []*graph.SecretVersion { return each(all, secretVersionOf) }

func secretVersionConnection(p page.Page[secret.Version], nodes []*graph.SecretVersion) *graph.SecretVersionConnection {
	edges, info := gather[graph.SecretVersionEdge](p, nodes)
	return &graph.SecretVersionConnection{Nodes: nodes, Edges: edges, PageInfo: info, TotalCount: p.Total}
}

package secret_test

import (
	"strings"
	"testing"

	"github.com/provenanceone/data-api/internal/fault"
	"github.com/provenanceone/data-api/internal/page"
	"github.com/provenanceone/data-api/internal/secret"
	"github.com/provenanceone/data-api/internal/testkit"
)

func TestCreate_OfEachFormat_IsRevealedByteForByte(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for name, c := range map[string]struct {
		given  secret.ValueInput
		format secret.Format
		plain  string
		text   bool
	}{
		"text":    {text("p\u00e4ss\n\x00"), secret.Text, "p\u00e4ss\n\x00", true},
		"longest": {text(strings.Repeat("x", 64<<10)), secret.Text, strings.Repeat("x", 64<<10), true},
		"json": {secret.ValueInput{JSON: value(` {"a": [1, null]} `)}, secret.JSON,
			` {"a": [1, null]} `, true},
		"empty-object":  {secret.ValueInput{JSON: value(`{}`)}, secret.JSON, `{}`, true},
		"binary":        {secret.ValueInput{Base64: value("AP8Q")}, secret.Binary, "\x00\xff\x10", false},
		"a/b.c_d-E/f.9": {text("x"), secret.Text, "x", true},
	} {
		s, err := r.Create(t.Context(), r.acme, secret.CreateRequest{Name: name, Value: c.given})
		testkit.Must(t, err)
		got, err := r.Reveal(t.Context(), r.acme,
			secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}})
		testkit.Must(t, err)
		shown, plain, _ := got.Value.Open()
		if s.Format != c.format || string(plain) != c.plain || (shown != nil) != c.text || got.Version != 1 ||
			got.Secret.Name != name {
			t.Errorf("%s: %s, version %d, text %t", name, s.Format, got.Version, shown != nil)
		}
	}
	if n := r.Count(t, `SELECT secret_count FROM workspace_usage WHERE workspace_id = $1`,
		r.acme.Workspace.String()); n != 6 {
		t.Errorf("%d are counted", n)
	}
}

func TestCreate_WithBadInput_NamesTheFieldAndQuotesNoValue(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	long := strings.Repeat("d", 2001)
	for name, c := range map[string]struct {
		new   secret.CreateRequest
		field string
	}{
		"none given": {secret.CreateRequest{Name: "s"}, "value"},
		"two given": {secret.CreateRequest{
			Name:  "s",
			Value: secret.ValueInput{Text: value(canary), Base64: value("AA==")},
		}, "value"},
		"three given": {secret.CreateRequest{
			Name: "s",
			Value: secret.ValueInput{
				Text:   value(canary),
				JSON:   value("{}"),
				Base64: value("AA=="),
			},
		}, "value"},
		"empty":           {secret.CreateRequest{Name: "s", Value: text("")}, "value"},
		"empty binary":    {secret.CreateRequest{Name: "s", Value: secret.ValueInput{Base64: value("")}}, "value"},
		"a byte too long": {secret.CreateRequest{Name: "s", Value: text(strings.Repeat("x", 64<<10+1))}, "value"},
		"binary too long": {secret.CreateRequest{
			Name:  "s",
			Value: secret.ValueInput{Base64: value(strings.Repeat("AAAA", 64<<10/3) + "AAAA")},
		}, "value"},
		"json list": {secret.CreateRequest{
			Name:  "s",
			Value: secret.ValueInput{JSON: value(`["` + canary + `"]`)},
		}, "value"},
		"json null": {secret.CreateRequest{Name: "s", Value: secret.ValueInput{JSON: value(`null`)}}, "value"},
		"json string": {secret.CreateRequest{Name: "s",
			Value: secret.ValueInput{JSON: value(`"` + canary + `"`)}}, "value"},
		"json cut off": {secret.CreateRequest{Name: "s",
			Value: secret.ValueInput{JSON: value(`{"a":"` + canary)}}, "value"},
		"json twice":       {secret.CreateRequest{Name: "s", Value: secret.ValueInput{JSON: value(`{}{}`)}}, "value"},
		"no base64":        {secret.CreateRequest{Name: "s", Value: secret.ValueInput{Base64: value(canary)}}, "value"},
		"no padding":       {secret.CreateRequest{Name: "s", Value: secret.ValueInput{Base64: value("AA")}}, "value"},
		"stray bits":       {secret.CreateRequest{Name: "s", Value: secret.ValueInput{Base64: value("AB==")}}, "value"},
		"URL base64":       {secret.CreateRequest{Name: "s", Value: secret.ValueInput{Base64: value("__8=")}}, "value"},
		"no name":          {secret.CreateRequest{Value: text("x")}, "name"},
		"name too long":    {secret.CreateRequest{Name: strings.Repeat("n", 121), Value: text("x")}, "name"},
		"name with space":  {secret.CreateRequest{Name: "a b", Value: text("x")}, "name"},
		"name with umlaut": {secret.CreateRequest{Name: "ä", Value: text("x")}, "name"},
		"name with break":  {secret.CreateRequest{Name: "a\n", Value: text("x")}, "name"},
		"long description": {secret.CreateRequest{Name: "s", Description: &long, Value: text("x")}, "description"},
	} {
		_, err := r.Create(t.Context(), r.acme, c.new)
		if e := testkit.Refused(t, err, fault.Invalid, ""); e.Details["field"] != c.field || leaks(err.Error()) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := r.Count(t, `SELECT count(*) FROM secret`); n != 0 {
		t.Errorf("%d names are held", n)
	}
	r.create(t, strings.Repeat("n", 120), "x")
}

func TestCreate_OfANameThatIsTaken_IsConflictUntilItsSecretIsDeleted(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	_, err := r.Create(t.Context(), r.acme, secret.CreateRequest{Name: "stripe", Value: text("two")})
	testkit.Refused(t, err, fault.Conflict, "name")
	_, err = r.Create(t.Context(), r.globex, secret.CreateRequest{Name: "stripe", Value: text("theirs")})
	testkit.Must(t, err)
	_, err = r.Delete(t.Context(), r.acme, s.ID, false)
	testkit.Must(t, err)
	next := r.create(t, "stripe", "three")
	if next.ID == s.ID || r.reveal(t, next.ID, nil) != "three" {
		t.Error("the deleted secret is back")
	}
	for name, err := range map[string]error{
		"reveal": func() error {
			_, err := r.Reveal(t.Context(), r.acme,
				secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID}})
			return err
		}(),
		"of one": func() error {
			_, err := r.Reveal(t.Context(), r.acme,
				secret.RevealRequest{RevealTarget: secret.RevealTarget{SecretID: s.ID, Version: new(int32(1))}})
			return err
		}(),
		"rotate": func() error {
			_, err := r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("four")})
			return err
		}(),
		"delete": func() error { _, err := r.Delete(t.Context(), r.acme, s.ID, false); return err }(),
	} {
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestCreate_WhenTheVaultFails_HoldsNoNameAndIsOnRecord(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	for i, broken := range []faulty{{Vault: r.vault, create: fails}, {Vault: r.vault, add: fails}} {
		_, err := r.on(broken).Create(t.Context(), r.acme, secret.CreateRequest{Name: "stripe", Value: text(canary)})
		testkit.Refused(t, err, fault.Unavailable, "")
		if n := r.Count(t, `SELECT count(*) FROM secret`); n != 0 {
			t.Errorf("the name is held")
		}
		if n := r.Count(t, `SELECT count(*) FROM audit_event WHERE action = 'secret.create_failed'
			AND outcome = 'FAILED' AND target_label = 'stripe'`); n != i+1 {
			t.Errorf("%d events", n)
		}
	}
	if n := r.events(t, "secret.created"); n != 0 {
		t.Errorf("%d were created", n)
	}
	r.create(t, "stripe", "now")
}

func TestCreate_WhenTheVaultCannotCleanUpEither_IsNoSecretAndNotEnded(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	_, err := r.on(faulty{
		Vault:  r.vault,
		add:    fails,
		remove: fails,
	}).Create(t.Context(), r.acme, secret.CreateRequest{Name: "stripe", Value: text(canary)})
	testkit.Refused(t, err, fault.Unavailable, "")
	if n := r.events(t, "secret.create_failed") + r.events(t, "secret.created"); n != 0 {
		t.Errorf("%d events of what has not ended", n)
	}
	p, err := r.List(t.Context(), r.acme, secret.Filter{}, page.Request{First: 10, Count: true})
	testkit.Must(t, err)
	if len(p.Items) != 0 || p.Total != 0 || r.Count(t, `SELECT sum(secret_count) FROM workspace_usage`) != 0 {
		t.Errorf("it is listed: %+v", p)
	}
}

// TestCreate_RepeatedAfterTheVaultFailed_GoesOnWithTheSameSecret is a client that retries with its idempotency key.
func TestCreate_RepeatedAfterTheVaultFailed_GoesOnWithTheSameSecret(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	n := secret.CreateRequest{Name: "stripe", Value: text("one"), IdempotencyKey: new("k")}
	_, err := r.on(faulty{Vault: r.vault, add: fails}).Create(t.Context(), r.acme, n)
	testkit.Refused(t, err, fault.Unavailable, "")
	if r.events(t, "secret.create_failed") != 0 ||
		r.Count(t, `SELECT count(*) FROM secret WHERE state = 'PENDING'`) != 1 {
		t.Error("the reservation was not kept for the next attempt")
	}
	made, err := r.Create(t.Context(), r.acme, n)
	testkit.Must(t, err)
	again, err := r.Create(t.Context(), r.acme, n)
	testkit.Must(t, err)
	if again.ID != made.ID || r.Count(t, `SELECT count(*) FROM secret`) != 1 || r.events(t, "secret.created") != 1 ||
		r.reveal(t, made.ID, nil) != "one" {
		t.Errorf("made %+v, and then %+v", made, again)
	}
	n.Value = text("two")
	_, err = r.Create(t.Context(), r.acme, n)
	testkit.Refused(t, err, fault.IdempotencyMismatch, "idempotencyKey")
}

// TestRotate_RepeatedAfterAnother_AnswersTheVersionThatItMade is a client that retries late.
func TestRotate_RepeatedAfterAnother_AnswersTheVersionThatItMade(t *testing.T) {
	t.Parallel()
	r := newRig(t)
	s := r.create(t, "stripe", "one")
	call := secret.RotateRequest{SecretID: s.ID, Value: text("two"), IfVersion: new(int32(1)), IdempotencyKey: new("k")}
	_, err := r.Rotate(t.Context(), r.acme, call)
	testkit.Must(t, err)
	_, err = r.Rotate(t.Context(), r.acme, secret.RotateRequest{SecretID: s.ID, Value: text("three")})
	testkit.Must(t, err)
	late, err := r.Rotate(t.Context(), r.acme, call)
	testkit.Must(t, err)
	if late.Version.Version != 2 || late.Version.State != secret.Retained || late.Secret.CurrentVersion != 3 ||
		r.events(t, "secret.rotated") != 2 {
		t.Errorf("got %+v", late)
	}
}

package document

import (
	"errors"

	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// Checker finds out whether a document could be run, whatever its variables and its caller.
type Checker struct {
	schema *ast.Schema
	limits Limits
	rules  *rules.Rules
}

// NewChecker returns a checker for documents of a schema.
func NewChecker(schema *ast.Schema, l Limits) *Checker {
	checked := plainRules()
	for _, rule := range []struct{ hinting, plain validator.Rule }{
		{rules.FieldsOnCorrectTypeRule, rules.FieldsOnCorrectTypeRuleWithoutSuggestions},
		{rules.ScalarLeafsRule, rules.ScalarLeafsRuleWithoutSuggestions},
	} {
		checked.RemoveRule(rule.hinting.Name)
		checked.AddRule(rule.plain.Name, rule.plain.RuleFunc)
	}

	return &Checker{schema: schema, limits: l, rules: checked}
}

// Check returns why a document could not be run, or nil.
func (c *Checker) Check(document string) error {
	_, err := c.Prepare(document)
	return err
}

// Prepare parses and validates a document. The server runs what it returns as it stands.
func (c *Checker) Prepare(document string) (*ast.QueryDocument, error) {
	if len(document) > c.limits.Bytes {
		return nil, said(refusal(tooLong(len(document), c.limits.Bytes)))
	}

	doc, err := c.limits.check(document)
	if err != nil {
		return nil, said(err)
	}

	if len(doc.Operations) == 0 {
		return nil, said(refusal(noOperation()))
	}

	if refused := validator.ValidateWithRules(c.schema, doc, c.rules); len(refused) > 0 {
		return nil, said(refused[0])
	}

	dropNulls(doc)
	return doc, nil
}

// said is an error whose text is the sentence alone, without the position in a text that nobody sees.
func said(err *gqlerror.Error) error { return errors.New(err.Message) }

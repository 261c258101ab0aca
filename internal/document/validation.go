package document

import (
	"github.com/vektah/gqlparser/v2/validator/core"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// withoutHints has the server validate without proposing names for those it does not know.
// A proposal compares a name with every other one, letter by letter: a document of long unknown names would cost a
// fifth of a second.
func withoutHints(server Server) {
	server.SetDisableSuggestion(true)
	server.SetValidationRulesFn(plainRules)
}

// plainRules are all rules, those that propose names replaced. The server replaces two more itself.
func plainRules() *rules.Rules {
	all := rules.NewDefaultRules()
	for hinting, plain := range map[string]core.Rule{
		rules.KnownArgumentNamesRule.Name:  rules.KnownArgumentNamesRuleWithoutSuggestions,
		rules.KnownTypeNamesRule.Name:      rules.KnownTypeNamesRuleWithoutSuggestions,
		rules.ValuesOfCorrectTypeRule.Name: rules.ValuesOfCorrectTypeRuleWithoutSuggestions,
	} {
		all.RemoveRule(hinting)
		all.AddRule(plain.Name, plain.RuleFunc)
	}

	return all
}

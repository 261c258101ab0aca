// Lints the contract, schema.graphql, with all rules of graphql-schema-linter but those of the alphabet: fields, inputs and values stand in the
// order in which people read them, the most important first.
module.exports = {
  rules: [
    'arguments-have-descriptions', 'defined-types-are-used', 'deprecations-have-a-reason', 'descriptions-are-capitalized', 'enum-values-all-caps',
    'enum-values-have-descriptions', 'fields-are-camel-cased', 'fields-have-descriptions', 'input-object-values-are-camel-cased',
    'input-object-values-have-descriptions', 'relay-connection-types-spec', 'relay-connection-arguments-spec', 'relay-page-info-spec',
    'types-are-capitalized', 'types-have-descriptions',
  ],
}

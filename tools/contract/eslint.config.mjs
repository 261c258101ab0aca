// Lints the contract, schema.graphql, with the rules of graphql-eslint for schemas, those of Relay included.
import graphql from '@graphql-eslint/eslint-plugin'

const rules = {
  ...graphql.configs['flat/schema-recommended'].rules,
  ...graphql.configs['flat/schema-relay'].rules,
  // Lists are paged forwards: with keyset cursors a page from the end would be read in the other direction, by a second index each.
  '@graphql-eslint/relay-arguments': ['error', { includeBoth: false }],
  // Connections also have `nodes`, and short lists that never pass 100 are plain lists. References, folders and versions of secrets are no
  // nodes: they have no identity beside what they belong to.
  '@graphql-eslint/relay-edge-types': ['error', { withEdgeSuffix: true, shouldImplementNode: false, listTypeCanWrapOnlyEdgeType: false }],
  // What has an identity implements Node. The rest is part of something that has one, or a snapshot, and clients keep it there.
  '@graphql-eslint/strict-id-in-types': ['error', {
    exceptions: {
      suffixes: ['Payload', 'Connection', 'Edge'],
      types: ['Actor', 'Consumer', 'HTTPHeader', 'Label', 'ObjectContent', 'ObjectFolder', 'ObjectPage', 'PageInfo', 'Redaction', 'RotationSchedule',
        'RunStep', 'SealedSecret', 'SecretGenerator', 'SecretReference', 'SecretVersion', 'TrustedDocuments', 'Unmasked', 'Usage', 'Viewer'],
    },
  }],
}

export default [
  {
    files: ['**/*.graphql'],
    languageOptions: { parser: graphql.parser, parserOptions: { graphQLConfig: { schema: 'schema.graphql' } } },
    plugins: { '@graphql-eslint': graphql },
    rules,
  },
]

import type { CodegenConfig } from '@graphql-codegen/cli'

/** What each scalar is in JSON. `strictScalars` refuses one that is missing here. */
const scalars = {
  ID: 'string',
  BigInt: 'string', // decimal, because a JavaScript number corrupts what is beyond 2^53
  DateTime: 'string',
  Duration: 'string',
  JSONObject: 'Record<string, unknown>',
  SecretString: 'string',
  Base64: 'string',
}

const config: CodegenConfig = {
  schema: '../../schema.graphql',
  documents: 'operations/*.graphql',
  emitLegacyCommonJSImports: false,
  generates: {
    'src/generated.ts': {
      plugins: ['typescript-operations', './codegen-documents.js'],
      config: {
        scalars,
        strictScalars: true,
        useTypeImports: true,
        enumType: 'string-literal',
        namingConvention: 'keep',
      },
    },
    'src/possible-types.ts': { plugins: ['fragment-matcher'], config: { useExplicitTyping: true } },
  },
}

export default config

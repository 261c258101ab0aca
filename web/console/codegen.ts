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
  schema: '../schema.graphql',
  documents: 'console/src/**/*.graphql',
  emitLegacyCommonJSImports: false,
  generates: {
    'console/src/generated.ts': {
      plugins: ['typescript-operations', 'typed-document-node'],
      config: {
        scalars,
        strictScalars: true,
        useTypeImports: true,
        enumType: 'string-literal',
        namingConvention: 'keep',
      },
    },
  },
}

export default config

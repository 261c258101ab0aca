import type { CodegenConfig } from '@graphql-codegen/cli'

/**
 * The contract. Outside of this repository take the file that `GET /schema.graphql` answers with, or the running API:
 * `{ 'http://127.0.0.1:8080/graphql': { headers: { Authorization: `Bearer ${process.env.TOKEN}` }, oneOf: true } }`.
 */
const schema = '../../schema.graphql'

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
  schema,
  documents: ['src/**/*.{ts,tsx}', '!src/gql/**'],
  generates: {
    'src/gql/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false },
      config: { scalars, strictScalars: true, useTypeImports: true, enumsAsTypes: true },
    },
  },
}

export default config

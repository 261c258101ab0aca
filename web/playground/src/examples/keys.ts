import type { Group } from './example'

export const keys: Group = {
  title: 'API keys',
  says: 'How programs get in.',
  examples: [
    {
      name: 'CreateAPIKey',
      title: 'Create an API key',
      says: 'Lets a program in. Its token is shown this once.',
      needs: 'admin',
      query: `mutation CreateAPIKey($input: CreateAPIKeyInput!) {
  createAPIKey(input: $input) {
    token
    apiKey { id name prefix scopes expiresAt }
  }
}`,
      variables: `{
  "input": {
    "name": "nightly export",
    "scopes": ["DATASTORES_READ", "SECRETS_LIST"],
    "allowedNetworks": []
  }
}`,
    },
    {
      name: 'ListAPIKeys',
      title: 'List API keys',
      says: 'What each may do, and when it was last used.',
      needs: 'admin',
      query: `query ListAPIKeys($first: Int) {
  apiKeys(first: $first) {
    totalCount
    nodes { id name prefix scopes lastUsedAt expiresAt revokedAt }
  }
}`,
      variables: `{
  "first": 20
}`,
    },
    {
      name: 'RevokeAPIKey',
      title: 'Revoke an API key',
      says: 'Effective at once. Safe to repeat.',
      needs: 'admin',
      query: `mutation RevokeAPIKey($input: RevokeAPIKeyInput!) {
  revokeAPIKey(input: $input) {
    apiKey { name revokedAt }
  }
}`,
      variables: `{
  "input": { "apiKeyId": "API_KEY_ID" }
}`,
    },
  ],
}

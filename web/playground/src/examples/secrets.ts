import type { Group } from './example'

export const secrets: Group = {
  title: 'Secrets',
  examples: [
    {
      name: 'CreateSecret',
      title: 'Create a secret',
      says: 'The value goes in the variables, never in the document. No query returns it.',
      needs: 'editor, or secrets:write',
      query: `mutation CreateSecret($input: CreateSecretInput!) {
  createSecret(input: $input) {
    secret { id name format currentVersion createdAt }
  }
}`,
      variables: `{
  "input": {
    "name": "stripe/api-key",
    "description": "Made in the playground",
    "value": { "text": "sk_test_1" }
  }
}`,
    },
    {
      name: 'ListSecrets',
      title: 'List secrets',
      says: 'Names, versions and when each was last revealed. Never values.',
      needs: 'viewer, or secrets:list',
      query: `query ListSecrets($first: Int, $filter: SecretFilter) {
  secrets(first: $first, filter: $filter) {
    totalCount
    nodes {
      id
      name
      currentVersion
      rotatedAt
      lastRevealedAt
      versions(first: 3) { nodes { version state createdAt } }
    }
  }
}`,
      variables: `{
  "first": 10,
  "filter": { "nameContains": "" }
}`,
    },
    {
      name: 'RotateSecret',
      title: 'Rotate a secret',
      says: 'Replaces the value. With ifVersion only while that version is the current one.',
      needs: 'editor, or secrets:write',
      query: `mutation RotateSecret($input: RotateSecretInput!) {
  rotateSecret(input: $input) {
    secret { name currentVersion }
    version { version state }
  }
}`,
      variables: `{
  "input": {
    "secretId": "SECRET_ID",
    "ifVersion": 1,
    "value": { "text": "sk_test_2" }
  }
}`,
    },
    {
      name: 'RevealSecret',
      title: 'Reveal a secret',
      says: 'Shows the value on this screen. The reveal is on record, risk high, before the value is read.',
      needs: 'admin, or secrets:read',
      query: `mutation RevealSecret($input: RevealSecretInput!) {
  revealSecret(input: $input) {
    version
    value
    auditEventId
  }
}`,
      variables: `{
  "input": {
    "secretId": "SECRET_ID",
    "reason": "Trying it out"
  }
}`,
    },
  ],
}

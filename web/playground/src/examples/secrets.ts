import type { Group } from './example'

export const secrets: Group = {
  title: 'Secrets',
  says: 'Values that no query returns, with all their versions.',
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
    {
      name: 'FindSecret',
      title: 'Find a secret by name',
      says: 'The one that has exactly this name, and who uses it.',
      needs: 'viewer, or secrets:list',
      query: `query FindSecret($name: String!) {
  secretByName(name: $name) {
    id
    description
    format
    fields
    rotation { every cron timeZone nextAt overdue lastError }
    references(first: 10) { nodes { consumer { kind externalId name } } }
  }
}`,
      variables: `{
  "name": "stripe/api-key"
}`,
    },
    {
      name: 'UpdateSecret',
      title: 'Change a secret',
      says: 'Its name, description or schedule, never its value. This has the server rotate it every 30 days.',
      needs: 'editor, or secrets:write',
      query: `mutation UpdateSecret($input: UpdateSecretInput!) {
  updateSecret(input: $input) {
    secret { name rotation { every cron timeZone nextAt generator { length alphabet } } }
  }
}`,
      variables: `{
  "input": {
    "secretId": "SECRET_ID",
    "rotation": { "every": "P30D", "generate": { "length": 32 } }
  }
}`,
    },
    {
      name: 'RollbackSecret',
      title: 'Roll back a secret',
      says: 'Makes the value of an earlier version current again, as a new version.',
      needs: 'editor, or secrets:write',
      query: `mutation RollbackSecret($input: RollbackSecretInput!) {
  rollbackSecret(input: $input) {
    secret { name currentVersion }
    version { version state }
  }
}`,
      variables: `{
  "input": {
    "secretId": "SECRET_ID",
    "version": 1
  }
}`,
    },
    {
      name: 'DestroySecretVersion',
      title: 'Destroy a version',
      says: 'Its value is gone for ever. The current version cannot be destroyed.',
      needs: 'editor, or secrets:write',
      query: `mutation DestroySecretVersion($input: DestroySecretVersionInput!) {
  destroySecretVersion(input: $input) {
    secret { versions(first: 5) { nodes { version state } } }
  }
}`,
      variables: `{
  "input": {
    "secretId": "SECRET_ID",
    "version": 1
  }
}`,
    },
    {
      name: 'DeleteSecret',
      title: 'Delete a secret',
      says: 'Refused with IN_USE while something references it, unless force is true. It can be restored for 30 days.',
      needs: 'editor, or secrets:write',
      query: `mutation DeleteSecret($input: DeleteSecretInput!) {
  deleteSecret(input: $input) {
    secret { id name purgeAt }
  }
}`,
      variables: `{
  "input": {
    "secretId": "SECRET_ID",
    "force": false
  }
}`,
    },
    {
      name: 'RestoreSecret',
      title: 'Restore a deleted secret',
      says: 'Under a new name, if the old one is taken by now.',
      needs: 'editor, or secrets:write',
      query: `mutation RestoreSecret($input: RestoreSecretInput!) {
  restoreSecret(input: $input) {
    secret { id name currentVersion }
  }
}`,
      variables: `{
  "input": {
    "secretId": "SECRET_ID"
  }
}`,
    },
    {
      name: 'ReadSecret',
      title: 'Read one secret by its id',
      says: 'What is known of it, and its versions. Never its value.',
      needs: 'viewer, or secrets:list',
      query: `query ReadSecret($id: ID!) {
  secret(id: $id) {
    name
    description
    createdAt
    createdBy { label }
    lastRevealedAt
    lastInjectedAt
    versions(first: 10) { nodes { version state createdBy { label } destroyAt } }
  }
}`,
      variables: `{
  "id": "SECRET_ID"
}`,
    },
  ],
}

import type { Group } from './example'

export const administration: Group = {
  title: 'Administration',
  examples: [
    {
      name: 'AuditLog',
      title: 'Read the audit log',
      says: 'Every write, reveal, read of content and refusal, newest first. Filters may be combined.',
      needs: 'admin, or audit:read',
      query: `query AuditLog($first: Int, $filter: AuditFilter) {
  auditEvents(first: $first, filter: $filter) {
    nodes {
      at
      action
      risk
      outcome
      actor { label }
      ip
      reason
      targetKind
      targetLabel
    }
    pageInfo { hasNextPage endCursor }
  }
}`,
      variables: `{
  "first": 20,
  "filter": { "risk": "HIGH" }
}`,
    },
    {
      name: 'ListMembers',
      title: 'List members',
      says: 'Who is in the workspace, and who is invited and has not signed in yet.',
      needs: 'admin',
      query: `query ListMembers($first: Int) {
  members(first: $first) {
    totalCount
    nodes { id email role joinedAt }
  }
}`,
      variables: `{
  "first": 20
}`,
    },
    {
      name: 'InviteMember',
      title: 'Invite a member',
      says: 'Whoever first signs in with that verified address joins. For a member, it changes the role.',
      needs: 'admin',
      query: `mutation InviteMember($input: SetMemberRoleInput!) {
  setMemberRole(input: $input) {
    member { id email role joinedAt }
  }
}`,
      variables: `{
  "input": {
    "email": "ann@example.com",
    "role": "VIEWER"
  }
}`,
    },
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

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
    {
      name: 'AuditEvent',
      title: 'Read one event',
      says: 'All that is on record of it, for example of a reveal.',
      needs: 'admin, or audit:read',
      query: `query AuditEvent($id: ID!) {
  auditEvent(id: $id) {
    at
    action
    actor { kind label }
    ip
    userAgent
    requestId
    reason
    targetLabel
    details
  }
}`,
      variables: `{
  "id": "AUDIT_EVENT_ID"
}`,
    },
    {
      name: 'RemoveMember',
      title: 'Remove a member',
      says: 'With the keys that they made, unless keepKeys is true. The answer lists them.',
      needs: 'admin',
      query: `mutation RemoveMember($input: RemoveMemberInput!) {
  removeMember(input: $input) {
    memberId
    revokedAPIKeys { name prefix }
    removedRuntimeKeys { name }
  }
}`,
      variables: `{
  "input": {
    "memberId": "MEMBER_ID"
  }
}`,
    },
    {
      name: 'UpdateWorkspace',
      title: 'Change the workspace',
      says: 'Its name, and whether a reveal must give a reason.',
      needs: 'admin',
      query: `mutation UpdateWorkspace($input: UpdateWorkspaceInput!) {
  updateWorkspace(input: $input) {
    workspace { name requireRevealReason }
  }
}`,
      variables: `{
  "input": {
    "requireRevealReason": true
  }
}`,
    },
    {
      name: 'ListRegions',
      title: 'List regions',
      says: 'Where a workspace can keep its data.',
      needs: 'any credential',
      query: `query ListRegions {
  regions
}`,
    },
    {
      name: 'CreateWorkspace',
      title: 'Create a workspace',
      says: 'You are its first admin. Its region never changes.',
      needs: 'a signed-in person, where the deployment allows it',
      query: `mutation CreateWorkspace($input: CreateWorkspaceInput!) {
  createWorkspace(input: $input) {
    workspace { id name region }
  }
}`,
      variables: `{
  "input": {
    "name": "Experiments",
    "region": "europe-west1"
  }
}`,
    },
    {
      name: 'TrustedDocuments',
      title: 'Read the trusted documents',
      says: 'The documents that programs may name by their ids.',
      needs: 'admin',
      query: `query TrustedDocuments {
  trustedDocuments { documentCount revision setAt documents }
}`,
    },
    {
      name: 'SetTrustedDocuments',
      title: 'Trust documents',
      says: "Replaces the list by a manifest: texts by id, or what Apollo's tool writes.",
      needs: 'admin',
      query: `mutation SetTrustedDocuments($input: SetTrustedDocumentsInput!) {
  setTrustedDocuments(input: $input) {
    trustedDocuments { documentCount revision }
  }
}`,
      variables: `{
  "input": {
    "manifest": { "who-am-i": "query WhoAmI { viewer { role } }" }
  }
}`,
    },
  ],
}

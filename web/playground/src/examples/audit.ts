import type { Group } from './example'

export const audit: Group = {
  title: 'Audit log',
  says: 'What was done, by whom and when.',
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
  ],
}

import type { Role, Scope } from '../generated'

/** What each role may do, the weakest first. Each includes the ones before it. */
export const roles: { role: Role; label: string; sentence: string }[] = [
  { role: 'VIEWER', label: 'Viewer', sentence: 'Reads datastores, objects and the names of secrets.' },
  { role: 'EDITOR', label: 'Editor', sentence: 'Also creates, changes and deletes datastores, objects and secrets, and rotates secrets.' },
  { role: 'ADMIN', label: 'Admin', sentence: 'Also reveals secrets, reads the audit log, and manages members and keys.' },
]

/** A role in a word. */
export const roleLabel = (of: Role): string => roles.find(({ role }) => role === of)!.label

const rank = (of: Role) => roles.findIndex(({ role }) => role === of)

/** Whether a role may do less than another. */
export const isLower = (role: Role, than: Role): boolean => rank(role) < rank(than)

const covered: Partial<Record<Scope, Role>> = {
  DATASTORES_READ: 'VIEWER',
  SECRETS_LIST: 'VIEWER',
  DATASTORES_WRITE: 'EDITOR',
  SECRETS_WRITE: 'EDITOR',
}

/** Whether a scope lets a key do what a role may not, as `SetMemberRoleInput.keepKeys` has it. */
export const reachesBeyond = (scope: Scope, role: Role): boolean => isLower(role, covered[scope] ?? 'ADMIN')

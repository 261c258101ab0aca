import type { Scope } from '../generated'

/** What keys may do, by what they do it to, each in a sentence. */
export const scopeGroups: { label: string; scopes: [Scope, string][] }[] = [
  {
    label: 'Datastores',
    scopes: [
      ['DATASTORES_READ', 'Lists datastores and objects, and downloads them.'],
      ['DATASTORES_WRITE', 'Creates datastores, uploads and deletes objects. Includes datastores:read.'],
    ],
  },
  {
    label: 'Secrets',
    scopes: [
      ['SECRETS_LIST', 'Lists names and metadata, never values.'],
      ['SECRETS_WRITE', 'Creates, rotates and deletes secrets. Includes secrets:list.'],
      ['SECRETS_READ', 'Reveals values, each on record. Includes secrets:list.'],
    ],
  },
  {
    label: 'Workflow runtimes',
    scopes: [
      ['SECRETS_INJECT', 'Hands runs the secrets that their consumer references, sealed to a runtime key. Includes secrets:list.'],
      ['RUNS_EXECUTE', 'Executes storage steps, and uploads for a run. Includes datastores:write.'],
    ],
  },
  { label: 'Audit log', scopes: [['AUDIT_READ', 'Reads the audit log.']] },
]

/** A scope as the documentation spells it, for example `secrets:read`. */
export const spelled = (scope: Scope): string => scope.toLowerCase().replace('_', ':')

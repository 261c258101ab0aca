import { Checkbox, Loader, Text } from '@mantine/core'
import type { Role } from '../generated'
import type { CreatedKeys } from './useCreatedKeys'

/** Says which keys of a member end with a change, and asks whether they should. `role` is what the member gets; none if the member is removed. */
export function EndingKeys({
  keys: { names, isSure, isLoading },
  role,
  isKept,
  onKeep,
}: {
  keys: CreatedKeys
  role?: Role
  isKept: boolean
  onKeep: (isKept: boolean) => void
}) {
  if (isLoading) return <Loader size="sm" role="status" aria-label="Looking for keys that end with this" />
  if (isSure && names.length === 0) return <Text size="sm">No key ends with this.</Text>
  return (
    <>
      <div>
        <Text size="sm" fw={600}>
          {isKept ? 'These keys, which they created, go on working' : 'These keys, which they created, end at once'}
        </Text>
        {role !== undefined && (
          <Text size="sm" c="var(--console-quiet)">
            They may do what the new role may not.
          </Text>
        )}
        <Text component="ul" size="sm" className="uses">
          {names.map((name) => (
            <li key={name} className="breaks">
              {name}
            </li>
          ))}
          {!isSure && <li>{names.length > 0 ? 'and any older ones' : 'any that there are'}</li>}
        </Text>
      </div>
      <Checkbox
        label="Keep these keys"
        description="For programs that others look after from now on."
        checked={isKept}
        onChange={(event) => onKeep(event.currentTarget.checked)}
      />
    </>
  )
}

/** How many keys have ended, for a message; nothing for none. */
export function endedWords(ended: { revokedAPIKeys: unknown[]; removedRuntimeKeys: unknown[] }): string {
  const count = ended.revokedAPIKeys.length + ended.removedRuntimeKeys.length
  if (count === 0) return ''
  return count === 1 ? ' One key has ended.' : ` ${count} keys have ended.`
}

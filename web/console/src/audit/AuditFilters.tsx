import { Button, Group, NativeSelect } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useNavigate, useSearch } from '@tanstack/react-router'
import type { AuditRowFragment, Outcome, Risk } from '../generated'
import { actions } from './actions'
import { outcomeWords, riskWords } from './marks'
import { type AuditSearch, daysAgo } from './search'
import { TimeField } from './TimeField'

const from = '/w/$workspaceId/audit'

/** What narrows the log. All of it is in the address. `rows` is what the log shows, for the names of those that the address has by id. */
export function AuditFilters({ rows }: { rows: AuditRowFragment[] }) {
  const search = useSearch({ from })
  const navigate = useNavigate({ from })
  const narrow = (to: AuditSearch) => void navigate({ search: (before) => ({ ...before, ...to }), replace: true })
  const who = search.principal && rows.find(({ actor }) => actor.principalId === search.principal)?.actor.label
  const what = search.target && rows.find(({ targetId }) => targetId === search.target)?.targetLabel
  return (
    <>
      <Group gap="sm" align="end" role="group" aria-label="Filters">
        <NativeSelect
          size="xs"
          label="Action"
          data={choices(search.action)}
          value={search.action ?? ''}
          onChange={(event) => narrow({ action: event.currentTarget.value || undefined })}
        />
        <NativeSelect
          size="xs"
          label="Risk"
          data={[{ value: '', label: 'Any' }, ...Object.entries(riskWords).map(([value, label]) => ({ value, label }))]}
          value={search.risk ?? ''}
          onChange={(event) => narrow({ risk: (event.currentTarget.value || undefined) as Risk | undefined })}
        />
        <NativeSelect
          size="xs"
          label="Outcome"
          data={[{ value: '', label: 'Any' }, ...Object.entries(outcomeWords).map(([value, label]) => ({ value, label }))]}
          value={search.outcome ?? ''}
          onChange={(event) => narrow({ outcome: (event.currentTarget.value || undefined) as Outcome | undefined })}
        />
        <TimeField label="Since" value={search.since} onChange={(since) => narrow({ since })} />
        <TimeField label="Until" value={search.until} onChange={(until) => narrow({ until })} />
        <Button.Group>
          {presets.map(([label, days]) => (
            <Button key={days} size="xs" variant="default" aria-label={`Last ${label}`} onClick={() => narrow({ since: daysAgo(days), until: undefined })}>
              {days === 1 ? `Last ${label}` : label}
            </Button>
          ))}
        </Button.Group>
      </Group>
      {(search.principal || search.target) && (
        <Group gap="xs" mt="sm">
          {search.principal && <Chosen text={`Only by ${who || search.principal}`} onRemove={() => narrow({ principal: undefined })} />}
          {search.target && <Chosen text={`Only about ${what || search.target}`} onRemove={() => narrow({ target: undefined })} />}
        </Group>
      )}
    </>
  )
}

const presets = [
  ['24 hours', 1],
  ['7 days', 7],
  ['30 days', 30],
] as const

/** The actions to choose from, and the one that an address asks for though this console does not know it. */
function choices(chosen: string | undefined) {
  const groups = Object.entries(actions).map(([group, items]) => ({ group, items }))
  const isKnown = chosen === undefined || groups.some(({ items }) => items.includes(chosen))
  return [{ value: '', label: 'Any' }, ...(isKnown ? [] : [chosen]), ...groups]
}

function Chosen({ text, onRemove }: { text: string; onRemove: () => void }) {
  return (
    <Button size="compact-sm" variant="light" maw="100%" rightSection={<IconX size={14} aria-label="Take this filter away" />} onClick={onRemove}>
      {text}
    </Button>
  )
}

import { Group, Table, Text } from '@mantine/core'
import { useSearch } from '@tanstack/react-router'
import { memo, useDeferredValue } from 'react'
import type { AuditRowFragment } from '../generated'
import { EventLink } from './EventLink'
import { OutcomeMark, RiskMark } from './marks'
import { Target } from './Target'

/** Events, one a row, newest first. Where there is no room for columns, a row says the same in lines. */
export function AuditTable({ rows }: { rows: AuditRowFragment[] }) {
  const within = useSearch({ from: '/w/$workspaceId/audit' })
  const drawn = useDeferredValue(rows) // many new rows are drawn in several tasks
  return (
    <Table verticalSpacing="sm" highlightOnHover mt="md">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>When</Table.Th>
          <Table.Th>What</Table.Th>
          <Table.Th visibleFrom="lg">Who</Table.Th>
          <Table.Th visibleFrom="lg">Outcome</Table.Th>
          <Table.Th visibleFrom="lg">Risk</Table.Th>
          <Table.Th visibleFrom="lg">Address</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {drawn.map((event) => (
          <Row key={event.id} event={event} within={within} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

/** A row is drawn once, however the list grows. */
const Row = memo(function Row({ event, within }: Parameters<typeof EventLink>[0]) {
  return (
    <Table.Tr style={{ verticalAlign: 'top' }}>
      <Table.Td>
        <EventLink event={event} within={within} />
      </Table.Td>
      <Table.Td>
        <div className="breaks value">{event.action}</div>
        <Target event={event} />
        <Text size="sm" hiddenFrom="lg" className="breaks">
          {by(event)}
        </Text>
        <Group gap="xs" hiddenFrom="lg" fz="sm" mt={2}>
          <OutcomeMark outcome={event.outcome} />
          <RiskMark risk={event.risk} />
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="lg" className="breaks">
        {event.actor.label}
      </Table.Td>
      <Table.Td visibleFrom="lg">
        <OutcomeMark outcome={event.outcome} />
      </Table.Td>
      <Table.Td visibleFrom="lg">
        <RiskMark risk={event.risk} />
      </Table.Td>
      <Table.Td visibleFrom="lg" className="breaks">
        {event.ip ?? '–'}
      </Table.Td>
    </Table.Tr>
  )
})

const by = ({ actor, ip }: AuditRowFragment) => (ip === null ? `by ${actor.label}` : `by ${actor.label} from ${ip}`)

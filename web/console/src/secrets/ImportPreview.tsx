import { Button, Group, Loader, Progress, Stack, Table, Text } from '@mantine/core'
import { IconAlertTriangle, IconBan, IconCircleCheck, IconClock } from '@tabler/icons-react'
import type { ImportRow } from './useImport'

const states: Record<Exclude<ImportRow['state'], 'creating'>, { label: string; Icon: typeof IconBan; color: string }> = {
  waiting: { label: 'To be created', Icon: IconClock, color: 'var(--console-quiet)' },
  refused: { label: 'Left out', Icon: IconBan, color: 'var(--console-quiet)' },
  created: { label: 'Created', Icon: IconCircleCheck, color: 'var(--console-accent)' },
  failed: { label: 'Failed', Icon: IconAlertTriangle, color: 'var(--console-alert)' },
}

/** What an import would create, without the values; then how far it is. */
export function ImportPreview({
  rows,
  isDoing,
  onStart,
  onBack,
  onClose,
}: {
  rows: ImportRow[]
  isDoing: boolean
  onStart: () => void
  onBack: (() => void) | undefined
  onClose: () => void
}) {
  const count = (state: ImportRow['state']) => rows.filter((row) => row.state === state).length
  const [created, failed, refused] = [count('created'), count('failed'), count('refused')]
  const wanted = rows.length - refused
  const open = wanted - created
  const isBegun = isDoing || created + failed > 0

  return (
    <Stack>
      <Text role="status" size="sm">
        {isBegun ? `${created} of ${wanted} created` : `${wanted} to be created`}
        {failed > 0 && `, ${failed} failed`}
        {refused > 0 && `, ${refused} left out`}.
      </Text>
      {isBegun && <Progress value={(100 * created) / Math.max(1, wanted)} aria-label="Secrets that are created" />}
      <div className="rows" tabIndex={0} role="group" aria-label="Secrets to import">
        <Table verticalSpacing="xs">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Name</Table.Th>
              <Table.Th>Value</Table.Th>
              <Table.Th>State</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.key}>
                <Table.Td className="breaks">{row.name || '–'}</Table.Td>
                <Table.Td>{row.value === '' ? '' : <span aria-label="hidden">••••••</span>}</Table.Td>
                <Table.Td>
                  <State row={row} />
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </div>
      <Group justify="flex-end">
        {!isBegun && onBack && (
          <Button variant="default" onClick={onBack} me="auto">
            Back
          </Button>
        )}
        <Button variant="default" onClick={onClose}>
          {isDoing ? 'Stop and close' : isBegun ? 'Close' : 'Cancel'}
        </Button>
        {open > 0 && (
          <Button onClick={onStart} loading={isDoing} autoFocus>
            {failed > 0 ? `Try ${open} again` : `Create ${open}`}
          </Button>
        )}
      </Group>
    </Stack>
  )
}

function State({ row: { state, note } }: { row: ImportRow }) {
  if (state === 'creating') return <Loader size={14} aria-label="Creating" />
  const { label, Icon, color } = states[state]
  return (
    <>
      <Group gap={6} wrap="nowrap">
        <Icon size={16} color={color} aria-hidden />
        {label}
      </Group>
      {note && (
        <Text size="sm" c="var(--console-quiet)" className="breaks">
          {note}
        </Text>
      )}
    </>
  )
}

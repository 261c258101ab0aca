import { Button, Group, Loader, Stack, Text } from '@mantine/core'
import type { AuditFilter } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { mostEvents, useExport } from './useExport'

const number = (count: number) => count.toLocaleString('en')

/** Saves what the filters match as a CSV file. Closing the dialog ends it. */
export function ExportEvents({ filter, onClose }: { filter: AuditFilter; onClose: () => void }) {
  const fileName = `audit-${new Date().toISOString().slice(0, 10)}.csv`
  const { start, count, isDoing, isDone, isCut, problem } = useExport(filter, fileName)
  return (
    <Dialog onClose={onClose} title="Export events">
      <Stack>
        <Text>
          A CSV file of the events that the filters match, newest first, and at most {number(mostEvents)} of them. A text that a spreadsheet would take
          for a formula gets an apostrophe in front.
        </Text>
        <ProblemNote problem={problem} />
        <Group role="status" gap="xs">
          {isDoing && <Loader size="xs" aria-hidden />}
          {isDoing && <Text>{number(count)} events so far</Text>}
          {isDone && (
            <Text>
              {number(count)} {count === 1 ? 'event is' : 'events are'} in {fileName}.
              {isCut && ' There are more: narrow the time, and export the earlier ones on their own.'}
            </Text>
          )}
        </Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {isDone ? 'Close' : 'Cancel'}
          </Button>
          {!isDone && (
            <Button onClick={() => void start()} loading={isDoing} data-autofocus>
              {problem ? 'Go on' : 'Export'}
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}

import { useQuery } from '@apollo/client/react'
import { Group, Progress } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import { HomeUsageDocument, type HomeUsageQuery } from '../generated'
import { bytes } from '../ui/bytes'
import { Facts } from '../ui/Facts'
import { Card } from './Card'
import { Note } from './Items'

/** From which share on the storage is called almost full. */
const full = 0.9

/** How much is stored, beside what may be. */
export function UsageCard() {
  const asked = useQuery(HomeUsageDocument)
  return (
    <Card title="Storage" asked={asked}>
      {({ workspace }) => <Usage usage={workspace!.usage} />}
    </Card>
  )
}

function Usage({ usage }: { usage: NonNullable<HomeUsageQuery['workspace']>['usage'] }) {
  const [used, reserved] = [Number(usage.usedBytes), Number(usage.reservedBytes)]
  const limit = usage.limitBytes === null ? undefined : Math.max(1, Number(usage.limitBytes))
  const isAlmostFull = limit !== undefined && used + reserved > full * limit
  const share = (part: number) => Math.min(100, (100 * part) / limit!)
  return (
    <>
      {limit !== undefined && (
        <Progress.Root size="xl">
          <Progress.Section value={share(used)} color={isAlmostFull ? 'red' : undefined} aria-label="Stored" />
          <Progress.Section value={share(reserved)} color="gray" striped aria-label="Reserved for uploads" />
        </Progress.Root>
      )}
      {isAlmostFull && (
        <Group gap="xs" wrap="nowrap">
          <IconAlertTriangle size={18} color="var(--console-alert)" aria-hidden style={{ flex: 'none' }} />
          Almost full: uploads that do not fit are refused.
        </Group>
      )}
      <Facts
        facts={{
          Stored: bytes(used),
          'Reserved for uploads': bytes(reserved),
          Limit: limit === undefined ? 'None' : bytes(limit),
          Files: Number(usage.objectCount).toLocaleString('en'),
          Secrets: usage.secretCount.toLocaleString('en'),
        }}
      />
      <Note>Each version that a datastore keeps counts in full.</Note>
    </>
  )
}

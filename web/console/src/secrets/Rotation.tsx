import { Badge, Group, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ScheduleFragment } from '../generated'
import { scheduleWords } from './schedule'

/** A schedule in words, and a badge where its time has passed. */
export function Rotation({ schedule }: { schedule: ScheduleFragment | null }) {
  if (!schedule) {
    return (
      <Text inherit span c="var(--console-quiet)">
        No schedule
      </Text>
    )
  }
  return (
    <Group gap={6}>
      {schedule.overdue && (
        <Badge miw="max-content" tt="none" fw={600} variant="default" leftSection={<IconAlertTriangle size={12} color="var(--console-alert)" aria-hidden />}>
          Overdue
        </Badge>
      )}
      <span>{scheduleWords(schedule)}</span>
    </Group>
  )
}

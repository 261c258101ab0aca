import { Group, NativeSelect, NumberInput, Radio, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import type { Problem } from '../app/problem'
import { problemOfField } from '../app/problem'
import { GeneratorFields } from './GeneratorFields'
import { cronWords, type ScheduleDraft } from './schedule'

interface Props {
  draft: ScheduleDraft
  onChange: (to: ScheduleDraft) => void
  problem: Problem | undefined
}

/** When a secret is to be rotated, and by whom. */
export function ScheduleFields({ draft, onChange, problem }: Props) {
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="How it is said when"
        data={[
          { value: 'period', label: 'Every so often' },
          { value: 'calendar', label: 'By the calendar' },
        ]}
        value={draft.isByCalendar ? 'calendar' : 'period'}
        onChange={(to) => onChange({ ...draft, isByCalendar: to === 'calendar' })}
      />
      {draft.isByCalendar ? <ByCalendar draft={draft} onChange={onChange} problem={problem} /> : <ByPeriod draft={draft} onChange={onChange} problem={problem} />}
      <Radio.Group label="By whom" value={draft.by} onChange={(by) => onChange({ ...draft, by: by as ScheduleDraft['by'] })}>
        <Stack gap="xs" mt={4}>
          <Radio value="people" label="People, who see here that it is overdue" />
          <Radio value="server" label="The server, which makes up a new value" description="For values that nobody has to enter elsewhere." />
        </Stack>
      </Radio.Group>
      {draft.by === 'server' && (
        <GeneratorFields draft={draft} onChange={(to) => onChange({ ...draft, ...to })} error={problemOfField(problem, 'length')} />
      )}
    </Stack>
  )
}

function ByPeriod({ draft, onChange, problem }: Props) {
  return (
    <Group align="start" grow preventGrowOverflow={false}>
      <NumberInput
        label="Rotate every"
        min={1}
        max={draft.unit === 'days' ? 3650 : 87_600}
        allowDecimal={draft.unit === 'hours'}
        required
        value={draft.count}
        onChange={(count) => onChange({ ...draft, count })}
        error={problemOfField(problem, 'every')}
      />
      <NativeSelect
        label="Unit"
        data={['days', 'hours']}
        value={draft.unit}
        onChange={(event) => onChange({ ...draft, unit: event.currentTarget.value as ScheduleDraft['unit'] })}
      />
    </Group>
  )
}

const zones = Intl.supportedValuesOf('timeZone')

function ByCalendar({ draft, onChange, problem }: Props) {
  return (
    <>
      <TextInput
        label="At"
        description="Minute, hour, day of the month, month, day of the week, as crontab has them. 0 3 * * MON is Mondays at 3:00."
        required
        value={draft.cron}
        onChange={(event) => onChange({ ...draft, cron: event.currentTarget.value })}
        error={problemOfField(problem, 'cron')}
      />
      <Text size="sm" role="status">
        {cronWords(draft.cron)}
      </Text>
      <NativeSelect
        label="In the time zone"
        data={[...new Set([draft.timeZone, 'UTC', ...zones])]}
        value={draft.timeZone}
        onChange={(event) => onChange({ ...draft, timeZone: event.currentTarget.value })}
        error={problemOfField(problem, 'timeZone')}
      />
    </>
  )
}

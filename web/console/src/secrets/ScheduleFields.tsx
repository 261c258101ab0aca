import { Group, NativeSelect, NumberInput, Radio, Stack } from '@mantine/core'
import type { Problem } from '../app/problem'
import { problemOfField } from '../app/problem'
import { GeneratorFields } from './GeneratorFields'
import type { ScheduleDraft } from './schedule'

/** How often a secret is to be rotated, and by whom. */
export function ScheduleFields({ draft, onChange, problem }: { draft: ScheduleDraft; onChange: (to: ScheduleDraft) => void; problem: Problem | undefined }) {
  return (
    <Stack gap="sm">
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

import { Button, Checkbox, Group, Stack, Textarea, TextInput } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../app/problem'
import { CreateSecretDocument } from '../generated'
import { Dialog } from '../ui/Dialog'
import { labelOf } from '../ui/label'
import { LabelsField } from '../ui/LabelsField'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useIdempotencyKey } from '../ui/useIdempotencyKey'
import { useSend } from '../ui/useSend'
import { draftOf, scheduleInputs, scheduleOf } from './schedule'
import { ScheduleFields } from './ScheduleFields'
import { emptyValue, isOfValue, valueInputs, valueOf } from './value'
import { ValueFields } from './ValueFields'

/** Data → Secrets → New secret. */
export function NewSecret({ onClose }: { onClose: () => void }) {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const navigate = useNavigate()
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [name, setName] = useState('')
  const [description, setDescription] = useState('')
  const [labels, setLabels] = useState<string[]>([])
  const [value, setValue] = useState(emptyValue)
  const [isScheduled, setScheduled] = useState(false)
  const [schedule, setSchedule] = useState(draftOf)
  const idempotencyKey = useIdempotencyKey(name, description, labels, value, isScheduled, schedule)
  const ofName = problemOfField(problem, 'name')
  const ofValue = isOfValue(problem) ? problem?.message : undefined

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const { createSecret } = await send(CreateSecretDocument, {
        name,
        description: description || null,
        labels: labels.map(labelOf),
        value: valueOf(value),
        rotation: isScheduled ? scheduleOf(schedule) : null,
        idempotencyKey,
      })
      toast(`The secret ${name} is there.`)
      onClose()
      await navigate({ to: '/w/$workspaceId/secrets/$secretId', params: { workspaceId, secretId: createSecret!.secret.id } })
    })
  }

  return (
    <Dialog onClose={onClose} title="New secret" size="lg">
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <TextInput
            label="Name"
            description="Letters, digits, “_”, “-”, “.” and “/”, for example stripe/api-key"
            required
            maxLength={120}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={ofName}
          />
          <Textarea
            label="Description"
            description="Everybody in the workspace can read it: it is no place for the value."
            rows={2}
            maxLength={2000}
            value={description}
            onChange={(event) => setDescription(event.currentTarget.value)}
          />
          <LabelsField value={labels} onChange={setLabels} problem={problem} />
          <ValueFields draft={value} onChange={setValue} error={ofValue} />
          <Checkbox label="Rotate it on a schedule" checked={isScheduled} onChange={(event) => setScheduled(event.currentTarget.checked)} />
          {isScheduled && <ScheduleFields draft={schedule} onChange={setSchedule} problem={problem} />}
          <ProblemNote problem={problem} inputs={['name', 'labels', ...valueInputs, ...(isScheduled ? scheduleInputs : [])]} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              Create
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

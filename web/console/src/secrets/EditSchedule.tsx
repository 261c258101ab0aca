import { Button, Group, Stack } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { type SecretDetailsFragment, UpdateSecretDocument } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useSend } from '../ui/useSend'
import { draftOf, scheduleInputs, scheduleOf } from './schedule'
import { ScheduleFields } from './ScheduleFields'

/** Sets, changes or ends the schedule by which a secret is rotated. */
export function EditSchedule({ secret, onClose }: { secret: SecretDetailsFragment; onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [draft, setDraft] = useState(() => draftOf(secret.rotation))

  const save = (rotation: ReturnType<typeof scheduleOf> | null) =>
    void run(async () => {
      await send(UpdateSecretDocument, { secretId: secret.id, rotation })
      toast(rotation ? `${secret.name} has a schedule.` : `${secret.name} has no schedule any more.`)
      onClose()
    })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save(scheduleOf(draft))
  }

  return (
    <Dialog onClose={onClose} title="Rotation schedule">
      <form onSubmit={submit}>
        <Stack>
          <ScheduleFields draft={draft} onChange={setDraft} problem={problem} />
          <ProblemNote problem={problem} inputs={scheduleInputs} />
          <Group justify="flex-end">
            {secret.rotation && (
              <Button variant="default" me="auto" onClick={() => save(null)} disabled={isDoing}>
                End the schedule
              </Button>
            )}
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

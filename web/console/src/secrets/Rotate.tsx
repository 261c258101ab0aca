import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { RotateSecretDocument, type SecretDetailsFragment } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useIdempotencyKey } from '../ui/useIdempotencyKey'
import { useSend } from '../ui/useSend'
import { MovedOn } from './MovedOn'
import { emptyValue, isOfValue, type ValueDraft, valueOf } from './value'
import { ValueFields } from './ValueFields'

/** Replaces the value of a secret, unless somebody else has done so since the page showed it. */
export function Rotate({ secret, onClose }: { secret: SecretDetailsFragment; onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [value, setValue] = useState<ValueDraft>({ ...emptyValue, by: secret.format === 'JSON' ? 'json' : 'text' })
  const [endLeases, setEndLeases] = useState(false)
  const idempotencyKey = useIdempotencyKey(secret.currentVersion, value, endLeases)
  const ofValue = isOfValue(problem) ? problem?.message : undefined

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const input = { secretId: secret.id, value: valueOf(value), ifVersion: secret.currentVersion, endLeases, idempotencyKey }
      const { rotateSecret } = await send(RotateSecretDocument, input)
      toast(`Version ${rotateSecret!.version.version} of ${secret.name} is current.`)
      onClose()
    })
  }

  return (
    <Dialog onClose={onClose} title={`Rotate ${secret.name}`} size="lg">
      <form onSubmit={submit} autoComplete="off">
        <Stack>
          <Text size="sm">
            The new value replaces version {secret.currentVersion} at once: the next run gets it, and no configuration changes. The old one can be
            rolled back to until it is destroyed.
          </Text>
          <ValueFields draft={value} onChange={setValue} error={ofValue} isFirst />
          <Checkbox
            label="End leases of the old value"
            description="For a leaked value: runs that have begun cannot get it again either, and may fail."
            checked={endLeases}
            onChange={(event) => setEndLeases(event.currentTarget.checked)}
          />
          {!ofValue && <ProblemNote problem={problem} />}
          <MovedOn problem={problem} action="Rotate" />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              Rotate
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

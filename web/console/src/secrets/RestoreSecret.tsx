import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../app/problem'
import { RestoreSecretDocument, type SecretDetailsFragment } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useSend } from '../ui/useSend'

/** Brings a deleted secret back, by another name if its own is taken by now. */
export function RestoreSecret({ secret, onClose }: { secret: SecretDetailsFragment; onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [name, setName] = useState(secret.name)
  const ofName = problemOfField(problem, 'name')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      await send(RestoreSecretDocument, { secretId: secret.id, ...(name !== secret.name && { name }) })
      toast(`The secret ${name} is back.`)
      onClose()
    })
  }

  return (
    <Dialog onClose={onClose} title={`Restore ${secret.name}`}>
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">It comes back as it was, with its versions and its schedule.</Text>
          <TextInput
            label="Name"
            description="Give it another one if this name is taken by now."
            required
            maxLength={120}
            data-autofocus
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            error={ofName}
          />
          {!ofName && <ProblemNote problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              Restore
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

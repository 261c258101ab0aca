import { Button, Checkbox, Group, Stack, Text } from '@mantine/core'
import { useState } from 'react'
import { type ConsumerKind, DeleteSecretDocument, type SecretDetailsFragment } from '../generated'
import { Dialog } from '../ui/Dialog'
import { ProblemNote } from '../ui/ProblemNote'
import { toast } from '../ui/toast'
import { useAction } from '../ui/useAction'
import { useSend } from '../ui/useSend'
import { consumerKinds } from './References'

/** Deletes a secret. Where something uses it, it says what, and asks a second time. */
export function DeleteSecret({ secret, onClose }: { secret: SecretDetailsFragment; onClose: () => void }) {
  const send = useSend()
  const { run, isDoing, problem } = useAction()
  const [isAgreed, setAgreed] = useState(false)
  const inUse = problem?.code === 'IN_USE' ? (problem.extensions as Uses) : undefined

  const remove = (force: boolean) =>
    void run(async () => {
      await send(DeleteSecretDocument, { secretId: secret.id, force })
      toast(`The secret ${secret.name} is deleted.`)
      onClose()
    })

  return (
    <Dialog onClose={onClose} title={`Delete ${secret.name}?`}>
      <Stack>
        <Text size="sm">No run gets it any more, and its name is free at once. It can be restored for some weeks; then it is destroyed for good.</Text>
        <ProblemNote problem={problem} />
        {inUse && (
          <>
            <InUse {...inUse} />
            <Checkbox label="I know that what uses it may fail" checked={isAgreed} onChange={(event) => setAgreed(event.currentTarget.checked)} />
          </>
        )}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} data-autofocus>
            Cancel
          </Button>
          {inUse ? (
            <Button color="red" onClick={() => remove(true)} loading={isDoing} disabled={!isAgreed}>
              Delete all the same
            </Button>
          ) : (
            <Button color="red" onClick={() => remove(false)} loading={isDoing}>
              Delete
            </Button>
          )}
        </Group>
      </Stack>
    </Dialog>
  )
}

interface Uses {
  count?: number
  references?: { kind: ConsumerKind; externalId: string; name: string }[]
}

function InUse({ count = 0, references = [] }: Uses) {
  return (
    <div>
      <Text size="sm" fw={600}>
        {count === 1 ? 'This uses it:' : `These ${count} use it:`}
      </Text>
      <ul className="uses">
        {references.map(({ kind, externalId, name }) => (
          <li key={kind + externalId} className="breaks">
            {consumerKinds[kind]} {name}
          </li>
        ))}
        {count > references.length && <li>and {count - references.length} more</li>}
      </ul>
    </div>
  )
}

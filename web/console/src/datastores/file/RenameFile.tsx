import { useApolloClient, useMutation } from '@apollo/client/react'
import { Button, Group, Stack, Text, TextInput } from '@mantine/core'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../../app/problem'
import { RenameFileDocument, type VersionRowFragment } from '../../generated'
import { Dialog } from '../../ui/Dialog'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/useAction'
import { useIdempotencyKey } from '../../ui/useIdempotencyKey'
import { refreshFiles } from '../uploads/useUploads'
import { MovedOn } from './MovedOn'
import type { Place } from './place'

/** Gives a file another key in its datastore, unless somebody else has changed it since the page showed it. */
export function RenameFile({
  place,
  current,
  onClose,
  onRenamed,
}: {
  place: Place
  current: VersionRowFragment
  onClose: () => void
  /** Shows the file at its new key; resolves when it does. */
  onRenamed: (newKey: string) => Promise<void>
}) {
  const apollo = useApolloClient()
  const [rename] = useMutation(RenameFileDocument)
  const { run, isDoing, problem } = useAction()
  const [newKey, setNewKey] = useState(place.key)
  const idempotencyKey = useIdempotencyKey(current.id, newKey)
  const ofKey = problemOfField(problem, 'newKey')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      await rename({ variables: { input: { ...place, newKey, ifVersionId: current.id, idempotencyKey } } })
      toast(`${place.key} is ${newKey} now.`)
      onClose()
      await onRenamed(newKey)
      refreshFiles(apollo)
    })
  }

  return (
    <Dialog onClose={onClose} title="Rename this file">
      <form onSubmit={submit}>
        <Stack>
          <Text size="sm">Its history stays: all its versions go with it. Whoever reads the old key finds nothing there any more.</Text>
          <TextInput label="Key" required data-autofocus value={newKey} onChange={(event) => setNewKey(event.currentTarget.value)} error={ofKey} />
          {!ofKey && <ProblemNote problem={problem} />}
          <MovedOn problem={problem} action="Rename" />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              Rename
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

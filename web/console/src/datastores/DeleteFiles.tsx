import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { Button, Group, Loader, Modal, Progress, Stack, Text } from '@mantine/core'
import { useEffect, useState } from 'react'
import { problemOf } from '../app/problem'
import { type DatastoreCardFragment, DeleteFilesDocument, DeletionOfFilesDocument } from '../generated'
import { bytes } from '../ui/bytes'
import { ProblemNote } from '../ui/ProblemNote'
import { TypedConfirmation } from '../ui/TypedConfirmation'
import { useAction } from '../ui/useAction'
import { refreshFiles } from './uploads/useUploads'

/** Deletes all files below a prefix: counts them, asks for the name, and shows how far the deletion is. */
export function DeleteFiles({ datastore, prefix, onClose }: { datastore: DatastoreCardFragment; prefix: string; onClose: () => void }) {
  const [typed, setTyped] = useState('')
  const [remove, { data: begun }] = useMutation(DeleteFilesDocument, { fetchPolicy: 'no-cache' })
  const { count, problem: countProblem } = useCount(datastore.id, prefix)
  const { run, isDoing, problem } = useAction()
  const deletion = begun?.deleteObjects?.deletion
  const name = prefix || datastore.name
  const begin = () => run(() => remove({ variables: { input: { datastoreId: datastore.id, prefix, dryRun: false } } }))

  return (
    <Modal opened onClose={onClose} title={prefix ? `Delete what begins with ${prefix}` : `Delete all files of ${datastore.name}`} centered>
      {deletion ? (
        <DeletionProgress id={deletion.id} onClose={onClose} />
      ) : (
        <Stack>
          <ProblemNote problem={problem ?? countProblem} />
          {!count && !countProblem && <Loader aria-label="Counting" />}
          {count && (
            <>
              <Text>
                {count.atLeast ? 'At least ' : ''}
                <strong>
                  {Number(count.objectCount).toLocaleString('en')} {count.objectCount === '1' ? 'file' : 'files'}
                </strong>
                , {bytes(count.usedBytes)}, with all their versions. They cannot be brought back.
              </Text>
              <TypedConfirmation name={name} value={typed} onChange={setTyped} />
            </>
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose} data-autofocus>
              Cancel
            </Button>
            <Button color="red" disabled={!count || typed !== name} loading={isDoing} onClick={() => void begin()}>
              Delete
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  )
}

/** How many files a deletion would delete, counted once. */
function useCount(datastoreId: string, prefix: string) {
  const [ask, { data }] = useMutation(DeleteFilesDocument, { fetchPolicy: 'no-cache' })
  const { run, problem } = useAction()
  useEffect(() => void run(() => ask({ variables: { input: { datastoreId, prefix, dryRun: true } } })), [run, ask, datastoreId, prefix])
  return { count: data?.deleteObjects, problem }
}

/** How far a deletion is, asked for until it is done. */
function DeletionProgress({ id, onClose }: { id: string; onClose: () => void }) {
  const apollo = useApolloClient()
  const { data, error, stopPolling } = useQuery(DeletionOfFilesDocument, { variables: { id }, pollInterval: 500, fetchPolicy: 'network-only' })
  const deletion = data?.node?.__typename === 'Deletion' ? data.node : undefined
  const isDone = deletion?.state === 'DONE'
  useEffect(() => {
    if (!isDone) return
    stopPolling()
    refreshFiles(apollo)
  }, [isDone, stopPolling, apollo])

  const total = Number(deletion?.objectsTotal ?? 0)
  const deleted = Number(deletion?.objectsDeleted ?? 0)
  return (
    <Stack>
      <Progress value={isDone ? 100 : total ? (100 * deleted) / total : 0} aria-label="Deleted" />
      <Text role="status">
        {isDone
          ? `${deleted.toLocaleString('en')} ${deleted === 1 ? 'file is' : 'files are'} deleted.`
          : deletion && !deletion.counting
            ? `${deleted.toLocaleString('en')} of ${total.toLocaleString('en')} deleted`
            : 'Counting'}
      </Text>
      {deletion?.lastError && <Text size="sm">It is being retried: {deletion.lastError}</Text>}
      <ProblemNote problem={error && problemOf(error)} />
      {!isDone && (
        <Text size="sm" c="var(--console-quiet)">
          It goes on when you close this.
        </Text>
      )}
      <Group justify="flex-end">
        <Button variant={isDone ? 'filled' : 'default'} onClick={onClose} data-autofocus>
          Close
        </Button>
      </Group>
    </Stack>
  )
}

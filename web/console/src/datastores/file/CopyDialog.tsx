import { useApolloClient, useMutation, useQuery } from '@apollo/client/react'
import { Button, Checkbox, Group, Select, Stack, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { type FormEvent, useState } from 'react'
import { problemOfField } from '../../app/problem'
import { CopyFileDocument, type DatastoreCardFragment, DatastoresDocument, type VersionRowFragment } from '../../generated'
import { Dialog } from '../../ui/Dialog'
import { ProblemNote } from '../../ui/ProblemNote'
import { toast } from '../../ui/toast'
import { useAction } from '../../ui/useAction'
import { refreshFiles } from '../uploads/useUploads'
import type { Place } from './place'

/** Copies a version to another key, in this datastore or another one. No bytes go through the browser. */
export function CopyDialog({
  datastore,
  place,
  version,
  onClose,
}: {
  datastore: DatastoreCardFragment
  place: Place
  version: VersionRowFragment
  onClose: () => void
}) {
  const apollo = useApolloClient()
  const [copy] = useMutation(CopyFileDocument)
  const { run, isDoing, problem } = useAction()
  const [target, setTarget] = useState<string | null>(place.datastoreId)
  const [key, setKey] = useState(place.key)
  const [mayReplace, setMayReplace] = useState(false)
  const [q, setQ] = useState('')
  const [asked] = useDebouncedValue(q, 250)
  const { data } = useQuery(DatastoresDocument, { variables: { first: 50, nameContains: asked || null } })
  const found = data?.datastores?.edges.map(({ node }) => node) ?? []
  const all = found.some(({ id }) => id === datastore.id) ? found : [datastore, ...found] // the one that is chosen at first
  const isThere = problemOfField(problem, 'ifTargetVersion') !== undefined
  const ofKey = isThere ? 'There is a file at this key already.' : problemOfField(problem, 'targetKey')

  const submit = (event: FormEvent) => {
    event.preventDefault()
    void run(async () => {
      const input = { ...place, version: version.version, targetDatastoreId: target!, targetKey: key, ...(!mayReplace && { ifTargetVersion: 0 }) }
      await copy({ variables: { input } })
      toast(`Version ${version.version} is copied to ${key}.`)
      onClose()
      refreshFiles(apollo)
    })
  }

  return (
    <Dialog onClose={onClose} title={`Copy version ${version.version}`}>
      <form onSubmit={submit}>
        <Stack>
          <Select
            label="Datastore"
            required
            searchable
            data={all.map(({ id, name }) => ({ value: id, label: name }))}
            value={target}
            onChange={setTarget}
            onSearchChange={setQ}
            allowDeselect={false}
          />
          <TextInput label="Key" required data-autofocus value={key} onChange={(event) => setKey(event.currentTarget.value)} error={ofKey} />
          <Checkbox
            label="If a file is there already, replace it, as a new version"
            checked={mayReplace}
            onChange={(event) => setMayReplace(event.currentTarget.checked)}
          />
          {!ofKey && <ProblemNote problem={problem} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isDoing}>
              Copy
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  )
}

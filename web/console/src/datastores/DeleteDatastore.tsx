import { useApolloClient, useMutation } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { useNavigate, useParams } from '@tanstack/react-router'
import { useState } from 'react'
import { problemOf } from '../app/problem'
import { type DatastoreCardFragment, DeleteDatastoreDocument } from '../generated'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { toast } from '../ui/toast'
import { TypedConfirmation } from '../ui/TypedConfirmation'
import { refreshFiles } from './uploads/useUploads'

/** Deletes a datastore. One that has files is refused first; the second confirmation deletes them with it. */
export function DeleteDatastore({ datastore, onClose }: { datastore: DatastoreCardFragment; onClose: () => void }) {
  const { workspaceId } = useParams({ from: '/w/$workspaceId' })
  const apollo = useApolloClient()
  const navigate = useNavigate()
  const [remove] = useMutation(DeleteDatastoreDocument)
  const [isInUse, setInUse] = useState(false)
  const [typed, setTyped] = useState('')

  const confirm = async () => {
    await remove({ variables: { input: { datastoreId: datastore.id, force: isInUse } } }).catch((error: unknown) => {
      if (problemOf(error).code === 'IN_USE') setInUse(true)
      throw error
    })
    toast(`The datastore ${datastore.name} is deleted.`)
    await navigate({ to: '/w/$workspaceId/datastores', params: { workspaceId } })
    apollo.cache.evict({ id: apollo.cache.identify({ __typename: 'Datastore', id: datastore.id })! })
    refreshFiles(apollo)
  }

  return (
    <ConfirmDialog
      title={`Delete ${datastore.name}`}
      action={isInUse ? 'Delete with everything in it' : 'Delete'}
      opened
      onClose={onClose}
      onConfirm={confirm}
      isDisabled={isInUse && typed !== datastore.name}
      explain={() =>
        isInUse && (
          <>
            <Text>All its files can be deleted with it, in the background, with all their versions.</Text>
            <TypedConfirmation name={datastore.name} value={typed} onChange={setTyped} />
          </>
        )
      }
    >
      <Text>It cannot be brought back.</Text>
    </ConfirmDialog>
  )
}

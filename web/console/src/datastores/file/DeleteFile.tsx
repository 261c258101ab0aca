import { useApolloClient, useMutation } from '@apollo/client/react'
import { Text } from '@mantine/core'
import { DeleteFileDocument, type VersionRowFragment } from '../../generated'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { toast } from '../../ui/toast'
import { refreshFiles } from '../uploads/useUploads'
import type { Place } from './place'

/** Asks before a file is deleted: the version that was looked at, and not one that came meanwhile. */
export function DeleteFile({
  place,
  current,
  onClose,
  onDeleted,
}: {
  place: Place
  current: VersionRowFragment
  onClose: () => void
  onDeleted: () => void
}) {
  const apollo = useApolloClient()
  const [remove] = useMutation(DeleteFileDocument)
  const confirm = async () => {
    await remove({ variables: { input: { ...place, ifVersionId: current.id } } })
    toast(`${place.key} is deleted.`)
    onDeleted()
    refreshFiles(apollo)
  }
  return (
    <ConfirmDialog title="Delete this file" action="Delete" opened onClose={onClose} onConfirm={confirm}>
      <Text className="breaks">{place.key} is deleted with all its versions. It cannot be brought back.</Text>
    </ConfirmDialog>
  )
}

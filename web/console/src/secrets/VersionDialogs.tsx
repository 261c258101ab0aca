import { Text } from '@mantine/core'
import { DestroySecretVersionDocument, RollbackSecretDocument, type SecretDetailsFragment } from '../generated'
import { ConfirmDialog } from '../ui/ConfirmDialog'
import { toast } from '../ui/toast'
import { useIdempotencyKey } from '../ui/useIdempotencyKey'
import { useSend } from '../ui/useSend'
import { MovedOn } from './MovedOn'

interface About {
  secret: SecretDetailsFragment
  /** Which version; undefined while the dialog is closed. */
  version: number | undefined
  onClose: () => void
}

/** Makes the value of an earlier version current again, unless another one has become current meanwhile. */
export function RollBack({ secret, version, onClose }: About) {
  const send = useSend()
  const idempotencyKey = useIdempotencyKey(secret.currentVersion, version)
  return (
    <ConfirmDialog
      opened={version !== undefined}
      onClose={onClose}
      title={`Roll back to version ${version}?`}
      action="Roll back"
      isDestructive={false}
      explain={(problem) => <MovedOn problem={problem} action="Roll back" />}
      onConfirm={async () => {
        const input = { secretId: secret.id, version: version!, ifVersion: secret.currentVersion, idempotencyKey }
        const { rollbackSecret } = await send(RollbackSecretDocument, input)
        toast(`Version ${rollbackSecret!.version.version} is current, with the value of version ${version}.`)
      }}
    >
      <Text size="sm">Its value becomes current again, as a new version. The next run gets it.</Text>
    </ConfirmDialog>
  )
}

/** Destroys the value of an earlier version. */
export function Destroy({ secret, version, onClose }: About) {
  const send = useSend()
  return (
    <ConfirmDialog
      opened={version !== undefined}
      onClose={onClose}
      title={`Destroy version ${version}?`}
      action="Destroy"
      onConfirm={async () => {
        await send(DestroySecretVersionDocument, { secretId: secret.id, version: version! })
        toast(`The value of version ${version} is destroyed.`)
      }}
    >
      <Text size="sm">Its value is gone for ever: nobody can reveal it or roll back to it, and a run that still needs it fails.</Text>
    </ConfirmDialog>
  )
}

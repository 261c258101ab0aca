import { ActionIcon, Button, Menu } from '@mantine/core'
import { IconArrowBackUp, IconCalendarRepeat, IconDots, IconEye, IconPencil, IconRefresh, IconTrash } from '@tabler/icons-react'
import { lazy, Suspense, useState } from 'react'
import { useMay } from '../app/Workspace'
import type { SecretDetailsFragment } from '../generated'

const Rotate = lazy(() => import('./Rotate').then((m) => ({ default: m.Rotate })))
const Reveal = lazy(() => import('./Reveal').then((m) => ({ default: m.Reveal })))
const EditSecret = lazy(() => import('./EditSecret').then((m) => ({ default: m.EditSecret })))
const EditSchedule = lazy(() => import('./EditSchedule').then((m) => ({ default: m.EditSchedule })))
const DeleteSecret = lazy(() => import('./DeleteSecret').then((m) => ({ default: m.DeleteSecret })))
const RestoreSecret = lazy(() => import('./RestoreSecret').then((m) => ({ default: m.RestoreSecret })))

const dialogs = { Rotate, Reveal, EditSecret, EditSchedule, DeleteSecret, RestoreSecret }

/** What somebody may do with a secret, and the dialog of what they chose. */
export function SecretActions({ secret }: { secret: SecretDetailsFragment }) {
  const mayWrite = useMay('EDITOR')
  const mayReveal = useMay('ADMIN')
  const [chosen, setChosen] = useState<keyof typeof dialogs>()
  const Dialog = chosen && dialogs[chosen]
  if (!mayWrite) return null
  return (
    <>
      {secret.purgeAt ? (
        <Button leftSection={<IconArrowBackUp size={16} aria-hidden />} onClick={() => setChosen('RestoreSecret')}>
          Restore
        </Button>
      ) : (
        <>
          {mayReveal && (
            <Button variant="default" leftSection={<IconEye size={16} aria-hidden />} onClick={() => setChosen('Reveal')}>
              Reveal
            </Button>
          )}
          <Button leftSection={<IconRefresh size={16} aria-hidden />} onClick={() => setChosen('Rotate')}>
            Rotate
          </Button>
          <Menu position="bottom-end" returnFocus>
            <Menu.Target>
              <ActionIcon variant="default" size={36} aria-label="More actions">
                <IconDots size={18} aria-hidden />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              <Menu.Item leftSection={<IconPencil size={16} aria-hidden />} onClick={() => setChosen('EditSecret')}>
                Edit name, description and labels
              </Menu.Item>
              <Menu.Item leftSection={<IconCalendarRepeat size={16} aria-hidden />} onClick={() => setChosen('EditSchedule')}>
                {secret.rotation ? 'Edit the schedule' : 'Rotate on a schedule'}
              </Menu.Item>
              <Menu.Divider />
              <Menu.Item leftSection={<IconTrash size={16} color="var(--console-alert)" aria-hidden />} onClick={() => setChosen('DeleteSecret')}>
                Delete
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
        </>
      )}
      <Suspense>{Dialog && <Dialog secret={secret} onClose={() => setChosen(undefined)} />}</Suspense>
    </>
  )
}

import { Modal, type ModalProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { useFocusBack } from './useFocusBack'

/** A dialog that is there as long as it is rendered. When it goes, the focus goes back to where it was. */
export function Dialog({
  title,
  size,
  onClose,
  closesOnClickOutside = true,
  children,
}: {
  title: string
  size?: ModalProps['size']
  onClose: () => void
  /** False where a click beside the dialog would lose something. */
  closesOnClickOutside?: boolean
  children: ReactNode
}) {
  useFocusBack()
  return (
    <Modal
      opened
      onClose={onClose}
      closeOnClickOutside={closesOnClickOutside}
      title={title}
      size={size}
      centered
      closeButtonProps={{ 'aria-label': 'Close' }}
      styles={{ title: { lineHeight: 1.3, overflowWrap: 'anywhere' } }}
    >
      {children}
    </Modal>
  )
}

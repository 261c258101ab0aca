import { Modal, type ModalProps } from '@mantine/core'
import type { ReactNode } from 'react'
import { useFocusBack } from './useFocusBack'

/** A dialog that is there as long as it is rendered. When it goes, the focus goes back to where it was. */
export function Dialog({ title, size, onClose, children }: { title: string; size?: ModalProps['size']; onClose: () => void; children: ReactNode }) {
  useFocusBack()
  return (
    <Modal opened onClose={onClose} title={title} size={size} centered closeButtonProps={{ 'aria-label': 'Close' }}>
      {children}
    </Modal>
  )
}

import { Modal, type ModalProps } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'

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
  const [before] = useState(opener)
  useEffect(() => () => before?.focus({ preventScroll: true }), [before])
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

/** What has the focus now; if that is in a menu, which is about to go, the button that opened the menu. */
function opener(): HTMLElement | null {
  const focused = document.activeElement
  const menu = focused?.closest('[role=menu]')
  const found = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : focused
  return found instanceof HTMLElement ? found : null
}

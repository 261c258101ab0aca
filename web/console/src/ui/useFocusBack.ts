import { useEffect, useState } from 'react'

/** Gives the focus back to where it was, once what is over the page goes. */
export function useFocusBack() {
  const [before] = useState(opener)
  useEffect(() => () => before?.focus({ preventScroll: true }), [before])
}

/** What has the focus now; if that is in a menu, which is about to go, the button that opened the menu. */
function opener(): HTMLElement | null {
  const focused = document.activeElement
  const menu = focused?.closest('[role=menu]')
  const found = menu ? document.getElementById(menu.getAttribute('aria-labelledby') ?? '') : focused
  return found instanceof HTMLElement ? found : null
}

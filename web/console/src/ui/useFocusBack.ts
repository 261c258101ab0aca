import { useEffect } from 'react'

/** Gives the focus back to where it was, once what is over the page goes. */
export function useFocusBack() {
  useEffect(() => {
    const before = document.activeElement
    return () => {
      if (before instanceof HTMLElement) before.focus({ preventScroll: true })
    }
  }, [])
}

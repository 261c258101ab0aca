import { useCallback, useEffect, useState } from 'react'

/** How long a value is shown. */
export const shownSeconds = 30

/** A value on the screen. */
export interface Shown {
  version: number
  value: string
  isBase64: boolean
}

/**
 * Keeps a value while it is shown: for 30 seconds, while this window is in front. Whatever ends that, nothing of it is
 * left; `hiddenBecause` says what did.
 */
export function useRevealed() {
  const [shown, setShown] = useState<Shown>()
  const [left, setLeft] = useState(0)
  const [hiddenBecause, setHidden] = useState<string>()
  const hide = useCallback((because: string) => {
    setShown(undefined)
    setHidden(because)
  }, [])

  /** Shows a value, unless whoever asked for it looks elsewhere by now. */
  const show = useCallback((next: Shown) => {
    if (!document.hasFocus()) return setHidden('The value came while this window was not in front, so it is not shown.')
    setHidden(undefined)
    setLeft(shownSeconds)
    setShown(next)
  }, [])

  useEffect(() => {
    if (!shown) return
    const end = Date.now() + shownSeconds * 1000
    const timer = setInterval(() => {
      const rest = Math.ceil((end - Date.now()) / 1000)
      if (rest > 0) setLeft(rest)
      else hide(`The value is hidden again: ${shownSeconds} seconds are over.`)
    }, 250)
    const away = () => hide('The value is hidden again: this window was not in front.')
    addEventListener('blur', away)
    addEventListener('pagehide', away)
    document.addEventListener('visibilitychange', away)
    return () => {
      shown.value = '' // React keeps what it rendered before, and this object in it
      clearInterval(timer)
      removeEventListener('blur', away)
      removeEventListener('pagehide', away)
      document.removeEventListener('visibilitychange', away)
    }
  }, [shown, hide])

  return { shown, left, hiddenBecause, show, hide }
}

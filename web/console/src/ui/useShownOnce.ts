import { useEffect, useState } from 'react'

/** A text that nobody can show again. */
export interface Once {
  text: string
}

/** Keeps a text until what shows it is gone; nothing of it is left then. */
export function useShownOnce() {
  const [once, setOnce] = useState<Once>()
  useEffect(
    () => () => {
      if (once) once.text = '' // React keeps what it rendered before, and this object in it
    },
    [once],
  )
  return { once, show: (text: string) => setOnce({ text }) }
}

import { useEffect } from 'react'

/** Says in the browser's tab, and to screen readers, which page this is. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · ProvenanceOne Data`
  }, [title])
}

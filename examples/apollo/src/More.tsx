import { type ReactNode, useState } from 'react'
import { ErrorNote } from './ProblemNote'

interface Props {
  of: { pageInfo: { hasNextPage: boolean; endCursor?: string | null } } | null | undefined
  fetch: (options: { variables: { after?: string | null } }) => Promise<unknown>
  children: ReactNode
}

/** A button that fetches the next page of a connection; there is none on the last one. */
export function More({ of: list, fetch, children }: Props) {
  const [error, setError] = useState<unknown>()
  if (!list?.pageInfo.hasNextPage) return null

  function more() {
    setError(undefined)
    fetch({ variables: { after: list?.pageInfo.endCursor } }).catch(setError)
  }

  return (
    <>
      <button type="button" onClick={more}>
        {children}
      </button>
      <ErrorNote error={error} />
    </>
  )
}

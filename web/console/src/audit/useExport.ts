import { useApolloClient } from '@apollo/client/react'
import { useEffect, useRef, useState } from 'react'
import { type AuditFilter, AuditExportDocument } from '../generated'
import { useAction } from '../ui/useAction'
import { csvHead, csvOf } from './csv'

/** How many events a file has at most: they are all in the page's memory until it is saved. */
export const mostEvents = 10_000

/** How many the API gives at once. */
const pageSize = 100

/** Fetches all events that a filter matches, newest first, and saves them as a file. After a failure it goes on where it was. */
export function useExport(filter: AuditFilter, fileName: string) {
  const apollo = useApolloClient()
  const { run, isDoing, problem } = useAction()
  const [count, setCount] = useState(0)
  const [isCut, setCut] = useState<boolean>()
  const fetched = useRef<{ parts: string[]; count: number; after: string | null }>({ parts: [], count: 0, after: null })
  const stop = useRef<AbortController>(undefined)
  useEffect(() => {
    const controller = new AbortController()
    stop.current = controller
    return () => controller.abort()
  }, [])

  const start = () =>
    run(async () => {
      const all = fetched.current
      const { signal } = stop.current!
      let hasMore = true
      while (hasMore && all.count < mostEvents) {
        const { data } = await apollo.query({
          query: AuditExportDocument,
          variables: { first: pageSize, after: all.after, filter },
          fetchPolicy: 'no-cache',
          context: { fetchOptions: { signal } },
        })
        if (signal.aborted) return
        const { nodes, pageInfo } = data!.auditEvents!
        all.parts.push(csvOf(nodes))
        all.count += nodes.length
        all.after = pageInfo.endCursor ?? all.after
        hasMore = pageInfo.hasNextPage
        setCount(all.count)
      }
      save(new Blob([csvHead(), ...all.parts], { type: 'text/csv;charset=utf-8' }), fileName)
      setCut(hasMore)
    })

  return { start, count, isDoing, isDone: isCut !== undefined, isCut: isCut === true, problem }
}

/** Hands a file to the browser, as a download. */
function save(file: Blob, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}

import { useCallback, useEffect, useRef, useState } from 'react'
import { problemOf } from '../app/problem'
import { useHere } from '../app/Workspace'
import { CreateSecretDocument, SecretNamedDocument } from '../generated'
import { readEntries } from './entries'
import { inParallel } from './inParallel'

/** One secret to be created, and how far it is. */
export interface ImportRow {
  /** Names the call as well: however often it is sent, it makes one secret. */
  key: string
  name: string
  /** Empty once it is created, and where it will not be. */
  value: string
  state: 'waiting' | 'refused' | 'creating' | 'created' | 'failed'
  /** Why it is refused, or failed. */
  note?: string
}

/** How many requests are under way at once. */
const most = 3

/** Creates many secrets from a pasted text: first the preview, then one after the other, then those again that failed. */
export function useImport() {
  const { apollo } = useHere().clients
  const [rows, setRows] = useState<ImportRow[]>()
  const [isDoing, setDoing] = useState(false)
  const isGone = useRef(false)
  useEffect(() => {
    isGone.current = false
    return () => void (isGone.current = true)
  }, [])
  const change = useCallback(
    (key: string, to: Partial<ImportRow>) => setRows((all) => all?.map((row) => (row.key === key ? { ...row, ...to } : row))),
    [],
  )

  /** Reads a text, and asks which names are taken. Throws what is wrong with the text as a whole. */
  const preview = async (text: string, prefix: string) => {
    const read = readEntries(text, prefix).map(
      ({ name, value, problem }): ImportRow => ({
        key: crypto.randomUUID(),
        name,
        value,
        ...(problem === undefined ? { state: 'waiting' } : { state: 'refused', note: problem }),
      }),
    )
    const taken = new Set<string>()
    await inParallel(
      read.filter(({ state }) => state === 'waiting'),
      most,
      async ({ key, name }) => {
        const { data } = await apollo.query({ query: SecretNamedDocument, variables: { name }, fetchPolicy: 'no-cache' })
        if (data?.secretByName) taken.add(key)
      },
    )
    setRows(read.map((row) => (taken.has(row.key) ? { ...row, value: '', state: 'refused', note: 'A secret of this name exists already.' } : row)))
  }

  /** Creates what waits and what failed. Ends early when the dialog goes. */
  const start = async () => {
    setDoing(true)
    await inParallel(rows?.filter(({ state }) => state === 'waiting' || state === 'failed') ?? [], most, async ({ key, name, value }) => {
      if (isGone.current) return
      change(key, { state: 'creating' })
      try {
        const input = { name, value: { text: value }, idempotencyKey: key }
        await apollo.mutate({ mutation: CreateSecretDocument, variables: { input }, fetchPolicy: 'no-cache' })
        change(key, { state: 'created', value: '' })
      } catch (error) {
        const { code, message } = problemOf(error)
        const isFinal = code === 'CONFLICT' || code === 'BAD_USER_INPUT'
        change(key, isFinal ? { state: 'refused', note: message, value: '' } : { state: 'failed', note: message })
      }
    })
    await apollo.refetchQueries({ include: 'active' }).catch(() => undefined)
    setDoing(false)
  }

  const forget = () => setRows(undefined)
  return { rows, isDoing, preview, start, forget }
}
